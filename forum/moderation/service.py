"""Changing what is moderated: flag a post, decide on it, take a decision back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forum.audit import service as audit
from forum.discussion.errors import PostGone, Suspended
from forum.discussion.models import Post
from forum.discussion.rules import HouseRule, PostState
from forum.kernel.actor import Actor, Party
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.members.service import set_suspension
from forum.moderation import emails, policy, queries
from forum.moderation.errors import (
    AlreadyDecided,
    NotStanding,
    OwnPostDecided,
    OwnPostFlagged,
    PauseRefused,
    PostChangedMeanwhile,
    TooManyFlags,
)
from forum.moderation.looking import mark_seen
from forum.moderation.models import Flag, ModerationDecision
from forum.moderation.rules import (
    AGAINST_AUTHOR,
    FLAGS_PER_DAY,
    UPHOLDING,
    AppealState,
    DecisionKind,
    FlagReason,
    FlagState,
    Referral,
    paused_until,
    verdict,
)
from forum.moderation.telling import tell_author, tell_reporters


def flag_post(post: Post, reason: FlagReason, words: str, actor: Actor, *, at: datetime) -> Flag:
    """Tell the moderators of a post; while nobody decided, flagging it again changes nothing.

    Raises:
        Suspended: the actor is paused.
        OwnPostFlagged: the actor wrote it, or entered it for a tenant.
        PostGone: it was hidden or withdrawn.
        TooManyFlags: the actor flagged as many posts today as one can.
    """
    lock(post)
    if actor.suspended:
        raise Suspended
    if not policy.can_flag_post(actor, post.author_id) or actor.member_id == post.entered_by_id:
        raise OwnPostFlagged(post_id=post.id)
    if post.state is not PostState.VISIBLE:
        raise PostGone(post_id=post.id)
    assert actor.member_id is not None, "the policy lets only members through"
    made = queries.find_open_flag(post.id, actor.member_id)
    if made is not None:
        return made
    if queries.count_flags_since(actor.member_id, at - timedelta(days=1)) >= FLAGS_PER_DAY:
        raise TooManyFlags(most=FLAGS_PER_DAY)
    flag = Flag(
        post_id=post.id,
        member_id=actor.member_id,
        post_version=post.version,
        reason=reason,
        words=words,
        at=at,
    )
    db.session.add(flag)
    db.session.flush()
    audit.record(actor, "post.flagged", post_id=post.id, flag_id=flag.id, reason=reason, at=at)
    return flag


@dataclass(frozen=True, slots=True)
class Shown:
    """What a moderator had before them: the version of the post, and the last decision on it (0 for none)."""

    version: int
    decision_id: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a moderator decides, with the rule and the words for the author."""

    kind: DecisionKind
    rule: HouseRule | None = None
    words: str = ""
    pause_days: int | None = None
    referral: Referral | None = None

    def complete(self) -> "Judgement":
        """Return the same without what does not belong to its kind; what is referred belongs elsewhere."""
        rule = self.rule if self.kind in UPHOLDING else None
        return replace(
            self,
            rule=HouseRule.ELSEWHERE if self.kind is DecisionKind.REFER else rule,
            pause_days=self.pause_days if self.kind is DecisionKind.PAUSE else None,
            referral=self.referral if self.kind is DecisionKind.REFER else None,
        )


def decide(
    post: Post, judgement: Judgement, shown: Shown, actor: Actor, *, term: timedelta, at: datetime
) -> ModerationDecision:
    """Decide on a post and on all open flags on it; sending the same twice decides once.

    Args:
        post: what it is about.
        judgement: what is decided.
        shown: what the moderator had before them.
        actor: the moderator.
        term: how long the author can object.
        at: now.

    Raises:
        OwnPostDecided: the actor wrote it, or entered it for a tenant.
        Forbidden: the actor is no moderator of a party.
        AlreadyDecided: somebody else decided since it was shown.
        PostChangedMeanwhile: the author changed it since it was shown.
        PostGone: it is gone, and nothing about it waits for a decision.
        PauseRefused: the author is no tenant.
    """
    lock_with_author(post)
    _check_may_decide(post, actor)
    judgement = judgement.complete()
    last = queries.find_last_decision(post.id)
    if last is not None and last.id != shown.decision_id:
        if _is_same(last, judgement, actor):
            return last
        raise _already_decided(last)
    flags = queries.list_open_flags(post.id)
    if post.version != shown.version:
        raise PostChangedMeanwhile(post_id=post.id)
    if post.state is not PostState.VISIBLE and not flags:
        raise PostGone(post_id=post.id)
    if judgement.kind is DecisionKind.PAUSE and not policy.can_pause_author(post.author.as_actor(at)):
        raise PauseRefused(post_id=post.id)

    mark_seen([post.id], actor, at=at)
    decision = _record(post, judgement, actor, term=term, at=at)
    _close_flags(flags, decision)
    settle(post, actor, at=at)
    tell_reporters(flags, decision, at=at)
    if decision.kind in AGAINST_AUTHOR:
        emails.decision_made(decision, at=at)
        tell_author(decision, at=at)
    return decision


