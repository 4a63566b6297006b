"""Panels of any form, how they are filled, and the record that proves it was fair."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.agenda.models import Topic
from forum.kernel.clock import last_moment
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Member
from forum.panels.application_rules import ApplicationSource
from forum.panels.burden_rules import DEFAULT_REST, NO_REST, RestRules
from forum.panels.dossier import EntryKind
from forum.panels.form_rules import GROUP, FormRules, read_rules
from forum.panels.life_rules import Agreement, EndReason, GuestKind
from forum.panels.rules import ACTIVITY_MODES, Area, AttendanceSource, FillingMode, PanelState

LAST_YEAR = 2100
"""Of a panel without a last day: later than anybody plans."""


class PanelForm(Base):
    """One version of a participation form as data: the template a panel starts from.

    `defaults` holds its rules. A version never changes: a change is the next version, for new panels only.
    """

    __tablename__ = "panel_form"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(100))
    defaults: Mapped[dict[str, Any]] = mapped_column(JSON)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Panel(Base):
    """A group of tenants that meets on a topic, or for a purpose of its own.

    `rules` are those of its form as they were when it was made, with what its maker changed. Until
    `ends_on` it lives, if it has a last day.
    `secret` becomes public at the reveal, for the seed; `pseudonym_key` never does. `changed_because` is why
    the rules differ from those of the panel it was renewed from, which was not possible. Required scores and
    chances that stand with the candidates are of the result `explained_sha256`.
    `extra_seats` of the `seats` are for who is asked because not everybody who says yes comes.
    `complex_id` or `district_id` is where everybody of a panel for everybody lives. `rest_months`,
    `invitations_most` and `hours_most` say who rests; without a number there is no such limit.
    """

    __tablename__ = "panel"
    __table_args__ = (
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("extra_seats >= 0 AND extra_seats < seats", name="extra_seats"),
        CheckConstraint("complex_id IS NULL OR district_id IS NULL", name="area"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("panel_form.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[PanelState] = mapped_column(state_column(PanelState), default=PanelState.DRAFT)
    mode: Mapped[FillingMode] = mapped_column(state_column(FillingMode))
    seats: Mapped[int]
    extra_seats: Mapped[int] = mapped_column(default=0)
    min_score_cp: Mapped[int] = mapped_column(default=0)
    one_per_household: Mapped[bool] = mapped_column(default=True)
    complex_id: Mapped[int | None] = mapped_column(ForeignKey("complex.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    rest_months: Mapped[int | None] = mapped_column(default=DEFAULT_REST.months_after_panel)
    invitations_most: Mapped[int | None] = mapped_column(default=DEFAULT_REST.invitations_most)
    hours_most: Mapped[int | None] = mapped_column(default=DEFAULT_REST.hours_most)
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    respond_by: Mapped[datetime] = mapped_column(UtcDateTime)
    secret: Mapped[str | None] = mapped_column(String(64))
    pseudonym_key: Mapped[str | None] = mapped_column(String(64))
    renewed_from_id: Mapped[int | None] = mapped_column(ForeignKey("panel.id"), unique=True)
    changed_because: Mapped[str | None] = mapped_column(Text)
    explained_sha256: Mapped[str | None] = mapped_column(String(64))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ends_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_because: Mapped[EndReason | None] = mapped_column(state_column(EndReason))
    ended_words: Mapped[str] = mapped_column(Text, default="")
    applications_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applications_until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    form: Mapped[PanelForm] = relationship()
    topic: Mapped[Topic | None] = relationship()
    quotas: Mapped[list["Quota"]] = relationship(cascade="all, delete-orphan", order_by="Quota.id")
    meetings: Mapped[list["Meeting"]] = relationship(
        cascade="all, delete-orphan", order_by="Meeting.starts_at", back_populates="panel"
    )
    entries: Mapped[list["DossierEntry"]] = relationship(order_by="DossierEntry.number")

    @property
    def standing_meetings(self) -> list["Meeting"]:
        """Return the meetings that were not cancelled, in order of time; all when each of them was."""
        return [meeting for meeting in self.meetings if meeting.cancelled_at is None] or self.meetings

    @property
    def first_meeting(self) -> "Meeting":
        """Return the first meeting that stands."""
        return self.standing_meetings[0]

    @property
    def last_meeting(self) -> "Meeting":
        """Return the last meeting that stands."""
        return self.standing_meetings[-1]

    def next_meeting(self, at: datetime) -> "Meeting | None":
        """Return the meeting to tell people of: the first that stands and has not begun.

        Of a panel that stops, the last one when there is none to come. `None`: the day still follows.
        """
        standing = [meeting for meeting in self.meetings if meeting.cancelled_at is None]
        coming = next((meeting for meeting in standing if meeting.starts_at > at), None)
        goes_on = self.form_rules.lives_on and self.ended_at is None
        return coming if coming or goes_on or not standing else standing[-1]

    @property
    def area(self) -> Area:
        """Return where everybody of a panel for everybody lives."""
        return Area(self.complex_id, self.district_id)

    @property
    def mixed_categories(self) -> frozenset[str]:
        """Return the categories of the register in which the panel looks like all tenants."""
        return frozenset(quota.category for quota in self.quotas) - {GROUP}

    @property
    def members_until(self) -> datetime:
        """Return until when people can come in or go: the first meeting, or the end of one that lives on."""
        if not self.form_rules.lives_on:
            return self.first_meeting.starts_at
        last_day = self.ends_on or date(LAST_YEAR, 1, 1)
        return last_moment(last_day)

    @property
    def rest(self) -> RestRules:
        """Return who rests; only in a panel on activity somebody does."""
        if self.mode not in ACTIVITY_MODES:
            return NO_REST
        return RestRules(self.rest_months, self.invitations_most, self.hours_most)

    @property
    def form_rules(self) -> FormRules:
        """Return what the form settled for this panel."""
        return read_rules(self.rules)


class Meeting(Base):
    """One coming-together of a panel. `sequence` rises with every change or cancellation, for calendars.

    Who types `door_code` at the door on the day is present. `late_told_at` is when its organisers were told
    that the minutes are late; `no_minutes_because` says to everybody why none will come.
    """

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
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_because: Mapped[str] = mapped_column(Text, default="")
    door_code: Mapped[str | None] = mapped_column(String(12), unique=True)
    late_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    no_minutes_because: Mapped[str] = mapped_column(Text, default="")

    panel: Mapped[Panel] = relationship(back_populates="meetings")


class Attendance(Base):
    """Whether somebody was at a meeting. Of two ticks the one that was made last counts.

    A walk-in was not expected: they had said no to the invitation, or were never asked.
    """

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    is_present: Mapped[bool]
    is_walk_in: Mapped[bool]
    source: Mapped[AttendanceSource] = mapped_column(state_column(AttendanceSource))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    member: Mapped[Member] = relationship(foreign_keys=member_id)


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


class PanelSupply(Base):
    """Who could be chosen for a panel in preparation in a large debate, as the background counted it last.

    `made_for` is the plan that it was counted for; with another plan it does not count.
    """

    __tablename__ = "panel_supply"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), primary_key=True)
    made_for: Mapped[str] = mapped_column(String(200))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


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
    """Which member stands behind a pseudonym of a panel's dossier, and what they may ask of the selection.

    `required_cp` is the score above which they would have been chosen. `one_in` is their chance in a lottery,
    1 op so many; 0 when nobody like them was drawn in any simulated draw.
    """

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("panel_id", "member_id"), UniqueConstraint("panel_id", "pseudonym"))

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    pseudonym: Mapped[str] = mapped_column(String(40))
    required_cp: Mapped[int | None]
    one_in: Mapped[int | None]

    member: Mapped[Member] = relationship()


class PanelGuest(Base):
    """Somebody who is no member of a panel and sees part of it by a secret link: a rater, or an observer.

    Only the hash of the link is kept. Who was taken off has `ended_at`.
    """

    __tablename__ = "panel_guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    kind: Mapped[GuestKind] = mapped_column(state_column(GuestKind))
    name: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    panel: Mapped[Panel] = relationship()


class Conclusion(Base):
    """A point that a panel closed: in agreement, or without and then with what each party thinks."""

    __tablename__ = "conclusion"
    __table_args__ = (UniqueConstraint("panel_id", "number"), UniqueConstraint("form_key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200))
    agreement: Mapped[Agreement] = mapped_column(state_column(Agreement))
    agreed_text: Mapped[str] = mapped_column(Text)
    tenants_view: Mapped[str] = mapped_column(Text)
    landlord_view: Mapped[str] = mapped_column(Text)
    closed_on: Mapped[date]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    form_key: Mapped[str] = mapped_column(String(64))


class SurveyAnswer(Base):
    """How one member looks back on a panel that ended; only numbers of all together are ever shown."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        UniqueConstraint("panel_id", "member_id"),
        CheckConstraint(
            "heard BETWEEN 1 AND 5 AND informed BETWEEN 1 AND 5 AND result BETWEEN 1 AND 5", name="marks"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    heard: Mapped[int]
    informed: Mapped[int]
    result: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    source: Mapped[ApplicationSource] = mapped_column(state_column(ApplicationSource, "surveysource"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Application(Base):
    """A tenant who asks for a seat, with why and what they bring. It goes some time after the choice."""

    __tablename__ = "application"
    __table_args__ = (UniqueConstraint("panel_id", "member_id"), Index("ix_application_told_at", "told_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    seat_group: Mapped[str] = mapped_column(String(100))
    motivation: Mapped[str] = mapped_column(Text)
    competences: Mapped[str] = mapped_column(Text)
    source: Mapped[ApplicationSource] = mapped_column(state_column(ApplicationSource))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    panel: Mapped[Panel] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=member_id)
    ratings: Mapped[list["ApplicationRating"]] = relationship(cascade="all, delete-orphan")


class ApplicationRating(Base):
    """What one rater thinks of one application: a mark for each criterion, in the order of the rules."""

    __tablename__ = "application_rating"
    __table_args__ = (UniqueConstraint("application_id", "guest_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    guest_id: Mapped[int] = mapped_column(ForeignKey("panel_guest.id"), index=True)
    marks: Mapped[list[int]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
