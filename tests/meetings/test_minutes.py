"""Minutes: written together, answered by who was there, locked for ever, back in the thread of the topic."""

from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.discussion.models import Post
from forum.discussion.rules import PostSource
from forum.kernel.actor import SYSTEM, Actor, Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.meetings import jobs, minutes, remarks
from forum.meetings.errors import (
    MinutesChanged,
    NobodyWasThere,
    NothingToSend,
    NotLockable,
    NotMeetingDay,
    PointChanged,
    RemarkDecided,
    WindowClosed,
    WrongMinutesState,
)
from forum.meetings.minutes import PointRow, draft_mark
from forum.meetings.models import Minutes, MinutesPoint, MinutesRemark
from forum.meetings.queries import get_meeting, get_minutes, get_point, get_remark
from forum.meetings.remarks import Given, PointAnswer
from forum.meetings.rules import MinutesState, RemarkSource, RemarkState
from forum.meetings.service import AgendaRow, agenda_mark, set_agenda
from forum.members.models import Member
from forum.notifications.models import Notification
from tests.support.cast import actor_of, make_staff, make_tenant
from tests.support.meetings import (
    ADDRESS,
    ENDS,
    MEETS,
    after_window,
    let_all_come,
    make_concept,
    make_meeting,
)
from tests.support.panels import make_moderator
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
LATER = ENDS + DAY


def _say(
    point: MinutesPoint, member: Member, text: str | None = None, *, by: Actor | None = None, version: int = 0
) -> None:
    answer = PointAnswer(point.id, version or point.version, text)
    source = RemarkSource.PHONE if by else RemarkSource.WEB
    given = Given(member.id, source)
    remarks.answer_points(point.minutes, given, [answer], by or actor_of(member), at=LATER)


def _proposal(point: MinutesPoint, member: Member, text: str) -> MinutesRemark:
    _say(point, member, text)
    db.session.commit()
    return db.session.query(MinutesRemark).filter_by(point_id=point.id, text=text).one()


def _told(event: str) -> list[int]:
    rows = db.session.scalars(select(Notification.member_id).where(Notification.event == event))
    return sorted(rows)


def test_minutes_begin_with_the_agenda_once_the_meeting_has_begun() -> None:
    meeting, moderator = make_meeting(), make_moderator()
    set_agenda(meeting, [AgendaRow(None, "De lift", 10)], agenda_mark([]), moderator, at=MEETS)

    with pytest.raises(NotMeetingDay):
        minutes.start_minutes(meeting, moderator, at=MEETS - DAY)
    draft = minutes.start_minutes(meeting, moderator, at=MEETS)

    assert minutes.start_minutes(meeting, make_moderator(), at=MEETS) is draft
    [point] = draft.points
    assert (point.title, point.text, point.agenda_point_id is not None) == ("De lift", "", True)


def test_a_draft_keeps_the_points_by_their_id_and_is_not_overwritten_unseen() -> None:
    meeting, moderator = make_meeting(), make_moderator()
    draft = minutes.start_minutes(meeting, moderator, at=MEETS)
    empty = draft_mark(draft.points)
    minutes.write_draft(
        draft, [PointRow(None, "A", "a"), PointRow(None, "B", "b")], empty, moderator, at=ENDS
    )
    first, second = draft.points
    rows = [PointRow(second.id, "B", "beter"), PointRow(first.id, "A", "a"), PointRow(None, "C", "c")]

    minutes.write_draft(draft, rows, draft_mark(draft.points), moderator, at=ENDS)
    db.session.commit()

    stored = get_minutes(meeting.id).points
    assert [(point.id, point.text) for point in stored[:2]] == [(second.id, "beter"), (first.id, "a")]
    with pytest.raises(MinutesChanged):
        minutes.write_draft(draft, [], empty, moderator, at=ENDS)


def test_a_concept_goes_once_to_who_was_there_when_it_is_whole() -> None:
    meeting, moderator = make_meeting(people=2), make_moderator()
    draft = minutes.start_minutes(meeting, moderator, at=MEETS)
    with pytest.raises(NothingToSend):
        minutes.send_concept(draft, moderator, days=7, at=ENDS)
    minutes.write_draft(draft, [PointRow(None, "A", "a")], draft_mark([]), moderator, at=ENDS)
    with pytest.raises(NobodyWasThere):
        minutes.send_concept(draft, moderator, days=7, at=ENDS)
    attendees = let_all_come(meeting, moderator)

    minutes.send_concept(draft, moderator, days=7, at=ENDS)
    minutes.send_concept(draft, make_moderator(), days=30, at=LATER)

    assert draft.closes_at is not None
    assert 7 * DAY < draft.closes_at - ENDS < 8 * DAY
    assert _told("minutes-concept") == [member.id for member in attendees]
    with pytest.raises(WrongMinutesState):
        minutes.write_draft(draft, [], draft_mark(draft.points), moderator, at=LATER)


