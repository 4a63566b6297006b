"""Who is at a meeting: ticks on the list of the organiser, and people who say so at the door."""

from dataclasses import dataclass, replace
from datetime import datetime

from forum.accounts.rules import plain_code
from forum.audit import service as audit
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.clock import local_day
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden, NotFound
from forum.meetings import policy
from forum.meetings.errors import DoorRefused, NotExpected, NotMeetingDay
from forum.meetings.queries import (
    find_attendance,
    find_by_door_code,
    is_expected,
    is_invited,
    list_attendance,
    list_expected,
)
from forum.meetings.rules import first_tick, is_meeting_day, tick_moment
from forum.members.models import Member
from forum.panels.models import Attendance, Meeting
from forum.panels.rules import CONFIRMED_STATES, AttendanceSource


@dataclass(frozen=True, slots=True)
class Tick:
    """Somebody is there or not, as was seen at a moment."""

    is_present: bool
    made_at: datetime
    source: AttendanceSource = AttendanceSource.LIST


def is_open(meeting: Meeting, at: datetime) -> bool:
    """Tell whether it can be said who is or was at a meeting: from its day on."""
    is_standing = meeting.cancelled_at is None and meeting.panel.state in CONFIRMED_STATES
    return is_standing and local_day(at) >= local_day(meeting.starts_at)


def mark(meeting: Meeting, member_id: int, tick: Tick, actor: Actor, *, at: datetime) -> None:
    """Record a tick on the list. Of two ticks for one person the one that was made last counts.

    The same tick twice changes nothing, so a device may send what it kept as often as it likes.

    Args:
        meeting: of the list.
        member_id: somebody who was invited, or a walk-in.
        tick: made by the clock of the device.
        actor: an organiser.
        at: now.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        NotMeetingDay: the day has not come, or the meeting was cancelled.
        NotFound: this person is not on the list.
    """
    _lock_list(meeting, actor, at)
    if not is_invited(meeting.panel_id, member_id) and find_attendance(meeting.id, member_id) is None:
        raise NotFound(member_id=member_id)
    made_at = tick_moment(tick.made_at, meeting.starts_at, at)
    _mark(meeting, member_id, replace(tick, made_at=made_at), actor, at=at)


def add_walk_in(meeting: Meeting, member: Member, actor: Actor, *, at: datetime) -> None:
    """Record that a tenant who was not expected is there; who was expected is simply there.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        NotMeetingDay: the day has not come, or the meeting was cancelled.
    """
    _lock_list(meeting, actor, at)
    _mark(meeting, member.id, Tick(is_present=True, made_at=at), actor, at=at)


def close_list(meeting: Meeting, actor: Actor, *, at: datetime) -> int:
    """Record of everybody who was expected and has no tick that they were not there; return how many.

    Nobody saw that, so every tick counts more, also one that a device still keeps.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        NotMeetingDay: the meeting has not begun, or was cancelled.
    """
    _lock_list(meeting, actor, at)
    if at < meeting.starts_at:
        raise NotMeetingDay
    known = {row.member_id for row in list_attendance(meeting.id)}
    missing = [member for member in list_expected(meeting.panel_id) if member.id not in known]
    for member in missing:
        _mark(meeting, member.id, Tick(is_present=False, made_at=first_tick(meeting.starts_at)), actor, at=at)
    return len(missing)


def open_door(code: str, *, at: datetime) -> Meeting:
    """Return the meeting of a code at the door, on its day.

    Raises:
        DoorRefused: the code is unknown, of another day, or of a cancelled meeting; it never says which.
    """
    meeting = find_by_door_code(plain_code(code))
    if meeting is None or not is_open(meeting, at):
        raise DoorRefused
    if not is_meeting_day(local_day(meeting.starts_at), local_day(meeting.ends_at), local_day(at)):
        raise DoorRefused
    return meeting


def enter_by_door(code: str, member_id: int, *, at: datetime) -> Meeting:
    """Record that somebody who said yes says at the door that they are there; twice changes nothing.

    Raises:
        DoorRefused: the code is unknown, of another day or of a cancelled meeting.
        NotExpected: this person is not on the list.
    """
    meeting = open_door(code, at=at)
    lock(meeting)
    if not is_expected(meeting.panel_id, member_id) and find_attendance(meeting.id, member_id) is None:
        raise NotExpected
    _mark(meeting, member_id, Tick(is_present=True, made_at=at, source=AttendanceSource.DOOR), SYSTEM, at=at)
    return meeting


def _lock_list(meeting: Meeting, actor: Actor, at: datetime) -> None:
    lock(meeting)
    if not policy.can_run_meeting(actor, meeting.panel.coordinator_id):
        raise Forbidden(action="mark-attendance", meeting_id=meeting.id)
    if not is_open(meeting, at):
        raise NotMeetingDay


def _mark(meeting: Meeting, member_id: int, tick: Tick, by: Actor, *, at: datetime) -> None:
    """Store a tick on a locked list, unless a later one is there."""
    row = find_attendance(meeting.id, member_id)
    if row is not None and row.marked_at >= tick.made_at:
        return
    is_news = row is None or row.is_present is not tick.is_present
    if row is None:
        is_walk_in = not is_expected(meeting.panel_id, member_id)
        row = Attendance(meeting_id=meeting.id, member_id=member_id, is_walk_in=is_walk_in)
        db.session.add(row)
    row.is_present, row.source = tick.is_present, tick.source
    row.marked_at, row.marked_by_id = tick.made_at, by.member_id
    db.session.flush()
    if is_news:
        details = {"member_id": member_id, "is_present": tick.is_present, "source": tick.source}
        audit.record(by, "attendance.marked", meeting_id=meeting.id, at=at, **details)
