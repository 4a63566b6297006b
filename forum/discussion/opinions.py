"""The posts that others value most of who were for, against and undecided at first, beside each other."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import Select, bindparam, func, join, select, union_all

from forum.discussion.heads import QuestionRow
from forum.discussion.models import Post
from forum.discussion.queries import PostRow, shown_posts
from forum.discussion.rules import Phase, PostState, Stance
from forum.discussion.thread_page import posts_html
from forum.kernel.actor import VISITOR
from forum.kernel.reading import read

SHOWN_MOST = 5
COUNTED_MOST = 1_000
"""Posts of one stance that are counted; a page says "more than" beyond that."""


class Opinions(NamedTuple):
    """The most valued posts of who took one stance at first, out of how many that they wrote."""

    stance: Stance
    posts: Sequence[Markup]
    written: int


def _visible_of(stance: Stance) -> Select[int]:
    return select(Post.id).where(
        Post.thread_id == bindparam("topic_id"),
        Post.author_stance == stance,
        Post.state == PostState.VISIBLE,
    )


def _most_valued(stance: Stance) -> Select[int]:
    valued = _visible_of(stance).where(Post.valuable_count > 0)
    best = valued.order_by(Post.valuable_count.desc(), Post.id.desc()).limit(SHOWN_MOST).subquery()
    return select(best.c.id)


_SHOWN = union_all(*map(_most_valued, Stance)).cte("shown")
_POSTS = shown_posts(join(_SHOWN, Post, Post.id == _SHOWN.c.id)).add_columns(Post.author_stance)
_WRITTEN = select(
    *(
        select(func.count())
        .select_from(_visible_of(stance).limit(COUNTED_MOST).subquery())
        .scalar_subquery()
        .label(stance.value)
        for stance in Stance
    )
)


def list_opinions(topic_id: int, questions: Sequence[QuestionRow]) -> Sequence[Opinions]:
    """Return what is valued most, a column for each stance, in two queries whatever the length."""
    rows = read(_POSTS, topic_id=topic_id, member_id=None)
    by_stance: Mapping[Stance, list[PostRow]] = {stance: [] for stance in Stance}
    for row in rows:
        by_stance[row[-1]].append(PostRow._make(row[:-1])._replace(depth=0))
    [written] = read(_WRITTEN, topic_id=topic_id)
    return [
        Opinions(stance, _html(posts, questions), getattr(written, stance.value))
        for stance, posts in by_stance.items()
    ]


def _html(posts: Sequence[PostRow], questions: Sequence[QuestionRow]) -> Sequence[Markup]:
    best_first = sorted(posts, key=lambda row: (-row.valuable_count, -row.id))
    return posts_html(best_first, questions, actor=VISITOR, phase=Phase.CLOSED)