def test_who_was_there_answers_and_can_change_that_until_the_organiser_decides() -> None:
    concept, (anna, bram, _), moderator = make_concept()
    point = concept.points[0]

    _say(point, anna)
    _say(point, anna, "De lift moet veel sneller.")
    _say(point, anna, "De lift moet veel sneller.")
    _say(point, bram, by=moderator)

    rows = {row.member_id: row for row in point.remarks}
    assert len(point.remarks) == 2
    assert (rows[anna.id].state, rows[anna.id].entered_by_id) == (RemarkState.OPEN, None)
    assert (rows[bram.id].state, rows[bram.id].source) == (RemarkState.AGREED, RemarkSource.PHONE)
    assert rows[bram.id].entered_by_id == moderator.member_id
    remarks.leave_difference(rows[anna.id], moderator, at=LATER)
    with pytest.raises(RemarkDecided):
        _say(point, anna)


def test_nobody_else_answers_nor_for_somebody_else() -> None:
    concept, (anna, bram, _), _moderator = make_concept()
    point, stranger = concept.points[0], make_tenant()

    for member, by in (
        (stranger, None),
        (stranger, make_moderator()),
        (anna, actor_of(bram)),
        (anna, actor_of(make_staff(Role.COORDINATOR))),
    ):
        with pytest.raises(Forbidden):
            _say(point, member, by=by)


def test_a_proposal_that_is_taken_over_gives_the_point_a_new_text_that_the_others_answer_anew() -> None:
    concept, (anna, bram, cees), moderator = make_concept()
    point = concept.points[0]
    for member in (bram, cees):
        _say(point, member)
    remark = _proposal(point, anna, "De lift moet veel sneller.")

    remarks.take_over(remark, "De lift moet dit jaar sneller.", 1, moderator, at=LATER)

    assert (point.text, point.version) == ("De lift moet dit jaar sneller.", 2)
    assert (remark.text_before, remark.text_after) == ("De lift moet sneller.", point.text)
    with pytest.raises(PointChanged):
        _say(point, bram, version=1)
    members = [anna.id, bram.id, cees.id]
    for member in (anna, bram, cees):
        _say(concept.points[1], member)
    assert not minutes.is_all_answered(concept, members)
    _say(point, bram)
    _say(point, cees)
    assert minutes.is_all_answered(concept, members)


def test_a_second_proposal_on_an_earlier_text_is_decided_with_the_new_text_in_sight() -> None:
    concept, (anna, bram, _), moderator = make_concept()
    point = concept.points[0]
    first, second = _proposal(point, anna, "Eerste."), _proposal(point, bram, "Tweede.")
    remarks.take_over(first, "Eerste.", 1, moderator, at=LATER)

    with pytest.raises(PointChanged):
        remarks.take_over(second, "Tweede.", 1, moderator, at=LATER)
    remarks.take_over(second, "Eerste en tweede.", 2, moderator, at=LATER)

    assert (point.text, point.version) == ("Eerste en tweede.", 3)


def _lock_by_job(minutes_: Minutes) -> None:
    at = after_window(minutes_)
    jobs.lock_answered_minutes(at=at - timedelta(seconds=2))
    jobs.lock_answered_minutes(at=at)
    jobs.lock_answered_minutes(at=at)


def test_the_job_locks_after_the_window_and_each_point_comes_into_the_thread_once() -> None:
    concept, (anna, *_), moderator = make_concept()
    remark_id = _proposal(concept.points[1], anna, "De hal is vies.").id
    meeting_id = concept.meeting_id

    _lock_by_job(concept)

    locked = get_minutes(meeting_id)
    posts = db.session.scalars(select(Post).order_by(Post.id)).all()
    assert locked.state is MinutesState.LOCKED
    assert get_remark(remark_id).state is RemarkState.DIFFERS
    assert [post.id for post in posts] == [point.post_id for point in locked.points]
    assert {(post.source, post.author_id) for post in posts} == {(PostSource.MEETING, moderator.member_id)}
    assert "De lift moet sneller." in posts[0].text
    assert "ziet dit anders" in posts[1].text
    assert f"#punt-{locked.points[1].id}" in posts[1].html
    assert anna.display_name not in posts[1].text
    assert len(_told("minutes-locked")) == 3


def test_what_is_locked_never_changes() -> None:
    concept, (anna, bram, _), moderator = make_concept()
    remark_id, point_id = _proposal(concept.points[0], anna, "Anders.").id, concept.points[0].id
    _lock_by_job(concept)
    remark, point = get_remark(remark_id), get_point(point_id)

    with pytest.raises(WindowClosed):
        _say(point, bram)
    with pytest.raises(WrongMinutesState):
        remarks.take_over(remark, "Anders.", 1, moderator, at=LATER)
    with pytest.raises(WrongMinutesState):
        minutes.write_draft(point.minutes, [], "", moderator, at=LATER)
    with pytest.raises(WrongMinutesState):
        minutes.send_concept(point.minutes, moderator, days=7, at=LATER)


