"""Reading pictures: who may see one, and which files are of one."""

from collections.abc import Sequence

from sqlalchemy import select

from forum.discussion import policy
from forum.discussion.models import Picture, Post
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import NotFound


def get_readable_picture(key: str, actor: Actor) -> Picture:
    """Return a picture of a post, or a loose one of the actor's own.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = db.session.execute(
        select(Picture, Post.state, Post.author_id)
        .outerjoin(Post, Post.id == Picture.post_id)
        .where(Picture.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound(picture=key)
    picture, state, author_id = row
    if picture.post_id is None:
        is_readable = picture.member_id == actor.member_id
    else:
        is_readable = policy.can_see_picture(actor, state, author_id)
    if not is_readable:
        raise NotFound(picture=key)
    found: Picture = picture
    return found


def list_known_keys(keys: Sequence[str]) -> frozenset[str]:
    """Return which of these keys are of a picture."""
    return frozenset(db.session.scalars(select(Picture.key).where(Picture.key.in_(keys))))
