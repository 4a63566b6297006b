"""The minutes of a meeting: a draft, then a concept that attendees answer, then locked for ever."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.audit import service as audit
from forum.discussion.adding_queries import lock_thread
from forum.discussion.queries import get_thread_row
from forum.discussion.rules import PostSource
from forum.discussion.service import Body, Placement, add_post
from forum.kernel.actor import Actor
from forum.kernel.clock import last_moment, local_day
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.meetings import news, policy
from forum.meetings.errors import (
    MinutesChanged,
    NobodyWasThere,
    NothingToSend,
    NotLockable,
    NotMeetingDay,
    TopicWasClosed,
    WrongMinutesState,
)
from forum.meetings.models import Minutes, MinutesPoint
from forum.meetings.queries import find_minutes, list_agenda, list_attendees, list_paper_attendees
from forum.meetings.rules import (
    MinutesState,
    RemarkState,
    is_late,
    is_lockable,
    is_point_answered,
)
from forum.panels.models import Meeting
from forum.texts.catalogue import say_dutch


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point as it was typed; without an `id` it is a new one."""

    id: int | None
    title: str
    text: str


def check_organiser(meeting: Meeting, actor: Actor) -> None:
    """Pass for an organiser of the panel.

    Raises:
        Forbidden: the actor is none.
    """
    if not policy.can_run_meeting(actor, meeting.panel.coordinator_id):
        raise Forbidden(action="write-minutes", meeting_id=meeting.id)


def start_minutes(meeting: Meeting, actor: Actor, *, at: datetime) -> Minutes:
    """Begin the minutes of a meeting with the points of its agenda; who comes second finds them there.

    A reason for having none is gone with it.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        NotMeetingDay: the meeting has not begun, or was cancelled.
        TopicWasClosed: the topic closed because there would be none.
    """
    lock(meeting)
    check_organiser(meeting, actor)
    if meeting.no_minutes_because:
        _take_reason_back(meeting, actor, at)
    minutes = find_minutes(meeting.id)
    if minutes is not None:
        return minutes
    if at < meeting.starts_at or meeting.cancelled_at is not None:
        raise NotMeetingDay
    minutes = Minutes(meeting_id=meeting.id, state=MinutesState.DRAFT)
    for point in list_agenda(meeting.id):
        minutes.points.append(
            MinutesPoint(agenda_point_id=point.id, position=point.position, title=point.title, text="")
        )
    db.session.add(minutes)
    db.session.flush()
    audit.record(actor, "minutes.started", meeting_id=meeting.id, at=at)
    return minutes


def _take_reason_back(meeting: Meeting, actor: Actor, at: datetime) -> None:
    topic_id = meeting.panel.topic_id
    if topic_id is not None and get_thread_row(topic_id).closed_at is not None:
        raise TopicWasClosed
    meeting.no_minutes_because = ""
    audit.record(actor, "minutes.wanted_again", meeting_id=meeting.id, at=at)


def say_why_none(meeting: Meeting, why: str, actor: Actor, *, at: datetime) -> None:
    """Say to everybody why no minutes come of a meeting that is over: then its topic can close without.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        NotMeetingDay: the meeting is not over, or was cancelled.
        WrongMinutesState: they were sent to who was there.
    """
    lock(meeting)
    check_organiser(meeting, actor)
    if at < meeting.ends_at or meeting.cancelled_at is not None:
        raise NotMeetingDay
    minutes = find_minutes(meeting.id)
    if minutes is not None:
        lock(minutes)
        if minutes.state is not MinutesState.DRAFT:
            raise WrongMinutesState(meeting_id=meeting.id)
    meeting.no_minutes_because = why
    audit.record(actor, "minutes.given_up", meeting_id=meeting.id, why=why, at=at)


def draft_mark(points: Sequence[MinutesPoint]) -> str:
    """Return a mark of a draft as it stands: another one when anything of it changes."""
    content = json.dumps([(point.id, point.title, point.text) for point in points])
    return hashlib.sha256(content.encode()).hexdigest()


def write_draft(
    minutes: Minutes, rows: Sequence[PointRow], shown: str, actor: Actor, *, at: datetime
) -> Minutes:
    """Make these the points of a draft, in this order; points that are left out are removed.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        WrongMinutesState: attendees read it already.
        MinutesChanged: it is not the draft with the mark `shown` any more.
    """
    _lock_minutes(minutes, actor, MinutesState.DRAFT)
    if draft_mark(minutes.points) != shown:
        raise MinutesChanged
    known = {point.id: point for point in minutes.points}
    kept = []
    for position, row in enumerate(rows, start=1):
        point = known.get(row.id or 0) or MinutesPoint()
        point.position, point.title, point.text = position, row.title, row.text
        kept.append(point)
    minutes.points = kept
    db.session.flush()
    audit.record(actor, "minutes.written", meeting_id=minutes.meeting_id, points=len(kept), at=at)
    return minutes


