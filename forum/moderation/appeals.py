"""Objecting to a decision, and judging that: always by a moderator of the other party."""

from datetime import datetime, timedelta

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden, NotFound
from forum.moderation import emails, policy
from forum.moderation.errors import AppealClosed, AppealDecided, AppealOfOtherParty
from forum.moderation.models import Appeal, ModerationDecision
from forum.moderation.rules import AppealState, is_appealable
from forum.moderation.service import lock_with_author, revert
from forum.moderation.telling import tell_of_judgement


def can_still_appeal(decision: ModerationDecision, *, at: datetime) -> bool:
    """Tell whether the author can object to a decision now: in time, once, while it stands."""
    if decision.appeal is not None or decision.reverted_at is not None:
        return False
    return is_appealable(decision.appeal_until, at)


def make_appeal(
    decision: ModerationDecision, words: str, actor: Actor, *, term: timedelta, at: datetime
) -> Appeal:
    """Object to a decision on a post of the actor, or enter that for its author; twice objects once.

    Args:
        decision: what the author objects to.
        words: why.
        actor: the author, or a moderator for somebody who phoned or wrote.
        term: how long the other party has to judge it.
        at: now.

    Raises:
        NotFound: the actor did not write the post, and is no moderator who enters it.
        AppealClosed: too late, or there was an objection before.
    """
    lock(decision.post)
    is_author = policy.can_appeal(actor, decision.author_id)
    if not is_author and not policy.can_enter_appeal(actor, decision.author_id):
        raise NotFound(decision_id=decision.id)
    made = decision.appeal
    if made is not None and made.words == words:
        return made
    if not can_still_appeal(decision, at=at):
        raise AppealClosed(decision_id=decision.id)
    appeal = Appeal(
        decision_id=decision.id,
        words=words,
        at=at,
        due_at=at + term,
        entered_by_id=None if is_author else actor.member_id,
    )
    db.session.add(appeal)
    db.session.flush()
    db.session.expire(decision, ["appeal"])
    audit.record(actor, "appeal.made", appeal_id=appeal.id, decision_id=decision.id, at=at)
    emails.appeal_made(appeal, at=at)
    return appeal


def judge_appeal(appeal: Appeal, outcome: AppealState, reason: str, actor: Actor, *, at: datetime) -> Appeal:
    """Let a decision stand, or overturn it: then the post is back and the pause is over.

    Sending the same twice judges once.

    Raises:
        AppealOfOtherParty: the actor is of the party that decided.
        Forbidden: the actor is no moderator, or wrote the post.
        AppealDecided: somebody judged it before.
    """
    decision = appeal.decision
    lock_with_author(decision.post)
    _check_may_judge(appeal, actor)
    if (appeal.state, appeal.judged_by_id, appeal.reason) == (outcome, actor.member_id, reason):
        return appeal
    if appeal.state is not AppealState.OPEN:
        raise AppealDecided(appeal_id=appeal.id)
    appeal.state, appeal.reason = outcome, reason
    appeal.judged_by_id, appeal.judged_at = actor.member_id, at
    if outcome is AppealState.OVERTURNED:
        revert(decision, reason, actor, at=at)
    audit.record(actor, "appeal.judged", appeal_id=appeal.id, outcome=outcome, at=at)
    emails.appeal_judged(appeal, at=at)
    tell_of_judgement(appeal, at=at)
    return appeal


def _check_may_judge(appeal: Appeal, actor: Actor) -> None:
    decision = appeal.decision
    if policy.can_decide_appeal(actor, decision.party, decision.author_id):
        return
    if policy.can_moderate_post(actor, decision.author_id):
        raise AppealOfOtherParty(appeal_id=appeal.id)
    raise Forbidden(action="judge-appeal")