def lock_with_author(post: Post) -> None:
    """Lock a post and then its author, whom a decision on another post of theirs may pause at the same time.

    Before anything is written to the logbook: whoever changes a member locks them before the logbook too.
    """
    lock(post)
    lock(post.author)


def _check_may_decide(post: Post, actor: Actor) -> None:
    if actor.member_id in (post.author_id, post.entered_by_id):
        raise OwnPostDecided(post_id=post.id)
    if not policy.can_moderate_post(actor, post.author_id):
        raise Forbidden(action="decide-on-post")


def _is_same(decision: ModerationDecision, judgement: Judgement, actor: Actor) -> bool:
    """Tell whether a form that was sent before made this decision."""
    made = decision.moderator_id, decision.kind, decision.rule, decision.words
    return made == (actor.member_id, judgement.kind, judgement.rule, judgement.words)


def _already_decided(decision: ModerationDecision) -> AlreadyDecided:
    return AlreadyDecided(
        name=decision.moderator.display_name, kind=decision.kind, decision_id=decision.id, at=decision.at
    )


def _record(
    post: Post, judgement: Judgement, actor: Actor, *, term: timedelta, at: datetime
) -> ModerationDecision:
    assert actor.member_id is not None, "the policy lets only members through"
    days = judgement.pause_days
    decision = ModerationDecision(
        post_id=post.id,
        author_id=post.author_id,
        post_version=post.version,
        kind=judgement.kind,
        rule=judgement.rule,
        words=judgement.words,
        referral=judgement.referral,
        paused_until=at + timedelta(days=days) if days is not None else None,
        moderator_id=actor.member_id,
        party=_party(actor),
        appeal_until=at + term if judgement.kind in AGAINST_AUTHOR else None,
        at=at,
    )
    db.session.add(decision)
    db.session.flush()
    audit.record(
        actor,
        "post.moderated",
        post_id=post.id,
        decision_id=decision.id,
        kind=decision.kind,
        rule=decision.rule,
        pause_days=days,
        referral=decision.referral,
        at=at,
    )
    return decision


def _party(actor: Actor) -> Party:
    assert actor.party is not None, "a moderator acts for a party"
    return actor.party


def _close_flags(flags: Sequence[Flag], decision: ModerationDecision) -> None:
    for flag in flags:
        flag.state = FlagState.UPHELD if decision.kind in UPHOLDING else FlagState.SETTLED
        flag.decision_id = decision.id


def settle(post: Post, actor: Actor, *, at: datetime) -> None:
    """Make a post and its author feel the decisions that stand, and no others; both must be locked."""
    found = verdict([decision.as_standing() for decision in queries.list_standing(post.id)])
    if post.state is not PostState.DELETED:
        post.state = PostState.HIDDEN if found.is_hidden else PostState.VISIBLE
    post.hidden_rule = found.rule
    post.hidden_words = found.words or None
    post.has_upheld_flag = found.has_upheld_flag
    pauses = queries.list_pauses(post.author_id, at)
    set_suspension(post.author, paused_until([one.as_standing() for one in pauses], at), actor, at=at)


def restore(decision: ModerationDecision, reason: str, actor: Actor, *, at: datetime) -> ModerationDecision:
    """Take a decision of the actor's own party back; an objection to it is settled. Twice takes back once.

    Raises:
        Forbidden: the actor is no moderator of the party that decided, or wrote the post.
        NotStanding: it was taken back by somebody else, or is none that can be.
    """
    lock_with_author(decision.post)
    if not policy.can_restore(actor, decision.party, decision.author_id):
        raise Forbidden(action="restore-post")
    made = queries.find_reverting(decision.id)
    if made is not None and made.moderator_id == actor.member_id:
        return made
    restoring = revert(decision, reason, actor, at=at)
    appeal = decision.appeal
    if appeal is not None and appeal.state is AppealState.OPEN:
        appeal.state = AppealState.SETTLED
    emails.decision_taken_back(restoring, at=at)
    tell_author(restoring, at=at)
    return restoring


def revert(decision: ModerationDecision, reason: str, actor: Actor, *, at: datetime) -> ModerationDecision:
    """Undo what a decision did to the post and its author; the caller checked the policy and locked both.

    Raises:
        NotStanding: it was taken back before, or is none that can be.
    """
    if decision.kind not in AGAINST_AUTHOR or decision.reverted_at is not None:
        raise NotStanding(decision_id=decision.id)
    assert actor.member_id is not None, "the policy lets only members through"
    decision.reverted_at = at
    restoring = ModerationDecision(
        post_id=decision.post_id,
        author_id=decision.author_id,
        post_version=decision.post.version,
        kind=DecisionKind.RESTORE,
        words=reason,
        moderator_id=actor.member_id,
        party=_party(actor),
        reverts_id=decision.id,
        at=at,
    )
    db.session.add(restoring)
    db.session.flush()
    settle(decision.post, actor, at=at)
    audit.record(actor, "decision.reverted", decision_id=decision.id, post_id=decision.post_id, at=at)
    return restoring
