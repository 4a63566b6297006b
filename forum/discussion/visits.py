"""How far each member has read in a thread, so that the next visit can say what is new."""

from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from forum.discussion.adding_queries import LockedThread
from forum.discussion.heads import NEWEST_POST, UNREAD_COUNT, ReadSoFar, post_ids_in
from forum.discussion.models import Post, Thread, ThreadVisit
from forum.discussion.rules import PostState
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.reading import read
from forum.kernel.writing import write

LATER_MOST = 200
"""Posts after the place read so far that are looked at in one go; a page shows at most eighty."""
REPLIES_LOOKED_AT = 100
"""The last replies below an opening post among which those that are new are counted."""
BEYOND_MOST = 400
"""Posts beyond it that are remembered one by one; with more, what was skipped longest ago counts as read."""


class LaterPost(NamedTuple):
    """A post after the place that a member read so far; one that is gone went from sight."""

    id: int
    is_own: bool
    is_gone: bool = False


def read_without_gap(later: Collection[LaterPost], beyond: Collection[int]) -> list[int]:
    """Return the posts after the place read so far up to the first one that was not read.

    A member knows what they wrote, and nobody waits for what went from sight.

    Args:
        later: in the order in which they were written.
        beyond: the numbers of those that were read.
    """
    return [
        post.id for post in takewhile(lambda post: post.is_own or post.is_gone or post.id in beyond, later)
    ]


_VISIT = (
    select(NEWEST_POST, ThreadVisit.read_to, ThreadVisit.read_beyond, UNREAD_COUNT)
    .select_from(Thread)
    .outerjoin(
        ThreadVisit,
        (ThreadVisit.thread_id == Thread.topic_id) & (ThreadVisit.member_id == bindparam("member_id")),
    )
    .where(Thread.topic_id == bindparam("topic_id"))
)


def get_read_so_far(topic_id: int, member_id: int) -> ReadSoFar:
    """Return how far a member has read in a thread that is there."""
    return ReadSoFar.of(read(_VISIT, topic_id=topic_id, member_id=member_id)[0])


_LATER = (
    select(
        Post.id,
        (Post.author_id == bindparam("member_id")).label("is_own"),
        (Post.state != PostState.VISIBLE).label("is_gone"),
    )
    .where(Post.thread_id == bindparam("topic_id"), Post.id > bindparam("read_to"))
    .order_by(Post.id)
    .limit(LATER_MOST)
)
_OF_OTHERS_LATER = select(Post.id).where(
    Post.thread_id == bindparam("topic_id"),
    Post.id > bindparam("read_to"),
    Post.author_id != bindparam("member_id"),
)
_NEW = (Post.state == PostState.VISIBLE, Post.id.not_in(bindparam("beyond", expanding=True)))
_FIRST_NEW = _OF_OTHERS_LATER.where(*_NEW).order_by(Post.id).limit(1)
_ROOT = aliased(Post)
_NEW_REPLIES = (
    select(Post.root_id, func.count().label("new"))
    .join(_ROOT, _ROOT.id == Post.root_id)
    .where(
        Post.root_id.in_(bindparam("root_ids", expanding=True)),
        Post.number > _ROOT.reply_count - REPLIES_LOOKED_AT,
        Post.id > bindparam("read_to"),
        Post.author_id != bindparam("member_id"),
        *_NEW,
    )
    .group_by(Post.root_id)
)


def count_new_replies(root_ids: Sequence[int], so_far: ReadSoFar, member_id: int) -> Mapping[int, int]:
    """Return how many of the last replies below opening posts are new to a member, of those that have any."""
    values = {"root_ids": list(root_ids), "read_to": so_far.read_to, "beyond": list(so_far.beyond)}
    rows = read(_NEW_REPLIES, member_id=member_id, **values)
    return {row.root_id: row.new for row in rows}


def find_first_new(topic_id: int, member_id: int) -> int | None:
    """Return the number of the first post of others that a member has not read yet."""
    so_far = get_read_so_far(topic_id, member_id)
    if so_far.read_to is None:
        return None
    rows = read(
        _FIRST_NEW,
        topic_id=topic_id,
        member_id=member_id,
        read_to=so_far.read_to,
        beyond=list(so_far.beyond),
    )
    return rows[0].id if rows else None


