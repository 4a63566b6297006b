"""Reading posts: those that the index does not know, and those that were found."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select, text

from forum.agenda.models import Topic, TopicVersion
from forum.discussion.models import Post, StanceAnswer
from forum.discussion.rules import PostState, Stance
from forum.kernel.database import flushed_connection
from forum.kernel.reading import read
from forum.members.models import Member, RoleGrant


class ReadPost(NamedTuple):
    """A post as it was read to be indexed; `version` and `state` tell later whether it changed meanwhile.

    What stands elsewhere is read apart: the stance that its author lets others find, whether staff replied.
    """

    id: int
    thread_id: int
    author_id: int
    at: datetime
    html: str
    version: int
    state: PostState
    is_indexed: bool
    stance: Stance | None = None
    is_answered: bool = False


def _posts() -> Select[*tuple[Any, ...]]:
    columns = [getattr(Post, name) for name in ReadPost._fields if name not in ReadPost._field_defaults]
    return select(*columns).order_by(Post.id).limit(bindparam("most"))


_UNINDEXED = _posts().where(~Post.is_indexed)
_AFTER = _posts().where(Post.id > bindparam("after"))
_COUNT = select(func.count()).select_from(Post)


_STANCES = (
    select(Post.id, StanceAnswer.first)
    .join(
        StanceAnswer,
        and_(StanceAnswer.thread_id == Post.thread_id, StanceAnswer.member_id == Post.author_id),
    )
    .where(Post.id.in_(bindparam("ids", expanding=True)), StanceAnswer.is_findable)
)
_ANSWERED = (
    select(Post.parent_id)
    .distinct()
    .join(RoleGrant, RoleGrant.member_id == Post.author_id)
    .where(Post.parent_id.in_(bindparam("ids", expanding=True)), Post.state == PostState.VISIBLE)
)


def with_findings(posts: Sequence[ReadPost]) -> Sequence[ReadPost]:
    """Return posts with what they are found by but do not hold themselves, in two queries."""
    ids = [post.id for post in posts]
    stances = {row.id: row.first for row in read(_STANCES, ids=ids)} if ids else {}
    answered = {row.parent_id for row in read(_ANSWERED, ids=ids)} if ids else set()
    return [post._replace(stance=stances.get(post.id), is_answered=post.id in answered) for post in posts]


def list_unindexed(*, most: int) -> Sequence[ReadPost]:
    """Return posts that the index does not know as they are now, oldest first."""
    return [ReadPost(*tuple(row)) for row in read(_UNINDEXED, most=most)]


def list_posts_after(post_id: int, *, most: int) -> Sequence[ReadPost]:
    """Return posts with higher numbers, in any state, in the order of their numbers."""
    return [ReadPost(*tuple(row)) for row in read(_AFTER, after=post_id, most=most)]


def count_posts() -> int:
    """Return how many posts there are, in any state."""
    return int(read(_COUNT)[0][0])


class FoundPost(NamedTuple):
    """A post as the page of results shows it."""

    id: int
    html: str
    at: datetime
    author_name: str
    title: str


_HIDDEN = {
    "sqlite": text("""
        SELECT value FROM json_each(:ids) AS asked WHERE EXISTS (
            SELECT 1 FROM post INDEXED BY ix_post_not_visible_id
            WHERE post.id = asked.value AND post.state <> 'visible'
        )
    """),
    "postgresql": text("""
        SELECT value FROM unnest(CAST(:ids AS bigint[])) AS asked (value)
        WHERE EXISTS (SELECT 1 FROM post WHERE post.id = asked.value AND post.state <> 'visible')
    """),
}
"""Asks by one value for hundreds of numbers: a parameter for each costs five times as much. SQLite would look
each post up itself, which reads as many pages of the database, instead of the small index of the hidden ones.
"""
_FOUND = (
    select(Post.id, Post.html, Post.at, Member.display_name, TopicVersion.title)
    .select_from(Post)
    .join(Member, Member.id == Post.author_id)
    .join(Topic, Topic.id == Post.thread_id)
    .join(TopicVersion, and_(TopicVersion.topic_id == Topic.id, TopicVersion.version == Topic.version))
    .where(Post.id.in_(bindparam("ids", expanding=True)), Post.state == PostState.VISIBLE)
)


def list_visible(ids: Collection[int]) -> Sequence[int]:
    """Return those of these posts that readers may see now, in the same order."""
    if not ids:
        return []
    dialect = flushed_connection().dialect.name
    numbers = list(ids) if dialect == "postgresql" else json.dumps(list(ids))
    hidden = {row.value for row in read(_HIDDEN[dialect], ids=numbers)}
    return [post_id for post_id in ids if post_id not in hidden]


def list_found(ids: Sequence[int]) -> Sequence[FoundPost]:
    """Return the posts with these numbers that readers may see now, in the same order."""
    rows = read(_FOUND, ids=list(ids)) if ids else []
    found = {row.id: FoundPost._make(row) for row in rows}
    return [found[post_id] for post_id in ids if post_id in found]


_NAMED = (
    select(Member.id)
    .where(
        or_(
            Member.display_name == bindparam("name"),
            func.lower(Member.display_name) == bindparam("lower"),
            func.lower(Member.display_name).like(bindparam("first_words"), escape="/"),
        ),
        exists().where(Post.author_id == Member.id),
    )
    .order_by(Member.id)
    .limit(bindparam("most"))
)


def list_authors_named(name: str, *, most: int) -> Sequence[int]:
    """Return members who wrote, by the name that stands beside their posts, whole or its first words."""
    lower = name.lower()
    first = "".join(f"/{mark}" if mark in "/%_" else mark for mark in lower)
    return [row.id for row in read(_NAMED, name=name, lower=lower, first_words=f"{first} %", most=most)]
