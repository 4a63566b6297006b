"""What pages tell of the plan of a panel: in pairs of a name and a value, or as its form shows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from forum.discussion.queries import get_thread
from forum.kernel.clock import AMSTERDAM, local_day
from forum.members.queries import get_member
from forum.panels.areas import name_area
from forum.panels.models import Meeting, Panel
from forum.panels.rules import FillingMode, PanelState, committable_from
from forum.texts.catalogue import say
from forum.web.languages import dutch
from forum.web.times import show_day, show_number, show_time, show_weekday


def plan_facts(panel: Panel, at: datetime) -> Sequence[tuple[str, str]]:
    """Return the plan of a panel; only a panel for everybody tells where its people live."""
    meeting = panel.next_meeting(at)
    facts = [
        ("fact-topic", dutch(panel.topic.title) if panel.topic else ""),
        ("fact-seats", _seats(panel)),
        ("fact-mode", say(f"mode-{panel.mode}")),
        ("fact-area", name_area(panel.area) if panel.mode is FillingMode.EVERYONE else ""),
        ("fact-when", when_in_words(meeting) if meeting else say("day-not-planned")),
        ("fact-where", dutch(meeting.place) if meeting else ""),
        ("fact-respond-by", show_day(panel.respond_by)),
        ("fact-coordinator", get_member(panel.coordinator_id).display_name if panel.coordinator_id else ""),
    ]
    return [(say(key), text) for key, text in facts if text]


def standing_plan(panel: Panel) -> dict[str, object]:
    """Return the plan as its form shows it, days and times as they are in Amsterdam."""
    meeting = panel.first_meeting
    starts, ends = meeting.starts_at.astimezone(AMSTERDAM), meeting.ends_at.astimezone(AMSTERDAM)
    return {
        "title": panel.title,
        "mode": panel.mode.value,
        "area": panel.area.key,
        "seats": panel.seats - panel.extra_seats,
        "extra": panel.extra_seats,
        "categories": sorted(panel.mixed_categories),
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "place": meeting.place,
        "access": meeting.access,
        "respond_by": local_day(panel.respond_by),
        "coordinator": str(panel.coordinator_id or ""),
        "ends_on": panel.ends_on,
        "applications_from": panel.applications_from and local_day(panel.applications_from),
        "applications_until": panel.applications_until and local_day(panel.applications_until),
    }


def _seats(panel: Panel) -> str:
    if not panel.extra_seats:
        return show_number(panel.seats)
    return say("seats-with-extra", seats=show_number(panel.seats), extra=show_number(panel.extra_seats))


def meeting_facts(meeting: Meeting | None, *, without: str) -> Sequence[tuple[str, str]]:
    """Return when and where people meet; `without` is what stands there while no day is known."""
    if meeting is None:
        return [(say("meeting-when"), without)]
    return [
        (say("meeting-when"), when_in_words(meeting)),
        (say("meeting-where"), dutch(meeting.place)),
        (say("meeting-access"), dutch(meeting.access) or say("access-unknown")),
    ]


def when_in_words(meeting: Meeting) -> str:
    """Return the day of a meeting and from when to when it is."""
    return say(
        "meeting-from-to",
        day=show_weekday(meeting.starts_at),
        starts=show_time(meeting.starts_at),
        ends=show_time(meeting.ends_at),
    )


def committable_date(panel: Panel, at: datetime) -> datetime | None:
    """Return from when the list of a draft can be fixed, `None` when nothing keeps it from that."""
    if panel.state is not PanelState.DRAFT or panel.topic_id is None:
        return None
    return committable_from(panel.mode, get_thread(panel.topic_id).closes_at, at)


def rest_in_words(rest: Mapping[str, int | None]) -> str:
    """Return from how many invitations and hours somebody rests, as the dossier holds the rules."""
    limits = {"rest-invitations": rest.get("invitations_most"), "rest-hours": rest.get("hours_most")}
    told = [say(key, count=limit) for key, limit in limits.items() if limit is not None]
    return ", ".join(told) or say("rest-no-limit")
