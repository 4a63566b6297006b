"""Messages that go out, kept until they are delivered and as the log of it afterwards."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.database import Base, UtcDateTime, state_column


class OutboxState(StrEnum):
    """How far a message is. `UNSURE`: the mail server may have taken it; a person decides."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    UNSURE = "unsure"


class OutboxMessage(Base):
    """One e-mail. `key` names the event and the recipient, so the same event never goes out twice."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "state", "due_at"),
        Index("ix_outbox_message_message_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[OutboxState] = mapped_column(state_column(OutboxState), default=OutboxState.WAITING)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[str | None] = mapped_column(String(120))
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    resend_when_unsure: Mapped[bool] = mapped_column(default=True)
    keeps_address: Mapped[bool] = mapped_column(default=False)

    @property
    def came_back(self) -> bool:
        """Tell whether the mail server took it and a report said later that it did not arrive."""
        return self.state is OutboxState.SENT and bool(self.last_error)


class UnreachableCause(StrEnum):
    """Why nothing more is sent: refused at the door, sent back later, or called spam by who got it."""

    REFUSED = "refused"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class UnreachableAddress(Base):
    """An address to which mail about notifications no longer goes, until staff let it go again."""

    __tablename__ = "unreachable_address"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    cause: Mapped[UnreachableCause] = mapped_column(state_column(UnreachableCause))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
