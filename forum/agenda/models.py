"""The year's agenda, the topics the parties talk about, their versions and the parties' approvals."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.agenda.rules import (
    AgendaState,
    DecisionKind,
    InfluenceLevel,
    StatutorySubject,
    TopicState,
    is_public_topic,
    needs_mark,
)
from forum.kernel.actor import Party
from forum.kernel.database import Base, UtcDateTime, state_column


class Agenda(Base):
    """The topics of one year. Both parties sign it; then it can be published."""

    __tablename__ = "agenda"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    topics_wanted: Mapped[int]
    state: Mapped[AgendaState] = mapped_column(state_column(AgendaState), default=AgendaState.DRAFT)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    topics: Mapped[list["Topic"]] = relationship(back_populates="agenda", order_by="Topic.id")
    signatures: Mapped[list["AgendaSignature"]] = relationship(cascade="all, delete-orphan")


class AgendaSignature(Base):
    """One party's signature under the agenda as it stands; it goes when the agreed topics change."""

    __tablename__ = "agenda_signature"
    __table_args__ = (UniqueConstraint("agenda_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agenda_id: Mapped[int] = mapped_column(ForeignKey("agenda.id"))
    party: Mapped[Party] = mapped_column(state_column(Party))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Topic(Base):
    """A policy subject for the year. `version` is the text that stands now.

    `carried_from_id` is the topic of an earlier agenda whose text it took over; that is taken over once.
    """

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    agenda_id: Mapped[int] = mapped_column(ForeignKey("agenda.id"), index=True)
    state: Mapped[TopicState] = mapped_column(state_column(TopicState))
    version: Mapped[int] = mapped_column(default=1)
    party: Mapped[Party | None] = mapped_column(state_column(Party))
    suggested_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agenda: Mapped[Agenda] = relationship(back_populates="topics")
    versions: Mapped[list["TopicVersion"]] = relationship(order_by="TopicVersion.version")
    approvals: Mapped[list["Approval"]] = relationship(order_by="Approval.id")
    ratings: Mapped[list["TopicRating"]] = relationship()
    views: Mapped[list["PartyView"]] = relationship()
    decisions: Mapped[list["TopicDecision"]] = relationship(order_by="TopicDecision.id")
    carried_from: Mapped["Topic | None"] = relationship(remote_side="Topic.id")

    @property
    def text(self) -> "TopicVersion":
        """Return the version that stands now."""
        return self.versions[-1]

    @property
    def title(self) -> str:
        """Return the title that stands now."""
        return self.text.title

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may read the topic."""
        return is_public_topic(self.state, self.agenda.state, self.party)

    @property
    def approved_by(self) -> frozenset[Party]:
        """Return the parties that approved the version that stands now."""
        return frozenset(approval.party for approval in self.approvals if approval.version == self.version)


class TopicVersion(Base):
    """One exact text of a topic. It never changes; an edit makes the next one."""

    __tablename__ = "topic_version"
    __table_args__ = (UniqueConstraint("topic_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    question: Mapped[str] = mapped_column(String(500))
    why: Mapped[str] = mapped_column(Text)
    fixed: Mapped[str] = mapped_column(Text)
    open: Mapped[str] = mapped_column(Text)
    level: Mapped[InfluenceLevel] = mapped_column(state_column(InfluenceLevel))
    stance_question: Mapped[str] = mapped_column(String(300), default="")
    subquestions: Mapped[str] = mapped_column(Text, default="")
    statutory: Mapped[StatutorySubject | None] = mapped_column(state_column(StatutorySubject))
    only_opinions: Mapped[bool] = mapped_column(default=False)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    party: Mapped[Party | None] = mapped_column(state_column(Party))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def needs_mark(self) -> bool:
        """Tell whether the tenant organisation must mark this text before anybody can approve it."""
        return needs_mark(self.statutory, only_opinions=self.only_opinions)


class Approval(Base):
    """One party's yes to one exact text. A party approves a version once."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("topic_id", "version", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    version: Mapped[int]
    party: Mapped[Party] = mapped_column(state_column(Party))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TopicRating(Base):
    """How important a party finds a topic and how much influence it expects tenants to have, 1 to 5."""

    __tablename__ = "topic_rating"
    __table_args__ = (
        UniqueConstraint("topic_id", "party"),
        CheckConstraint("importance BETWEEN 1 AND 5", name="importance"),
        CheckConstraint("influence BETWEEN 1 AND 5", name="influence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    party: Mapped[Party] = mapped_column(state_column(Party))
    importance: Mapped[int]
    influence: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PartyView(Base):
    """What one party thinks of a topic the parties do not agree on; shown when both have written theirs."""

    __tablename__ = "party_view"
    __table_args__ = (UniqueConstraint("topic_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    party: Mapped[Party] = mapped_column(state_column(Party))
    text: Mapped[str] = mapped_column(Text)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TopicDecision(Base):
    """A step in the life of a topic with its reason: declined, postponed, taken up again."""

    __tablename__ = "topic_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(state_column(DecisionKind))
    party: Mapped[Party | None] = mapped_column(state_column(Party))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
