"""What moderators and delegates type about a panel."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time

from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, IntegerField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from forum.kernel.clock import AMSTERDAM
from forum.panels.rules import SEATS_MOST, Category, ChangeKind, ChangeReason, FillingMode
from forum.panels.service import PanelPlan
from forum.texts.catalogue import say
from forum.web.forms import CheckboxesField, PageForm, RadioField, SelectField, long_text, short_text

CATEGORIES = [(category.value, say(f"category-{category}")) for category in Category]


class PanelForm(PageForm):
    """The plan of a panel: how many, how chosen, when and where."""

    title = short_text("panel-title-required", 120)
    mode = RadioField(
        choices=[
            (mode.value, say(f"mode-{mode}"))
            for mode in (FillingMode.QUOTA_TOP, FillingMode.TOP, FillingMode.EVERYONE)
        ],
        validators=[InputRequired(say("mode-required"))],
    )
    seats = IntegerField(
        validators=[InputRequired(say("seats-required")), NumberRange(1, SEATS_MOST, say("seats-required"))]
    )
    categories = CheckboxesField(choices=CATEGORIES)
    day = DateField(validators=[InputRequired(say("meeting-day-required"))])
    starts = TimeField(validators=[InputRequired(say("meeting-time-required"))])
    ends = TimeField(validators=[InputRequired(say("meeting-time-required"))])
    place = short_text("place-required", 200)
    access = long_text(None, 1000)
    respond_by = DateField(validators=[InputRequired(say("respond-by-required"))])

    def validate_ends(self, field: TimeField) -> None:
        """Refuse a meeting that ends before it starts."""
        if self.starts.data and field.data and field.data <= self.starts.data:
            raise ValidationError(say("meeting-ends-first"))

    def validate_respond_by(self, field: DateField) -> None:
        """Refuse a last day to answer that is not before the meeting."""
        if self.day.data and field.data and field.data >= self.day.data:
            raise ValidationError(say("respond-by-too-late"))

    def to_plan(self) -> PanelPlan:
        """Return what was typed as a plan."""
        day = self.day.data
        assert day is not None, "the form was validated"
        return PanelPlan(
            title=self.title.data or "",
            mode=FillingMode(self.mode.data),
            seats=self.seats.data or 0,
            starts_at=_moment(day, self.starts.data or time()),
            ends_at=_moment(day, self.ends.data or time()),
            place=self.place.data or "",
            access=self.access.data or "",
            respond_by=_moment(self.respond_by.data or day, time(23, 59, 59)),
        )


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, AMSTERDAM).astimezone(UTC)


class CommitForm(PageForm):
    """Which value, that nobody knows yet, will make the seed together with our secret."""

    public_source = short_text("public-source-required", 200)


class RevealForm(PageForm):
    """The public value, now that it is known."""

    public_value = short_text("public-value-required", 100)


class ConfirmForm(PageForm):
    """The list that was on the screen when the button was pressed."""

    shown = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])


class ChangeForm(PageForm):
    """One person to take off or put on the list, and why."""

    kind = RadioField(
        choices=[(kind.value, say(f"change-{kind}")) for kind in ChangeKind],
        validators=[InputRequired(say("choice-required"))],
    )
    candidate = short_text("candidate-required", 40)
    why = SelectField(choices=[(why.value, say(f"change-why-{why}")) for why in ChangeReason])
    words = long_text("reason-required", 1000)


def read_quotas(
    typed: MultiDict[str, str], values: Mapping[str, Iterable[str]]
) -> tuple[list[tuple[str, str, int, int]], list[str]]:
    """Return the quota rows that were typed, and what is wrong with them.

    A row with both fields empty sets no quota for that value.

    Args:
        typed: the sent form; fields `least:<category>:<place>` and `most:<category>:<place>`.
        values: the values of each category in the order of the page.
    """
    rows, faults = [], []
    for category, names in values.items():
        for place, value in enumerate(names):
            least = typed.get(f"least:{category}:{place}", "").strip()
            most = typed.get(f"most:{category}:{place}", "").strip()
            if not least and not most:
                continue
            if not (least.isascii() and least.isdigit() and most.isascii() and most.isdigit()):
                faults.append(say("quota-not-whole", value=value))
            elif not int(least) <= int(most) <= SEATS_MOST:
                faults.append(say("quota-least-above-most", value=value))
            else:
                rows.append((category, value, int(least), int(most)))
    return rows, faults
