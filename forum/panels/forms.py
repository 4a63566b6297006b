"""What moderators and delegates type about a panel."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, Self

from wtforms import DateField, HiddenField, IntegerField, TimeField
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from forum.kernel.clock import AMSTERDAM, first_moment, last_moment, local_day, moments_at, now
from forum.members.models import Member
from forum.panels.form_rules import (
    MONTHS_MOST,
    NAME_LONGEST,
    TEXT_LONGEST,
    AreaKind,
    Changeable,
    EndKind,
    FormRules,
)
from forum.panels.rules import (
    EVERYWHERE,
    QUOTA_MODES,
    SEATS_MOST,
    TICKET_BANDS,
    Area,
    Category,
    ChangeKind,
    ChangeReason,
    FillingMode,
    ShowUp,
    extra_seats,
)
from forum.panels.service import PanelPlan
from forum.texts.catalogue import say, say_later
from forum.web.forms import (
    CheckboxesField,
    ClockField,
    DayField,
    NumberField,
    PageForm,
    RadioField,
    SelectField,
    filled,
    long_text,
    optional_text,
    short_text,
)
from forum.web.times import in_points

RULE_TEXTS = ("purpose", "fixed_points", "open_points", "chair", "observers")
"""Texts of a form that whoever makes a panel may find in its plan."""
CATEGORIES = [(category.value, say_later(f"category-{category}")) for category in Category]


def unless_everyone(form: "PanelForm", field: NumberField) -> None:
    """Ask for no seats where everybody gets one; what was typed there does not count."""
    if form.chosen_mode is FillingMode.EVERYONE:
        field.data = None
        raise StopValidation


class PanelForm(PageForm):
    """The plan of a panel: how many, how chosen, when and where. What its form settles is not asked."""

    title = short_text("panel-title-required", 120)
    mode = RadioField(
        choices=[
            (mode.value, say_later(f"mode-{mode}"))
            for mode in (
                FillingMode.QUOTA_TOP,
                FillingMode.WEIGHTED_LOTTERY,
                FillingMode.UNIFORM_LOTTERY,
                FillingMode.TOP,
                FillingMode.EVERYONE,
            )
        ],
        default=FillingMode.QUOTA_TOP.value,
        validators=filled("mode-required"),
    )
    area = SelectField(default="")
    seats = NumberField(validators=[unless_everyone, NumberRange(1, SEATS_MOST, say_later("seats-required"))])
    extra = NumberField(
        default=0,
        validators=[unless_everyone, NumberRange(0, SEATS_MOST, say_later("extra-refused", most=SEATS_MOST))],
    )
    proposed_for = NumberField(widget=HiddenInput(), validators=[Optional()])
    categories = CheckboxesField(choices=CATEGORIES)
    day = DayField(validators=filled("meeting-day-required"))
    starts = ClockField(validators=filled("meeting-time-required"))
    ends = ClockField(validators=filled("meeting-time-required"))
    place = short_text("place-required", 200)
    access = long_text(None, 1000)
    respond_by = DayField(validators=filled("respond-by-required"))
    coordinator = SelectField(default="")
    purpose = long_text("purpose-required", TEXT_LONGEST)
    fixed_points = long_text(None, TEXT_LONGEST)
    open_points = long_text(None, TEXT_LONGEST)
    applications_from = DayField(validators=filled("applications-day-required"))
    applications_until = DayField(validators=filled("applications-day-required"))
    chair = optional_text(NAME_LONGEST)
    observers = long_text(None, TEXT_LONGEST)
    rhythm_months = NumberField(
        validators=[Optional(), NumberRange(1, MONTHS_MOST, say_later("months-refused", most=MONTHS_MOST))]
    )
    ends_on = DayField(validators=[Optional()])

    def __init__(self, rules: FormRules, *, has_topic: bool, show_up: ShowUp, **standing: Any) -> None:
        """Ask only what a form leaves to whoever makes a panel; propose how many to ask by who came."""
        asked = {name: getattr(rules, name) for name in ("seats", "rhythm_months", *RULE_TEXTS)}
        seats = standing.get("seats", rules.seats)
        asked |= {"extra": extra_seats(seats, show_up) or 0, "proposed_for": seats}
        modes = {"mode": rules.mode.value, "categories": [category.value for category in rules.categories]}
        super().__init__(**{**asked, **modes, **standing})
        self.rules, self.show_up = rules, show_up
        for name, is_asked in _asked_fields(rules, has_topic=has_topic).items():
            if not is_asked:
                delattr(self, name)

    @property
    def proposal(self) -> int | None:
        """Return how many more we propose to ask for these seats, `None` when too little was measured."""
        return extra_seats(self.seats.data, self.show_up) if self.seats.data else None

    def validate_extra(self, field: NumberField) -> None:
        """Refuse too many; where the seats changed and the old proposal stayed, show the new one first."""
        seats, before = self.seats.data or 0, self.proposed_for.data
        if seats + (field.data or 0) > SEATS_MOST:
            raise ValidationError(say("extra-too-many", most=SEATS_MOST))
        has_old = before and before != seats and field.data == extra_seats(before, self.show_up)
        if has_old and field.data != self.proposal:
            for shown, number in ((field, self.proposal), (self.proposed_for, seats)):
                shown.data, shown.raw_data = number, None
            raise ValidationError(say("extra-proposed-anew", seats=seats, extra=self.proposal))

    @property
    def mode_hint(self) -> str:
        """Return what the ways to fill the seats do with points."""
        return say("mode-hint", two=in_points(TICKET_BANDS[1][0]), three=in_points(TICKET_BANDS[2][0]))

    @property
    def chosen_mode(self) -> FillingMode:
        """Return how the seats are filled: as was chosen here, or else as the form says."""
        is_known = self.mode is not None and self.mode.data in set(FillingMode)
        return FillingMode(self.mode.data) if is_known else self.rules.mode

    @property
    def chosen_categories(self) -> tuple[Category, ...]:
        """Return in what the panel looks like all tenants: as chosen here, or else as the form says."""
        if self.chosen_mode not in QUOTA_MODES:
            return ()
        if self.categories is None:
            return self.rules.categories
        return tuple(map(Category, self.categories.data or []))

    def offer(self, areas: Iterable[tuple[Area, str]], coordinators: Iterable[Member]) -> Self:
        """Let one of these areas be chosen, and one of these coordinators or nobody."""
        if self.area is not None:
            kinds = {AreaKind.COMPLEX: "complex", AreaKind.DISTRICT: "district", AreaKind.ANY: ""}
            kind = kinds[self.rules.area]
            self.area.choices = [(area.key, name) for area, name in areas if area.key.startswith(kind)]
        self.coordinator.choices = [("", say("nobody"))] + [
            (str(member.id), member.display_name) for member in coordinators
        ]
        return self

    def validate_day(self, field: DateField) -> None:
        """Refuse a meeting on a day that is over."""
        if field.data and field.data < local_day(now()):
            raise ValidationError(say("meeting-day-over"))

    def validate_starts(self, field: TimeField) -> None:
        """Refuse a time that the clock skips or shows twice on that day."""
        self._check_clock(field)

    def _check_clock(self, field: TimeField) -> None:
        if self.day.data and field.data and len(moments := moments_at(self.day.data, field.data)) != 1:
            raise ValidationError(say("meeting-time-doubled" if moments else "meeting-time-missing"))

    def validate_ends(self, field: TimeField) -> None:
        """Refuse a meeting that ends before it starts, or at a time that the clock skips or shows twice."""
        self._check_clock(field)
        if self.starts.data and field.data and field.data <= self.starts.data:
            raise ValidationError(say("meeting-ends-first"))

    def validate_respond_by(self, field: DateField) -> None:
        """Refuse a last day to answer that is not before the meeting."""
        if self.day.data and field.data and field.data >= self.day.data:
            raise ValidationError(say("respond-by-too-late"))

    def validate_coordinator(self, field: SelectField) -> None:
        """Refuse a panel without the coordinator that its form asks for."""
        if self.rules.needs_coordinator and not field.data:
            raise ValidationError(say("coordinator-required"))

    def validate_applications_until(self, field: DateField) -> None:
        """Refuse applications that end before they begin, or after the last day to answer an invitation."""
        if field.data and self.applications_from.data and field.data < self.applications_from.data:
            raise ValidationError(say("applications-end-first"))
        if field.data and self.respond_by.data and field.data >= self.respond_by.data:
            raise ValidationError(say("applications-too-late"))

    def validate_ends_on(self, field: DateField) -> None:
        """Refuse a last day before the first meeting, and a panel that would never end."""
        if field.data and self.day.data and field.data < self.day.data:
            raise ValidationError(say("panel-last-day-too-early"))
        if not field.data and self.rules.end is EndKind.DATE and self.rules.term_months is None:
            raise ValidationError(say("panel-last-day-required"))

    def to_plan(self, form_key: str) -> PanelPlan:
        """Return what was typed as a plan after a form."""
        day = self.day.data
        assert day is not None, "the form was validated"
        return PanelPlan(
            title=self.title.data or "",
            mode=self.chosen_mode,
            extra=(self.extra.data or 0) if self.extra is not None else 0,
            seats=(self.seats.data or 1) if self.seats is not None else self.rules.seats,
            starts_at=_moment(day, self.starts.data or time()),
            ends_at=_moment(day, self.ends.data or time()),
            place=self.place.data or "",
            access=self.access.data or "",
            respond_by=last_moment(self.respond_by.data or day),
            area=_area_of(self.area.data or "") if self.area is not None else EVERYWHERE,
            coordinator_id=int(self.coordinator.data) if self.coordinator.data else None,
            form_key=form_key,
            rules=self._changed_rules(),
            ends_on=self.ends_on.data if self.ends_on is not None else None,
            applications=self._applications(),
        )

    def _changed_rules(self) -> FormRules:
        """Return the rules of the form with what was typed here; what was not asked stays as it is."""
        typed: dict[str, Any] = {name: self[name].data or "" for name in RULE_TEXTS if name in self}
        if self.rhythm_months is not None:
            typed["rhythm_months"] = self.rhythm_months.data
        if self.categories is not None:
            typed["categories"] = self.chosen_categories
        return replace(self.rules, **typed)

    def _applications(self) -> tuple[datetime, datetime] | None:
        if self.applications_from is None:
            return None
        first, last = self.applications_from.data, self.applications_until.data
        assert first is not None, "the form was validated"
        assert last is not None, "the form was validated"
        return first_moment(first), last_moment(last)


def _asked_fields(rules: FormRules, *, has_topic: bool) -> Mapping[str, bool]:
    """Return for each field that a form can settle whether it is asked."""
    is_application = rules.mode is FillingMode.APPLICATION
    is_everyone = rules.mode is FillingMode.EVERYONE
    may_choose_mode = rules.may_change(Changeable.MODE) and not is_application and has_topic
    asks_seats = may_choose_mode or (
        rules.may_change(Changeable.SEATS) and not rules.groups and rules.mode is not FillingMode.EVERYONE
    )
    return {
        "mode": may_choose_mode,
        "area": may_choose_mode or is_everyone,
        "seats": asks_seats,
        "extra": asks_seats and not rules.lives_on,
        "proposed_for": asks_seats and not rules.lives_on,
        "categories": may_choose_mode or rules.mode in QUOTA_MODES,
        "purpose": not has_topic,
        "fixed_points": not has_topic,
        "open_points": not has_topic,
        "applications_from": is_application,
        "applications_until": is_application,
        "chair": rules.may_change(Changeable.CHAIR),
        "observers": rules.may_change(Changeable.OBSERVERS),
        "rhythm_months": rules.lives_on and rules.may_change(Changeable.RHYTHM),
        "ends_on": rules.lives_on and rules.may_change(Changeable.LAST_DAY),
    }


def _area_of(key: str) -> Area:
    """Return the area of a choice that the form offered."""
    kind, _, number = key.partition(":")
    return Area(**{f"{kind}_id": int(number)}) if number else EVERYWHERE


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, AMSTERDAM).astimezone(UTC)


class RenewalForm(PageForm):
    """Other seats or quotas for a panel that was not possible, and why."""

    seats = NumberField(
        validators=[
            InputRequired(say_later("seats-required")),
            NumberRange(1, SEATS_MOST, say_later("seats-required")),
        ]
    )
    why = long_text("renew-why-required", 1000)


class TrialForm(PageForm):
    """Which trial this is, counted from 1: a second press of the button is the same one."""

    number = IntegerField(validators=[InputRequired(), NumberRange(1, 10_000)])


class ConfirmForm(PageForm):
    """The list that was on the screen when the button was pressed."""

    shown = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])


class ChangeForm(PageForm):
    """One person to take off or put on the list, and why."""

    kind = RadioField(
        choices=[(kind.value, say_later(f"change-{kind}")) for kind in ChangeKind],
        validators=filled("change-kind-required"),
    )
    candidate = short_text("candidate-required", 40)
    why = SelectField(choices=[(why.value, say_later(f"change-why-{why}")) for why in ChangeReason])
    words = long_text("change-words-required", 1000)
