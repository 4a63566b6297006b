"""Reading notifications and choices."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.notifications.models import Notification, NotificationChoice
from forum.notifications.rules import (
    COUNTED_MOST,
    FIRST_CHOICE,
    PAGE_SIZE,
    Frequency,
    NotificationKind,
)


def get_own_notification(notification_id: int, member_id: int) -> Notification:
    """Return a notification of a member.

    Raises:
        NotFound: there is none with this number, or it is somebody else's.
    """
    row = db.session.get(Notification, notification_id)
    if row is None or row.member_id != member_id:
        raise NotFound(notification_id=notification_id)
    return row


def find_notification(notification_id: int) -> Notification | None:
    """Return a notification with its member."""
    return db.session.scalar(
        select(Notification)
        .where(Notification.id == notification_id)
        .options(joinedload(Notification.member))
    )


def list_notifications(
    member_id: int, *, before: tuple[datetime, int] | None, most: int = PAGE_SIZE
) -> Sequence[Notification]:
    """Return a page of the notifications of a member, the newest first.

    Args:
        member_id: whose.
        before: moment and number of the last one on the page before this one.
        most: how many.
    """
    rows = select(Notification).where(Notification.member_id == member_id)
    if before is not None:
        at, last_id = before
        rows = rows.where(or_(Notification.at < at, and_(Notification.at == at, Notification.id < last_id)))
    return db.session.scalars(rows.order_by(Notification.at.desc(), Notification.id.desc()).limit(most)).all()


def list_by_ids(ids: Collection[int]) -> Sequence[Notification]:
    """Return the notifications with these numbers, the newest first."""
    return db.session.scalars(
        select(Notification)
        .where(Notification.id.in_(ids))
        .order_by(Notification.at.desc(), Notification.id.desc())
    ).all()


def count_unread_of(member_id: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Return, for a query that names a member, how many notifications they did not read: 100 at most."""
    unread = (
        select(Notification.id)
        .where(Notification.member_id == member_id, Notification.read_at.is_(None))
        .limit(COUNTED_MOST)
        .correlate(member_id.class_)
        .subquery()
    )
    return select(func.count()).select_from(unread).scalar_subquery()


def get_choices(member_id: int) -> Mapping[NotificationKind, Frequency]:
    """Return how a member hears of each kind."""
    rows = db.session.execute(
        select(NotificationChoice.kind, NotificationChoice.how).where(
            NotificationChoice.member_id == member_id
        )
    )
    return FIRST_CHOICE | {kind: how for kind, how in rows}


def choices_of(member_ids: Collection[int], kind: NotificationKind) -> Mapping[int, Frequency]:
    """Return what members chose for one kind; who chose nothing is not in it."""
    rows = db.session.execute(
        select(NotificationChoice.member_id, NotificationChoice.how).where(
            NotificationChoice.member_id.in_(member_ids), NotificationChoice.kind == kind
        )
    )
    return {member_id: how for member_id, how in rows}


def list_to_mail_at_once(before: datetime, most: int) -> Sequence[int]:
    """Return notifications that have to be mailed by themselves and are older than a moment."""
    return db.session.scalars(
        select(Notification.id)
        .where(Notification.mail_as == Frequency.AT_ONCE, Notification.at <= before)
        .order_by(Notification.at, Notification.id)
        .limit(most)
    ).all()


def list_members_to_digest(how: Frequency, before: datetime, most: int) -> Sequence[int]:
    """Return members for whom something waits, from before a moment, to be told in a digest."""
    return db.session.scalars(
        select(Notification.member_id)
        .where(Notification.mail_as == how, Notification.at < before)
        .group_by(Notification.member_id)
        .order_by(Notification.member_id)
        .limit(most)
    ).all()


def list_to_digest(member_id: int, how: Frequency, before: datetime) -> Sequence[tuple[int, datetime]]:
    """Return number and moment of what waits to be told to a member in a digest, locked, the newest first."""
    rows = db.session.execute(
        select(Notification.id, Notification.at)
        .where(Notification.member_id == member_id, Notification.mail_as == how, Notification.at < before)
        .order_by(Notification.at.desc(), Notification.id.desc())
        .with_for_update()
    )
    return [(notification_id, at) for notification_id, at in rows]
