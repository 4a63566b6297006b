"""What a post said before its edits, and which words each edit changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil

from markupsafe import Markup
from sqlalchemy import select

from forum.discussion.models import Post, PostRevision
from forum.discussion.pictures import chosen_in
from forum.kernel.database import db
from forum.texts.catalogue import say
from forum.texts.comparison import Piece, merge_texts
from forum.texts.markdown import plain_text

VERSIONS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One text of a post; `changes` are the lines of it with what was removed, against the text before."""

    number: int
    at: datetime
    html: Markup
    changes: Sequence[Sequence[Piece]]


def count_history_pages(post: Post) -> int:
    """Return on how many pages the versions of a post stand."""
    return ceil(post.version / VERSIONS_SHOWN)


def list_versions(post: Post, page: int) -> Sequence[ShownVersion]:
    """Return one page of the versions of a post, newest first."""
    newest = post.version - (page - 1) * VERSIONS_SHOWN
    rows = db.session.scalars(
        select(PostRevision)
        .where(PostRevision.post_id == post.id, PostRevision.version <= newest)
        .order_by(PostRevision.version.desc())
        .limit(VERSIONS_SHOWN + 1)
    )
    texts = [(row.version, row.at, row.html, _words(row)) for row in rows]
    if newest == post.version:
        texts.insert(0, (post.version, post.edited_at or post.at, post.html, _words(post)))
    words = [said for *_, said in texts]
    changes = [merge_texts(before, after) for after, before in pairwise(words)] + [[]]
    return [
        ShownVersion(number, at, Markup(html), changed)  # noqa: S704 - sanitised when it was written
        for (number, at, html, _), changed in zip(texts, changes, strict=True)
    ][:VERSIONS_SHOWN]


def _words(version: Post | PostRevision) -> str:
    """Return what a text says, and on a line for each what could be seen on its pictures."""
    pictures = [say("picture-in-words", alt=alt) for _key, alt in chosen_in(version.pictures)]
    return "\n".join([plain_text(version.text), *pictures])
