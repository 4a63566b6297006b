"""Meetings as calendar files (RFC 5545), in the time of Amsterdam; with a guest as a request (RFC 5546)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from icalendar import Calendar, Event, Timezone, vCalAddress

from forum.kernel.clock import AMSTERDAM
from forum.panels.models import Meeting
from forum.texts.catalogue import say

SAFE_IN_ADDRESS = "@!$&'*+-./=^_`{|}~"
REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is asked for a meeting, and the address from which, where the answer of their calendar goes.

    `status` is their answer so far (PARTSTAT). `shift` is added to the sequence of the meeting: more than
    before when they come back after a cancellation.
    """

    name: str
    address: str
    organizer_name: str
    organizer: str
    status: str
    shift: int
    may_answer: bool


def new_uid() -> str:
    """Return a name by which calendars know one meeting for ever."""
    return f"{secrets.token_hex(16)}@huurdersforum"


def meeting_calendar(meeting: Meeting, *, address: str, at: datetime) -> bytes:
    """Return the calendar file of a meeting, for whoever wants it; it asks for no answer.

    Args:
        meeting: with its panel.
        address: of the page of the panel, with the name of the site.
        at: when the file is made.
    """
    return _file("PUBLISH", _event(meeting, address=address, at=at))


def guest_calendar(meeting: Meeting, guest: Guest, *, address: str, at: datetime) -> tuple[str, bytes]:
    """Return the method and the calendar file that puts a meeting in a guest's calendar, or keeps it right.

    A meeting that is cancelled is taken out; a later sequence replaces an earlier file.
    """
    event = _event(meeting, address=address, at=at, shift=guest.shift)
    _add_people(event, guest)
    if meeting.cancelled_at is not None:
        event.add("status", "CANCELLED")
        return CANCEL, _file(CANCEL, event)
    return REQUEST, _file(REQUEST, event)


def farewell_calendar(meeting: Meeting, guest: Guest, *, address: str, at: datetime) -> bytes:
    """Return the calendar file that takes a meeting out of the calendar of a guest who does not come."""
    event = _event(meeting, address=address, at=at, shift=guest.shift + 1)
    _add_people(event, guest)
    event.add("status", "CANCELLED")
    return _file(CANCEL, event)


def _event(meeting: Meeting, *, address: str, at: datetime, shift: int = 0) -> Event:
    access = say("calendar-access", access=meeting.access) if meeting.access else ""
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence + shift)
    event.add("dtstamp", at)
    event.add("dtstart", meeting.starts_at.astimezone(AMSTERDAM))
    event.add("dtend", meeting.ends_at.astimezone(AMSTERDAM))
    event.add("summary", _printable(meeting.panel.title))
    event.add("location", _printable(meeting.place))
    event.add("description", _printable("\n".join(filter(None, [say("calendar-about"), access, address]))))
    event.add("url", address)
    return event


def _add_people(event: Event, guest: Guest) -> None:
    organizer, attendee = (
        vCalAddress(f"mailto:{quote(address, safe=SAFE_IN_ADDRESS)}")
        for address in (guest.organizer, guest.address)
    )
    organizer.params["CN"] = _on_one_line(guest.organizer_name)
    attendee.params["CN"] = _on_one_line(guest.name)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = guest.status
    attendee.params["RSVP"] = "TRUE" if guest.may_answer else "FALSE"
    event.add("organizer", organizer)
    event.add("attendee", attendee)


def _printable(text: str) -> str:
    """Return a text without what calendars and mail servers choke on; line ends stay."""
    return "".join(mark for mark in text if mark.isprintable() or mark == "\n")


def _on_one_line(text: str) -> str:
    return _printable(" ".join(text.split())).replace('"', "'")


def _file(method: str, event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Huurdersforum//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_tzid("Europe/Amsterdam"))
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
