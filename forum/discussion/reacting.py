"""What members think of a post and of the question: *waardevol*, *eens*, a stance."""

from datetime import datetime

from sqlalchemy import select, update

from forum.discussion import policy
from forum.discussion.errors import OwnPost, PostGone
from forum.discussion.models import Post, Reaction, StanceAnswer, Thread
from forum.discussion.queries import find_stance
from forum.discussion.rules import PostState, ReactionKind, Stance
from forum.discussion.service import check_may_write
from forum.discussion.telling import tell_of_value
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden


def add_reaction(post: Post, kind: ReactionKind, actor: Actor, *, at: datetime) -> None:
    """Value a post or agree with it; twice changes nothing.

    Raises:
        Suspended: the actor is paused.
        ThreadNotOpen: the debate has not begun or is over.
        PostGone: the post was hidden or withdrawn.
        OwnPost: the actor wrote it.
    """
    reaction = _lock_for_reaction(post, kind, actor, at)
    if reaction is not None and reaction.withdrawn_at is None:
        return
    is_first = reaction is None
    if reaction is None:
        reaction = Reaction(thread_id=post.thread_id, post_id=post.id, member_id=actor.member_id, kind=kind)
        db.session.add(reaction)
    reaction.at, reaction.withdrawn_at = at, None
    _count_reaction(post, kind, 1)
    if is_first and kind is ReactionKind.VALUABLE:  # taking it back and giving it again is no news
        tell_of_value(post, at=at)


def remove_reaction(post: Post, kind: ReactionKind, actor: Actor, *, at: datetime) -> None:
    """Take a reaction back; twice changes nothing.

    Raises:
        Suspended: the actor is paused.
        ThreadNotOpen: the debate has not begun or is over.
        PostGone: the post was hidden or withdrawn.
        OwnPost: the actor wrote it.
    """
    reaction = _lock_for_reaction(post, kind, actor, at)
    if reaction is None or reaction.withdrawn_at is not None:
        return
    reaction.withdrawn_at = at
    _count_reaction(post, kind, -1)


def _lock_for_reaction(post: Post, kind: ReactionKind, actor: Actor, at: datetime) -> Reaction | None:
    lock(post)
    phase = check_may_write(post.thread, actor, at)
    if post.state is not PostState.VISIBLE:
        raise PostGone(post_id=post.id)
    if not policy.can_react(actor, phase, post.author_id):
        raise OwnPost
    return db.session.scalar(
        select(Reaction).where(
            Reaction.post_id == post.id, Reaction.member_id == actor.member_id, Reaction.kind == kind
        )
    )


def _count_reaction(post: Post, kind: ReactionKind, change: int) -> None:
    if kind is ReactionKind.VALUABLE:
        post.valuable_count += change
    else:
        post.agree_count += change


def take_stance(
    thread: Thread, stance: Stance, actor: Actor, *, at: datetime, is_findable: bool = False
) -> StanceAnswer:
    """Record what a tenant answers to the stance question; the first answer is kept beside the last.

    With `is_findable` others may find the posts of this tenant by the first answer; without, no longer.

    Raises:
        ThreadNotOpen: the debate has not begun or is over.
        Forbidden: the actor is no tenant.
    """
    lock(thread)
    phase = check_may_write(thread, actor, at)
    if not policy.can_give_stance(actor, phase) or actor.member_id is None:
        raise Forbidden(action="take-stance")
    answer = record_stance(thread, stance, actor.member_id, at)
    if answer.is_findable is not is_findable:
        answer.is_findable = is_findable
        db.session.execute(
            update(Post)
            .where(Post.author_id == answer.member_id, Post.thread_id == thread.topic_id)
            .values(author_stance=answer.first if is_findable else None)
        )
    return answer


def record_stance(thread: Thread, stance: Stance, member_id: int, at: datetime) -> StanceAnswer:
    """Store a stance in a locked thread, and count it; the first answer is kept beside the last."""
    answer = find_stance(thread.topic_id, member_id)
    if answer is None:
        answer = StanceAnswer(thread_id=thread.topic_id, member_id=member_id, first=stance, first_at=at)
        answer.current, answer.is_findable = stance, False
        db.session.add(answer)
        _count_stance(thread, stance, 1)
    elif answer.current is not stance:
        _count_stance(thread, answer.current, -1)
        _count_stance(thread, stance, 1)
        answer.current, answer.changed_at = stance, at
    return answer


def _count_stance(thread: Thread, stance: Stance, change: int) -> None:
    name = f"{stance.value}_count"
    setattr(thread, name, getattr(thread, name) + change)
