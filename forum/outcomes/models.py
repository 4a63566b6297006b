"""Recommendations, what they were made of, what the landlord answered, and what was done."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.discussion.models import Post, Thread
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.meetings.models import MinutesPoint
from forum.members.models import Member
from forum.outcomes.rules import AnswerKind, Course
from forum.panels.models import Panel


class Recommendation(Base):
    """What a panel, or a debate itself, advises on a topic. A draft until it is published; then it stays.

    `answer_version` is that of the answer that stands; 0 is none yet. `told_at` is when the authors of what
    it cites were told of the answer. Withdrawn it asks for none; `merged_into` then says the same.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("thread_id", "number"),
        CheckConstraint("(published_at IS NULL) = (number IS NULL)", name="number"),
        CheckConstraint("(published_at IS NULL) = (answer_by IS NULL)", name="answer_by"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_because = '')", name="withdrawn"),
        CheckConstraint("withdrawn_at IS NULL OR answer_version = 0", name="withdrawn_unanswered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"))
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panel.id"), index=True)
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    why_no_source: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_by: Mapped[date | None] = mapped_column(index=True)
    answer_version: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_because: Mapped[str] = mapped_column(Text, default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"))

    thread: Mapped[Thread] = relationship()
    merged_into: Mapped["Recommendation | None"] = relationship(remote_side="Recommendation.id")
    panel: Mapped[Panel | None] = relationship()
    citations: Mapped[list["Citation"]] = relationship(cascade="all, delete-orphan", order_by="Citation.id")
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.version")
    notes: Mapped[list["WorkNote"]] = relationship(order_by="WorkNote.id")

    @property
    def answer(self) -> "Answer | None":
        """Return the answer that stands now."""
        return self.answers[-1] if self.answers else None

    @property
    def course(self) -> Course:
        """Return what its standing follows from."""
        answer = self.answer
        if answer is None:
            return Course(self.answer_by, is_withdrawn=self.withdrawn_at is not None)
        return Course(self.answer_by, answer.kind, answer.work_by, self.done_on)


class Citation(Base):
    """A post or a point of minutes that a recommendation builds on, with a quote where there is one."""

    __tablename__ = "citation"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "post_id"),
        UniqueConstraint("recommendation_id", "point_id"),
        CheckConstraint("(post_id IS NULL) <> (point_id IS NULL)", name="source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    point_id: Mapped[int | None] = mapped_column(ForeignKey("minutes_point.id"), index=True)
    quote: Mapped[str] = mapped_column(String(500), default="")

    post: Mapped[Post | None] = relationship()
    point: Mapped[MinutesPoint | None] = relationship()


class Answer(Base):
    """One version of what the landlord says to a recommendation; the last one stands, none is lost."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "version"),
        CheckConstraint("kind = 'not' OR (owner <> '' AND work_by IS NOT NULL)", name="promise"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    version: Mapped[int]
    kind: Mapped[AnswerKind] = mapped_column(state_column(AnswerKind))
    reason: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(120), default="")
    work_by: Mapped[date | None]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkNote(Base):
    """How far the work is that an answer promised."""

    __tablename__ = "work_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Heard(Base):
    """That an author hears of the answer to a recommendation that cites them: once, by mail or by letter.

    A letter waits until somebody says that it is in the post.
    """

    __tablename__ = "heard"
    __table_args__ = (UniqueConstraint("recommendation_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_letter: Mapped[bool]
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    member: Mapped[Member] = relationship()
    recommendation: Mapped[Recommendation] = relationship()
