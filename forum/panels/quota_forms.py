"""What a moderator types in the quota workshop: bounds and slack for each group, and who rests."""

from collections.abc import Mapping
from dataclasses import replace

from werkzeug.datastructures import MultiDict
from wtforms.validators import NumberRange, Optional

from forum.kernel.numbers import whole_number
from forum.panels.burden_rules import HOURS_MOST, INVITATIONS_MOST, MONTHS_MOST, RestRules
from forum.panels.rules import DEFAULT_SLACK, SEATS_MOST, SLACK_MOST, QuotaRows
from forum.panels.workshop import RowsByCategory
from forum.texts.catalogue import say, say_later
from forum.web.forms import NumberField, PageForm

Typed = MultiDict[str, str]


class RestForm(PageForm):
    """Who rests after what panels asked of them; an empty field is no limit."""

    months = NumberField(
        validators=[Optional(), NumberRange(0, MONTHS_MOST, say_later("rest-months-refused"))]
    )
    invitations = NumberField(
        validators=[Optional(), NumberRange(1, INVITATIONS_MOST, say_later("rest-invitations-refused"))]
    )
    hours = NumberField(validators=[Optional(), NumberRange(1, HOURS_MOST, say_later("rest-hours-refused"))])

    @classmethod
    def showing(cls, rest: RestRules) -> "RestForm":
        """Return the form with the rules that stand, or what was typed over them."""
        return cls(months=rest.months_after_panel, invitations=rest.invitations_most, hours=rest.hours_most)

    def to_rest(self) -> RestRules:
        """Return the rules that were typed."""
        return RestRules(self.months.data, self.invitations.data, self.hours.data)


def fill_rows(rows: RowsByCategory, typed: Typed) -> RowsByCategory:
    """Return the rows with bounds as typed, in fields `least:<category>:<place>` and `most:…`."""
    return {
        category: [
            replace(
                row,
                least=typed.get(f"least:{category}:{row.place}", "").strip(),
                most=typed.get(f"most:{category}:{row.place}", "").strip(),
            )
            for row in values
        ]
        for category, values in rows.items()
    }


def read_slacks(rows: RowsByCategory, typed: Typed) -> Mapping[str, int]:
    """Return the slack of each category: as it was typed, else the one that made the bounds that stand."""
    slacks = {}
    for category, values in rows.items():
        asked = typed.get(f"slack:{category}", "")
        if asked in map(str, range(SLACK_MOST + 1)):
            slacks[category] = int(asked)
            continue
        fitting = [
            slack
            for slack in range(SLACK_MOST + 1)
            if all((row.least, row.most) == tuple(map(str, row.proposed[slack])) for row in values)
        ]
        slacks[category] = fitting[0] if fitting else DEFAULT_SLACK
    return slacks


def read_quotas(rows: RowsByCategory, *, seats: int) -> tuple[QuotaRows, list[str]]:
    """Return the quotas that stand in the rows, and what is wrong with them.

    A row with both fields empty sets no quota for that value.

    Args:
        rows: as they were typed.
        seats: of the panel; a category that asks for more people than that can never be filled.
    """
    quotas, faults = [], []
    for category, values in rows.items():
        for row in values:
            if not row.least and not row.most:
                continue
            least, most = whole_number(row.least), whole_number(row.most)
            if least is None or most is None:
                faults.append(say("quota-not-whole", value=row.name))
            elif not least <= most <= SEATS_MOST:
                faults.append(say("quota-least-above-most", value=row.name))
            else:
                quotas.append((category, row.value, least, most))
        asked = sum(least for name, _, least, _ in quotas if name == category)
        if asked > seats:
            faults.append(
                say("quota-over-seats", category=say(f"category-{category}"), asked=asked, seats=seats)
            )
    return quotas, faults
