"""Reading the outbox."""

from datetime import datetime

from sqlalchemy import exists, func, select

from forum.kernel.database import db
from forum.mail.models import OutboxMessage, OutboxState

STUCK = (OutboxState.FAILED, OutboxState.UNSURE)


def has_due(at: datetime) -> bool:
    """Tell whether a message waits to be sent."""
    waits = exists().where(OutboxMessage.state == OutboxState.WAITING, OutboxMessage.due_at <= at)
    return bool(db.session.scalar(select(waits)))


def has_expired(at: datetime) -> bool:
    """Tell whether a sender died, or is far too slow, with a message in hand."""
    held = exists().where(OutboxMessage.state == OutboxState.SENDING, OutboxMessage.lease_until <= at)
    return bool(db.session.scalar(select(held)))


def claim_due(at: datetime) -> OutboxMessage | None:
    """Return the message that waits longest, locked for this unit of work; others pass it by."""
    return db.session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.WAITING, OutboxMessage.due_at <= at)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def list_expired(at: datetime) -> list[OutboxMessage]:
    """Return the messages whose sender is gone, locked for this unit of work."""
    return list(
        db.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.state == OutboxState.SENDING, OutboxMessage.lease_until <= at)
            .order_by(OutboxMessage.id)
            .limit(100)
            .with_for_update(skip_locked=True)
        )
    )


def count_by_state() -> dict[str, int]:
    """Return how many messages there are in each state."""
    rows = db.session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    counts = dict(rows.all())
    return {state.value: counts.get(state, 0) for state in OutboxState}


def list_stuck(most: int) -> list[OutboxMessage]:
    """Return the messages a person must look at, the oldest first."""
    return list(
        db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.state.in_(STUCK)).order_by(OutboxMessage.id).limit(most)
        )
    )
