"""No number under five can be worked out from what a table shows: other worlds look the same."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.voices.hiding import SMALLEST_SHOWN, Hidden, Leaf, ShownCount, ShownTable, hide_small

SMALL, OTHER = Hidden.SMALL, Hidden.WITH_OTHERS


def flat(*counts: tuple[int, ...]) -> list[Leaf]:
    return [Leaf("", str(place), (20, *rest)) for place, rest in enumerate(counts)]


@pytest.mark.parametrize(
    ("leaves", "shown"),
    [
        pytest.param(flat((9,), (8,)), [(9,), (8,)], id="nothing small, nothing hidden"),
        pytest.param(
            flat((9,), (3,), (7,)), [(9,), (SMALL,), (OTHER,)], id="one small takes the smallest along"
        ),
        pytest.param(flat((9,), (3,), (2,)), [(9,), (SMALL,), (SMALL,)], id="two small hide each other"),
        pytest.param(
            flat((9,), (0,), (0,), (7,)), [(9,), (SMALL,), (SMALL,), (OTHER,)], id="two that must be nobody"
        ),
        pytest.param(
            flat((9,), (4,), (4,), (6,)), [(9,), (SMALL,), (SMALL,), (OTHER,)], id="two that must be four"
        ),
        pytest.param(
            flat((0,), (5,), (9,)), [(SMALL,), (OTHER,), (OTHER,)], id="five cannot become four, so one more"
        ),
        pytest.param(
            flat((19,), (1,), (0,)), [(OTHER,), (SMALL,), (SMALL,)], id="together under five is small as well"
        ),
        pytest.param(flat((2,), (1,)), [(SMALL,), (SMALL,)], id="a small total shows nothing"),
    ],
)
def test_the_smallest_other_number_is_hidden_with_a_small_one(
    leaves: list[Leaf], shown: Sequence[tuple[ShownCount, ...]]
) -> None:
    table = hide_small(leaves)

    assert table is not None
    assert list(table.leaves) == shown


def test_a_table_that_gives_a_number_away_by_its_labels_is_not_shown() -> None:
    assert hide_small(flat((0,), (5,))) is None


def test_a_measure_that_gives_a_number_away_is_shown_of_no_group() -> None:
    table = hide_small(flat((9, 0), (8, 5)))

    assert table is not None
    assert list(table.leaves) == [(9, Hidden.MEASURE), (8, Hidden.MEASURE)]


def test_a_district_is_hidden_where_its_only_complex_is() -> None:
    leaves = [
        Leaf("Haven", "De Kade", (20, 3)),
        Leaf("Noord", "Dorpzicht", (20, 9)),
        Leaf("Noord", "Veldzicht", (20, 12)),
        Leaf("Oost", "Boomgaard", (20, 30)),
    ]

    table = hide_small(leaves)

    assert table == ShownTable(
        leaves=[(SMALL,), (OTHER,), (12,), (30,)],
        parents={"Haven": (SMALL,), "Noord": (OTHER,), "Oost": (30,)},
    )


@st.composite
def tables(draw: st.DrawFn) -> list[Leaf]:
    """Return a few groups, small enough to try every world; who reads is more than who writes."""
    leaves = []
    for place in range(draw(st.integers(1, 4))):
        readers = draw(st.integers(0, 8))
        writers = draw(st.integers(0, readers))
        leaves.append(Leaf(draw(st.sampled_from("ab")), str(place), (10, readers, writers)))
    return leaves


def columns_that_look_the_same(
    leaves: Sequence[Leaf], table: ShownTable, column: int
) -> Iterator[tuple[int, ...]]:
    """Yield every way to fill in one measure that fits what is shown of it."""
    options = [
        fitting(shown[column - 1], leaf.counts[0]) for shown, leaf in zip(table.leaves, leaves, strict=True)
    ]
    total = sum(leaf.counts[column] for leaf in leaves)
    for counts in product(*options):
        sums = {
            parent: sum(count for count, leaf in zip(counts, leaves, strict=True) if leaf.parent == parent)
            for parent in table.parents
        }
        is_total_kept = sum(counts) == total if total >= SMALLEST_SHOWN else sum(counts) < SMALLEST_SHOWN
        if is_total_kept and all(
            sums[parent] in fitting(shown[column - 1], 100) for parent, shown in table.parents.items()
        ):
            yield counts


def fitting(shown: ShownCount, most: int) -> Sequence[int]:
    if shown is Hidden.SMALL:
        return range(SMALLEST_SHOWN)
    if shown is Hidden.MEASURE:
        return range(most + 1)
    return range(SMALLEST_SHOWN, most + 1) if shown is Hidden.WITH_OTHERS else [int(shown)]


def worlds_of(leaves: Sequence[Leaf], table: ShownTable) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return every pair of readers and writers that fits what is shown."""
    first, second = (list(columns_that_look_the_same(leaves, table, column)) for column in (1, 2))
    return [
        (readers, writers)
        for readers in first
        for writers in second
        if all(few <= many for few, many in zip(writers, readers, strict=True))
    ]


@given(tables())
def test_of_groups_that_are_small_together_the_sum_could_be_another(leaves: list[Leaf]) -> None:
    table = hide_small(leaves)

    if table is None:
        return
    for column in (1, 2):
        small = [place for place, leaf in enumerate(leaves) if leaf.counts[column] < SMALLEST_SHOWN]
        if small and sum(leaves[place].counts[column] for place in small) < SMALLEST_SHOWN:
            worlds = worlds_of(leaves, table)
            assert len({sum(world[column - 1][place] for place in small) for world in worlds}) > 1


@given(tables())
def test_every_small_number_could_be_another(leaves: list[Leaf]) -> None:
    table = hide_small(leaves)

    if table is None:
        return
    worlds = worlds_of(leaves, table)
    for place, leaf in enumerate(leaves):
        for column in (1, 2):
            if leaf.counts[column] < SMALLEST_SHOWN:
                assert len({world[column - 1][place] for world in worlds}) > 1
    for parent in table.parents:
        places = [place for place, leaf in enumerate(leaves) if leaf.parent == parent]
        for column in (1, 2):
            if sum(leaves[place].counts[column] for place in places) < SMALLEST_SHOWN:
                found = {sum(world[column - 1][place] for place in places) for world in worlds}
                assert len(found) > 1


@given(tables())
def test_a_number_under_five_is_never_shown_and_a_shown_one_is_true(leaves: list[Leaf]) -> None:
    table = hide_small(leaves)

    if table is None:
        return
    for leaf, shown in zip(leaves, table.leaves, strict=True):
        for count, label in zip(leaf.counts[1:], shown, strict=True):
            hidden = {Hidden.MEASURE, SMALL if count < SMALLEST_SHOWN else OTHER}
            assert label in hidden or (label == count and count >= SMALLEST_SHOWN)
