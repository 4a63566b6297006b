"""A meeting as a calendar file (RFC 5545), in the time of Amsterdam."""

from icalendar import Calendar, Event, Timezone

from forum.kernel.clock import AMSTERDAM
from forum.panels.models import Meeting


def meeting_calendar(meeting: Meeting, title: str) -> bytes:
    """Return the calendar file of one meeting; a later `sequence` replaces an earlier file."""
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.starts_at)
    event.add("dtstart", meeting.starts_at.astimezone(AMSTERDAM))
    event.add("dtend", meeting.ends_at.astimezone(AMSTERDAM))
    event.add("summary", title)
    event.add("location", meeting.place)
    if meeting.access:
        event.add("description", meeting.access)
    calendar = Calendar()
    calendar.add("prodid", "-//Huurdersforum//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(Timezone.from_tzid("Europe/Amsterdam"))
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
