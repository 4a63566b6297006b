"""The agenda and the documents of a meeting, its minutes, and what attendees say of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.discussion.models import Post
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.kernel.documents import DocumentKind
from forum.meetings.rules import MinutesState, RemarkSource, RemarkState
from forum.members.models import Member
from forum.panels.models import Meeting


class AgendaPoint(Base):
    """One thing a meeting talks about, and how many minutes there are for it."""

    __tablename__ = "agenda_point"
    __table_args__ = (Index("ix_agenda_point_order", "meeting_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int | None]


class MeetingDocument(Base):
    """A file that belongs to a meeting; the file store has it under `key`."""

    __tablename__ = "meeting_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[DocumentKind] = mapped_column(state_column(DocumentKind))
    size_bytes: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    meeting: Mapped[Meeting] = relationship()


class Minutes(Base):
    """What was said at a meeting, point by point. Attendees may answer a concept until `closes_at`."""

    __tablename__ = "minutes"
    __table_args__ = (
        Index("ix_minutes_due", "state", "closes_at"),
        CheckConstraint("(state = 'draft') = (closes_at IS NULL)", name="window"),
        CheckConstraint("(state = 'locked') = (locked_at IS NOT NULL)", name="lock"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), unique=True)
    state: Mapped[MinutesState] = mapped_column(state_column(MinutesState), default=MinutesState.DRAFT)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    meeting: Mapped[Meeting] = relationship()
    points: Mapped[list["MinutesPoint"]] = relationship(
        cascade="all, delete-orphan", order_by="MinutesPoint.position", back_populates="minutes"
    )


class MinutesPoint(Base):
    """One point of minutes: what was said, never by whom. `/verslagpunten/<id>` leads to it, for ever.

    `version` counts its texts since attendees first read it. `post_id` is the post under which the thread of
    the topic goes on about it, once the minutes are locked.
    """

    __tablename__ = "minutes_point"
    __table_args__ = (Index("ix_minutes_point_order", "minutes_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    agenda_point_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_point.id", ondelete="SET NULL"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), unique=True)

    minutes: Mapped[Minutes] = relationship(back_populates="points")
    post: Mapped[Post | None] = relationship()
    remarks: Mapped[list["MinutesRemark"]] = relationship(
        cascade="all, delete-orphan", order_by="MinutesRemark.id", back_populates="point"
    )


class MinutesRemark(Base):
    """What an attendee says of one version of a point: it is right, or it should say `text`.

    The texts of the point before and after are those of a remark that was taken over.
    """

    __tablename__ = "minutes_remark"
    __table_args__ = (
        UniqueConstraint("point_id", "member_id", "version"),
        CheckConstraint("(state = 'agreed') = (text IS NULL)", name="proposal"),
        CheckConstraint("(state = 'accepted') = (text_after IS NOT NULL)", name="taken_over"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("minutes_point.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    version: Mapped[int]
    state: Mapped[RemarkState] = mapped_column(state_column(RemarkState))
    text: Mapped[str | None] = mapped_column(Text)
    text_before: Mapped[str | None] = mapped_column(Text)
    text_after: Mapped[str | None] = mapped_column(Text)
    source: Mapped[RemarkSource] = mapped_column(state_column(RemarkSource))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    point: Mapped[MinutesPoint] = relationship(back_populates="remarks")
    member: Mapped[Member] = relationship(foreign_keys=member_id)


class MinutesLetter(Base):
    """That an attendee gets the concept by letter, and once more the minutes when those are locked.

    `printed_at` is of the last print: the letter has the texts that stood then. `posted_at` is when somebody
    said that it is in the post.
    """

    __tablename__ = "minutes_letter"
    __table_args__ = (UniqueConstraint("minutes_id", "member_id", "is_locked"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    is_locked: Mapped[bool] = mapped_column(default=False)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def number(self) -> str:
        """Return the number that is printed on it: letters of invitations have numbers of their own."""
        return f"V{self.id}"
