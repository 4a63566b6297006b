"""The steps of one message through the outbox: claimed, then sent, deferred, refused, dropped or unsure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from forum.kernel.database import db
from forum.mail import rules
from forum.mail.checks import is_still_wanted
from forum.mail.models import OutboxMessage, OutboxState
from forum.mail.queries import STUCK, list_expired
from forum.members.models import Member

ERROR_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this process, and no other, sends before the lease ends."""

    id: int
    member_id: int
    address: str
    template: str
    details: dict[str, Any]
    message_id: str
    lease_until: datetime


def claim(row: OutboxMessage, host: str, *, at: datetime) -> Claim | None:
    """Take a locked, waiting message to send it; `None` when nobody wants it any more and it is dropped.

    Who the member is, their address and the check of the feature are read now, not when it was queued.

    Args:
        row: the message, from `claim_due`.
        host: name of the host of the forum, for the Message-ID.
        at: the moment the lease starts.
    """
    member = db.session.get(Member, row.member_id) if row.member_id else None
    address = row.address if row.keeps_address else member and member.email
    if member is None or not address or not is_still_wanted(row.template, row.details, member):
        _finish(row, OutboxState.DROPPED)
        return None
    row.address = address
    row.state = OutboxState.SENDING
    row.attempts += 1
    row.lease_until = at + rules.LEASE
    row.message_id = row.message_id or rules.message_id(row.key, row.queued_at, host)
    return Claim(row.id, member.id, address, row.template, row.details, row.message_id, row.lease_until)


def record_sent(claimed: Claim, *, at: datetime) -> None:
    """Record that the mail server took the message; what others think of it meanwhile does not matter."""
    row = _locked(claimed.id)
    if row is not None:
        row.sent_at = at
        row.last_error = ""
        _finish(row, OutboxState.SENT)


def record_deferred(claimed: Claim, reason: str, *, at: datetime) -> None:
    """Record that the server does not have the message; it waits for the next attempt, if there is one."""
    row = _held(claimed)
    if row is not None:
        _try_later(row, reason, at=at)


def record_refused(claimed: Claim, reason: str) -> None:
    """Record that the server will never take the message."""
    row = _held(claimed)
    if row is not None:
        _stop(row, OutboxState.FAILED, reason)


def record_unsure(claimed: Claim, reason: str, *, at: datetime) -> None:
    """Record that the server may have the message; it is sent again only when its feature allows that."""
    row = _held(claimed)
    if row is not None:
        _settle_unsure(row, reason, at=at)


def postpone(outbox_id: int, reason: str, *, at: datetime) -> None:
    """Put a message that could not be made ready behind the others, so that it holds up nobody."""
    row = _locked(outbox_id)
    if row is not None and row.state is OutboxState.WAITING:
        row.attempts += 1
        _try_later(row, reason, at=at)


def settle_expired(*, at: datetime) -> int:
    """Settle messages whose sender died: sent again with the same Message-ID, or left to a person.

    Returns how many there were.
    """
    rows = list_expired(at)
    for row in rows:
        _settle_unsure(row, "the sender stopped before it could record the outcome", at=at)
    return len(rows)


def retry(ids: Collection[int], *, at: datetime) -> list[int]:
    """Send the named failed or unsure messages again; return those that will be."""
    return _retry(OutboxMessage.id.in_(ids), STUCK, at=at)


def retry_failed(*, at: datetime) -> list[int]:
    """Send all failed messages again, and no unsure one; return which."""
    return _retry(OutboxMessage.id > 0, (OutboxState.FAILED,), at=at)


def _retry(which: Any, states: Collection[OutboxState], *, at: datetime) -> list[int]:
    rows = db.session.scalars(
        select(OutboxMessage)
        .where(which, OutboxMessage.state.in_(states))
        .order_by(OutboxMessage.id)
        .with_for_update()
    ).all()
    for row in rows:
        row.state, row.due_at, row.attempts = OutboxState.WAITING, at, 0
    return [row.id for row in rows]


def _settle_unsure(row: OutboxMessage, reason: str, *, at: datetime) -> None:
    if row.resend_when_unsure:
        _try_later(row, reason, at=at)
    else:
        _stop(row, OutboxState.UNSURE, reason)


def _try_later(row: OutboxMessage, reason: str, *, at: datetime) -> None:
    pause = rules.pause_after(row.attempts)
    if pause is None:
        _stop(row, OutboxState.FAILED, reason)
        return
    _stop(row, OutboxState.WAITING, reason)
    row.due_at = at + pause


def _stop(row: OutboxMessage, state: OutboxState, reason: str) -> None:
    row.state = state
    row.last_error = " ".join(reason.split())[:ERROR_LONGEST]


def _finish(row: OutboxMessage, state: OutboxState) -> None:
    """End a message for good; its details may hold a secret, such as a link to set a password."""
    row.state = state
    row.lease_until = None
    row.details = {}


def _locked(outbox_id: int) -> OutboxMessage | None:
    return db.session.scalar(select(OutboxMessage).where(OutboxMessage.id == outbox_id).with_for_update())


def _held(claimed: Claim) -> OutboxMessage | None:
    """Return the message unless somebody else took it since: the lease of a claim is like no other."""
    row = _locked(claimed.id)
    if row is None or row.state not in (OutboxState.SENDING, OutboxState.UNSURE):
        return None
    return row if row.lease_until == claimed.lease_until else None
