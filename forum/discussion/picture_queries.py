"""Reading pictures: who may see one, and which files are of one."""

from collections.abc import Sequence

from sqlalchemy import select

from forum.discussion.models import Picture, Post
from forum.discussion.rules import PostState
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import NotFound


def get_readable_picture(key: str, actor: Actor) -> Picture:
    """Return a picture of a post that stands, or a loose one of the actor's own.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = db.session.execute(
        select(Picture, Post.state).outerjoin(Post, Post.id == Picture.post_id).where(Picture.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound(picture=key)
    picture, state = row
    is_own = picture.post_id is None and picture.member_id == actor.member_id
    if not is_own and state is not PostState.VISIBLE:
        raise NotFound(picture=key)
    found: Picture = picture
    return found


def list_known_keys(keys: Sequence[str]) -> frozenset[str]:
    """Return which of these keys are of a picture."""
    return frozenset(db.session.scalars(select(Picture.key).where(Picture.key.in_(keys))))
