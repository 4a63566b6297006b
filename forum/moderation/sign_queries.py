"""Reading which posts are worth a look by a person, and why."""

from collections.abc import Sequence

from sqlalchemy import func, select

from forum.discussion.models import Post
from forum.discussion.rules import PostState
from forum.kernel.database import db
from forum.moderation.models import PostSign
from forum.moderation.queries import PAGE_SIZE
from forum.moderation.warning_signs import Sign


def list_to_look_at(before: int | None) -> Sequence[tuple[int, Sequence[Sign]]]:
    """Return one page of the posts that are worth a look, newest first, with why."""
    chosen = select(PostSign.post_id).join(Post, Post.id == PostSign.post_id)
    chosen = chosen.where(PostSign.seen_at.is_(None), Post.state == PostState.VISIBLE).distinct()
    if before is not None:
        chosen = chosen.where(PostSign.post_id < before)
    post_ids = db.session.scalars(chosen.order_by(PostSign.post_id.desc()).limit(PAGE_SIZE)).all()
    signs: dict[int, list[Sign]] = {post_id: [] for post_id in post_ids}
    unseen = select(PostSign).where(PostSign.post_id.in_(post_ids), PostSign.seen_at.is_(None))
    for row in db.session.scalars(unseen.order_by(PostSign.id)):
        signs[row.post_id].append(row.sign)
    return list(signs.items())


def count_to_look_at() -> int:
    """Return how many posts are worth a look."""
    unseen = (
        select(func.count(PostSign.post_id.distinct()))
        .join(Post, Post.id == PostSign.post_id)
        .where(PostSign.seen_at.is_(None), Post.state == PostState.VISIBLE)
    )
    return db.session.scalar(unseen) or 0
