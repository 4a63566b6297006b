"""Invitations to a panel, their answers, and the links people answer with."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.invitations.channels import Channel, LetterKind, LetterState, StepKind, WithdrawReason
from forum.invitations.rules import AnswerSource, InvitationState, Rsvp, Travel, awaits_answer, holds_seat
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Household, Member
from forum.panels.models import Meeting, Panel


class Invitation(Base):
    """One person is asked for one panel, in one round of its selection.

    `channel` is how they are asked, as things stand. `is_promoted`: they stood by, and were asked for a seat
    that came free. `is_named`: everybody may read that they come. `calendar_shift` rises when they give up
    their seat or take it again; calendars add it to the `sequence` of a meeting.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("panel_id", "member_id"),
        Index("ix_invitation_due", "state", "respond_by"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_because IS NOT NULL)", name="withdrawn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    pseudonym: Mapped[str] = mapped_column(String(40))
    state: Mapped[InvitationState] = mapped_column(state_column(InvitationState))
    rsvp: Mapped[Rsvp] = mapped_column(state_column(Rsvp), default=Rsvp.NEEDS_ACTION)
    channel: Mapped[Channel] = mapped_column(state_column(Channel))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    respond_by: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_source: Mapped[AnswerSource | None] = mapped_column(state_column(AnswerSource))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    withdrawn_because: Mapped[WithdrawReason | None] = mapped_column(state_column(WithdrawReason))
    is_promoted: Mapped[bool] = mapped_column(default=False)
    is_named: Mapped[bool] = mapped_column(default=False)
    calendar_shift: Mapped[int] = mapped_column(default=0)

    panel: Mapped[Panel] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=member_id)

    @property
    def awaits_answer(self) -> bool:
        """Tell whether the person is asked and may still answer."""
        return awaits_answer(self.state, self.panel.state)

    @property
    def holds_seat(self) -> bool:
        """Tell whether the person has a seat in a panel that goes on."""
        return holds_seat(self.state, self.panel.state)


class InvitationLink(Base):
    """A secret link of one invitation. Each message makes its own; only the hash of the token is kept.

    On a letter there is a short code too, for who types; it works with the postcode of the letter alone.
    """

    __tablename__ = "invitation_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("invitation_letter.id"))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship()
    letter: Mapped["InvitationLetter | None"] = relationship()


class LetterBatch(Base):
    """Letters of one panel that are printed together; `posted_at` is when staff said they were posted."""

    __tablename__ = "letter_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    panel: Mapped[Panel] = relationship()
    letters: Mapped[list["InvitationLetter"]] = relationship(
        order_by="InvitationLetter.id", back_populates="batch"
    )


class InvitationLetter(Base):
    """One letter about one invitation; its `id` is the number on the paper.

    `household_id` is the home whose address was printed on it.
    """

    __tablename__ = "invitation_letter"
    __table_args__ = (
        Index(
            "ix_invitation_letter_underway",
            "invitation_id",
            "kind",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'batched')"),
            postgresql_where=text("state IN ('waiting', 'batched')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    kind: Mapped[LetterKind] = mapped_column(state_column(LetterKind))
    state: Mapped[LetterState] = mapped_column(state_column(LetterState), default=LetterState.WAITING)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))

    invitation: Mapped[Invitation] = relationship()
    batch: Mapped[LetterBatch | None] = relationship(back_populates="letters")
    household: Mapped[Household | None] = relationship()


class InvitationStep(Base):
    """Something that was done to reach somebody: a letter printed, a call, an answer.

    `note` is when to call again, in the words of who phoned; of an answer how it came in (`AnswerSource`), of
    `NOT_THAT_DAY` the day.
    """

    __tablename__ = "invitation_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("invitation_letter.id"))
    kind: Mapped[StepKind] = mapped_column(state_column(StepKind))
    note: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    by: Mapped[Member | None] = relationship()


class UndeliverableHome(Base):
    """Post to a member at this home came back. It counts no longer once the register has another home."""

    __tablename__ = "undeliverable_home"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChannelWish(Base):
    """How a member wants to be invited, when they said so; `entered_by_id` is who wrote it down for them."""

    __tablename__ = "channel_wish"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(state_column(Channel))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class MeetingNeeds(Base):
    """What one person needs to come to one meeting; goes some days after it."""

    __tablename__ = "meeting_needs"
    __table_args__ = (UniqueConstraint("invitation_id", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    wheelchair: Mapped[bool]
    hearing_loop: Mapped[bool]
    interpreter: Mapped[str] = mapped_column(String(60))
    other: Mapped[str] = mapped_column(Text)
    companion: Mapped[bool]
    travel: Mapped[Travel] = mapped_column(state_column(Travel))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship()
    meeting: Mapped[Meeting] = relationship()


class CalendarCopy(Base):
    """Which version of a meeting an invited person was told; `sequence` is that of the meeting."""

    __tablename__ = "calendar_copy"
    __table_args__ = (UniqueConstraint("invitation_id", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    sequence: Mapped[int]
