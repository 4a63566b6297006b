"""Panels of any form, how they are filled, and the record that proves it was fair."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.agenda.models import Topic
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Member
from forum.panels.dossier import EntryKind
from forum.panels.rules import FillingMode, PanelState


class PanelForm(Base):
    """A participation form as data: the template a panel starts from. `defaults` holds its settings."""

    __tablename__ = "panel_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    defaults: Mapped[dict[str, Any]] = mapped_column(JSON)


class Panel(Base):
    """A group of tenants that meets on a topic.

    `secret` becomes public at the reveal, for the seed; `pseudonym_key` never does.
    """

    __tablename__ = "panel"
    __table_args__ = (CheckConstraint("seats > 0", name="seats"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("panel_form.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[PanelState] = mapped_column(state_column(PanelState), default=PanelState.DRAFT)
    mode: Mapped[FillingMode] = mapped_column(state_column(FillingMode))
    seats: Mapped[int]
    min_score_cp: Mapped[int] = mapped_column(default=0)
    one_per_household: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    respond_by: Mapped[datetime] = mapped_column(UtcDateTime)
    secret: Mapped[str | None] = mapped_column(String(64))
    pseudonym_key: Mapped[str | None] = mapped_column(String(64))

    form: Mapped[PanelForm] = relationship()
    topic: Mapped[Topic | None] = relationship()
    quotas: Mapped[list["Quota"]] = relationship(cascade="all, delete-orphan", order_by="Quota.id")
    meetings: Mapped[list["Meeting"]] = relationship(
        cascade="all, delete-orphan", order_by="Meeting.starts_at"
    )
    entries: Mapped[list["DossierEntry"]] = relationship(order_by="DossierEntry.number")


class Meeting(Base):
    """One coming-together of a panel. `sequence` rises with every change, for calendars."""

    __tablename__ = "meeting"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(200))
    access: Mapped[str] = mapped_column(Text, default="")
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)


class Quota(Base):
    """How many seats at least and at most go to members with one value of a category."""

    __tablename__ = "quota"
    __table_args__ = (
        UniqueConstraint("panel_id", "category", "value"),
        CheckConstraint("least >= 0 AND least <= most", name="bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    category: Mapped[str] = mapped_column(String(30))
    value: Mapped[str] = mapped_column(String(100))
    least: Mapped[int]
    most: Mapped[int]


class DossierEntry(Base):
    """One entry of a panel's dossier, hash-chained: what was frozen, committed, revealed, selected, signed.

    The dossier is the only record of the selection; what the panel is now follows from it.
    """

    __tablename__ = "dossier_entry"
    __table_args__ = (UniqueConstraint("panel_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    number: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(state_column(EntryKind))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))


class Candidate(Base):
    """Which member stands behind a pseudonym of a panel's dossier."""

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("panel_id", "member_id"), UniqueConstraint("panel_id", "pseudonym"))

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    pseudonym: Mapped[str] = mapped_column(String(40))

    member: Mapped[Member] = relationship()
