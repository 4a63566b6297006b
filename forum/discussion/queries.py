"""Reading threads, posts, reactions and stances."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    inspect,
    join,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from forum.agenda.models import Topic
from forum.discussion.heads import QuestionRow, ThreadHead
from forum.discussion.models import KeptPost, Post, Reaction, StanceAnswer, Thread
from forum.discussion.rules import (
    PAGE_SIZE,
    REPLIES_SHOWN,
    HouseRule,
    PostSource,
    PostState,
    ReactionKind,
)
from forum.kernel.actor import Actor, Party, Role
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


def get_thread_row(topic_id: int) -> Thread:
    """Return the thread of a topic without that topic, to change it.

    Raises:
        NotFound: the topic has no thread.
    """
    thread = db.session.get(Thread, topic_id)
    if thread is None:
        raise NotFound(topic_id=topic_id)
    return thread


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


class PostRow(NamedTuple):
    """One post as it is read for a page: with its author, whom it answers, and what its reader thinks."""

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
    hidden_rule: HouseRule | None
    hidden_words: str | None
    at: datetime
    edited_at: datetime | None
    valuable_count: int
    agree_count: int
    pictures: str
    author_name: str
    author_role: Role | None
    author_party: Party | None
    reply_to_name: str | None
    is_valued: bool
    is_agreed_with: bool
    is_kept: bool
    is_of_minutes: bool


def _does(kind: ReactionKind) -> ColumnElement[bool]:
    """Return whether the reader values the post, or agrees with it; a visitor does neither."""
    own = exists().where(
        Reaction.post_id == Post.id,
        Reaction.member_id == bindparam("member_id"),
        Reaction.kind == kind,
        Reaction.withdrawn_at.is_(None),
    )
    return own.correlate(Post)


_KEEPS = (
    exists().where(KeptPost.post_id == Post.id, KeptPost.member_id == bindparam("member_id")).correlate(Post)
)


_IS_OF_MINUTES = and_(
    Post.source == PostSource.MEETING, Post.entered_by_id.is_not_distinct_from(Post.author_id)
)


def shown_posts(source: FromClause) -> Select[*tuple[Any, ...]]:
    """Return posts with the columns of `PostRow`, in its order; `source` holds the posts."""
    parent, parent_author, grant = aliased(Post), aliased(Member), aliased(RoleGrant)
    first_grant = select(func.min(grant.id)).where(grant.member_id == Post.author_id).scalar_subquery()
    own = [Post.__table__.c[name] for name in PostRow._fields if name in Post.__table__.c]
    return (
        select(
            *own,
            Member.display_name,
            RoleGrant.role,
            RoleGrant.party,
            parent_author.display_name,
            _does(ReactionKind.VALUABLE),
            _does(ReactionKind.AGREE),
            _KEEPS,
            _IS_OF_MINUTES,
        )
        .select_from(source)
        .join(Member, Member.id == Post.author_id)
        .outerjoin(RoleGrant, RoleGrant.id == first_grant)
        .outerjoin(parent, and_(parent.id == Post.parent_id, Post.parent_id != Post.root_id))
        .outerjoin(parent_author, parent_author.id == parent.author_id)
    )


def _between(number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return and_(number > bindparam("first"), number <= bindparam("last"))


def _in_each_order(root_ids: Select[int], number: InstrumentedAttribute[Any]) -> Mapping[str, Select[int]]:
    by_number = root_ids.where(_between(number))
    by_value = root_ids.order_by(Post.valuable_count.desc(), Post.number.desc())
    return {
        OLDEST: by_number,
        NEWEST: by_number,
        VALUED: by_value.offset(bindparam("first")).limit(PAGE_SIZE),
    }


def _with_first_replies(root_ids: Select[int]) -> Select[*tuple[Any, ...]]:
    """Return the opening posts with these numbers and the first replies under each, in any order."""
    roots = root_ids.cte("roots")
    replies = select(Post.id).where(Post.root_id == roots.c.id, Post.number <= REPLIES_SHOWN)
    shown = select(roots.c.id).union_all(replies).cte("shown")
    return shown_posts(join(shown, Post, Post.id == shown.c.id))


def _pages(root_ids: Select[int], number: InstrumentedAttribute[Any]) -> Mapping[str, Select[Any]]:
    return {order: _with_first_replies(ids) for order, ids in _in_each_order(root_ids, number).items()}


_ROOT_IDS = select(Post.id).where(Post.thread_id == bindparam("thread_id"), Post.root_id.is_(None))
_ROOT_IDS_ON_QUESTION = select(Post.id).where(
    Post.question_id == bindparam("question_id"), Post.question_number.is_not(None)
)
_PAGES = _pages(_ROOT_IDS, Post.number)
_PAGES_ON_QUESTION = _pages(_ROOT_IDS_ON_QUESTION, Post.question_number)
_POSTS = shown_posts(inspect(Post).local_table)
_REPLIES = _POSTS.where(Post.root_id == bindparam("root_id"), _between(Post.number)).order_by(Post.number)
_SOME_POSTS = _POSTS.where(Post.id.in_(bindparam("post_ids", expanding=True))).order_by(Post.id)
_ONE_POST = _POSTS.where(Post.id == bindparam("post_id"))


def _read_posts(statement: Select[*tuple[Any, ...]], reader: Actor, **values: object) -> Sequence[PostRow]:
    rows = read(statement, member_id=reader.member_id, **values)
    return [PostRow._make(row) for row in rows]


class PageChoice(NamedTuple):
    """Which page of a thread: of all posts or those on one sub-question, in which order, and its number."""

    order: str = OLDEST
    page: int = 1
    question: QuestionRow | None = None


def list_page(thread: ThreadHead, choice: PageChoice, reader: Actor) -> Sequence[PostRow]:
    """Return the opening posts of one page in their order, each with its first replies after it.

    By number a page is a range of keys, never an offset; each sub-question has numbers of its own.
    """
    order, question = choice.order, choice.question
    first = (choice.page - 1) * PAGE_SIZE
    if order == NEWEST:
        first = (question or thread).root_count - choice.page * PAGE_SIZE
    values = {"first": first} if order == VALUED else {"first": first, "last": first + PAGE_SIZE}
    if question is None:
        rows = _read_posts(_PAGES[order], reader, thread_id=thread.topic_id, **values)
    else:
        rows = _read_posts(_PAGES_ON_QUESTION[order], reader, question_id=question.id, **values)
    places = {row.id: place for place, row in enumerate(sorted(_roots(rows), key=_PLACE_BY_ORDER[order]))}
    return sorted(rows, key=lambda row: (places[row.root_id or row.id], row.root_id or 0, row.number))


def _roots(rows: Sequence[PostRow]) -> Iterator[PostRow]:
    return (row for row in rows if row.root_id is None)


_PLACE_BY_ORDER: dict[str, Callable[[PostRow], tuple[int, ...]]] = {
    OLDEST: lambda root: (root.number,),
    NEWEST: lambda root: (-root.number,),
    VALUED: lambda root: (-root.valuable_count, -root.number),
}


def list_replies(root: Post, page: int, reader: Actor) -> Sequence[PostRow]:
    """Return one page of the replies under an opening post."""
    first = (page - 1) * PAGE_SIZE
    return _read_posts(_REPLIES, reader, root_id=root.id, first=first, last=first + PAGE_SIZE)


def list_posts(post_ids: Sequence[int], reader: Actor) -> Sequence[PostRow]:
    """Return the posts with these numbers as pages show them, oldest first."""
    return _read_posts(_SOME_POSTS, reader, post_ids=list(post_ids))


def find_post_in(thread_id: int, post_id: int | None) -> Post | None:
    """Return a post of a thread, `None` when it has none with this number."""
    post = db.session.get(Post, post_id) if post_id else None
    return post if post is not None and post.thread_id == thread_id else None


def is_about_minutes(post: Post | None) -> bool:
    """Tell whether a post is a point of minutes, or stands below one."""
    return post is not None and (post.root or post).is_of_minutes


def get_shown_post(post: Post, reader: Actor) -> PostRow:
    """Return one post as pages show it."""
    [row] = _read_posts(_ONE_POST, reader, post_id=post.id)
    return row


def find_stance(thread_id: int, member_id: int) -> StanceAnswer | None:
    """Return what a member answered to the stance question."""
    return db.session.scalar(
        select(StanceAnswer).where(StanceAnswer.thread_id == thread_id, StanceAnswer.member_id == member_id)
    )


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
