"""Notifications, for tests."""

from datetime import datetime
from typing import Any

from forum.kernel.database import db, unit_of_work
from forum.mail.models import OutboxMessage
from forum.members.models import Member
from forum.notifications.models import Notification
from forum.notifications.rules import NotificationKind
from forum.notifications.service import notify
from tests.support.cast import T0

MODERATION = {
    "event": "restored",
    "subject": "thread:1",
    "title": "De lift is vaak stuk",
    "path": "/huisregels",
}


def tell(
    member: Member,
    kind: NotificationKind = NotificationKind.MODERATION,
    *,
    key: str = "a",
    at: datetime = T0,
    **details: Any,
) -> None:
    """Tell a member something and commit."""
    with unit_of_work():
        notify(member.id, kind, key=key, at=at, **{**MODERATION, **details})


def told(member: Member | None = None) -> list[Notification]:
    """Return what is in the database now, the oldest first."""
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.query(Notification).order_by(Notification.id)
    return [row for row in rows if member is None or row.member_id == member.id]


def outbox(template: str = "notifications/") -> list[OutboxMessage]:
    """Return the messages of a template, the oldest first."""
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.query(OutboxMessage).order_by(OutboxMessage.id)
    return [row for row in rows if row.template.startswith(template)]
