"""The posts that a member keeps to find them again; nobody else sees which."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, select

from forum.agenda.models import Topic, TopicVersion
from forum.discussion.errors import PostGone
from forum.discussion.models import KeptPost, Post
from forum.discussion.rules import PAGE_SIZE, PostState
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.reading import read
from forum.members.models import Member


class KeptRow(NamedTuple):
    """A post in the list of a member; `kept_id` is its place in that list."""

    kept_id: int
    post_id: int
    state: PostState
    html: str
    at: datetime
    author_name: str
    title: str


class KeptPage(NamedTuple):
    """Some posts of the list, last kept first, and from where it goes on; `None` at the end."""

    rows: Sequence[KeptRow]
    goes_on: int | None


_KEPT = (
    select(
        KeptPost.id, KeptPost.post_id, Post.state, Post.html, Post.at, Member.display_name, TopicVersion.title
    )
    .select_from(KeptPost)
    .join(Post, Post.id == KeptPost.post_id)
    .join(Member, Member.id == Post.author_id)
    .join(Topic, Topic.id == Post.thread_id)
    .join(TopicVersion, and_(TopicVersion.topic_id == Topic.id, TopicVersion.version == Topic.version))
    .where(KeptPost.member_id == bindparam("member_id"), KeptPost.id < bindparam("before"))
    .order_by(KeptPost.id.desc())
    .limit(PAGE_SIZE + 1)
)


def list_kept(member_id: int, before: int) -> KeptPage:
    """Return a page of the posts that a member keeps: those before a place in the list, last kept first."""
    rows = [KeptRow._make(row) for row in read(_KEPT, member_id=member_id, before=before)]
    shown = rows[:PAGE_SIZE]
    return KeptPage(shown, shown[-1].kept_id if len(rows) > PAGE_SIZE else None)


def keep_post(post: Post, actor: Actor, *, at: datetime) -> None:
    """Put a post in the list of a member; twice changes nothing.

    Raises:
        PostGone: it was hidden or withdrawn.
    """
    lock(post)
    if post.state is not PostState.VISIBLE:
        raise PostGone(post_id=post.id)
    kept = select(KeptPost.id).where(KeptPost.post_id == post.id, KeptPost.member_id == actor.member_id)
    if db.session.scalar(kept) is None:
        db.session.add(KeptPost(post_id=post.id, member_id=actor.member_id, at=at))


def let_go(post: Post, actor: Actor) -> None:
    """Take a post, also one that is gone, out of the list of a member; twice changes nothing."""
    db.session.execute(
        delete(KeptPost).where(KeptPost.post_id == post.id, KeptPost.member_id == actor.member_id)
    )
