"""Who can be mentioned in a thread, and who is."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, delete, exists, func, or_, select

from forum.discussion.models import Mention, Post
from forum.discussion.rules import PostState
from forum.kernel.database import db
from forum.members.models import Member
from forum.texts.mentions import Person, possible_names

PEOPLE_OFFERED = 8


def list_mentionable(thread_id: int, source: str) -> Sequence[Person]:
    """Return those who take part in a thread and whose name may stand in a text after `@`."""
    names = possible_names(source)
    if not names:
        return ()
    lower = {name.lower() for name in names}
    has_name = or_(Member.display_name.in_(names), func.lower(Member.display_name).in_(lower))
    rows = db.session.execute(
        select(Member.id, Member.display_name).where(_takes_part(thread_id), has_name).order_by(Member.id)
    )
    return [Person(member_id, name) for member_id, name in rows]


def list_people(thread_id: int, words: str, *, but: int | None) -> Sequence[str]:
    """Return some names of those who take part in a thread, with these words in them, by alphabet."""
    pattern = words.lower().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return db.session.scalars(
        select(Member.display_name)
        .where(
            _takes_part(thread_id),
            Member.id != (but or 0),
            func.lower(Member.display_name).like(f"%{pattern}%", escape="\\"),
        )
        .distinct()
        .order_by(Member.display_name)
        .limit(PEOPLE_OFFERED)
    ).all()


def _takes_part(thread_id: int) -> ColumnElement[bool]:
    return exists().where(
        Post.author_id == Member.id, Post.thread_id == thread_id, Post.state == PostState.VISIBLE
    )


def record_mentions(post: Post, member_ids: Collection[int]) -> frozenset[int]:
    """Remember whom a stored post mentions now; return those it did not mention before, its author left out.

    Every text of a post comes by here once, in the unit of work that stores it.
    """
    mentioned = frozenset(member_ids) - {post.author_id}
    before = mentioned_in(post)
    gone, new = before - mentioned, mentioned - before
    if gone:
        db.session.execute(delete(Mention).where(Mention.post_id == post.id, Mention.member_id.in_(gone)))
    db.session.add_all(Mention(post_id=post.id, member_id=member_id) for member_id in sorted(new))
    return new


def mentioned_in(post: Post) -> frozenset[int]:
    """Return whom a post mentions."""
    return frozenset(db.session.scalars(select(Mention.member_id).where(Mention.post_id == post.id)))


def mentioned_in_each(post_ids: Collection[int]) -> Mapping[int, Collection[int]]:
    """Return whom each of some posts mentions, by post; posts that mention nobody are left out."""
    rows = db.session.execute(select(Mention.post_id, Mention.member_id).where(Mention.post_id.in_(post_ids)))
    mentioned = defaultdict[int, list[int]](list)
    for post_id, member_id in rows:
        mentioned[post_id].append(member_id)
    return mentioned
