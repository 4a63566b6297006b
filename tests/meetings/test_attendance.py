"""Who is at a meeting: ticks in any order, walk-ins, who did not come, and the code at the door."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations

import pytest

from forum.invitations.rules import InvitationState
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.kernel.errors import Forbidden, NotFound
from forum.meetings import attendance
from forum.meetings.attendance import Tick
from forum.meetings.errors import DoorRefused, NotExpected, NotMeetingDay
from forum.meetings.queries import list_attendance, list_expected
from forum.meetings.service import cancel_meeting, make_door_code
from forum.panels.models import Attendance, Meeting
from forum.panels.rules import AttendanceSource
from tests.support.cast import T0, actor_of, make_staff, make_tenant
from tests.support.meetings import ENDS, MEETS, invite, make_meeting
from tests.support.panels import make_moderator

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)


def _rows(meeting: Meeting) -> dict[int, Attendance]:
    return {row.member_id: row for row in list_attendance(meeting.id)}


def test_ticks_in_whatever_order_and_however_often_end_with_the_one_made_last() -> None:
    meeting, moderator = make_meeting(people=6), make_moderator()
    ticks = [
        Tick(is_present=True, made_at=MEETS + MINUTE),
        Tick(is_present=True, made_at=MEETS + 2 * MINUTE),
        Tick(is_present=False, made_at=MEETS + 3 * MINUTE),
    ]
    orders: Sequence[tuple[Tick, ...]] = list(permutations(ticks))

    for member, order in zip(list_expected(meeting.panel_id), orders, strict=True):
        for tick in (*order, *order):
            attendance.mark(meeting, member.id, tick, moderator, at=ENDS)

    assert [(row.is_present, row.marked_at) for row in list_attendance(meeting.id)] == [
        (False, MEETS + 3 * MINUTE)
    ] * len(orders)


def test_who_has_no_tick_did_not_come_until_a_device_sends_one_it_kept() -> None:
    meeting, moderator = make_meeting(people=2), make_moderator()
    first, second = list_expected(meeting.panel_id)

    closed = attendance.close_list(meeting, moderator, at=ENDS)
    attendance.mark(meeting, first.id, Tick(is_present=True, made_at=MEETS), moderator, at=ENDS + MINUTE)

    assert closed == 2
    assert {member_id: row.is_present for member_id, row in _rows(meeting).items()} == {
        first.id: True,
        second.id: False,
    }
    assert attendance.close_list(meeting, moderator, at=ENDS + 2 * MINUTE) == 0


def test_a_walk_in_and_who_had_said_no_are_marked_as_not_expected() -> None:
    meeting, moderator = make_meeting(people=1), make_moderator()
    declined, stranger, other = (make_tenant() for _ in range(3))
    invite(meeting.panel, declined, InvitationState.DECLINED)

    attendance.add_walk_in(meeting, stranger, moderator, at=MEETS)
    attendance.mark(meeting, declined.id, Tick(is_present=True, made_at=MEETS), moderator, at=MEETS)

    assert {row.is_walk_in for row in _rows(meeting).values()} == {True}
    with pytest.raises(NotFound):
        attendance.mark(meeting, other.id, Tick(is_present=True, made_at=MEETS), moderator, at=MEETS)


def test_the_list_opens_on_the_day_for_organisers_only() -> None:
    meeting, moderator = make_meeting(people=1), make_moderator()
    [member] = list_expected(meeting.panel_id)
    tick = Tick(is_present=True, made_at=MEETS)

    with pytest.raises(NotMeetingDay):
        attendance.mark(meeting, member.id, tick, moderator, at=MEETS - timedelta(days=1))
    with pytest.raises(NotMeetingDay):
        attendance.close_list(meeting, moderator, at=MEETS - MINUTE)
    for actor in (actor_of(make_staff(Role.COORDINATOR)), actor_of(make_staff(Role.DELEGATE, Party.TENANTS))):
        with pytest.raises(Forbidden):
            attendance.mark(meeting, member.id, tick, actor, at=MEETS)


def test_at_the_door_somebody_on_the_list_is_present_on_the_day_itself() -> None:
    meeting = make_meeting(people=1)
    [member] = list_expected(meeting.panel_id)
    code = make_door_code(meeting, make_moderator(), at=T0)
    typed = f"{code[:4].lower()}-{code[4:]}"

    for at in (MEETS - timedelta(days=1), MEETS + timedelta(days=1)):
        with pytest.raises(DoorRefused):
            attendance.enter_by_door(typed, member.id, at=at)
    attendance.enter_by_door(typed, member.id, at=MEETS - MINUTE)
    attendance.enter_by_door(typed, member.id, at=MEETS)

    [row] = list_attendance(meeting.id)
    assert (row.is_present, row.source, row.is_walk_in) == (True, AttendanceSource.DOOR, False)
    assert make_door_code(meeting, make_moderator(), at=T0) == code
    with pytest.raises(NotExpected):
        attendance.enter_by_door(code, make_tenant().id, at=MEETS)


def test_no_door_opens_for_a_cancelled_meeting_or_a_code_that_is_none() -> None:
    meeting, moderator = make_meeting(people=1), make_moderator()
    code = make_door_code(meeting, moderator, at=T0)
    cancel_meeting(meeting, "De zaal is bezet.", moderator, at=T0)
    db.session.commit()

    for typed in (code, "BCDF2345", ""):
        with pytest.raises(DoorRefused):
            attendance.open_door(typed, at=MEETS)