def test_an_organiser_locks_before_the_end_only_when_all_is_answered() -> None:
    concept, members, moderator = make_concept(people=2)

    with pytest.raises(NotLockable):
        minutes.lock_minutes(concept, moderator, address=ADDRESS, at=LATER)
    for member in members:
        for point in concept.points:
            _say(point, member)
    with pytest.raises(Forbidden):
        minutes.lock_minutes(concept, actor_of(members[0]), address=ADDRESS, at=LATER)
    minutes.lock_minutes(concept, moderator, address=ADDRESS, at=LATER)

    assert concept.state is MinutesState.LOCKED


def test_a_process_that_dies_while_it_locks_leaves_a_concept_that_is_locked_whole_later() -> None:
    concept, _, _ = make_concept()
    meeting_id, at = concept.meeting_id, after_window(concept)

    with suppress(KeyboardInterrupt), unit_of_work():
        minutes.lock_minutes(get_minutes(meeting_id), SYSTEM, address=ADDRESS, at=at)
        raise KeyboardInterrupt
    halfway = get_minutes(meeting_id).state, db.session.scalar(select(func.count(Post.id)))
    jobs.lock_answered_minutes(at=at)

    assert halfway == (MinutesState.CONCEPT, 0)
    assert db.session.scalar(select(func.count(Post.id))) == 2


def test_two_organisers_who_decide_at_once_decide_once(database: Flask) -> None:
    concept, (anna, *_), moderator = make_concept()
    remark_id, other = _proposal(concept.points[0], anna, "Anders.").id, make_moderator()

    def decide(organiser: Actor, *, takes_over: bool) -> None:
        with unit_of_work():
            remark = get_remark(remark_id)
            if takes_over:
                remarks.take_over(remark, "Anders.", 1, organiser, at=LATER)
            else:
                remarks.leave_difference(remark, organiser, at=LATER)

    raised = at_once(
        database,
        [lambda: decide(moderator, takes_over=True), lambda: decide(other, takes_over=False)],
    )

    [refusal] = [error for error in raised if error]
    assert isinstance(refusal, RemarkDecided)
    remark = get_remark(remark_id)
    was_taken = remark.state is RemarkState.ACCEPTED
    assert (remark.point.text, remark.point.version) == (
        ("Anders.", 2) if was_taken else ("De lift moet sneller.", 1)
    )


def test_a_remark_that_arrives_while_all_is_locked_is_in_or_refused(database: Flask) -> None:
    concept, (anna, bram), moderator = make_concept(people=2)
    for member in (anna, bram):
        for point in concept.points:
            _say(point, member)
    db.session.commit()
    meeting_id, point_id = concept.meeting_id, concept.points[0].id

    def lock() -> None:
        with unit_of_work():
            minutes.lock_minutes(get_minutes(meeting_id), moderator, address=ADDRESS, at=LATER)

    def object_to_it() -> None:
        with unit_of_work():
            _say(get_point(point_id), db.session.get_one(Member, anna.id), "Ik zei iets anders.")

    lock_error, remark_error = at_once(database, [lock, object_to_it])

    db.session.rollback()
    states = {row.state for row in get_point(point_id).remarks}
    is_locked = get_minutes(meeting_id).state is MinutesState.LOCKED
    if remark_error is None:
        assert isinstance(lock_error, NotLockable)
        assert (is_locked, RemarkState.OPEN in states) == (False, True)
    else:
        assert isinstance(remark_error, WindowClosed)
        assert (is_locked, states) == (True, {RemarkState.AGREED})


def test_organisers_who_are_late_hear_so_once() -> None:
    meeting, moderator = make_meeting(), make_moderator()
    els = make_staff(Role.COORDINATOR)
    meeting.panel.coordinator_id = els.id
    minutes.start_minutes(meeting, moderator, at=ENDS)
    db.session.commit()
    meeting_id, maker_id = meeting.id, meeting.panel.made_by_id

    jobs.tell_late_organisers(at=ENDS + 14 * DAY)
    early = _told("minutes-late")
    jobs.tell_late_organisers(at=ENDS + 15 * DAY)
    jobs.tell_late_organisers(at=ENDS + 16 * DAY)

    assert early == []
    assert _told("minutes-late") == sorted([els.id, maker_id])
    assert get_meeting(meeting_id).late_told_at == ENDS + 15 * DAY


def test_minutes_that_were_sent_and_meetings_that_were_not_held_are_not_late() -> None:
    make_concept()
    cancelled = make_meeting()
    cancelled.cancelled_at = MEETS - DAY
    db.session.commit()

    jobs.tell_late_organisers(at=ENDS + 30 * DAY)

    assert _told("minutes-late") == []
