"""Invitations to a panel, their answers, and the links people answer with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Member
from forum.panels.models import Panel


class Invitation(Base):
    """One person is asked for one panel, in one round of its selection."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("panel_id", "member_id"),
        Index("ix_invitation_due", "state", "respond_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    pseudonym: Mapped[str] = mapped_column(String(40))
    state: Mapped[InvitationState] = mapped_column(state_column(InvitationState))
    rsvp: Mapped[Rsvp] = mapped_column(state_column(Rsvp), default=Rsvp.NEEDS_ACTION)
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    respond_by: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_source: Mapped[AnswerSource | None] = mapped_column(state_column(AnswerSource))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    panel: Mapped[Panel] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=member_id)


class InvitationLink(Base):
    """A secret link of one invitation. Each message makes its own; only the hash of the token is kept."""

    __tablename__ = "invitation_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship()
