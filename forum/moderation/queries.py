"""Reading flags, decisions and appeals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from forum.agenda.models import Topic
from forum.discussion.models import Post, Thread
from forum.kernel.actor import Party
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.moderation.models import Appeal, FirstPostsWish, Flag, ModerationDecision, SavedView
from forum.moderation.rules import AppealState, DecisionKind, FlagReason, FlagState, QueueFilter

PAGE_SIZE = 20
EVERYTHING = QueueFilter()
MOST_SHOWN = 50
"""Flags, earlier decisions and choices of topic that one page shows."""

_IN_ITS_PLACE = (
    joinedload(Post.thread).joinedload(Thread.topic).selectinload(Topic.versions),
    joinedload(Post.author),
    joinedload(Post.parent).joinedload(Post.author),
)


def get_post_in_place(post_id: int) -> Post:
    """Return a post with its thread, its author and the post it replies to.

    Raises:
        NotFound: there is none with this number.
    """
    post = db.session.scalar(select(Post).where(Post.id == post_id).options(*_IN_ITS_PLACE))
    if post is None:
        raise NotFound(post_id=post_id)
    return post


def list_posts_in_place(post_ids: Sequence[int]) -> Sequence[Post]:
    """Return these posts, each with its thread, author and parent, in the same order."""
    found = db.session.scalars(select(Post).where(Post.id.in_(post_ids)).options(*_IN_ITS_PLACE))
    by_id = {post.id: post for post in found}
    return [by_id[post_id] for post_id in post_ids]


def find_open_flag(post_id: int, member_id: int) -> Flag | None:
    """Return the flag of a member on a post that nobody decided on yet."""
    return db.session.scalar(
        select(Flag).where(Flag.post_id == post_id, Flag.member_id == member_id, Flag.state == FlagState.OPEN)
    )


def count_flags_since(member_id: int, since: datetime) -> int:
    """Return how many posts a member flagged since a moment."""
    mine = select(func.count()).where(Flag.member_id == member_id, Flag.at > since)
    return db.session.scalar(mine) or 0


def list_open_flags(post_id: int) -> Sequence[Flag]:
    """Return the flags on a post that nobody decided on yet, oldest first."""
    return db.session.scalars(
        select(Flag).where(Flag.post_id == post_id, Flag.state == FlagState.OPEN).order_by(Flag.id)
    ).all()


def list_open_flags_of(post_ids: Sequence[int]) -> Mapping[int, Sequence[Flag]]:
    """Return the flags on these posts that nobody decided on yet, oldest first, by post."""
    flags: dict[int, list[Flag]] = defaultdict(list)
    chosen = select(Flag).where(Flag.post_id.in_(post_ids), Flag.state == FlagState.OPEN).order_by(Flag.id)
    for flag in db.session.scalars(chosen):
        flags[flag.post_id].append(flag)
    return flags


def _flagged(wanted: QueueFilter) -> Select[int]:
    flagged = select(Flag.post_id).where(Flag.state == FlagState.OPEN).group_by(Flag.post_id)
    if wanted.topic_id is not None:
        flagged = flagged.join(Post, Post.id == Flag.post_id).where(Post.thread_id == wanted.topic_id)
    if wanted.reason is not None:
        named = select(Flag.post_id).where(Flag.state == FlagState.OPEN, Flag.reason == wanted.reason)
        flagged = flagged.where(Flag.post_id.in_(named))
    return flagged


def list_flagged(wanted: QueueFilter, page: int) -> Sequence[int]:
    """Return the posts of one page of the queue: aggression first, then the one that waits longest."""
    is_aggression = func.max(case((Flag.reason == FlagReason.AGGRESSION, 1), else_=0))
    return db.session.scalars(
        _flagged(wanted)
        .order_by(is_aggression.desc(), func.min(Flag.id))
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    ).all()


def count_flagged(wanted: QueueFilter = EVERYTHING) -> int:
    """Return on how many posts somebody must decide."""
    return db.session.scalar(select(func.count()).select_from(_flagged(wanted).subquery())) or 0


def count_flagged_by_reason() -> Mapping[FlagReason, int]:
    """Return on how many posts somebody must decide, by what is said of them."""
    rows = db.session.execute(
        select(Flag.reason, func.count(Flag.post_id.distinct()))
        .where(Flag.state == FlagState.OPEN)
        .group_by(Flag.reason)
    )
    return {reason: count for reason, count in rows}


def list_saved_views(member_id: int) -> Sequence[SavedView]:
    """Return the lists that a moderator gave a name, by name."""
    mine = select(SavedView).where(SavedView.member_id == member_id)
    return db.session.scalars(mine.order_by(SavedView.name, SavedView.id)).all()


def list_wishes() -> Mapping[Party, FirstPostsWish]:
    """Return the last wish of each party about first posts."""
    last = select(func.max(FirstPostsWish.id)).group_by(FirstPostsWish.party)
    wishes = db.session.scalars(select(FirstPostsWish).where(FirstPostsWish.id.in_(last)))
    return {wish.party: wish for wish in wishes}


def list_flagged_topics() -> Sequence[tuple[int, int]]:
    """Return the topics with posts on which somebody must decide, with how many; at most fifty."""
    count = func.count(Flag.post_id.distinct())
    rows = db.session.execute(
        select(Post.thread_id, count)
        .join(Flag, Flag.post_id == Post.id)
        .where(Flag.state == FlagState.OPEN)
        .group_by(Post.thread_id)
        .order_by(Post.thread_id)
        .limit(MOST_SHOWN)
    )
    return [(topic_id, posts) for topic_id, posts in rows]


def titles_of(topic_ids: Sequence[int]) -> Mapping[int, str]:
    """Return the titles of these topics."""
    topics = db.session.scalars(
        select(Topic).where(Topic.id.in_(topic_ids)).options(selectinload(Topic.versions))
    )
    return {topic.id: topic.title for topic in topics}


def last_decision_ids(post_ids: Sequence[int]) -> Mapping[int, int]:
    """Return the number of the last decision on each of these posts that has one."""
    rows = db.session.execute(
        select(ModerationDecision.post_id, func.max(ModerationDecision.id))
        .where(ModerationDecision.post_id.in_(post_ids))
        .group_by(ModerationDecision.post_id)
    )
    return {post_id: decision_id for post_id, decision_id in rows}


def find_last_decision(post_id: int) -> ModerationDecision | None:
    """Return what was decided last on a post."""
    return db.session.scalar(
        select(ModerationDecision)
        .where(ModerationDecision.post_id == post_id)
        .order_by(ModerationDecision.id.desc())
        .limit(1)
    )


_WITH_ALL = (
    joinedload(ModerationDecision.post).options(*_IN_ITS_PLACE),
    joinedload(ModerationDecision.moderator),
    joinedload(ModerationDecision.appeal),
)


def get_decision(decision_id: int) -> ModerationDecision:
    """Return a decision with its post, its moderator and the objection to it.

    Raises:
        NotFound: there is none with this number.
    """
    decision = db.session.scalar(
        select(ModerationDecision).where(ModerationDecision.id == decision_id).options(*_WITH_ALL)
    )
    if decision is None:
        raise NotFound(decision_id=decision_id)
    return decision


def list_decisions(topic_id: int | None, before: int | None) -> Sequence[ModerationDecision]:
    """Return one page of decisions, newest first: those before a number."""
    chosen = select(ModerationDecision).options(*_WITH_ALL).order_by(ModerationDecision.id.desc())
    if topic_id is not None:
        chosen = chosen.join(Post, Post.id == ModerationDecision.post_id).where(Post.thread_id == topic_id)
    if before is not None:
        chosen = chosen.where(ModerationDecision.id < before)
    return db.session.scalars(chosen.limit(PAGE_SIZE)).all()


def list_decisions_on(post_id: int) -> Sequence[ModerationDecision]:
    """Return what was decided on a post, oldest first; at most the first fifty."""
    return db.session.scalars(
        select(ModerationDecision)
        .where(ModerationDecision.post_id == post_id)
        .options(joinedload(ModerationDecision.moderator))
        .order_by(ModerationDecision.id)
        .limit(MOST_SHOWN)
    ).all()


def list_standing(post_id: int) -> Sequence[ModerationDecision]:
    """Return the decisions on a post that were not taken back, oldest first."""
    return db.session.scalars(
        select(ModerationDecision)
        .where(ModerationDecision.post_id == post_id, ModerationDecision.reverted_at.is_(None))
        .order_by(ModerationDecision.id)
    ).all()


def list_pauses(author_id: int, at: datetime) -> Sequence[ModerationDecision]:
    """Return the decisions that pause a member at a moment and were not taken back."""
    return db.session.scalars(
        select(ModerationDecision).where(
            ModerationDecision.author_id == author_id,
            ModerationDecision.paused_until > at,
            ModerationDecision.reverted_at.is_(None),
        )
    ).all()


def count_against(author_id: int, since: datetime) -> Mapping[DecisionKind, int]:
    """Return how many decisions of each kind still stand on posts of a member, since a moment."""
    rows = db.session.execute(
        select(ModerationDecision.kind, func.count())
        .where(
            ModerationDecision.author_id == author_id,
            ModerationDecision.at > since,
            ModerationDecision.reverted_at.is_(None),
            ModerationDecision.kind.not_in((DecisionKind.KEEP, DecisionKind.RESTORE)),
        )
        .group_by(ModerationDecision.kind)
    )
    return {kind: count for kind, count in rows}


def list_decisions_of(author_id: int, before: int | None) -> Sequence[ModerationDecision]:
    """Return one page of what was decided against posts of a member, newest first."""
    chosen = (
        select(ModerationDecision)
        .where(
            ModerationDecision.author_id == author_id,
            ModerationDecision.kind.not_in((DecisionKind.KEEP, DecisionKind.RESTORE)),
        )
        .options(*_WITH_ALL)
        .order_by(ModerationDecision.id.desc())
    )
    if before is not None:
        chosen = chosen.where(ModerationDecision.id < before)
    return db.session.scalars(chosen.limit(PAGE_SIZE)).all()


def list_flags_of(member_id: int, before: int | None) -> Sequence[Flag]:
    """Return one page of the flags of a member with what was decided, newest first."""
    chosen = (
        select(Flag)
        .where(Flag.member_id == member_id)
        .options(joinedload(Flag.post).options(*_IN_ITS_PLACE), joinedload(Flag.decision))
        .order_by(Flag.id.desc())
    )
    if before is not None:
        chosen = chosen.where(Flag.id < before)
    return db.session.scalars(chosen.limit(PAGE_SIZE)).all()


def list_appeals(before: int | None, *, only_open: bool) -> Sequence[Appeal]:
    """Return one page of objections: the open ones oldest first, else all of them newest first."""
    whole = joinedload(Appeal.decision).options(*_WITH_ALL)
    chosen = select(Appeal).options(whole).limit(PAGE_SIZE)
    if only_open:
        return db.session.scalars(chosen.where(Appeal.state == AppealState.OPEN).order_by(Appeal.id)).all()
    if before is not None:
        chosen = chosen.where(Appeal.id < before)
    closed = chosen.where(Appeal.state != AppealState.OPEN)
    return db.session.scalars(closed.order_by(Appeal.id.desc())).all()


def list_appeals_due(before: datetime) -> Sequence[Appeal]:
    """Return the objections that wait and must be judged before a moment."""
    whole = joinedload(Appeal.decision).options(*_WITH_ALL)
    chosen = select(Appeal).options(whole).where(Appeal.state == AppealState.OPEN, Appeal.due_at < before)
    return db.session.scalars(chosen.order_by(Appeal.id).limit(MOST_SHOWN)).all()


def count_open_appeals() -> int:
    """Return how many objections wait."""
    return db.session.scalar(select(func.count()).where(Appeal.state == AppealState.OPEN)) or 0


def get_appeal(appeal_id: int) -> Appeal:
    """Return an objection with the decision and the post it is about.

    Raises:
        NotFound: there is none with this number.
    """
    appeal = db.session.scalar(
        select(Appeal).where(Appeal.id == appeal_id).options(joinedload(Appeal.decision).options(*_WITH_ALL))
    )
    if appeal is None:
        raise NotFound(appeal_id=appeal_id)
    return appeal


def find_reverting(decision_id: int) -> ModerationDecision | None:
    """Return the decision that took this one back."""
    return db.session.scalar(select(ModerationDecision).where(ModerationDecision.reverts_id == decision_id))
