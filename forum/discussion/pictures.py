"""Pictures: kept when they are sent, put with a post when it is placed, removed when it never is."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select

from forum.discussion.errors import PictureGone
from forum.discussion.models import Picture, Post
from forum.discussion.picture_making import MadePicture
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import TooMany
from forum.kernel.file_store import FileStore

LARGE_NAME, SMALL_NAME = "groot", "klein"
SIZES = (LARGE_NAME, SMALL_NAME)
SIDE_SHOWN = 320
"""The longest side on a page, in pixels; the small size has two of its own for each, for dense screens."""
LOOSE_KEPT = timedelta(days=1)
"""How long a picture waits for its post to be placed."""
LOOSE_MOST = 30
"""Pictures of one member that may wait at once."""
CLEANED_MOST = 200


class ChosenPicture(NamedTuple):
    """A picture that goes with a post, and what can be seen on it."""

    key: str
    alt: str


class ShownPicture(NamedTuple):
    """A picture under a post; width and height, in pixels, are the place that a page keeps for it."""

    small: str
    large: str
    alt: str
    width: int
    height: int


def file_name(key: str, size: str) -> str:
    """Return the name of the file of one size of a picture."""
    return f"{key}-{size}.webp"


def put_files(store: FileStore, key: str, made: MadePicture) -> None:
    """Keep the files of a picture. A file without a row is removed after a day."""
    store.put(file_name(key, LARGE_NAME), made.large)
    store.put(file_name(key, SMALL_NAME), made.small)


def keep_loose(made: Mapping[str, MadePicture], actor: Actor, *, at: datetime) -> None:
    """Remember pictures of which the files are kept, by their keys, until the post of the actor is placed.

    Raises:
        TooMany: the actor has too many of them waiting.
    """
    waiting = select(func.count()).where(Picture.member_id == actor.member_id, Picture.post_id.is_(None))
    if (db.session.scalar(waiting) or 0) + len(made) > LOOSE_MOST:
        raise TooMany(action="send-picture")
    for key, picture in made.items():
        db.session.add(
            Picture(key=key, member_id=actor.member_id, width=picture.width, height=picture.height, at=at)
        )


def put_with_post(post: Post, chosen: Sequence[ChosenPicture]) -> None:
    """Put pictures of its author with a stored post: loose ones, and those that stay; the others go for good.

    Raises:
        PictureGone: one of them is not there (any more).
    """
    keys = [picture.key for picture in chosen]
    rows = db.session.scalars(
        select(Picture)
        .where(
            or_(
                Picture.post_id == post.id,
                and_(Picture.post_id.is_(None), Picture.member_id == post.author_id, Picture.key.in_(keys)),
            )
        )
        .order_by(Picture.id)
        .with_for_update()
    )
    by_key = {row.key: row for row in rows}
    if not set(keys) <= set(by_key):
        raise PictureGone
    for key in set(by_key) - set(keys):
        db.session.delete(by_key[key])
    for key, alt in chosen:
        by_key[key].post_id, by_key[key].alt = post.id, alt
    pictures = [(key, alt, by_key[key].width, by_key[key].height) for key, alt in chosen]
    post.pictures = json.dumps(pictures) if pictures else ""


def chosen_in(pictures: str) -> Sequence[ChosenPicture]:
    """Return the pictures that `Post.pictures` tells of, or told of before an edit."""
    return [ChosenPicture(key, alt) for key, alt, _width, _height in json.loads(pictures)] if pictures else []


def shown_pictures(pictures: str) -> tuple[ShownPicture, ...]:
    """Return what `Post.pictures` tells, as a page shows it."""
    return tuple(_shown(*picture) for picture in json.loads(pictures)) if pictures else ()


def _shown(key: str, alt: str, width: int, height: int) -> ShownPicture:
    scale = min(1.0, SIDE_SHOWN / max(width, height))
    here = f"/fotos/{key}"
    return ShownPicture(
        f"{here}/{SMALL_NAME}", f"{here}/{LARGE_NAME}", alt, round(width * scale), round(height * scale)
    )


def forget_loose(*, at: datetime) -> Sequence[str]:
    """Forget pictures whose post was never placed; return the keys of some, of which the files can go."""
    rows = db.session.scalars(
        select(Picture)
        .where(Picture.post_id.is_(None), Picture.at < at - LOOSE_KEPT)
        .order_by(Picture.id)
        .limit(CLEANED_MOST)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        db.session.delete(row)
    return [row.key for row in rows]
