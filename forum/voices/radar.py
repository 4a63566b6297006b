"""Who takes part in a debate, group by group, beside the register: what the page and the file show."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale

from forum.panels.rules import age_band
from forum.texts.catalogue import say
from forum.voices import queries
from forum.voices.hiding import Leaf, ShownCount, hide_small, show_total
from forum.voices.queries import Counted
from forum.voices.rules import Grouping, Measure, Row, Suggestion, join_small, most_missing, suggest

LANGUAGES = Locale("nl").languages


@dataclass(frozen=True, slots=True)
class Table:
    """The groups of one kind; without rows when too few took part to show any."""

    grouping: Grouping
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Radar:
    """How many tenants there are and took part, the tables, and what can be done for who is missing."""

    register: int
    totals: Mapping[Measure, ShownCount]
    tables: Sequence[Table]
    suggestions: Sequence[Suggestion]

    def find_row(self, grouping: Grouping, group: str) -> Row | None:
        """Return the row of a group, `None` when it stands in no row of its own."""
        rows = (row for table in self.tables if table.grouping is grouping for row in table.rows)
        return next((row for row in rows if row.name == group and not row.is_joined), None)


def read_radar(thread_id: int, *, year: int) -> Radar:
    """Count who takes part in a debate, in three queries; `year` decides how old people are."""
    places = queries.count_by_place(thread_id)
    ages = _gathered(queries.count_by_birth_year(thread_id), lambda key: age_band(key[0], year))
    languages = _gathered(
        queries.count_by_language(thread_id), lambda key: LANGUAGES.get(key[0], key[0]) or None
    )
    register, *took_part = _added(row.counts for row in places)
    totals = {measure: show_total(count) for measure, count in zip(Measure, took_part, strict=True)}
    tables = [
        *_place_tables(places),
        Table(Grouping.AGE, _flat_rows(dict(sorted(ages.items())))),
        Table(Grouping.LANGUAGE, _flat_rows(languages)),
    ]
    suggestions = [
        suggestion for table in tables for suggestion in suggest(table.grouping, table.rows, totals, register)
    ]
    return Radar(register, totals, tables, most_missing(suggestions))


def _added(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip((0, 0, 0, 0), *rows, strict=True)))


def _gathered(
    rows: Iterable[Counted], name_of: Callable[[tuple[Any, ...]], str | None]
) -> dict[str, tuple[int, ...]]:
    """Add up the counts of rows with the same name; those without one are unknown."""
    groups: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for row in rows:
        groups[name_of(row.key) or say("voices-unknown")].append(row.counts)
    return {name: _added(counts) for name, counts in groups.items()}


def _joined(groups: Mapping[str, tuple[int, ...]], label: str) -> Mapping[str, str]:
    """Return in which row each group stands: in one of its own, or in the one with this label."""
    small = join_small({name: counts[0] for name, counts in groups.items()})
    return {name: label if name in small and len(small) > 1 else name for name in groups}


def _is_mixed(name: str, label: str) -> bool:
    return name in (label, say("voices-unknown"))


def _flat_rows(groups: Mapping[str, tuple[int, ...]]) -> Sequence[Row]:
    label = say("voices-joined")
    names = _joined(groups, label)
    rows: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for group, counts in groups.items():
        rows[names[group]].append(counts)
    leaves = [Leaf("", name, _added(counts)) for name, counts in rows.items()]
    shown = hide_small(leaves)
    if shown is None:
        return []
    return [
        Row(leaf.name, leaf.counts[0], counts, _is_mixed(leaf.name, label))
        for leaf, counts in zip(leaves, shown.leaves, strict=True)
    ]


def _place_tables(places: Sequence[Counted]) -> Sequence[Table]:
    """Return the districts, and the complexes within them: numbers of the one tell of the other."""
    label = say("voices-joined")
    districts = _gathered(places, lambda key: key[0])
    row_of_district = _joined(districts, label)
    leaves: list[Leaf] = []
    for district in dict.fromkeys(row_of_district.values()):
        within = [
            place for place in places if row_of_district[place.key[0] or say("voices-unknown")] == district
        ]
        leaves += _leaves_in(district, within)
    shown = hide_small(leaves)
    if shown is None:
        return [Table(Grouping.DISTRICT, []), Table(Grouping.COMPLEX, [])]
    tenants = {
        district: sum(leaf.counts[0] for leaf in leaves if leaf.parent == district)
        for district in shown.parents
    }
    district_rows = [
        Row(district, tenants[district], counts, _is_mixed(district, label))
        for district, counts in shown.parents.items()
    ]
    complex_rows = [
        Row(leaf.name, leaf.counts[0], counts, leaf.name == _rest_of(leaf.parent), leaf.parent)
        for leaf, counts in zip(leaves, shown.leaves, strict=True)
    ]
    return [Table(Grouping.DISTRICT, district_rows), Table(Grouping.COMPLEX, complex_rows)]


def _rest_of(district: str) -> str:
    return say("voices-rest-of-district", district=district)


def _leaves_in(district: str, places: Sequence[Counted]) -> Sequence[Leaf]:
    """Return the complexes of a district; small ones, and homes in no complex, stand together."""
    rest = _rest_of(district)
    homes: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for place in places:
        homes[place.key[1] or rest].append(place.counts)
    groups = {name: _added(counts) for name, counts in homes.items()}
    row_of = _joined(groups, rest)
    rows: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for name, counts in groups.items():
        rows[row_of[name]].append(counts)
    return [Leaf(district, name, _added(counts)) for name, counts in sorted(rows.items())]
