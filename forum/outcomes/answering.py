"""What the landlord does with recommendations: answer, tell of the work, and closing a topic after that."""

from dataclasses import dataclass
from datetime import date, datetime

from forum.audit import service as audit
from forum.discussion.models import Thread
from forum.discussion.queries import get_thread_row
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.meetings.lateness import has_open_minutes
from forum.outcomes import policy, queries, telling
from forum.outcomes.errors import (
    AnswerChanged,
    MinutesOpen,
    NothingPromised,
    PanelUnderWay,
    RecommendationWithdrawn,
    StillDrafts,
    StillUnanswered,
    WorkDone,
)
from forum.outcomes.models import Answer, Recommendation, WorkNote
from forum.outcomes.rules import AnswerKind, promises_work
from forum.outcomes.service import check_debate_is_over


@dataclass(frozen=True, slots=True)
class AnswerText:
    """What an answer says; who does it and before which day only where something will be done."""

    kind: AnswerKind
    reason: str
    owner: str = ""
    work_by: date | None = None


def give_answer(
    row: Recommendation, shown_version: int, text: AnswerText, actor: Actor, *, at: datetime
) -> Answer:
    """Answer a recommendation, or change the answer; what it said before stays readable.

    The same answer again makes no new version. The first answer on a topic begins its answer phase.

    Args:
        row: what is answered; it is published.
        shown_version: of the answer that the writer saw; 0 when there was none.
        text: the answer.
        actor: somebody of the landlord.
        at: now.

    Raises:
        Forbidden: the actor does not answer for the landlord.
        AnswerChanged: somebody else answered since then.
        WorkDone: what was promised is done.
    """
    thread = _lock_for_landlord(row, actor)
    before = row.answer
    if before is not None and _says(before) == text:
        return before
    if row.withdrawn_at is not None:
        raise RecommendationWithdrawn(number=row.number)
    if shown_version != row.answer_version:
        raise AnswerChanged(version=row.answer_version)
    if row.done_on is not None:
        raise WorkDone(number=row.number)
    row.answer_version += 1
    answer = Answer(
        version=row.answer_version,
        kind=text.kind,
        reason=text.reason,
        owner=text.owner,
        work_by=text.work_by,
        member_id=actor.member_id,
        at=at,
    )
    row.answers.append(answer)
    thread.answering_at = thread.answering_at or at
    audit.record(actor, "recommendation.answered", **_audited(row), version=answer.version, at=at)
    if before is not None and row.told_at is not None:
        telling.tell_of_change(row, at=at)
    return answer


def _lock_for_landlord(row: Recommendation, actor: Actor) -> Thread:
    if not policy.can_answer_recommendation(actor):
        raise Forbidden(action="answer-recommendation", recommendation_id=row.id)
    thread = get_thread_row(row.thread_id)
    lock(thread)
    return thread


def _audited(row: Recommendation) -> dict[str, object]:
    return {"recommendation_id": row.id, "topic_id": row.thread_id, "number": row.number}


def _says(answer: Answer) -> AnswerText:
    return AnswerText(answer.kind, answer.reason, answer.owner, answer.work_by)


def report_work(
    row: Recommendation, text: str, actor: Actor, *, done_on: date | None, at: datetime
) -> WorkNote:
    """Tell how far the work is that was promised, or that it is done; the same words again are told once.

    Args:
        row: what was answered.
        text: for everybody to read.
        actor: somebody of the landlord.
        done_on: the day on which it was done, `None` when it goes on.
        at: now.

    Raises:
        Forbidden: the actor does not answer for the landlord.
        NothingPromised: there is no answer that promises anything.
        WorkDone: it was done before.
    """
    _lock_for_landlord(row, actor)
    answer, last = row.answer, row.notes[-1] if row.notes else None
    if answer is None or not promises_work(answer.kind):
        raise NothingPromised
    if last is not None and (last.text, row.done_on) == (text, done_on):
        return last
    if row.done_on is not None:
        raise WorkDone(number=row.number)
    note = WorkNote(text=text, member_id=actor.member_id, at=at)
    row.notes.append(note)
    row.done_on = done_on
    db.session.flush()
    audit.record(actor, "recommendation.worked_on", **_audited(row), done_on=done_on, at=at)
    if done_on is not None:
        telling.tell_of_work_done(row, at=at)
    return note


def close_topic(thread: Thread, actor: Actor, *, at: datetime) -> None:
    """Close a topic: all that was advised is answered. Twice changes nothing.

    Raises:
        Forbidden: the actor acts for no party.
        DebateGoesOn: the debate is not over.
        PanelUnderWay: a panel has yet to meet.
        MinutesOpen: minutes of a meeting that is over are not locked, and nobody said why none come.
        StillDrafts: there are recommendations nobody published.
        StillUnanswered: a recommendation lacks an answer.
    """
    if not policy.can_close_topic(actor):
        raise Forbidden(action="close-topic", topic_id=thread.topic_id)
    lock(thread)
    if thread.closed_at is not None:
        return
    check_debate_is_over(thread, at=at)
    if queries.has_panel_under_way(thread.topic_id):
        raise PanelUnderWay
    if has_open_minutes(thread.topic_id, at=at):
        raise MinutesOpen
    if queries.list_drafts(thread.topic_id):
        raise StillDrafts
    unanswered = queries.list_unanswered_numbers(thread.topic_id)
    if unanswered:
        raise StillUnanswered(numbers=", ".join(map(str, unanswered)), count=len(unanswered))
    thread.closed_at = at
    audit.record(actor, "topic.closed", topic_id=thread.topic_id, at=at)
