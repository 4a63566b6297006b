"""Reading what is going on, in one query whatever the length of its threads."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import bindparam, func, literal, select, union_all

from forum.discussion.models import Post, Thread
from forum.discussion.rules import PostSource, PostState
from forum.home.rules import beginning
from forum.kernel.clock import local_day
from forum.kernel.reading import read_for_each
from forum.meetings.lateness import IS_LATE
from forum.meetings.terms import late_before
from forum.members.models import Member
from forum.outcomes.models import Recommendation
from forum.outcomes.queries import IS_OVERDUE
from forum.panels.models import Meeting, Panel
from forum.panels.rules import FillingMode, PanelState
from forum.texts.markdown_words import PageWords

NEWS_MOST = 3
"""Posts, and panels, that are shown."""
LOOKED_BACK = 10
"""Opening posts of each thread that are looked at; a range of numbers, so never a whole thread."""
HTML_READ = 600
"""Characters of a post that are read for its first words."""
BEGINNINGS_KEPT = 100


class NewPost(NamedTuple):
    """A post that was written lately."""

    post_id: int
    topic_id: int
    author_name: str
    at: datetime
    beginning: str


class PanelAhead(NamedTuple):
    """A panel that both parties confirmed, and its next meeting."""

    panel_id: int
    topic_id: int
    title: str
    meets_at: datetime


class OpenCall(NamedTuple):
    """A panel that tenants can apply for, and until when."""

    panel_id: int
    title: str
    until: datetime


class News(NamedTuple):
    """What is going on: newest posts, nearest meetings, ends of calls; by topic what is late."""

    posts: tuple[NewPost, ...]
    panels: tuple[PanelAhead, ...]
    overdue: tuple[tuple[int, int], ...] = ()
    calls: tuple[OpenCall, ...] = ()
    late_minutes: tuple[tuple[int, int], ...] = ()


_POSTS = (
    select(
        literal("post").label("kind"),
        Post.id.label("id"),
        Post.thread_id.label("topic_id"),
        Member.display_name.label("name"),
        Post.at.label("at"),
        func.substr(Post.html, 1, HTML_READ).label("html"),
    )
    .select_from(Thread)
    .join(Post, Post.thread_id == Thread.topic_id)
    .join(Member, Member.id == Post.author_id)
    .where(
        Thread.topic_id.in_(bindparam("topic_ids", expanding=True)),
        Post.root_id.is_(None),
        Post.number > Thread.root_count - LOOKED_BACK,
        Post.state == PostState.VISIBLE,
        Post.source != PostSource.IMPORT,
    )
    .order_by(Post.at.desc(), Post.id.desc())
    .limit(NEWS_MOST)
    .subquery()
)
_PANELS = (
    select(
        literal("panel").label("kind"),
        Panel.id.label("id"),
        Panel.topic_id.label("topic_id"),
        Panel.title.label("name"),
        func.min(Meeting.starts_at).label("at"),
        literal("").label("html"),
    )
    .select_from(Panel)
    .join(Meeting, Meeting.panel_id == Panel.id)
    .where(
        Panel.topic_id.in_(bindparam("topic_ids", expanding=True)),
        Panel.state == PanelState.CONFIRMED,
        Meeting.starts_at > bindparam("at"),
        Meeting.cancelled_at.is_(None),
    )
    .group_by(Panel.id, Panel.topic_id, Panel.title)
    .order_by(func.min(Meeting.starts_at), Panel.id)
    .limit(NEWS_MOST)
    .subquery()
)
_OVERDUE = (
    select(
        literal("overdue").label("kind"),
        func.count().label("id"),
        Recommendation.thread_id.label("topic_id"),
        literal("").label("name"),
        func.min(Recommendation.published_at).label("at"),
        literal("").label("html"),
    )
    .where(
        Recommendation.thread_id.in_(bindparam("topic_ids", expanding=True)),
        IS_OVERDUE,
    )
    .group_by(Recommendation.thread_id)
)
_LATE_MINUTES = (
    select(
        literal("late").label("kind"),
        func.count().label("id"),
        Panel.topic_id.label("topic_id"),
        literal("").label("name"),
        func.min(Meeting.ends_at).label("at"),
        literal("").label("html"),
    )
    .select_from(Panel)
    .join(Meeting, Meeting.panel_id == Panel.id)
    .where(Panel.topic_id.in_(bindparam("topic_ids", expanding=True)), IS_LATE)
    .group_by(Panel.topic_id)
)
_CALLS = (
    select(
        literal("call").label("kind"),
        Panel.id.label("id"),
        literal(0).label("topic_id"),
        Panel.title.label("name"),
        Panel.applications_until.label("at"),
        literal("").label("html"),
    )
    .where(
        Panel.mode == FillingMode.APPLICATION,
        Panel.state == PanelState.DRAFT,
        Panel.applications_from <= bindparam("at"),
        Panel.applications_until >= bindparam("at"),
    )
    .order_by(Panel.applications_until, Panel.id)
    .limit(NEWS_MOST)
    .subquery()
)
_NEWS = select(union_all(select(_POSTS), select(_PANELS), _OVERDUE, _LATE_MINUTES, select(_CALLS)).subquery())


def list_news(topic_ids: Sequence[int], *, at: datetime) -> News:
    """Return what is going on in these threads.

    Only opening posts that can be read, written for this forum: a consultation that was brought along is
    no news.
    """
    rows = read_for_each(_NEWS, "topic_ids", topic_ids, at=at, on=local_day(at), late_before=late_before(at))
    posts = [
        NewPost(row.id, row.topic_id, row.name, row.at, beginning_of(row.html))
        for row in rows
        if row.kind == "post"
    ]
    panels = [PanelAhead(row.id, row.topic_id, row.name, row.at) for row in rows if row.kind == "panel"]
    calls = [OpenCall(row.id, row.name, row.at) for row in rows if row.kind == "call"]
    return News(
        tuple(sorted(posts, key=lambda post: (post.at, post.post_id), reverse=True)),
        tuple(sorted(panels, key=lambda panel: (panel.meets_at, panel.panel_id))),
        tuple(sorted((row.topic_id, row.id) for row in rows if row.kind == "overdue")),
        tuple(sorted(calls, key=lambda call: (call.until, call.panel_id))),
        tuple(sorted((row.topic_id, row.id) for row in rows if row.kind == "late")),
    )


@lru_cache(maxsize=BEGINNINGS_KEPT)
def beginning_of(html: str) -> str:
    """Return the first words of our own clean HTML, cut to `HTML_READ`; of half a tag nothing stays."""
    whole = html if html.rfind("<") <= html.rfind(">") else html[: html.rfind("<")]
    return beginning(PageWords.read(whole).text(), is_whole=len(html) < HTML_READ)
