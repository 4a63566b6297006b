"""Reading who wants to hear of what in a thread."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select, union

from forum.discussion.models import Follow, Post, StanceAnswer
from forum.discussion.rules import FollowLevel, PostSource
from forum.kernel.database import db


def list_followers(thread_id: int) -> Collection[int]:
    """Return the members who hear of every post in a thread."""
    return list_followers_of_each([thread_id]).get(thread_id, ())


def list_followers_of_each(thread_ids: Collection[int]) -> Mapping[int, Collection[int]]:
    """Return the members who hear of every post in some threads, by thread; those of nobody are left out."""
    rows = db.session.execute(
        select(Follow.thread_id, Follow.member_id).where(
            Follow.thread_id.in_(thread_ids), Follow.level == FollowLevel.EVERYTHING
        )
    )
    followers = defaultdict[int, list[int]](list)
    for thread_id, member_id in rows:
        followers[thread_id].append(member_id)
    return followers


def without_muted(thread_id: int, member_ids: Collection[int]) -> Collection[int]:
    """Return those of some members who want to hear of what is meant for them in a thread."""
    if not member_ids:
        return set()
    muted = db.session.scalars(
        select(Follow.member_id).where(
            Follow.thread_id == thread_id,
            Follow.level == FollowLevel.NOTHING,
            Follow.member_id.in_(member_ids),
        )
    )
    return set(member_ids) - set(muted)


def list_involved(thread_id: int) -> Collection[int]:
    """Return the members who wrote in a thread, took a stance or follow it, and did not turn it off."""
    muted = select(Follow.member_id).where(Follow.thread_id == thread_id, Follow.level == FollowLevel.NOTHING)
    involved = union(
        select(Post.author_id).where(Post.thread_id == thread_id, Post.source != PostSource.IMPORT),
        select(StanceAnswer.member_id).where(StanceAnswer.thread_id == thread_id),
        select(Follow.member_id).where(Follow.thread_id == thread_id),
    ).subquery()
    return db.session.scalars(select(involved.c[0]).where(involved.c[0].not_in(muted))).all()
