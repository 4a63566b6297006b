"""Keeping the index as the posts are: first the index is written, then the rows are marked.

A process that dies between the two writes the same posts again; nothing is lost and nothing stands twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sqlalchemy import Table, bindparam, update

from forum.discussion.models import Post
from forum.discussion.rules import PostState
from forum.kernel.database import db
from forum.search.engine import IndexedPost, SearchEngine
from forum.search.queries import ReadPost, list_posts_after, with_findings
from forum.texts.markdown_words import PageWords

READ_BATCH = 500

_POSTS = Post.__table__  # many rows at once, past the objects
assert isinstance(_POSTS, Table)

_MARK = (
    update(_POSTS)
    .where(
        Post.id == bindparam("post_id"),
        Post.version == bindparam("read_version"),
        Post.state == bindparam("read_state"),
    )
    .values(is_indexed=True)
)
_UNMARK = update(_POSTS).where(Post.id == bindparam("post_id")).values(is_indexed=False)


def indexed_post(post: ReadPost) -> IndexedPost:
    """Return a post as it stands in the index, by the words that people see."""
    return IndexedPost(
        post_id=post.id,
        topic_id=post.thread_id,
        author_id=post.author_id,
        at=post.at,
        text=PageWords.read(post.html).text(),
        stance=post.stance,
        is_answered=post.is_answered,
    )


def write_posts(engine: SearchEngine, posts: Sequence[ReadPost]) -> None:
    """Put posts in the index, and take out those that nobody may see.

    Raises:
        IndexDamaged: the index needs to be made anew.
    """
    shown = [post for post in posts if post.state is PostState.VISIBLE]
    gone = [post.id for post in posts if post.state is not PostState.VISIBLE]
    engine.write([indexed_post(post) for post in shown], gone)


def mark_indexed(posts: Iterable[ReadPost]) -> None:
    """Remember that the index knows these posts, but for those that changed since they were read.

    What stands elsewhere is read once more when the rows are locked: whoever changes it marks them too, so by
    then that was done, or waits until this is.
    """
    posts = sorted(posts, key=lambda post: post.id)  # two at once must lock the rows in the same order
    rows = [{"post_id": post.id, "read_version": post.version, "read_state": post.state} for post in posts]
    if rows:
        db.session.connection().execute(_MARK, rows)
    again = [now.id for now, before in zip(with_findings(posts), posts, strict=True) if now != before]
    if again:
        db.session.connection().execute(_UNMARK, [{"post_id": post_id} for post_id in again])


def rebuild_from_posts(engine: SearchEngine, heard: Callable[[int], None]) -> Sequence[ReadPost]:
    """Make the index anew out of all posts; return those that must still be marked, without their text.

    Args:
        engine: whose index.
        heard: is told how many posts were read, after each batch; what it raises ends the work, and the
            index of before stays.
    """
    unmarked: list[ReadPost] = []
    engine.rebuild(_batches(unmarked, heard))
    return unmarked


def _batches(unmarked: list[ReadPost], heard: Callable[[int], None]) -> Iterator[Sequence[IndexedPost]]:
    last, done = 0, 0
    while posts := with_findings(list_posts_after(last, most=READ_BATCH)):
        db.session.rollback()  # the work takes minutes: no transaction may be open all that time
        unmarked += [post._replace(html="") for post in posts if not post.is_indexed]
        yield [indexed_post(post) for post in posts if post.state is PostState.VISIBLE]
        last, done = posts[-1].id, done + len(posts)
        heard(done)
