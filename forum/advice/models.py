"""Cases of statutory advice, and the steps that the parties take in them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.advice.rules import CaseKind, CaseState, Clock, Outcome, Step, StepKind, Terms, Verdict, read_clock
from forum.agenda.models import Topic
from forum.agenda.rules import StatutorySubject
from forum.kernel.actor import Party
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.kernel.documents import DocumentKind


class AdviceCase(Base):
    """A request for advice, or an advice unasked. The terms are those that held when it began.

    Where it stands follows from its steps; `state` is kept so that lists need not read them.
    """

    __tablename__ = "advice_case"
    __table_args__ = (
        CheckConstraint("advice_days > 0 AND reasons_days > 0 AND wait_days > 0", name="terms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CaseKind] = mapped_column(state_column(CaseKind))
    subject: Mapped[StatutorySubject] = mapped_column(state_column(StatutorySubject))
    title: Mapped[str] = mapped_column(String(120))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    advice_days: Mapped[int]
    reasons_days: Mapped[int]
    wait_days: Mapped[int]
    state: Mapped[CaseState] = mapped_column(state_column(CaseState), index=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    topic: Mapped[Topic | None] = relationship()
    steps: Mapped[list["AdviceStep"]] = relationship(order_by="AdviceStep.number")
    documents: Mapped[list["AdviceDocument"]] = relationship(
        order_by="AdviceDocument.id", back_populates="case"
    )

    @property
    def clock(self) -> Clock:
        """Return where the case stands."""
        terms = Terms(self.advice_days, self.reasons_days, self.wait_days)
        return read_clock(self.kind, terms, [step.as_fact() for step in self.steps])


class AdviceDocument(Base):
    """A file that a party put with a case; the file store has it under `key`."""

    __tablename__ = "advice_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("advice_case.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[DocumentKind] = mapped_column(state_column(DocumentKind))
    size_bytes: Mapped[int]
    party: Mapped[Party] = mapped_column(state_column(Party))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[AdviceCase] = relationship(back_populates="documents")


class AdviceStep(Base):
    """What a party did. It never changes; `day` is the one that counts, `at` when it was recorded."""

    __tablename__ = "advice_step"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("advice_case.id"))
    number: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(state_column(StepKind))
    party: Mapped[Party] = mapped_column(state_column(Party))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text, default="")
    days: Mapped[int | None]
    verdict: Mapped[Verdict | None] = mapped_column(state_column(Verdict))
    outcome: Mapped[Outcome | None] = mapped_column(state_column(Outcome))

    def as_fact(self) -> Step:
        """Return the step as the rules see it."""
        return Step(self.kind, self.party, self.day, self.days, self.verdict, self.outcome)
