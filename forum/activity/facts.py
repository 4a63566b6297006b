"""The facts of one topic from the database, one query per kind of fact, as the pure score wants them."""

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import CompoundSelect, select
from sqlalchemy.orm import aliased

from forum.activity.models import FrozenScore, ScoreSnapshot
from forum.activity.scoring_facts import (
    EarlierScore,
    Facts,
    PollFact,
    PostFact,
    PostStatus,
    ReactionFact,
    ScoredMember,
)
from forum.activity.scoring_facts import Stance as ScoredStance
from forum.discussion.models import Post, Reaction, StanceAnswer, Thread
from forum.discussion.rules import PostState, Stance
from forum.discussion.rules import ReactionKind as StoredKind
from forum.kernel.actor import Role
from forum.kernel.database import db
from forum.kernel.reading import read_in_batches
from forum.members.models import Member, MemberState, RoleGrant

STANCES = {
    Stance.FOR: ScoredStance.FOR,
    Stance.AGAINST: ScoredStance.AGAINST,
    Stance.NEUTRAL: ScoredStance.NEUTRAL,
}
STATUSES = {
    PostState.VISIBLE: PostStatus.VISIBLE,
    PostState.HIDDEN: PostStatus.HIDDEN,
    PostState.DELETED: PostStatus.DELETED,
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class StoredReactions:
    """The reactions *waardevol* of one topic, as columns of numbers; a fact is made when it is looked at.

    Three million of them take 100 MB so, and 900 MB as facts.
    """

    def __init__(self, rows: Iterable[tuple[int, int, int, datetime, bool]]) -> None:
        """Take rows of id, post, member, moment and whether it was taken back."""
        self.columns = tuple(array("q") for _ in range(5))
        ids, posts, members, moments, withdrawn = self.columns
        for reaction_id, post_id, member_id, at, is_withdrawn in rows:
            ids.append(reaction_id)
            posts.append(post_id)
            members.append(member_id)
            moments.append((at - EPOCH) // MICROSECOND)
            withdrawn.append(is_withdrawn)

    def __iter__(self) -> Iterator[ReactionFact]:
        """Make each fact in turn."""
        return map(_reaction, *self.columns)

    def reactors(self) -> set[str]:
        """Return the ids of all members who reacted."""
        return set(map(str, set(self.columns[2])))


def topic_facts(thread: Thread, *, frozen_at: datetime) -> Facts:
    """Return everything the score of one topic depends on, with the members who took part in it.

    Members who did nothing in the topic have a score of carry-over at most; `topic_facts` leaves them out,
    and they are not eligible for want of a post.
    """
    posts = _posts(thread.topic_id)
    reactions = _reactions(thread.topic_id)
    poll = _poll(thread.topic_id)
    taking_part = (
        {post.author for post in posts}
        | reactions.reactors()
        | {answer.by for answer in poll}
        | {post.reply_to for post in posts if post.reply_to}
    )
    members = _members(thread.topic_id, frozen_at)
    return Facts(
        opened_at=thread.opens_at,
        frozen_at=frozen_at,
        members={member_id: members[member_id] for member_id in sorted(taking_part)},
        posts=posts,
        reactions=reactions,
        are_reactions_grouped=True,
        poll=poll,
        carry=_carry(thread.topic_id, taking_part),
    )


def facts_sha256(facts: Facts) -> str:
    """Return a hash of the facts of a topic as `topic_facts` returned them, in that order."""
    assert isinstance(facts.reactions, StoredReactions), "the hash is of facts that were read here"
    digest = hashlib.sha256(f"{facts.opened_at.isoformat()} {facts.frozen_at.isoformat()}".encode())
    members, carry = facts.members.items(), facts.carry.items()
    for rows in (members, facts.posts, facts.reactions.columns, facts.poll, carry):
        for row in rows:
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _reaction(
    reaction_id: int, post_id: int, member_id: int, microseconds: int, is_withdrawn: int
) -> ReactionFact:
    at = EPOCH + timedelta(microseconds=microseconds)
    return ReactionFact(str(reaction_id), str(post_id), str(member_id), at, withdrawn=bool(is_withdrawn))


def _posts(topic_id: int) -> Sequence[PostFact]:
    parent = aliased(Post)
    rows = read_in_batches(
        select(
            Post.id,
            Post.author_id,
            Post.at,
            Post.counted_chars,
            parent.author_id,
            Post.state,
            Post.is_duplicate,
            Post.has_upheld_flag,
        )
        .outerjoin(parent, parent.id == Post.parent_id)
        .where(Post.thread_id == topic_id)
        .order_by(Post.id)
    )
    text_of = cache(str)  # an author of many posts is one text in memory
    return [
        PostFact(
            id=str(post_id),
            author=text_of(author_id),
            at=at,
            chars=chars,
            reply_to=text_of(replied_to) if replied_to else None,
            status=STATUSES[state],
            duplicate=duplicate,
            upheld_flag=upheld,
        )
        for post_id, author_id, at, chars, replied_to, state, duplicate, upheld in rows
    ]


def _reactions(topic_id: int) -> StoredReactions:
    return StoredReactions(
        read_in_batches(
            select(
                Reaction.id,
                Reaction.post_id,
                Reaction.member_id,
                Reaction.at,
                Reaction.withdrawn_at.is_not(None),
            )
            .where(Reaction.thread_id == topic_id, Reaction.kind == StoredKind.VALUABLE)
            .order_by(Reaction.member_id, Reaction.id)
        )
    )


def _poll(topic_id: int) -> Sequence[PollFact]:
    rows = db.session.execute(
        select(StanceAnswer.member_id, StanceAnswer.first, StanceAnswer.first_at)
        .where(StanceAnswer.thread_id == topic_id)
        .order_by(StanceAnswer.id)
    )
    return [PollFact(str(member_id), STANCES[stance], at) for member_id, stance, at in rows]


def _taking_part(topic_id: int) -> CompoundSelect[int]:
    return (
        select(Post.author_id)
        .where(Post.thread_id == topic_id)
        .union(
            select(Reaction.member_id).where(Reaction.thread_id == topic_id),
            select(StanceAnswer.member_id).where(StanceAnswer.thread_id == topic_id),
        )
    )


def _members(topic_id: int, frozen_at: datetime) -> Mapping[str, ScoredMember]:
    grants = db.session.execute(select(RoleGrant.member_id, RoleGrant.role).order_by(RoleGrant.id.desc()))
    staff = {member_id: role for member_id, role in grants}
    rows = db.session.execute(
        select(Member.id, Member.household_id, Member.state, Member.suspended_until).where(
            Member.id.in_(_taking_part(topic_id))
        )
    )
    return {
        str(member_id): ScoredMember(
            household=str(household_id) if household_id else None,
            role=staff.get(member_id, Role.TENANT).value,
            verified=state is MemberState.ACTIVE,
            suspended=suspended_until is not None and frozen_at < suspended_until,
        )
        for member_id, household_id, state, suspended_until in rows
    }


def _carry(topic_id: int, taking_part: set[str]) -> Mapping[str, Sequence[EarlierScore]]:
    rows = db.session.execute(
        select(FrozenScore.member_id, ScoreSnapshot.frozen_at, FrozenScore.score_cp)
        .join(ScoreSnapshot, ScoreSnapshot.id == FrozenScore.snapshot_id)
        .where(ScoreSnapshot.topic_id != topic_id, FrozenScore.member_id.in_(_taking_part(topic_id)))
        .order_by(FrozenScore.id)
    )
    carry: dict[str, list[EarlierScore]] = defaultdict(list)
    for member_id, closed_at, score_cp in rows:
        if str(member_id) in taking_part:
            carry[str(member_id)].append(EarlierScore(closed_at, score_cp))
    return dict(carry)
