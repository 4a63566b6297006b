"""What attendees say of the points of a concept, and what an organiser does with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden, NotFound
from forum.meetings import policy
from forum.meetings.errors import PointChanged, RemarkDecided, WindowClosed, WrongMinutesState
from forum.meetings.minutes import check_organiser
from forum.meetings.models import Minutes, MinutesPoint, MinutesRemark
from forum.meetings.queries import was_there
from forum.meetings.rules import DECIDED, MinutesState, RemarkSource, RemarkState, is_answerable


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """What somebody says of one version of a point: it is right (no `text`), or it should say this."""

    point_id: int
    version: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """Whose answers they are, and how they came in."""

    member_id: int
    source: RemarkSource = RemarkSource.WEB


def answer_points(
    minutes: Minutes, given: Given, answers: Sequence[PointAnswer], actor: Actor, *, at: datetime
) -> None:
    """Record what an attendee says of some points: all of it or nothing; the same again changes nothing.

    Raises:
        Forbidden: the member was not there, or the actor may not answer for them.
        WindowClosed: it is too late, or the minutes are a draft.
        PointChanged: an answer is of a text that stands no more.
        RemarkDecided: the organiser decided on what this member said of that text before.
        NotFound: a point is not of these minutes.
    """
    lock(minutes)
    meeting = minutes.meeting
    is_attendee = was_there(meeting.id, given.member_id)
    coordinator_id = meeting.panel.coordinator_id
    if not policy.can_answer_minutes(actor, given.member_id, coordinator_id, was_there=is_attendee):
        raise Forbidden(action="answer-minutes", meeting_id=meeting.id)
    if not is_answerable(minutes.state, minutes.closes_at, at):
        raise WindowClosed
    points = {point.id: point for point in minutes.points}
    for answer in answers:
        point = points.get(answer.point_id)
        if point is None:
            raise NotFound(point_id=answer.point_id)
        _keep_answer(point, given, answer, actor, at)
    db.session.flush()


def _keep_answer(point: MinutesPoint, given: Given, answer: PointAnswer, actor: Actor, at: datetime) -> None:
    if answer.version != point.version:
        raise PointChanged(title=point.title)
    member_id = given.member_id
    own = [row for row in point.remarks if row.member_id == member_id and row.version == point.version]
    remark = own[0] if own else MinutesRemark(member_id=member_id, version=point.version)
    state = RemarkState.AGREED if answer.text is None else RemarkState.OPEN
    if own and remark.text == answer.text and remark.state is state:
        return
    if remark.state in DECIDED:
        raise RemarkDecided
    remark.state, remark.text = state, answer.text
    remark.source, remark.at = given.source, at
    remark.entered_by_id = actor.member_id if actor.member_id != member_id else None
    if not own:
        point.remarks.append(remark)
    details = {"member_id": member_id, "state": state, "source": given.source}
    audit.record(actor, "minutes.answered", point_id=point.id, at=at, **details)


def take_over(remark: MinutesRemark, text: str, shown_version: int, actor: Actor, *, at: datetime) -> None:
    """Give a point a new text because of what an attendee proposed.

    Args:
        remark: the proposal.
        text: as the point will say it; the proposal, or words that the organiser chose with it in hand.
        shown_version: of the text that the organiser saw.
        actor: an organiser.
        at: now.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        WrongMinutesState: the minutes are locked.
        RemarkDecided: somebody decided on it already.
        PointChanged: the point has another text by now.
    """
    point = _lock_to_decide(remark, actor)
    if point.version != shown_version:
        raise PointChanged(title=point.title)
    remark.text_before, remark.text_after = point.text, text
    if text != point.text:
        point.text = text
        point.version += 1
    _decide(remark, RemarkState.ACCEPTED, actor, at)


def leave_difference(remark: MinutesRemark, actor: Actor, *, at: datetime) -> None:
    """Leave the text of a point as it is; everybody who reads it sees what the attendee proposed.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        WrongMinutesState: the minutes are locked.
        RemarkDecided: somebody decided on it already.
    """
    _lock_to_decide(remark, actor)
    _decide(remark, RemarkState.DIFFERS, actor, at)


def _lock_to_decide(remark: MinutesRemark, actor: Actor) -> MinutesPoint:
    minutes = remark.point.minutes
    lock(minutes)
    check_organiser(minutes.meeting, actor)
    if minutes.state is not MinutesState.CONCEPT:
        raise WrongMinutesState(meeting_id=minutes.meeting_id)
    if remark.state is not RemarkState.OPEN:
        raise RemarkDecided
    return remark.point


def _decide(remark: MinutesRemark, state: RemarkState, actor: Actor, at: datetime) -> None:
    remark.state, remark.decided_at, remark.decided_by_id = state, at, actor.member_id
    db.session.flush()
    audit.record(actor, "minutes.decided", remark_id=remark.id, state=state, at=at)
