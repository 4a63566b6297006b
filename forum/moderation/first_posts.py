"""The rule that moderators look at the first post of a new member: only while both parties want the same."""

from datetime import datetime

from sqlalchemy import delete

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.moderation import policy, queries
from forum.moderation.models import FirstPostsWish, PostSign
from forum.moderation.rules import agreed_days
from forum.moderation.warning_signs import Sign


def find_agreed_days() -> int | None:
    """Return within how many days a first post gets a look; `None` when the parties did not agree on that."""
    return agreed_days({party: wish.days for party, wish in queries.list_wishes().items()})


def wish_first_posts(days: int | None, actor: Actor, *, at: datetime) -> None:
    """Say what the party of the actor wants; without a rule of both, no first post stays on the list.

    Args:
        days: within how many days first posts get a look; `None` for no look.
        actor: a delegate.
        at: now.

    Raises:
        Forbidden: the actor acts for no party.
    """
    if not policy.can_agree_on_first_posts(actor) or actor.party is None:
        raise Forbidden(action="agree-on-first-posts")
    standing = queries.list_wishes().get(actor.party)
    if (standing.days if standing else None) == days:
        return
    db.session.add(FirstPostsWish(party=actor.party, days=days, member_id=actor.member_id, at=at))
    db.session.flush()
    audit.record(actor, "first-posts.wished", days=days, at=at)
    if find_agreed_days() is None:
        unseen = PostSign.sign == Sign.FIRST_POST, PostSign.seen_at.is_(None)
        db.session.execute(delete(PostSign).where(*unseen))
