"""Reading slips."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.discussion.models import Post, Thread
from forum.discussion.queries import get_post
from forum.discussion.rules import PostState, Stance
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.paper.models import Slip

CONTRIBUTIONS = 5
SLIPS_SHOWN = 50
"""As many as somebody enters in one sitting."""


def find_slip_by_form_key(form_key: str) -> Slip | None:
    """Return the slip that a form made."""
    return db.session.scalar(select(Slip).where(Slip.form_key == form_key))


def find_slip_by_post(post_id: int) -> Slip | None:
    """Return the slip that a post stood on."""
    return db.session.scalar(select(Slip).where(Slip.post_id == post_id))


def find_slip_by_code(thread_id: int, code: str) -> Slip | None:
    """Return the slip with a code on its receipt (capitals, no hyphens)."""
    return db.session.scalar(select(Slip).where(Slip.thread_id == thread_id, Slip.code == code))


def get_slip(slip_id: int) -> Slip:
    """Return a slip with its thread, tenant and post.

    Raises:
        NotFound: there is none with this number.
    """
    slip = db.session.scalar(select(Slip).where(Slip.id == slip_id).options(*_WITH_ALL))
    if slip is None:
        raise NotFound(slip_id=slip_id)
    return slip


def list_latest_slips(thread_id: int) -> Sequence[Slip]:
    """Return the last fifty slips of a thread, the newest first."""
    return db.session.scalars(
        select(Slip)
        .where(Slip.thread_id == thread_id)
        .order_by(Slip.id.desc())
        .limit(SLIPS_SHOWN)
        .options(*_WITH_ALL)
    ).all()


def list_most_valued(thread_id: int, stance: Stance) -> Sequence[tuple[str, int]]:
    """Return the five most valued posts of who lets others see this stance: text, and how many valued it."""
    rows = db.session.execute(
        select(Post.text, Post.valuable_count)
        .where(
            Post.thread_id == thread_id,
            Post.state == PostState.VISIBLE,
            Post.valuable_count > 0,
            Post.author_stance == stance,
        )
        .order_by(Post.valuable_count.desc(), Post.id.desc())
        .limit(CONTRIBUTIONS)
    )
    return [(row.text, row.valuable_count) for row in rows]


def get_post_of(slip: Slip) -> Post:
    """Return the post of a slip.

    Raises:
        NotFound: only a stance was on it.
    """
    if slip.post_id is None:
        raise NotFound(slip_id=slip.id)
    return get_post(slip.post_id)


_WITH_ALL = (joinedload(Slip.thread).joinedload(Thread.topic), joinedload(Slip.member), joinedload(Slip.post))
