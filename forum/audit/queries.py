"""Reading the logbook for the pages of what it is about."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from forum.audit.models import AuditEntry
from forum.kernel.database import db


def list_acts_on_panel(action: str, panel_id: int, *, most: int) -> Sequence[AuditEntry]:
    """Return the last acts of one kind on a panel, oldest first; `action` is indexed and seldom occurs."""
    newest = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.action == action, AuditEntry.details["panel_id"].as_integer() == panel_id)
        .order_by(AuditEntry.id.desc())
        .limit(most)
    ).all()
    return newest[::-1]


def list_acts_on_topic(
    actions: Collection[str], topic_id: int, panel_ids: Collection[int], *, most: int
) -> Sequence[AuditEntry]:
    """Return the last acts of some kinds on a topic and its panels, newest first.

    Args:
        actions: which kinds; they are indexed and seldom occur.
        topic_id: the topic.
        panel_ids: of panels on it: acts on a panel do not name the topic.
        most: how many at most.
    """
    details = AuditEntry.details
    return db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.action.in_(actions),
            or_(
                details["topic_id"].as_integer() == topic_id,
                details["panel_id"].as_integer().in_(panel_ids),
            ),
        )
        .order_by(AuditEntry.id.desc())
        .limit(most)
    ).all()
