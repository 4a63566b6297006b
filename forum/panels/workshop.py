"""What a moderator sees while setting quotas: shares of the register, who can be chosen, what it costs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forum.panels.group_names import name_group, name_value
from forum.panels.models import Panel
from forum.panels.panel_page import conflict_lines
from forum.panels.queries import count_register
from forum.panels.rules import SLACK_MOST, FillingMode, QuotaRows, bounds_of
from forum.panels.selection_prices import Bounds, Mix, Stock
from forum.panels.supply import categories_of
from forum.panels.ways_out import Change, WaysOut, ways_out_of
from forum.texts.catalogue import one_or_many, say
from forum.web.times import show_number, show_points

SLACKS = range(SLACK_MOST + 1)


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One value in the quota workshop: its share of the register, who of it can be chosen, and the bounds.

    `proposed` is the least and most for each slack, from none to the most.
    """

    category: str
    place: int
    value: str
    name: str
    tenants: int
    percent: int
    available: int | None
    least: str
    most: str
    proposed: Sequence[tuple[int, int]]

    def with_slack(self, slack: int) -> "QuotaRow":
        """Return the row with the bounds of a slack filled in."""
        least, most = self.proposed[slack]
        return replace(self, least=str(least), most=str(most))


RowsByCategory = Mapping[str, Sequence[QuotaRow]]


def quota_rows(
    panel: Panel, available: Mapping[tuple[str, str], int] | None, *, at: datetime
) -> RowsByCategory:
    """Return the values of each category with their share of the register and the bounds that stand.

    Args:
        panel: whose quotas they are.
        available: how many can be chosen, by category and value; `None` while that is counted.
        at: when the register is counted.
    """
    seats, categories = panel.seats, categories_of(panel)
    standing = {(quota.category, quota.value): (quota.least, quota.most) for quota in panel.quotas}
    rows = {}
    for category in categories:
        counts = count_register(category, panel.area, at=at)
        total = sum(counts.values())
        proposed = [bounds_of(category, seats, counts, slack) for slack in SLACKS]
        rows[category.value] = [
            QuotaRow(
                category=category.value,
                place=place,
                value=value,
                name=name_value(category, value),
                tenants=counts[value],
                percent=round(100 * counts[value] / total) if total else 0,
                available=None if available is None else available.get((category.value, value), 0),
                least=_bound(standing.get((category.value, value)), 0),
                most=_bound(standing.get((category.value, value)), 1),
                proposed=[bounds[value] for bounds in proposed],
            )
            for place, value in enumerate(proposed[0])
        ]
    return rows


def _bound(bounds: tuple[int, int] | None, side: int) -> str:
    return "" if bounds is None else str(bounds[side])


