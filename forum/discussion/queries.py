"""Reading threads, posts, reactions and stances."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from forum.agenda.models import Topic, TopicVersion
from forum.agenda.rules import InfluenceLevel, StatutorySubject
from forum.discussion.models import Post, Question, Reaction, StanceAnswer, Thread
from forum.discussion.rules import (
    PAGE_SIZE,
    REPLIES_SHOWN,
    Period,
    PostSource,
    PostState,
    ReactionKind,
    Stance,
)
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.kernel.reading import read
from forum.members.models import Member, RoleGrant

OLDEST, NEWEST, VALUED = "oud", "nieuw", "waardevol"
ORDERS = (OLDEST, NEWEST, VALUED)


def get_thread(topic_id: int) -> Thread:
    """Return the thread of a topic.

    Raises:
        NotFound: the topic has no thread.
    """
    thread = db.session.scalar(
        select(Thread)
        .where(Thread.topic_id == topic_id)
        .options(joinedload(Thread.topic).joinedload(Topic.agenda))
    )
    if thread is None:
        raise NotFound(topic_id=topic_id)
    return thread


class ThreadHead(NamedTuple):
    """A thread and the text of its topic that stands now, as they are read for a page."""

    topic_id: int
    opens_at: datetime
    closes_at: datetime
    answering_at: datetime | None
    closed_at: datetime | None
    introduction_html: str
    stance_question: str
    attribution: str
    root_count: int
    post_count: int
    title: str
    question: str
    fixed: str
    open: str
    level: InfluenceLevel
    statutory: StatutorySubject | None

    @property
    def period(self) -> Period:
        """Return the moments that the phase follows from."""
        return Period(self.opens_at, self.closes_at, self.answering_at, self.closed_at)


_HEAD = (
    select(*(getattr(Thread if hasattr(Thread, name) else TopicVersion, name) for name in ThreadHead._fields))
    .select_from(Thread)
    .join(Topic, Topic.id == Thread.topic_id)
    .join(TopicVersion, and_(TopicVersion.topic_id == Topic.id, TopicVersion.version == Topic.version))
    .where(Thread.topic_id == bindparam("topic_id"))
)


def get_thread_head(topic_id: int) -> ThreadHead:
    """Return what the page of a thread tells of it.

    Raises:
        NotFound: the topic has no thread.
    """
    rows = read(_HEAD, topic_id=topic_id)
    if not rows:
        raise NotFound(topic_id=topic_id)
    return ThreadHead._make(rows[0])


def get_post(post_id: int) -> Post:
    """Return a post with its thread and author.

    Raises:
        NotFound: there is none with this number.
    """
    post = db.session.scalar(
        select(Post).where(Post.id == post_id).options(joinedload(Post.thread).joinedload(Thread.topic))
    )
    if post is None:
        raise NotFound(post_id=post_id)
    return post


def find_same_post(
    thread_id: int, author_id: int, parent_id: int | None, key: str, since: datetime
) -> Post | None:
    """Return the post of an author with these words (a `text_key`) in the same place since a moment."""
    return db.session.scalar(
        select(Post)
        .where(
            Post.thread_id == thread_id,
            Post.text_key == key,
            Post.author_id == author_id,
            Post.parent_id == parent_id,
            Post.state == PostState.VISIBLE,
            Post.at > since,
        )
        .limit(1)
    )


def find_post_by_form_key(form_key: str) -> Post | None:
    """Return the post that a form made before, when it is sent twice."""
    return db.session.scalar(select(Post).where(Post.form_key == form_key))


class PostRow(NamedTuple):
    """One post as it is read for a page, with its author and whom it answers."""

    id: int
    root_id: int | None
    parent_id: int | None
    depth: int
    number: int
    reply_count: int
    author_id: int
    question_id: int | None
    source: PostSource
    html: str
    state: PostState
    at: datetime
    edited_at: datetime | None
    valuable_count: int
    agree_count: int
    author_name: str
    author_role: Role | None
    author_party: Party | None
    reply_to_name: str | None


def _shown_posts() -> Select[*tuple[Any, ...]]:
    """Return the posts of a thread with the columns of `PostRow`, in its order."""
    parent, parent_author, grant = aliased(Post), aliased(Member), aliased(RoleGrant)
    first_grant = select(func.min(grant.id)).where(grant.member_id == Post.author_id).scalar_subquery()
    own = [getattr(Post, name) for name in PostRow._fields if hasattr(Post, name)]
    return (
        select(*own, Member.display_name, RoleGrant.role, RoleGrant.party, parent_author.display_name)
        .join(Member, Member.id == Post.author_id)
        .outerjoin(RoleGrant, RoleGrant.id == first_grant)
        .outerjoin(parent, and_(parent.id == Post.parent_id, Post.parent_id != Post.root_id))
        .outerjoin(parent_author, parent_author.id == parent.author_id)
        .where(Post.thread_id == bindparam("thread_id"))
    )


def _between(number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return and_(number > bindparam("first"), number <= bindparam("last"))


_POSTS = _shown_posts()
_ROOTS = _POSTS.where(Post.root_id.is_(None))
_ROOTS_BY_ORDER = {
    OLDEST: _ROOTS.where(_between(Post.number)).order_by(Post.number),
    NEWEST: _ROOTS.where(_between(Post.number)).order_by(Post.number.desc()),
    VALUED: _ROOTS.order_by(Post.valuable_count.desc(), Post.number.desc())
    .offset(bindparam("first"))
    .limit(PAGE_SIZE),
}
_FIRST_REPLIES = _POSTS.where(
    Post.root_id.in_(bindparam("root_ids", expanding=True)), Post.number <= REPLIES_SHOWN
).order_by(Post.root_id, Post.number)
_REPLIES = _POSTS.where(Post.root_id == bindparam("root_id"), _between(Post.number)).order_by(Post.number)
_ONE_POST = _POSTS.where(Post.id == bindparam("post_id"))


def _read_posts(statement: Select[*tuple[Any, ...]], thread_id: int, **values: object) -> Sequence[PostRow]:
    return [PostRow._make(row) for row in read(statement, thread_id=thread_id, **values)]


def list_roots(thread: ThreadHead, order: str, page: int) -> Sequence[PostRow]:
    """Return the opening posts of one page; by number a page is a range of keys, never an offset."""
    first = (page - 1) * PAGE_SIZE
    if order == VALUED:
        return _read_posts(_ROOTS_BY_ORDER[order], thread.topic_id, first=first)
    if order == NEWEST:
        first = thread.root_count - page * PAGE_SIZE
    return _read_posts(_ROOTS_BY_ORDER[order], thread.topic_id, first=first, last=first + PAGE_SIZE)


def list_first_replies(thread_id: int, root_ids: Collection[int]) -> Sequence[PostRow]:
    """Return the first few replies under each of these opening posts."""
    return _read_posts(_FIRST_REPLIES, thread_id, root_ids=root_ids) if root_ids else []


def list_replies(root: Post, page: int) -> Sequence[PostRow]:
    """Return one page of the replies under an opening post."""
    first = (page - 1) * PAGE_SIZE
    return _read_posts(_REPLIES, root.thread_id, root_id=root.id, first=first, last=first + PAGE_SIZE)


def get_shown_post(post: Post) -> PostRow:
    """Return one post as pages show it."""
    [row] = _read_posts(_ONE_POST, post.thread_id, post_id=post.id)
    return row


_REACTIONS = select(Reaction.post_id, Reaction.kind).where(
    Reaction.member_id == bindparam("member_id"),
    Reaction.post_id.in_(bindparam("post_ids", expanding=True)),
    Reaction.withdrawn_at.is_(None),
)


def reactions_of(member_id: int, post_ids: Collection[int]) -> set[tuple[int, ReactionKind]]:
    """Return which of these posts a member values or agrees with."""
    if not post_ids:
        return set()
    rows = read(_REACTIONS, member_id=member_id, post_ids=list(post_ids))
    return {(row.post_id, row.kind) for row in rows}


_STANCE = select(StanceAnswer.current).where(
    StanceAnswer.thread_id == bindparam("thread_id"), StanceAnswer.member_id == bindparam("member_id")
)


def current_stance(thread_id: int, member_id: int) -> Stance | None:
    """Return where a member stands now, `None` without an answer."""
    rows = read(_STANCE, thread_id=thread_id, member_id=member_id)
    return rows[0].current if rows else None


def find_stance(thread_id: int, member_id: int) -> StanceAnswer | None:
    """Return what a member answered to the stance question."""
    return db.session.scalar(
        select(StanceAnswer).where(StanceAnswer.thread_id == thread_id, StanceAnswer.member_id == member_id)
    )


_STANCES = (
    select(StanceAnswer.current, func.count().label("members"))
    .where(StanceAnswer.thread_id == bindparam("thread_id"))
    .group_by(StanceAnswer.current)
)


def count_stances(thread_id: int) -> dict[str, int]:
    """Return how many members stand where now."""
    return {row.current.value: row.members for row in read(_STANCES, thread_id=thread_id)}


class QuestionRow(NamedTuple):
    """A sub-question as it is read for a page."""

    id: int
    text: str


_QUESTIONS = (
    select(Question.id, Question.text)
    .where(Question.thread_id == bindparam("thread_id"))
    .order_by(Question.position)
)


def list_questions(thread_id: int) -> Sequence[QuestionRow]:
    """Return the sub-questions of a thread in their order."""
    return [QuestionRow._make(row) for row in read(_QUESTIONS, thread_id=thread_id)]


def list_own_texts(thread_id: int, author_id: int, *, but: int | None, most: int) -> Sequence[str]:
    """Return the latest texts of an author in a thread, to compare a new one with."""
    texts = select(Post.text).where(Post.author_id == author_id, Post.thread_id == thread_id)
    if but is not None:
        texts = texts.where(Post.id != but)
    return db.session.scalars(texts.order_by(Post.id.desc()).limit(most)).all()


def has_text(thread_id: int, key: str, *, but: int | None) -> bool:
    """Tell whether somebody wrote this very text in the thread before."""
    same = select(Post.id).where(
        Post.thread_id == thread_id, Post.text_key == key, Post.state == PostState.VISIBLE
    )
    if but is not None:
        same = same.where(Post.id < but)
    return db.session.scalar(same.limit(1)) is not None


def list_own_posts(thread_id: int, author_id: int) -> Sequence[tuple[int, datetime]]:
    """Return the posts of an author in a thread with their moments, oldest first."""
    rows = db.session.execute(
        select(Post.id, Post.at)
        .where(Post.author_id == author_id, Post.thread_id == thread_id)
        .order_by(Post.id)
    )
    return [(post_id, written_at) for post_id, written_at in rows]


def list_threads_of(member_id: int) -> Sequence[Thread]:
    """Return the threads a member wrote in, valued something in or took a stance in, newest first."""
    took_part = (
        select(Post.thread_id)
        .where(Post.author_id == member_id)
        .union(
            select(Reaction.thread_id).where(Reaction.member_id == member_id),
            select(StanceAnswer.thread_id).where(StanceAnswer.member_id == member_id),
        )
    )
    return db.session.scalars(
        select(Thread)
        .where(Thread.topic_id.in_(took_part))
        .options(joinedload(Thread.topic).selectinload(Topic.versions))
        .order_by(Thread.topic_id.desc())
        .limit(50)
    ).all()
