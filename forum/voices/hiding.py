"""Keep small numbers hidden in tables of groups, also from who adds and subtracts.

A number under five is never shown, nor one of groups that are so few together. Where it would follow from
the others, another number is hidden with it (complementary suppression). A page shows the totals, the
groups, of districts also the sums of their complexes; who reads is at least who writes, and that at least
who is valued. All of that is looked at.

The proof that a small number cannot be worked out is another world: the same table with one person moved
from one group to another, in which every shown number and every label is what it was. Every small number
has such a world in which it is another number; where labels alone would give one away, a whole measure is
shown of no group, valued first.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

SMALLEST_SHOWN = 5


class Hidden(StrEnum):
    """Why a number is not shown.

    It is under five; it is not, but a small one would follow from it; or nothing of its measure is shown, so
    that its label tells nothing.
    """

    SMALL = "small"
    WITH_OTHERS = "with-others"
    MEASURE = "measure"


ShownCount: TypeAlias = int | Hidden


@dataclass(frozen=True, slots=True)
class Leaf:
    """A group. `counts` are its tenants and, from 1, each measure: none is more than the one before.

    `parent` is the larger group it is part of, when there are such; the same one for all when there are not.
    """

    parent: str
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """What may be shown of each leaf (in their order) and of each parent: the measures from 1."""

    leaves: Sequence[tuple[ShownCount, ...]]
    parents: Mapping[str, tuple[ShownCount, ...]]


def show_total(count: int) -> ShownCount:
    """Return a total as it may be shown."""
    return Hidden.SMALL if count < SMALLEST_SHOWN else count


def hide_small(leaves: Sequence[Leaf]) -> ShownTable | None:
    """Return what may be shown of a table beside its totals; `None` when that is nothing.

    Args:
        leaves: groups that do not overlap, with everybody in one of them.
    """
    measures = len(leaves[0].counts) - 1 if leaves else 0
    for shown_to in range(measures, 0, -1):
        table = _Table(leaves, shown_to)
        if all(map(table.protect, table.columns)):
            return table.shown()
    return None


class _Table:
    """A table while more and more of it is hidden; hiding more never spoils a world that was found.

    Of the measures after `shown_to` nothing is shown, not even which numbers are small.
    """

    def __init__(self, leaves: Sequence[Leaf], shown_to: int) -> None:
        self.leaves = leaves
        self.shown_to = shown_to
        self.columns = range(1, len(leaves[0].counts))
        self.within: dict[str, list[int]] = defaultdict(list)
        for place, leaf in enumerate(leaves):
            self.within[leaf.parent].append(place)
        self.sums = {
            (parent, column): sum(leaves[place].counts[column] for place in places)
            for parent, places in self.within.items()
            for column in self.columns
        }
        self.hidden = {
            (place, column)
            for place, leaf in enumerate(leaves)
            for column in self.columns
            if column > shown_to or leaf.counts[column] < SMALLEST_SHOWN
        }
        self.hidden_sums = {
            (parent, column)
            for (parent, column), count in self.sums.items()
            if column > shown_to or count < SMALLEST_SHOWN
        }

    def shown(self) -> ShownTable:
        return ShownTable(
            leaves=[
                tuple(
                    self._label(leaf.counts[column], column, (place, column) in self.hidden)
                    for column in self.columns
                )
                for place, leaf in enumerate(self.leaves)
            ],
            parents={
                parent: tuple(
                    self._label(self.sums[parent, column], column, (parent, column) in self.hidden_sums)
                    for column in self.columns
                )
                for parent in self.within
            },
        )

    def protect(self, column: int) -> bool:
        """Hide so much of a column that no small number in it can be worked out; tell whether it can be done.

        Of a column with a small total nothing is shown, so nothing can be subtracted from anything.
        """
        if sum(leaf.counts[column] for leaf in self.leaves) < SMALLEST_SHOWN:
            return True
        return all(self._protect_cell(places, column) for places in self._small_groups(column))

    def _small_groups(self, column: int) -> Iterator[Sequence[int]]:
        """Yield the leaves of each number under five: one, those of a parent, or small ones together."""
        small = [place for place, leaf in enumerate(self.leaves) if leaf.counts[column] < SMALLEST_SHOWN]
        yield from ([place] for place in small)
        parents = self.within.values()
        together = ([place for place in places if place in small] for places in parents)
        for places in (*parents, *together, small):
            if places and sum(self.leaves[place].counts[column] for place in places) < SMALLEST_SHOWN:
                yield places

    def _protect_cell(self, places: Sequence[int], column: int) -> bool:
        while not self._can_differ(places, column):
            if not self._hide_more(self.leaves[places[0]].parent, column):
                return False
        return True

    def _can_differ(self, places: Collection[int], column: int) -> bool:
        """Tell whether somebody can move between these leaves and others, and nothing shown changes."""
        others = [place for place in range(len(self.leaves)) if place not in places]
        return any(
            self._can_change(place, others, moved, step)
            for place in places
            if (place, column) in self.hidden
            for moved in self._moves_with(column)
            for step in (1, -1)
        )

    def _moves_with(self, column: int) -> Iterator[Sequence[int]]:
        """Yield the measures that change together, this one among them: they follow one another."""
        for first in range(column, 0, -1):
            for last in range(column, self.columns[-1] + 1):
                yield range(first, last + 1)

    def _can_change(self, place: int, others: Collection[int], moved: Sequence[int], step: int) -> bool:
        """Tell whether a leaf can have one more or less: another makes up, or one for each measure."""
        if not self._may_have(place, moved, step):
            return False
        return any(self._makes_up(place, other, moved, step) for other in others) or all(
            any(self._makes_up(place, other, [column], step) for other in others) for column in moved
        )

    def _makes_up(self, place: int, other: int, moved: Sequence[int], step: int) -> bool:
        return self._may_have(other, moved, -step) and self._sums_stay(place, other, moved, step)

    def _may_have(self, place: int, moved: Sequence[int], step: int) -> bool:
        """Tell whether a leaf can have one more or less of some measures, with the same labels."""
        counts = list(self.leaves[place].counts)
        for column in moved:
            if not self._may_be(counts[column], step, column, (place, column) in self.hidden):
                return False
            counts[column] += step
        return counts == sorted(counts, reverse=True)

    def _sums_stay(self, place: int, other: int, moved: Sequence[int], step: int) -> bool:
        parents = self.leaves[place].parent, self.leaves[other].parent
        return parents[0] == parents[1] or all(
            self._may_be(self.sums[parent, column], change, column, (parent, column) in self.hidden_sums)
            for column in moved
            for parent, change in zip(parents, (step, -step), strict=True)
        )

    def _may_be(self, count: int, step: int, column: int, is_hidden: bool) -> bool:
        """Tell whether a number can be one more or less and be shown as it is shown now."""
        other = count + step
        is_alike = column > self.shown_to or (count < SMALLEST_SHOWN) == (other < SMALLEST_SHOWN)
        return is_hidden and other >= 0 and is_alike

    def _hide_more(self, parent: str, column: int) -> bool:
        """Hide one number more to protect one under a parent; `False` when all of the column is hidden."""
        if (parent, column) not in self.hidden_sums:
            if self._hide_leaf_of([parent], column):
                return True
            self.hidden_sums.add((parent, column))
            return len(self.within) > 1
        shown = [other for other in self.within if (other, column) not in self.hidden_sums]
        if shown:
            smallest = min(shown, key=lambda other: (self.sums[other, column], other))
            self.hidden_sums.add((smallest, column))
            if not any((place, column) in self.hidden for place in self.within[smallest]):
                self._hide_leaf_of([smallest], column)
            return True
        return self._hide_leaf_of(self.within, column)

    def _hide_leaf_of(self, parents: Collection[str], column: int) -> bool:
        """Hide one leaf: rather one whose measure before is hidden too, rather a small one."""
        shown = [
            place for parent in parents for place in self.within[parent] if (place, column) not in self.hidden
        ]
        if not shown:
            return False
        self.hidden.add(
            (
                min(
                    shown,
                    key=lambda place: (
                        (place, column - 1) not in self.hidden,
                        self.leaves[place].counts[column],
                        place,
                    ),
                ),
                column,
            )
        )
        return True

    def _label(self, count: int, column: int, is_hidden: bool) -> ShownCount:
        if not is_hidden:
            return count
        if column > self.shown_to:
            return Hidden.MEASURE
        return Hidden.SMALL if count < SMALLEST_SHOWN else Hidden.WITH_OTHERS
