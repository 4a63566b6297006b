"""Reading the outbox."""

from datetime import datetime

from sqlalchemy import exists, func, select

from forum.kernel.database import db
from forum.mail.models import OutboxMessage, OutboxState, UnreachableAddress
from forum.members.models import Member

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


def find_unreachable(address: str) -> UnreachableAddress | None:
    """Return what is known of an address from which mail came back, or was called spam."""
    return db.session.get(UnreachableAddress, address.lower())


def find_sent(message_id: str) -> OutboxMessage | None:
    """Return the message that left under a Message-ID."""
    return db.session.scalar(select(OutboxMessage).where(OutboxMessage.message_id == message_id).limit(1))


def list_unreachable_members(after_id: int, most: int) -> list[tuple[Member, UnreachableAddress]]:
    """Return members whose address does not take mail, in the order of their numbers in the database.

    Args:
        after_id: the last one on the page before.
        most: how many.
    """
    rows = db.session.execute(
        select(Member, UnreachableAddress)
        .join(UnreachableAddress, UnreachableAddress.address == Member.email)
        .where(Member.id > after_id)
        .order_by(Member.id)
        .limit(most)
    )
    return [(member, address) for member, address in rows]


def list_messages_to(member_id: int, most: int) -> list[OutboxMessage]:
    """Return the latest messages to a member, the newest first."""
    return list(
        db.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.member_id == member_id)
            .order_by(OutboxMessage.id.desc())
            .limit(most)
        )
    )
