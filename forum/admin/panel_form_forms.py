"""What an administrator types about a participation form."""

from dataclasses import fields
from typing import Any, Self

from wtforms import BooleanField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from forum.panels.errors import FormRulesRefused
from forum.panels.form_rules import (
    CRITERIA_MOST,
    GROUPS_MOST,
    MONTHS_MOST,
    NAME_LONGEST,
    POINTS_MOST,
    TEXT_LONGEST,
    AreaKind,
    Changeable,
    Deciding,
    EndKind,
    FormRules,
    SeatGroup,
    groups_from_lines,
    lines_of_groups,
    read_rules,
)
from forum.panels.forms import CATEGORIES
from forum.panels.rules import SEATS_MOST, FillingMode
from forum.texts.catalogue import say, say_later
from forum.web.forms import (
    CheckboxesField,
    NumberField,
    PageForm,
    RadioField,
    SelectField,
    filled,
    hidden_number,
    long_text,
    optional_text,
    short_text,
)


def _months() -> NumberField:
    refusal = say_later("months-refused", most=MONTHS_MOST)
    return NumberField(validators=[Optional(), NumberRange(1, MONTHS_MOST, refusal)])


class FormRulesForm(PageForm):
    """One participation form: how its panels are filled, how they live and what ends them."""

    name = short_text("form-name-required", NAME_LONGEST)
    purpose = long_text("purpose-required", TEXT_LONGEST)
    mode = RadioField(
        choices=[(mode.value, say_later(f"mode-{mode}")) for mode in FillingMode],
        default=FillingMode.QUOTA_TOP.value,
        validators=filled("mode-required"),
    )
    seats = NumberField(validators=[NumberRange(1, SEATS_MOST, say_later("seats-required"))], default=15)
    min_points = NumberField(
        validators=[NumberRange(0, POINTS_MOST, say_later("min-points-refused", most=POINTS_MOST))], default=0
    )
    categories = CheckboxesField(choices=CATEGORIES)
    area = SelectField(choices=[(kind.value, say_later(f"area-kind-{kind}")) for kind in AreaKind])
    groups = long_text(None, TEXT_LONGEST)
    criteria = long_text(None, TEXT_LONGEST)
    end = RadioField(
        choices=[(end.value, say_later(f"end-{end}")) for end in EndKind],
        default=EndKind.MEETING.value,
        validators=filled("choice-required"),
    )
    term_months = _months()
    rhythm_months = _months()
    chair = optional_text(NAME_LONGEST)
    observers = long_text(None, TEXT_LONGEST)
    fixed_points = long_text(None, TEXT_LONGEST)
    open_points = long_text(None, TEXT_LONGEST)
    deciding = RadioField(
        choices=[(way.value, say_later(f"deciding-{way}")) for way in Deciding],
        default=Deciding.ADVICE.value,
        validators=filled("choice-required"),
    )
    needs_coordinator = BooleanField()
    has_survey = BooleanField()
    changeable = CheckboxesField(
        choices=[(what.value, say_later(f"changeable-{what}")) for what in Changeable],
        default=[what.value for what in Changeable],
    )
    version = hidden_number()

    @classmethod
    def showing(cls, name: str, rules: FormRules, version: int) -> Self:
        """Return the page form with a participation form filled in."""
        standing: dict[str, Any] = rules.as_document()
        standing["groups"] = lines_of_groups(rules.groups)
        standing["criteria"] = "\n".join(rules.criteria)
        return cls(name=name, version=version, **standing)

    def validate_groups(self, field: TextAreaField) -> None:
        """Refuse groups that are no lines of a name and a number, or that do not fill the seats exactly."""
        groups = self._groups()
        if field.data and self.mode.data != FillingMode.APPLICATION:
            raise ValidationError(say("groups-for-applications"))
        if groups and sum(group.seats for group in groups) != self.seats.data:
            raise ValidationError(say("groups-other-seats", seats=sum(group.seats for group in groups)))
        if len(groups) > GROUPS_MOST or len({group.name for group in groups}) < len(groups):
            raise ValidationError(say("groups-refused", most=GROUPS_MOST))

    def validate_criteria(self, field: TextAreaField) -> None:
        """Demand criteria for a committee, and none where nobody rates."""
        is_application = self.mode.data == FillingMode.APPLICATION
        criteria = self._criteria()
        if is_application and not criteria:
            raise ValidationError(say("criteria-required"))
        if field.data and not is_application:
            raise ValidationError(say("criteria-for-applications"))
        if len(criteria) > CRITERIA_MOST or len(set(criteria)) < len(criteria):
            raise ValidationError(say("criteria-refused", most=CRITERIA_MOST))

    def to_rules(self) -> FormRules | None:
        """Return what was typed as rules; `None` with the reason in `form_errors` when they contradict."""
        typed: dict[str, object] = {
            rule.name: self[rule.name].data for rule in fields(FormRules) if rule.name in self
        }
        groups = [{"name": group.name, "seats": group.seats} for group in self._groups()]
        try:
            return read_rules({**typed, "groups": groups, "criteria": self._criteria()})
        except FormRulesRefused as refusal:
            self.form_errors.append(say("form-rule-contradicts", rule=say(f"rule-{refusal.rule}")))
            return None

    def _groups(self) -> tuple[SeatGroup, ...]:
        try:
            return groups_from_lines(self.groups.data or "")
        except ValueError as error:
            raise ValidationError(say("groups-refused", most=GROUPS_MOST)) from error

    def _criteria(self) -> list[str]:
        return [line.strip() for line in (self.criteria.data or "").splitlines() if line.strip()]
