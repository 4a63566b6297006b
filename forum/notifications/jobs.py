"""Background work: mail at once, and the daily and weekly digests."""

from datetime import datetime, time

from flask import current_app

from forum.jobs.registry import stopping, task
from forum.kernel.clock import AMSTERDAM
from forum.kernel.database import lock, unit_of_work
from forum.members.queries import get_member
from forum.notifications import emails
from forum.notifications.queries import (
    find_notification,
    list_members_to_digest,
    list_to_digest,
    list_to_mail_at_once,
)
from forum.notifications.rules import (
    DIGEST_HOUR,
    DIGESTS,
    READING_TIME,
    Frequency,
    digest_day,
    is_quiet,
)
from forum.notifications.service import mark_mailed

BATCH = 200


@task("notifications.mail", every_seconds=20)
def mail_at_once(*, at: datetime) -> None:
    """Put what members want to hear at once in the outbox, but not in the quiet hours."""
    if _is_quiet(at):
        return
    for notification_id in list_to_mail_at_once(at - READING_TIME, BATCH):
        if stopping.is_set():
            return
        with unit_of_work():
            _mail_one(notification_id, at)


def _mail_one(notification_id: int, at: datetime) -> None:
    row = find_notification(notification_id)
    if row is None:
        return
    lock(row)
    if row.mail_as is Frequency.AT_ONCE:
        emails.told_at_once(row, at=at)
        mark_mailed([row.id], at=at)


@task("notifications.digest", every_seconds=120)
def send_digests(*, at: datetime) -> None:
    """Put the digests that are due in the outbox: daily ones, and on Monday the weekly ones."""
    if _is_quiet(at):
        return
    for how in DIGESTS:
        day = digest_day(how, at.astimezone(AMSTERDAM))
        until = datetime.combine(day, time(DIGEST_HOUR), tzinfo=AMSTERDAM)
        for member_id in list_members_to_digest(how, until, BATCH):
            if stopping.is_set():
                return
            with unit_of_work():
                _digest(member_id, how, until, at)


def _digest(member_id: int, how: Frequency, until: datetime, at: datetime) -> None:
    waiting = list_to_digest(member_id, how, until)
    if waiting:
        emails.told_together(get_member(member_id), waiting, how, at=at)
        mark_mailed([notification_id for notification_id, _at in waiting], at=at)


def _is_quiet(at: datetime) -> bool:
    return is_quiet(at.astimezone(AMSTERDAM).time(), current_app.config["SETTINGS"].quiet_hours)
