"""Telling members, what they have read, and how they want to hear."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, update

from forum.audit import service as audit
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import db, lock
from forum.mail.outbox import INSERTS
from forum.members.models import Member
from forum.notifications import queries
from forum.notifications.models import Notification, NotificationChoice
from forum.notifications.rules import FIRST_CHOICE, WRITTEN_BY_OTHERS, Frequency, NotificationKind

ROWS_AT_ONCE = 500
TITLE_LONGEST, TEXT_LONGEST = 300, 1000


def notify(member_id: int, kind: NotificationKind, *, at: datetime, **details: Any) -> None:
    """Tell a member of something, in the unit of work of its cause; of one event once.

    Args:
        member_id: whom.
        kind: what it is; with the `event` in the details it decides the sentence.
        at: the moment of the cause.
        details: `key` names the event, `subject` what it belongs to (`thread:12`), `title` is that of the
            subject, `path` where to go. Further, if there is any: `event`, `text`, `about` with `about_id`
            (what is hidden there is not told, so a word about the hiding itself has none), and
            `mailed=True` when a mail of its own tells them.
    """
    notify_all([member_id], kind, at=at, **details)


def notify_all(
    member_ids: Collection[int], kind: NotificationKind, *, at: datetime, mailed: bool = False, **details: Any
) -> None:
    """Tell many members of the same; see `notify`."""
    notify_each({member_id: {} for member_id in member_ids}, kind, at=at, mailed=mailed, **details)


def notify_each(
    told: Mapping[int, Mapping[str, str]],
    kind: NotificationKind,
    *,
    at: datetime,
    mailed: bool = False,
    **details: Any,
) -> None:
    """Tell many members of the same, each with details of their own, by member; see `notify`."""
    details["title"] = details["title"][:TITLE_LONGEST]
    details["text"] = details.get("text", "")[:TEXT_LONGEST]
    insert = INSERTS[db.engine.dialect.name]
    members = sorted(told)
    for start in range(0, len(members), ROWS_AT_ONCE):
        chunk = members[start : start + ROWS_AT_ONCE]
        choices = {} if mailed else queries.choices_of(chunk, kind)
        rows = [
            {
                "member_id": member_id,
                "kind": kind,
                "at": at,
                "mail_as": None if mailed else _mail_as(choices.get(member_id, FIRST_CHOICE[kind])),
                "mailed_at": at if mailed else None,
                **details,
                **told[member_id],
            }
            for member_id in chunk
        ]
        db.session.execute(
            insert(Notification).on_conflict_do_nothing(index_elements=["member_id", "key"]), rows
        )


def notify_valued(member_id: int, *, at: datetime, count: int, **details: Any) -> None:
    """Tell a member that one more found their post valuable; one notification for all of them.

    Args:
        member_id: who wrote the post.
        at: the moment.
        count: how many find it valuable now.
        details: as for `notify`; the `key` names the post.
    """
    kind = NotificationKind.VALUED
    how = queries.choices_of([member_id], kind).get(member_id, FIRST_CHOICE[kind])
    news = {"count": count, "at": at, "mail_as": _mail_as(how), "read_at": None}
    insert = INSERTS[db.engine.dialect.name]
    db.session.execute(
        insert(Notification)
        .values(member_id=member_id, kind=kind, **news, **details)
        .on_conflict_do_update(index_elements=["member_id", "key"], set_=news)
    )


def _mail_as(how: Frequency) -> Frequency | None:
    return None if how is Frequency.NEVER else how


def mark_mailed(ids: Sequence[int], *, at: datetime) -> None:
    """Record that mail tells of these notifications."""
    for start in range(0, len(ids), ROWS_AT_ONCE):
        db.session.execute(
            update(Notification)
            .where(Notification.id.in_(ids[start : start + ROWS_AT_ONCE]))
            .values(mail_as=None, mailed_at=at)
        )


def mark_read(notification: Notification, *, at: datetime) -> None:
    """Record that the member read it; no mail has to tell of it any more. Twice changes nothing."""
    if notification.read_at is None:
        notification.read_at, notification.mail_as = at, None


def mark_all_read(member_id: int, *, up_to: datetime, at: datetime) -> None:
    """Record that a member read all there was when the page was shown.

    Args:
        member_id: whose.
        up_to: the moment of the newest one on the page; what came later stays unread.
        at: the moment.
    """
    db.session.execute(
        update(Notification)
        .where(
            Notification.member_id == member_id,
            Notification.read_at.is_(None),
            Notification.at <= up_to,
        )
        .values(read_at=at, mail_as=None)
    )


def mark_seen(member_id: int, about: str, numbers: Collection[int], *, at: datetime) -> None:
    """Record that a member read what others wrote at its own place, so that no mail has to tell of it.

    Args:
        member_id: whose.
        about: what it is: `post`.
        numbers: of those things.
        at: the moment.
    """
    _mark_seen(Notification.about_id.in_(numbers), member_id, about, at=at)


def mark_seen_up_to(member_id: int, about: str, newest: int, subject: str, *, at: datetime) -> None:
    """Record that a member read all that others wrote in one place, up to a number; see `mark_seen`."""
    seen = and_(Notification.subject == subject, Notification.about_id <= newest)
    _mark_seen(seen, member_id, about, at=at)


def _mark_seen(seen: ColumnElement[bool], member_id: int, about: str, *, at: datetime) -> None:
    db.session.execute(
        update(Notification)
        .where(
            Notification.member_id == member_id,
            Notification.read_at.is_(None),
            Notification.kind.in_(WRITTEN_BY_OTHERS),
            Notification.about == about,
            seen,
        )
        .values(read_at=at, mail_as=None)
    )


def choose(
    member: Member, choices: Mapping[NotificationKind, Frequency], actor: Actor, *, at: datetime
) -> None:
    """Record how a member wants to hear of each kind; what waits to be mailed follows."""
    lock(member)
    before = queries.get_choices(member.id)
    changed = {kind: how for kind, how in choices.items() if before[kind] is not how}
    for kind, how in changed.items():
        db.session.merge(NotificationChoice(member_id=member.id, kind=kind, how=how, chosen_at=at))
        db.session.execute(
            update(Notification)
            .where(
                Notification.member_id == member.id,
                Notification.kind == kind,
                Notification.mail_as.is_not(None),
            )
            .values(mail_as=_mail_as(how))
        )
    if changed:
        audit.record(actor, "notifications.chosen", member_id=member.id, choices=changed, at=at)


def unsubscribe(member: Member, how: Frequency, *, at: datetime) -> None:
    """Stop the mails a member gets at once, daily or weekly; twice changes nothing."""
    stopped = {
        kind: Frequency.NEVER for kind, chosen in queries.get_choices(member.id).items() if chosen is how
    }
    choose(member, stopped, SYSTEM, at=at)
