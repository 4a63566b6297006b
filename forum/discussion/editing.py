"""Which posts of a page their author may still change."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from forum.discussion import policy
from forum.discussion.queries import PostRow
from forum.discussion.rules import is_editable
from forum.kernel.actor import Actor


def editable_by(actor: Actor, rows: Iterable[PostRow], *, window: timedelta, at: datetime) -> frozenset[int]:
    """Return which of these posts an actor wrote, and may still change within the window for that."""
    own = (row for row in rows if policy.can_change_post(actor, row.author_id))
    return frozenset(row.id for row in own if is_editable(row.at, at, window))
