"""Choosing of what in a thread one wants to hear."""

from datetime import datetime

from forum.audit import service as audit
from forum.discussion import policy
from forum.discussion.models import Follow, Thread
from forum.discussion.rules import FollowLevel
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.mail.outbox import INSERTS


def follow(thread: Thread, level: FollowLevel, actor: Actor, *, at: datetime) -> None:
    """Record of what in a thread the actor wants to hear. The same twice is the same.

    Raises:
        Forbidden: nobody is signed in.
    """
    if not policy.can_follow(actor):
        raise Forbidden(action="follow")
    insert = INSERTS[db.engine.dialect.name]
    db.session.execute(
        insert(Follow)
        .values(member_id=actor.member_id, thread_id=thread.topic_id, level=level, at=at)
        .on_conflict_do_update(index_elements=["member_id", "thread_id"], set_={"level": level, "at": at})
    )
    audit.record(actor, "thread.followed", thread_id=thread.topic_id, level=level, at=at)
