"""What the page of a selection shows: each person with the reason, the quota table, why it cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forum.panels.choosing import EmptySeats, find_empty_seats, find_result
from forum.panels.dossier import EntryKind
from forum.panels.entries import find_last
from forum.panels.models import Panel
from forum.panels.queries import count_register, names_of_candidates
from forum.panels.rules import Category, proposed_bounds
from forum.texts.catalogue import say
from forum.web.times import show_points

RESERVES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person on the list: name, points, groups, and why."""

    pseudonym: str
    name: str
    points: str
    groups: str
    reason: str
    replacement: str

    def as_row(self) -> tuple[str, ...]:
        """Return the line as cells of a table."""
        return (self.name, self.pseudonym, self.points, self.groups, self.reason, self.replacement)


@dataclass(frozen=True, slots=True)
class SelectionView:
    """The result that stands now, in words. `empty_seats` are those that a refill could not fill."""

    sha256: str
    people: Sequence[PersonLine]
    reserves: Sequence[PersonLine]
    quota_rows: Sequence[tuple[str, ...]]
    conflicts: Sequence[str]
    empty_seats: int


def selection_view(panel: Panel) -> SelectionView | None:
    """Return what the page of a panel shows of its selection, `None` before there is one."""
    result, frozen = find_result(panel), find_last(panel, EntryKind.FROZEN)
    if result is None or frozen is None:
        return None
    candidates = {row["id"]: row for row in frozen["snapshot"]["candidates"]}
    reserves = [key for key in result["first_reserve"].values() if key]
    reserves = list(dict.fromkeys(reserves))[:RESERVES_SHOWN]
    shown = [*result["panel"], *reserves]
    members = names_of_candidates(panel, shown)
    names = {key: member.display_name for key, member in members.items()}
    empty = find_empty_seats(panel)
    lines = {key: _line(key, candidates[key], result, names) for key in shown}
    return SelectionView(
        sha256=result["audit"]["result_sha256"],
        people=[_as_left(lines[key], empty) for key in result["panel"]],
        reserves=[lines[key] for key in reserves],
        quota_rows=_quota_rows(result),
        conflicts=_conflicts((empty.diagnosis if empty else result.get("diagnosis")) or {}),
        empty_seats=empty.count if empty else 0,
    )


def _as_left(line: PersonLine, empty: EmptySeats | None) -> PersonLine:
    """Return the line of somebody who left a seat that stayed empty with that as the reason."""
    if empty is None or line.pseudonym not in empty.left:
        return line
    reason = say(f"outcome-not_eligible_{empty.left[line.pseudonym]}")
    return replace(line, reason=reason, replacement=say("no-replacement"))


def _line(
    key: str, candidate: Mapping[str, Any], result: Mapping[str, Any], names: Mapping[str, str]
) -> PersonLine:
    outcome = result["outcomes"][key]
    replacement = result["first_reserve"].get(key)
    return PersonLine(
        pseudonym=key,
        name=names[key],
        points=show_points(candidate["score"]),
        groups=", ".join(str(value) for value in candidate["attrs"].values() if value),
        reason=say(f"outcome-{outcome['code']}", rank=outcome.get("rank", "-")),
        replacement=names[replacement] if replacement in names else say("no-replacement"),
    )


def _quota_rows(result: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            f"{say('category-' + row['category'])}: {row['value']}",
            str(row["min"]),
            str(row["max"]),
            str(row["eligible"]),
            str(row["selected"]),
        )
        for row in result["quota_table"]
    ]


def _conflicts(diagnosis: Mapping[str, Any]) -> list[str]:
    """Return in words why there is no panel: shortages first, then the rows that contradict each other."""
    lines = [say("shortage", **shortage) for shortage in diagnosis.get("shortages", [])]
    lines += [say(f"conflict-{side}", value=value) for _, value, side in diagnosis.get("conflict", [])]
    if diagnosis.get("max_seats"):
        lines.append(say("fewer-seats", seats=diagnosis["max_seats"]))
    return lines


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One value in the quota workshop: its share of the register and the bounds."""

    category: str
    place: int
    value: str
    tenants: int
    percent: int
    least: str
    most: str


def quota_rows(panel: Panel, year: int, categories: Sequence[Category]) -> Mapping[str, Sequence[QuotaRow]]:
    """Return the values of each category with their share of the register and the bounds that stand."""
    standing = {(quota.category, quota.value): (quota.least, quota.most) for quota in panel.quotas}
    rows = {}
    for category in categories:
        counts = count_register(category, year)
        total = sum(counts.values())
        rows[category.value] = [
            QuotaRow(
                category=category.value,
                place=place,
                value=value,
                tenants=count,
                percent=round(100 * count / total) if total else 0,
                least=_bound(standing.get((category.value, value)), 0),
                most=_bound(standing.get((category.value, value)), 1),
            )
            for place, (value, count) in enumerate(counts.items())
        ]
    return rows


def _bound(bounds: tuple[int, int] | None, side: int) -> str:
    return "" if bounds is None else str(bounds[side])


def proposed_quotas(seats: int, categories: Sequence[Category], year: int) -> list[tuple[str, str, int, int]]:
    """Return the quotas that follow from the register, with one seat of slack either side."""
    return [
        (category.value, value, least, most)
        for category in categories
        for value, (least, most) in proposed_bounds(seats, count_register(category, year)).items()
    ]