def send_concept(minutes: Minutes, actor: Actor, *, days: int, at: datetime) -> Minutes:
    """Let who was there read and answer the minutes, until the end of the day so many days from now.

    Twice sends nothing.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        WrongMinutesState: they are locked.
        NothingToSend: a point has no text, or there is no point.
        NobodyWasThere: nobody is known to have been there.
    """
    _lock_minutes(minutes, actor, MinutesState.DRAFT, MinutesState.CONCEPT)
    if minutes.state is MinutesState.CONCEPT:
        return minutes
    if not minutes.points or not all(point.text for point in minutes.points):
        raise NothingToSend
    attendees = list_attendees(minutes.meeting_id)
    if not attendees:
        raise NobodyWasThere
    last_day = local_day(at) + timedelta(days=days)
    minutes.state, minutes.sent_at, minutes.sent_by_id = MinutesState.CONCEPT, at, actor.member_id
    minutes.closes_at = last_moment(last_day)
    audit.record(actor, "minutes.sent", meeting_id=minutes.meeting_id, closes_at=minutes.closes_at, at=at)
    news.concept_sent(minutes, [member.id for member in attendees], at=at)
    return minutes


def _lock_minutes(minutes: Minutes, actor: Actor, *states: MinutesState) -> None:
    lock(minutes)
    check_organiser(minutes.meeting, actor)
    if minutes.state not in states or minutes.meeting.no_minutes_because:
        raise WrongMinutesState(meeting_id=minutes.meeting_id)


def is_all_answered(minutes: Minutes, attendees: Sequence[int]) -> bool:
    """Tell whether everybody who was there said of every point that it is right, and nothing waits."""
    return all(
        is_point_answered(
            attendees,
            point.version,
            [(remark.member_id, remark.version, remark.state) for remark in point.remarks],
        )
        for point in minutes.points
    )


def lock_minutes(minutes: Minutes, actor: Actor, *, address: str, at: datetime) -> Minutes:
    """Lock minutes for ever and bring each point into the thread of the topic. Twice changes nothing.

    What nobody decided on stays visible as a difference.

    Args:
        minutes: to lock.
        actor: an organiser, or the system when the window is over.
        address: of their page, with the name of the site, for the posts.
        at: now.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        NotLockable: the window is open and not everybody answered, or they are a draft.
    """
    lock(minutes)
    if not actor.is_system:
        check_organiser(minutes.meeting, actor)
    if minutes.state is MinutesState.LOCKED:
        return minutes
    attendees = [member.id for member in list_attendees(minutes.meeting_id)]
    all_answered = is_all_answered(minutes, attendees)
    if not is_lockable(minutes.state, minutes.closes_at, at, all_answered=all_answered):
        raise NotLockable
    for point in minutes.points:
        for remark in point.remarks:
            if remark.state is RemarkState.OPEN:
                remark.state, remark.decided_at = RemarkState.DIFFERS, at
    minutes.state, minutes.locked_at = MinutesState.LOCKED, at
    if minutes.meeting.panel.topic_id is not None:
        _post_points(minutes, minutes.meeting.panel.topic_id, address, at)
    audit.record(actor, "minutes.locked", meeting_id=minutes.meeting_id, at=at)
    _tell_locked(minutes, attendees, actor, at)
    return minutes


def _tell_locked(minutes: Minutes, attendees: Sequence[int], actor: Actor, at: datetime) -> None:
    """Tell who was there; organisers who did not press the button hear of letters that wait for them."""
    news.locked(minutes, attendees, at=at)
    if actor.is_system and list_paper_attendees(minutes.meeting_id):
        news.letters_wait(minutes, _organisers(minutes.meeting), at=at)


def _post_points(minutes: Minutes, topic_id: int, address: str, at: datetime) -> None:
    """Write a post for each point, so that everybody in the debate can go on about it."""
    assert minutes.sent_by_id is not None, "only minutes that were sent are locked"
    for number, point in enumerate(minutes.points, start=1):
        differs = any(remark.state is RemarkState.DIFFERS for remark in point.remarks)
        words = say_dutch(
            "minutes-post-differs" if differs else "minutes-post",
            number=number,
            title=point.title,
            text=point.text,
            address=f"{address}#punt-{point.id}",
        )
        place = Placement(source=PostSource.MEETING, form_key=f"minutes-point-{point.id}")
        author, sender = minutes.sent_by_id, minutes.sent_by_id
        point.post_id = add_post(lock_thread(topic_id), Body.of(words), place, author, sender, at=at)


def tell_late(meeting: Meeting, *, days: int, at: datetime) -> None:
    """Tell the organisers of a meeting, once, that its minutes should have been sent by now."""
    lock(meeting)
    minutes = find_minutes(meeting.id)
    is_sent = minutes is not None and minutes.state is not MinutesState.DRAFT
    is_expected = meeting.late_told_at is None and not meeting.no_minutes_because
    if not is_expected or is_sent or not is_late(meeting.ends_at, days, at):
        return
    meeting.late_told_at = at
    news.late(meeting, _organisers(meeting), at=at)


def _organisers(meeting: Meeting) -> set[int]:
    return {meeting.panel.made_by_id, meeting.panel.coordinator_id or meeting.panel.made_by_id}
