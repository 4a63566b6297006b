"""Reading what a new post must know of its thread and of what was said there before."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, union_all

from forum.discussion.models import Post, StanceAnswer, Thread
from forum.discussion.rules import PostState, Stance
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.kernel.reading import read


class LockedThread(NamedTuple):
    """What a new post asks of its thread: its moments, and how many posts it had when it was locked."""

    topic_id: int
    opens_at: datetime
    closes_at: datetime
    answering_at: datetime | None
    closed_at: datetime | None
    root_count: int
    post_count: int


_LOCKED_THREAD = (
    select(*(getattr(Thread, name) for name in LockedThread._fields))
    .where(Thread.topic_id == bindparam("wanted"))
    .with_for_update(of=Thread, key_share=True)
)


def lock_thread(topic_id: int) -> LockedThread:
    """Keep others from writing in a thread until the unit of work ends, as `lock` does, and return it.

    Raises:
        NotFound: the topic has no thread.
    """
    rows = read(_LOCKED_THREAD, wanted=topic_id)
    if not rows:
        raise NotFound(topic_id=topic_id)
    db.session.expire_all()  # it may have waited
    return LockedThread._make(rows[0])


class Known(NamedTuple):
    """What is known in a thread before a post is added to it.

    `sent_before` is the post that the same form made, or with the same words by the same author in the same
    place a moment ago; `first_with_text` that of anybody with the same words; `author_stance` the first
    stance of an author who lets others find posts by it.
    """

    sent_before: int | None
    first_with_text: int | None
    author_stance: Stance | None


_FIRST_WITH_TEXT = select(func.min(Post.id)).where(
    Post.thread_id == bindparam("thread_id"),
    Post.text_key == bindparam("text_key"),
    Post.state == PostState.VISIBLE,
)
_SENT_BEFORE = union_all(
    select(Post.id).where(Post.form_key == bindparam("form_key")),
    select(Post.id).where(
        Post.thread_id == bindparam("thread_id"),
        Post.text_key == bindparam("text_key"),
        Post.author_id == bindparam("author_id"),
        func.coalesce(Post.parent_id, 0) == bindparam("parent_id"),  # not by its index: most have none
        Post.state == PostState.VISIBLE,
        Post.at > bindparam("since"),
    ),
).limit(1)
_SHOWN_STANCE = select(StanceAnswer.first).where(
    StanceAnswer.thread_id == bindparam("thread_id"),
    StanceAnswer.member_id == bindparam("author_id"),
    StanceAnswer.is_findable,
)
_KNOWN = select(
    _SENT_BEFORE.scalar_subquery(), _FIRST_WITH_TEXT.scalar_subquery(), _SHOWN_STANCE.scalar_subquery()
)


def get_known(
    form_key: str | None, thread_id: int, author_id: int, *, parent_id: int | None, key: str, since: datetime
) -> Known:
    """Return what is known before an author's post with these words (a `text_key`) is added to a thread."""
    rows = read(
        _KNOWN,
        form_key=form_key,
        thread_id=thread_id,
        author_id=author_id,
        parent_id=parent_id or 0,
        text_key=key,
        since=since,
    )
    return Known._make(rows[0])


def find_first_with_text(thread_id: int, key: str) -> int | None:
    """Return the first post in a thread that says this very text (a `text_key`), whoever wrote it."""
    first: int | None = read(_FIRST_WITH_TEXT, thread_id=thread_id, text_key=key)[0][0]
    return first


_OWN_TEXTS = (
    select(Post.text)
    .where(
        Post.author_id == bindparam("author_id"),
        Post.thread_id == bindparam("thread_id"),
        Post.id != bindparam("but"),
    )
    .order_by(Post.id.desc())
    .limit(bindparam("most"))
)


def list_own_texts(thread_id: int, author_id: int, *, but: int | None, most: int) -> Sequence[str]:
    """Return the latest texts of an author in a thread, to compare a new one with."""
    rows = read(_OWN_TEXTS, thread_id=thread_id, author_id=author_id, but=but or 0, most=most)
    return [row.text for row in rows]
