"""Looking through new posts for signs, and taking those that a person saw off the list."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from forum.audit import service as audit
from forum.discussion.models import Post
from forum.discussion.rules import PostSource
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.members.models import RoleGrant
from forum.moderation import policy
from forum.moderation.first_posts import find_agreed_days
from forum.moderation.models import PostSign
from forum.moderation.warning_signs import Glance, Sign, signs_of
from forum.web.form_times import seconds_open

POSTS_PER_TURN = 200
OLD_PER_TURN = 20_000
WORTH_A_LOOK = timedelta(days=7)
"""What is older was read by many; looking through it would only make the list long."""


def skip_old_posts(*, at: datetime) -> None:
    """Leave out what was written long ago: after an upgrade, or brought in from elsewhere."""
    old = (
        select(Post.id)
        .where(Post.looked_at.is_(None), (Post.at < at - WORTH_A_LOOK) | (Post.source == PostSource.IMPORT))
        .limit(OLD_PER_TURN)
    )
    db.session.execute(update(Post).where(Post.id.in_(old)).values(looked_at=at))


def look_at_new_posts(watched: Collection[str], *, at: datetime) -> int:
    """Note the signs of posts that nobody looked through since they were written or changed.

    Twice notes nothing twice, and what a moderator saw before is not brought up again. Return how many.
    """
    posts = db.session.scalars(
        select(Post)
        .where(Post.looked_at.is_(None))
        .order_by(Post.id)
        .limit(POSTS_PER_TURN)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    known = _signs_on([post.id for post in posts])
    is_agreed = find_agreed_days() is not None
    firsts = _first_posts([post.id for post in posts]) if is_agreed else frozenset[int]()
    for post in posts:
        glance = Glance(post.text, post.id in firsts, post.is_duplicate, _seconds_open(post))
        for sign in sorted(signs_of(glance, watched) - known[post.id]):
            db.session.add(PostSign(post_id=post.id, sign=sign, at=at))
        post.looked_at = at
    return len(posts)


def _seconds_open(post: Post) -> float | None:
    """Return how long the form of a post was open; a key made up elsewhere was in no form at all."""
    if not post.form_key or post.version > 1:
        return None
    seconds = seconds_open(post.form_key, post.at)
    return 0.0 if seconds is None and post.source == PostSource.WEB else seconds


def _signs_on(post_ids: Sequence[int]) -> Mapping[int, set[Sign]]:
    found: dict[int, set[Sign]] = defaultdict(set)
    for row in db.session.scalars(select(PostSign).where(PostSign.post_id.in_(post_ids))):
        found[row.post_id].add(row.sign)
    return found


def _first_posts(post_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these posts are the first of their author; the staff need no introduction."""
    earlier = aliased(Post)
    is_later = exists().where(earlier.author_id == Post.author_id, earlier.id < Post.id)
    is_staff = exists().where(RoleGrant.member_id == Post.author_id)
    return frozenset(db.session.scalars(select(Post.id).where(Post.id.in_(post_ids), ~is_later, ~is_staff)))


def mark_seen(post_ids: Collection[int], actor: Actor, *, at: datetime) -> int:
    """Take posts off the list; return how many. Who comes second takes off what is left.

    Raises:
        Forbidden: the actor is no moderator of a party.
    """
    if not policy.can_see_queue(actor):
        raise Forbidden(action="mark-seen")
    unseen = select(PostSign).where(PostSign.post_id.in_(post_ids), PostSign.seen_at.is_(None))
    signs = db.session.scalars(unseen.order_by(PostSign.id).with_for_update()).all()
    for sign in signs:
        sign.seen_at, sign.seen_by_id = at, actor.member_id
    seen = {sign.post_id for sign in signs}
    if seen:
        audit.record(actor, "posts.seen", post_ids=sorted(seen), at=at)
    return len(seen)