def _find_visit(thread: Thread, actor: Actor) -> ThreadVisit | None:
    return db.session.get(ThreadVisit, (actor.member_id, thread.topic_id))


_SHOWN = _OF_OTHERS_LATER.where(Post.id.in_(bindparam("shown", expanding=True)))


def mark_shown(thread: Thread, shown: Collection[int], newest: int, actor: Actor) -> None:
    """Let a member have read the posts that a page showed; what it did not show stays new.

    For who comes for the first time nothing is new: they begin after the last post there is.

    Args:
        thread: where.
        shown: the numbers of the posts on the page that were new.
        newest: the last post there was when the page was made.
        actor: a member.
    """
    lock(thread)
    visit = _find_visit(thread, actor)
    if visit is None:
        mark_all(thread, newest, actor)
        return
    place = {"topic_id": thread.topic_id, "member_id": actor.member_id, "read_to": visit.read_to}
    before = post_ids_in(visit.read_beyond)
    beyond = before | {row.id for row in read(_SHOWN, **place, shown=list(shown))}
    visit.read_count += len(beyond - before)
    later = [LaterPost(row.id, bool(row.is_own), bool(row.is_gone)) for row in read(_LATER, **place)]
    over = read_without_gap(later, beyond)
    visit.read_to = over[-1] if over else visit.read_to
    passed = {post.id for post in later if post.is_gone and not post.is_own} - beyond
    visit.read_count += len(passed.intersection(over))
    _remember_beyond(visit, beyond)
    if len(beyond) > BEYOND_MOST:
        mark_all(thread, sorted(beyond)[-BEYOND_MOST], actor)


def _remember_beyond(visit: ThreadVisit, beyond: Collection[int]) -> int:
    """Keep the posts that were read after the place read so far; return how many."""
    later = sorted(post_id for post_id in beyond if post_id > visit.read_to)
    visit.read_beyond = ",".join(map(str, later))
    return len(later)


_IN_THREAD = Post.thread_id == bindparam("topic_id")
_STANDING = select(
    select(func.max(Post.id))
    .where(_IN_THREAD, Post.id <= bindparam("read_to"))
    .scalar_subquery()
    .label("last"),
    select(func.count()).select_from(_OF_OTHERS_LATER.subquery()).scalar_subquery().label("later"),
)


def mark_all(thread: Thread, newest: int, actor: Actor) -> None:
    """Let a member have read all posts up to one; what came after it stays as new as it was.

    Args:
        thread: where.
        newest: the last post there was when the page was made.
        actor: a member.
    """
    lock(thread)
    visit = _find_visit(thread, actor)
    if visit is None:
        visit = ThreadVisit(
            member_id=actor.member_id, thread_id=thread.topic_id, read_to=0, read_beyond="", read_count=0
        )
        db.session.add(visit)
    read_to = max(newest, visit.read_to)
    [standing] = read(_STANDING, topic_id=thread.topic_id, member_id=actor.member_id, read_to=read_to)
    visit.read_to = standing.last or 0
    remembered = _remember_beyond(visit, post_ids_in(visit.read_beyond))
    visit.read_count = thread.post_count - (standing.later - remembered)


_COUNT_OWN = (
    update(ThreadVisit)
    .where(
        ThreadVisit.member_id == bindparam("author_id"),
        ThreadVisit.thread_id == bindparam("topic_id"),
    )
    .values(read_count=ThreadVisit.read_count + 1)
    .execution_options(synchronize_session=False)
)


_FIRST_VISIT = insert(ThreadVisit)


def count_own_post(thread: LockedThread, post_id: int, author_id: int, *, is_entered: bool) -> None:
    """Count a post among those its author has read; who writes it for the first time in a thread was there.

    Args:
        thread: as it was when it was locked, before it counted the post.
        post_id: the post.
        author_id: its author.
        is_entered: whether somebody else entered it, so that its author did not see the thread.
    """
    counted = write(_COUNT_OWN, author_id=author_id, topic_id=thread.topic_id)
    if not counted.rowcount and not is_entered:
        write(
            _FIRST_VISIT,
            member_id=author_id,
            thread_id=thread.topic_id,
            read_to=post_id,
            read_count=thread.post_count + 1,
        )
