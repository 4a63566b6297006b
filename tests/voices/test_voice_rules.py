"""Who is short of its share, what can be done, and what a change means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.voices.hiding import Hidden, ShownCount
from forum.voices.rules import (
    SMALLEST_GROUP,
    ActionKind,
    Change,
    Grouping,
    Measure,
    Row,
    change_between,
    join_small,
    missing_people,
    suggest,
)

SMALL, OTHER = Hidden.SMALL, Hidden.WITH_OTHERS


@pytest.mark.parametrize(
    ("shown", "tenants", "total", "missing"),
    [
        pytest.param(20, 200, 100, 0, id="exactly its share"),
        pytest.param(14, 200, 100, 0, id="seventy percent of it is enough"),
        pytest.param(13, 200, 100, 7, id="less is too few"),
        pytest.param(SMALL, 57, 100, 0, id="under five of five could be four"),
        pytest.param(SMALL, 80, 100, 4, id="under five of eight is too few"),
        pytest.param(SMALL, 40, 100, 0, id="of four nobody can say it"),
        pytest.param(OTHER, 500, 100, 0, id="a number hidden with others gets no verdict"),
        pytest.param(SMALL, 500, SMALL, 0, id="nor does one when hardly anybody took part"),
    ],
)
def test_a_group_is_short_when_it_is_surely_under_seventy_percent(
    shown: ShownCount, tenants: int, total: ShownCount, missing: int
) -> None:
    assert missing_people(shown, tenants, total, 1000) == missing


@pytest.mark.parametrize(
    ("grouping", "name", "counts", "kind"),
    [
        pytest.param(Grouping.COMPLEX, "De Kade", (5, 5, 5), ActionKind.LETTER, id="does not read"),
        pytest.param(
            Grouping.DISTRICT, "Haven", (40, SMALL, SMALL), ActionKind.POP_UP, id="reads, writes little"
        ),
        pytest.param(Grouping.AGE, "65+", (5, 5, 5), ActionKind.PAPER, id="old"),
        pytest.param(Grouping.AGE, "0-29", (5, 5, 5), ActionKind.OTHER_TIME, id="young"),
        pytest.param(Grouping.LANGUAGE, "Turks", (5, 5, 5), ActionKind.TRANSLATION, id="another language"),
        pytest.param(Grouping.COMPLEX, "De Kade", (20, 10, 10), None, id="its share"),
    ],
)
def test_what_can_be_done_suits_the_group(
    grouping: Grouping, name: str, counts: tuple[ShownCount, ...], kind: ActionKind | None
) -> None:
    totals: dict[Measure, ShownCount] = dict(zip(Measure, (100, 50, 50), strict=True))

    rows = [Row(name, 200, counts), Row("Kleine groepen samen", 200, counts, is_joined=True)]

    assert [row.kind for row in suggest(grouping, rows, totals, 1000)] == ([kind] if kind else [])


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30)))
def test_no_row_is_smaller_than_ten_unless_all_together_are(sizes: dict[str, int]) -> None:
    joined = join_small(sizes)

    assert all(name in joined for name, size in sizes.items() if size < SMALLEST_GROUP)
    together = sum(sizes[name] for name in joined)
    assert not joined or together >= SMALLEST_GROUP or joined == set(sizes)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        pytest.param((20, 200), (40, 250), Change.MORE, id="from 10 to 16 percent"),
        pytest.param((40, 200), (41, 400), Change.LESS, id="more people, a smaller share"),
        pytest.param((20, 200), (21, 210), Change.SAME, id="ten percent both times"),
        pytest.param((6, 200), (19, 200), Change.TOO_FEW, id="few people"),
        pytest.param((None, 200), (40, 250), Change.UNKNOWN, id="was not shown"),
        pytest.param((20, 200), (SMALL, 250), Change.UNKNOWN, id="is not shown"),
    ],
)
def test_a_change_is_told_only_of_enough_people(
    before: tuple[ShownCount | None, ShownCount | None],
    after: tuple[ShownCount | None, ShownCount | None],
    change: Change,
) -> None:
    assert change_between(before, after) is change
