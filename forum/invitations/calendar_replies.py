"""What a calendar answers to an appointment (METHOD:REPLY, RFC 5546), read; anything else is no answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from icalendar import Calendar, Event, vCalAddress

from forum.invitations.rules import Rsvp

LONGEST = 100_000
"""Characters; an answer is one appointment without pictures."""


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """Who answers what to which version of which meeting, and when they pressed."""

    uid: str
    sequence: int
    address: str
    rsvp: Rsvp
    stamped_at: datetime


def read_reply(text: str) -> CalendarReply | None:
    """Return what a calendar file answers, `None` when it is broken or answers nothing that counts."""
    if len(text) > LONGEST:
        return None
    try:
        calendar = Calendar.from_ical(text)
        events = [part for part in calendar.walk("VEVENT") if isinstance(part, Event)]
        if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(events) != 1:
            return None
        return _read_event(events[0])
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):  # whatever the library trips over
        return None


def _read_event(event: Event) -> CalendarReply | None:
    attendee, stamp = event["ATTENDEE"], event.DTSTAMP
    if not isinstance(attendee, vCalAddress) or not str(attendee).lower().startswith("mailto:"):
        return None
    if stamp is None:
        return None
    return CalendarReply(
        uid=str(event["UID"]),
        sequence=int(event.get("SEQUENCE", 0)),
        address=unquote(str(attendee)[len("mailto:") :]).strip().lower(),
        rsvp=Rsvp(str(attendee.params["PARTSTAT"]).upper()),
        stamped_at=stamp.astimezone(UTC),
    )
