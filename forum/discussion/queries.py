"""Reading threads, posts, reactions and stances."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import joinedload

from forum.agenda.models import Topic, TopicVersion
from forum.discussion.models import Post, Question, Reaction, StanceAnswer, Thread
from forum.discussion.rules import PAGE_SIZE, REPLIES_SHOWN, PostState, ReactionKind
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.kernel.errors import NotFound
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


def get_topic_text(topic: Topic) -> TopicVersion:
    """Return the text of a topic that stands now, without loading the older ones."""
    return db.session.scalars(
        select(TopicVersion).where(TopicVersion.topic_id == topic.id, TopicVersion.version == topic.version)
    ).one()


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


def find_post_by_form_key(form_key: str) -> Post | None:
    """Return the post that a form made before, when it is sent twice."""
    return db.session.scalar(select(Post).where(Post.form_key == form_key))


PostRow = Row[Any]

_SHOWN = (
    Post.id,
    Post.root_id,
    Post.parent_id,
    Post.depth,
    Post.number,
    Post.reply_count,
    Post.author_id,
    Post.question_id,
    Post.source,
    Post.html,
    Post.state,
    Post.at,
    Post.edited_at,
    Post.valuable_count,
    Post.agree_count,
    Member.display_name.label("author_name"),
)


def _shown_posts(thread_id: int) -> Select[*tuple[Any, ...]]:
    return select(*_SHOWN).join(Member, Member.id == Post.author_id).where(Post.thread_id == thread_id)


def list_roots(thread: Thread, order: str, page: int) -> Sequence[PostRow]:
    """Return the opening posts of one page; by number a page is a range of keys, never an offset."""
    roots = _shown_posts(thread.topic_id).where(Post.root_id.is_(None))
    first = (page - 1) * PAGE_SIZE
    if order == VALUED:
        shown = roots.order_by(Post.valuable_count.desc(), Post.number.desc()).offset(first).limit(PAGE_SIZE)
    elif order == NEWEST:
        last = thread.root_count - first
        shown = roots.where(Post.number <= last, Post.number > last - PAGE_SIZE).order_by(Post.number.desc())
    else:
        shown = roots.where(Post.number > first, Post.number <= first + PAGE_SIZE).order_by(Post.number)
    return db.session.execute(shown).all()


def list_first_replies(thread_id: int, root_ids: Collection[int]) -> Sequence[PostRow]:
    """Return the first few replies under each of these opening posts."""
    if not root_ids:
        return []
    return db.session.execute(
        _shown_posts(thread_id)
        .where(Post.root_id.in_(root_ids), Post.number <= REPLIES_SHOWN)
        .order_by(Post.root_id, Post.number)
    ).all()


def list_replies(root: Post, page: int) -> Sequence[PostRow]:
    """Return one page of the replies under an opening post."""
    first = (page - 1) * PAGE_SIZE
    return db.session.execute(
        _shown_posts(root.thread_id)
        .where(Post.root_id == root.id, Post.number > first, Post.number <= first + PAGE_SIZE)
        .order_by(Post.number)
    ).all()


def get_shown_post(post: Post) -> PostRow:
    """Return one post as pages show it."""
    return db.session.execute(_shown_posts(post.thread_id).where(Post.id == post.id)).one()


def names_of_posts(post_ids: Collection[int]) -> dict[int, str]:
    """Return the names of the authors of posts, by post."""
    if not post_ids:
        return {}
    rows = db.session.execute(
        select(Post.id, Member.display_name)
        .join(Member, Member.id == Post.author_id)
        .where(Post.id.in_(post_ids))
    )
    return {post_id: name for post_id, name in rows}


def staff_among(member_ids: Collection[int]) -> dict[int, tuple[Role, Party | None]]:
    """Return the first role and the party of those members who are staff."""
    if not member_ids:
        return {}
    rows = db.session.execute(
        select(RoleGrant.member_id, RoleGrant.role, RoleGrant.party)
        .where(RoleGrant.member_id.in_(member_ids))
        .order_by(RoleGrant.id.desc())
    )
    return {member_id: (role, party) for member_id, role, party in rows}


def reactions_of(member_id: int, post_ids: Collection[int]) -> set[tuple[int, ReactionKind]]:
    """Return which of these posts a member values or agrees with."""
    if not post_ids:
        return set()
    rows = db.session.execute(
        select(Reaction.post_id, Reaction.kind).where(
            Reaction.member_id == member_id, Reaction.post_id.in_(post_ids), Reaction.withdrawn_at.is_(None)
        )
    )
    return {(post_id, kind) for post_id, kind in rows}


def find_stance(thread_id: int, member_id: int) -> StanceAnswer | None:
    """Return what a member answered to the stance question."""
    return db.session.scalar(
        select(StanceAnswer).where(StanceAnswer.thread_id == thread_id, StanceAnswer.member_id == member_id)
    )


def count_stances(thread_id: int) -> dict[str, int]:
    """Return how many members stand where now."""
    rows = db.session.execute(
        select(StanceAnswer.current, func.count())
        .where(StanceAnswer.thread_id == thread_id)
        .group_by(StanceAnswer.current)
    )
    return {stance.value: count for stance, count in rows}


def list_questions(thread_id: int) -> Sequence[Question]:
    """Return the sub-questions of a thread in their order."""
    return db.session.scalars(
        select(Question).where(Question.thread_id == thread_id).order_by(Question.position)
    ).all()


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