def relax_rows(rows: RowsByCategory, changes: Sequence[Change]) -> RowsByCategory:
    """Return the values of each category with some bounds changed, as the quota form is filled with them."""
    bounds = {(category, value, side): str(new) for category, value, side, _old, new in changes}
    return {
        category: [
            replace(
                row,
                least=bounds.get((category, row.value, "min"), row.least),
                most=bounds.get((category, row.value, "max"), row.most),
            )
            for row in values
        ]
        for category, values in rows.items()
    }


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What one set of quotas costs: the total, in percent of that on score alone, and whom it moves.

    `slack` is None for the quotas as they stand on the page; without a panel there are no numbers.
    """

    slack: int | None
    points: str
    percent: int | None
    moved: int

    @property
    def cells(self) -> Sequence[str]:
        """Return the line as cells of a table."""
        name = say("slack-now") if self.slack is None else str(self.slack)
        if self.percent is None:
            return (name, say("slack-impossible"), "-", "-")
        return (name, self.points, f"{self.percent}%", str(self.moved))


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group that the quotas on the page change: how many would sit on score alone, and how many now."""

    name: str
    alone: int
    mixed: int

    @property
    def cells(self) -> Sequence[str]:
        """Return the line as cells of a table, the difference with its sign."""
        return (self.name, str(self.alone), str(self.mixed), f"{self.mixed - self.alone:+d}")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would come of the quotas on the page, now.

    Attributes:
        is_possible: whether there is a panel that keeps them.
        conflicts: why none is possible, in words.
        ways_out: what can be done then.
        diagnosis: the same as the solver tells it, for who fills in a way out.
        prices: for each slack, and for the page.
        groups: of whom these quotas seat more or fewer than score alone.
        going: places on score alone of who would lose their seat; no names, nobody picks persons here.
        coming: places of who would take it.
    """

    is_possible: bool
    conflicts: Sequence[str]
    ways_out: WaysOut
    diagnosis: Mapping[str, object]
    prices: Sequence[PriceLine]
    groups: Sequence[GroupLine]
    going: Sequence[str]
    coming: Sequence[str]


def look_ahead(panel: Panel, rows: RowsByCategory, stock: Stock, quotas: QuotaRows) -> Outlook:
    """Return what would come of quotas, and what each slack costs; in a lottery score decides nothing.

    Args:
        panel: in preparation.
        rows: the values on the page.
        stock: who can be chosen now.
        quotas: as they stand on the page.
    """
    bounds = {(category, value): (least, most) for category, value, least, most in quotas}
    alone, mixed = stock.find_mix({}), stock.find_mix(bounds)
    diagnosis = {} if mixed else stock.diagnose(bounds).as_document()
    is_by_score = panel.mode is FillingMode.QUOTA_TOP
    going, coming = _moved(stock, alone, mixed)
    return Outlook(
        is_possible=mixed is not None,
        conflicts=conflict_lines(diagnosis, _as_document(bounds), Counter()),
        ways_out=ways_out_of(diagnosis),
        diagnosis=diagnosis,
        prices=_prices(rows, stock, alone, mixed) if is_by_score and alone else [],
        groups=_groups(stock, alone, mixed) if is_by_score else [],
        going=[show_number(rank) for rank in going],
        coming=[show_number(rank) for rank in coming],
    )


def _as_document(bounds: Bounds) -> Mapping[str, Mapping[str, tuple[int, int]]]:
    return {
        category: {value: pair for (of, value), pair in bounds.items() if of == category}
        for category, _ in bounds
    }


def _prices(rows: RowsByCategory, stock: Stock, alone: Mix, mixed: Mix | None) -> list[PriceLine]:
    lines = []
    for slack in SLACKS:
        bounds = {
            (row.category, row.value): row.proposed[slack] for values in rows.values() for row in values
        }
        lines.append(_price(slack, stock, alone, stock.find_mix(bounds)))
    return [*lines, _price(None, stock, alone, mixed)]


def _price(slack: int | None, stock: Stock, alone: Mix, mix: Mix | None) -> PriceLine:
    if mix is None:
        return PriceLine(slack, "-", None, 0)
    percent = 100 * mix.total // alone.total if alone.total else 100
    return PriceLine(slack, show_points(mix.total), percent, len(_moved(stock, alone, mix)[0]))


def _moved(stock: Stock, alone: Mix | None, mixed: Mix | None) -> tuple[list[int], list[int]]:
    """Return the ranks of who sits on score alone and not with the quotas, and the other way round."""
    if alone is None or mixed is None:
        return [], []
    before, after = ({stock.ranks[place] for place in mix.places} for mix in (alone, mixed))
    return sorted(before - after), sorted(after - before)


def _groups(stock: Stock, alone: Mix | None, mixed: Mix | None) -> list[GroupLine]:
    if alone is None or mixed is None:
        return []
    return [
        GroupLine(name_group(row.category, row.value), before, after)
        for row, before, after in zip(stock.pool.rows, alone.counts, mixed.counts, strict=False)
        if before != after
    ]


def rest_lines(resting: Mapping[str, int]) -> list[str]:
    """Return in words how many rest, for each reason."""
    return [
        say(f"resting-{reason}", people=say(f"people-{one_or_many(count)}", count=show_number(count)))
        for reason, count in resting.items()
    ]
