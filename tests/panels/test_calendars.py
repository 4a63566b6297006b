"""Meetings as calendar files: for whoever wants one, and for a guest who is asked."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from forum.kernel.clock import AMSTERDAM
from forum.panels.calendars import Guest, farewell_calendar, guest_calendar, meeting_calendar
from forum.panels.models import Meeting, Panel
from tests.support.cast import make_thread
from tests.support.panels import MEETING, OVER, PLAN, make_panel

ADDRESS = "https://forum.voorbeeld.nl/panels/1"
GUEST = Guest(
    name="Anja Jansen",
    address="anja@voorbeeld.nl",
    organizer_name="Huurdersforum",
    organizer="afspraak-1-abc@antwoord.example.nl",
    status="NEEDS-ACTION",
    shift=0,
    may_answer=True,
)


def _meeting(**fields: Any) -> Meeting:
    meeting = Meeting(
        starts_at=MEETING,
        ends_at=MEETING + timedelta(hours=2),
        place="Buurthuis",
        access="",
        uid="uid@huurdersforum",
        sequence=3,
    )
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.panel = Panel(title="Panel over de lift")
    return meeting


def _read(content: bytes) -> tuple[Any, Any]:
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def _request(meeting: Meeting, guest: Guest = GUEST) -> tuple[Any, Any]:
    _method, content = guest_calendar(meeting, guest, address=ADDRESS, at=OVER)
    return _read(content)


@pytest.mark.usefixtures("database")
def test_the_file_for_everybody_says_when_and_where_and_asks_for_no_answer() -> None:
    calendar, event = _read(
        meeting_calendar(make_panel(make_thread()).first_meeting, address=ADDRESS, at=OVER)
    )

    assert (calendar["METHOD"], event["DTSTAMP"].dt, event["DTSTART"].dt) == ("PUBLISH", OVER, MEETING)
    assert PLAN.access in event["DESCRIPTION"]
    assert ADDRESS in event["DESCRIPTION"]
    assert (event["URL"], event["LOCATION"]) == (ADDRESS, PLAN.place)
    assert "ATTENDEE" not in event


def test_a_guest_is_asked_by_name_and_answers_to_an_address_of_their_own() -> None:
    calendar, event = _request(_meeting())

    assert (calendar["METHOD"], event["SEQUENCE"], event["UID"]) == ("REQUEST", 3, "uid@huurdersforum")
    assert str(event["ORGANIZER"]) == f"mailto:{GUEST.organizer}"
    attendee = event["ATTENDEE"]
    assert str(attendee) == "mailto:anja@voorbeeld.nl"
    assert dict(attendee.params) == {
        "CN": "Anja Jansen",
        "PARTSTAT": "NEEDS-ACTION",
        "ROLE": "REQ-PARTICIPANT",
        "RSVP": "TRUE",
    }


def test_a_cancelled_meeting_and_a_guest_who_leaves_and_comes_back_go_up_in_sequence() -> None:
    cancelled, gone = _request(_meeting(cancelled_at=OVER, sequence=4))
    farewell = _read(farewell_calendar(_meeting(), GUEST, address=ADDRESS, at=OVER))
    back = _request(_meeting(), Guest(**{**_fields(GUEST), "shift": 2}))

    assert (cancelled["METHOD"], gone["STATUS"], gone["SEQUENCE"]) == ("CANCEL", "CANCELLED", 4)
    assert (farewell[0]["METHOD"], farewell[1]["STATUS"], farewell[1]["SEQUENCE"]) == (
        "CANCEL",
        "CANCELLED",
        4,
    )
    assert (back[0]["METHOD"], back[1]["SEQUENCE"]) == ("REQUEST", 5)


def _fields(guest: Guest) -> dict[str, Any]:
    return {name: getattr(guest, name) for name in Guest.__slots__}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    [
        "a\r\nATTENDEE:mailto:x@y",
        'x";RSVP=FALSE:mailto:e@v.il',
        "BEGIN:VALARM\n",
        "\x00\x0b\u2028\u202e",
        "^n;,\\",
    ]
)


@given(title=TEXTS, place=TEXTS, access=TEXTS, name=TEXTS, mail=TEXTS)
def test_no_text_of_a_person_adds_a_line_to_the_file(
    title: str, place: str, access: str, name: str, mail: str
) -> None:
    meeting = _meeting(place=place, access=access)
    meeting.panel.title = title
    guest = Guest(**{**_fields(GUEST), "name": name, "address": mail, "organizer_name": name})

    method, content = guest_calendar(meeting, guest, address=ADDRESS, at=OVER)

    calendar, event = _read(content)
    plain = guest_calendar(_meeting(access="x"), GUEST, address=ADDRESS, at=OVER)[1]
    assert method == calendar["METHOD"] == "REQUEST"
    assert _names(content) == _names(plain)
    assert not calendar.walk("VALARM")
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert str(event["ATTENDEE"]).startswith("mailto:")
    assert not any(mark in content for mark in (b"\x00", b"\x0b", b"\r\r", "\u202e".encode()))


def _names(content: bytes) -> list[str]:
    """Return the names of the properties, line by line, after unfolding."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return [line.partition(":")[0].partition(";")[0] for line in lines if line]


@given(st.dates(date(2024, 1, 1), date(2036, 12, 31)), st.integers(4, 23))
def test_a_meeting_keeps_its_moment_in_summer_and_winter(day: date, hour: int) -> None:
    starts = datetime.combine(day, time(hour), AMSTERDAM)

    _calendar, event = _request(
        _meeting(starts_at=starts.astimezone(UTC), ends_at=starts + timedelta(minutes=30))
    )

    assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert event["DTSTART"].to_ical() == starts.strftime("%Y%m%dT%H%M%S").encode()
    assert event["DTSTART"].dt.astimezone(UTC) == starts
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=30)
