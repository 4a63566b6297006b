"""What a calendar answers, read: real answers count, and nothing else breaks anything."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.invitations.calendar_replies import LONGEST, CalendarReply, read_reply
from forum.invitations.rules import Rsvp

REPLY = """\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20260520T170000Z
DTEND:20260520T190000Z
DTSTAMP:20260421T090000Z
ORGANIZER;CN=Huurdersforum:mailto:afspraak-1-abc@antwoord.example.nl
UID:uid@huurdersforum
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Anja
 ;X-NUM-GUESTS=0:mailto:Anja%2Bpanel@Voorbeeld.nl
SEQUENCE:3
STATUS:CONFIRMED
SUMMARY:Panel over de lift
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_a_real_answer_is_read() -> None:
    assert read_reply(REPLY) == CalendarReply(
        uid="uid@huurdersforum",
        sequence=3,
        address="anja+panel@voorbeeld.nl",
        rsvp=Rsvp.ACCEPTED,
        stamped_at=datetime(2026, 4, 21, 9, tzinfo=UTC),
    )


@pytest.mark.parametrize("rsvp", ["DECLINED", "tentative"])
def test_no_and_perhaps_are_read(rsvp: str) -> None:
    reply = read_reply(REPLY.replace("ACCEPTED", rsvp))

    assert reply is not None
    assert reply.rsvp is Rsvp(rsvp.upper())


EVENT = REPLY[REPLY.index("BEGIN:VEVENT") : REPLY.index("END:VCALENDAR")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("METHOD:REPLY", id="no calendar"),
        pytest.param(REPLY.replace("METHOD:REPLY", "METHOD:REQUEST"), id="no answer"),
        pytest.param(REPLY.replace(EVENT, EVENT + EVENT), id="two appointments"),
        pytest.param(REPLY.replace(EVENT, ""), id="no appointment"),
        pytest.param(REPLY.replace("PARTSTAT=ACCEPTED;", ""), id="no status"),
        pytest.param(REPLY.replace("ACCEPTED", "DELEGATED"), id="somebody else is sent"),
        pytest.param(REPLY.replace("mailto:Anja", "https:Anja"), id="no mail address"),
        pytest.param(REPLY.replace("ATTENDEE", "X-ATTENDEE"), id="nobody"),
        pytest.param(REPLY.replace("UID:uid@huurdersforum\r\n", ""), id="no meeting"),
        pytest.param(REPLY.replace("20260421T090000Z", "gisteren"), id="a broken moment"),
        pytest.param(REPLY.replace("SEQUENCE:3", "SEQUENCE:drie"), id="a broken version"),
        pytest.param(REPLY.replace("SUMMARY:", "SUMMARY:" + "x" * LONGEST), id="endless"),
    ],
)
def test_what_is_broken_or_answers_nothing_is_no_answer(text: str) -> None:
    assert read_reply(text) is None


LINES = REPLY.split("\r\n")


@given(st.data())
def test_whatever_arrives_nothing_breaks(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        line = data.draw(st.sampled_from(LINES) | st.text(max_size=30))
        if data.draw(st.booleans()):
            lines[place] = line
        else:
            lines.insert(place, line)

    read_reply("\r\n".join(lines))
