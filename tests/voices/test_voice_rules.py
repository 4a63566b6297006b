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
    share_pct,
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


@pytest.mark.parametrize(
    ("sizes", "joined"),
    [
        pytest.param({"a": 10, "b": 30}, "", id="none is small"),
        pytest.param({"a": 3, "b": 8, "c": 30}, "ab", id="two that are large enough together"),
        pytest.param({"a": 3, "b": 12, "c": 30}, "ab", id="a small one needs the smallest of the others"),
        pytest.param({"a": 2, "b": 8, "c": 10, "d": 30}, "ab", id="ten together is enough"),
        pytest.param({"b": 12, "a": 12, "c": 1}, "ca", id="of equals the first by name"),
        pytest.param({"a": 3, "b": 4}, "ab", id="all, when together they are no more"),
    ],
)
def test_small_groups_join_no_more_others_than_they_need(sizes: dict[str, int], joined: str) -> None:
    assert join_small(sizes) == set(joined)


@pytest.mark.parametrize(
    ("count", "total", "percent"),
    [
        pytest.param(0, 8, 0, id="nobody"),
        pytest.param(1, 8, 13, id="a half goes up"),
        pytest.param(1, 3, 33, id="less than a half goes down"),
        pytest.param(8, 8, 100, id="everybody"),
        pytest.param(0, 0, None, id="a share of nothing"),
        pytest.param(SMALL, 8, None, id="hidden"),
        pytest.param(5, OTHER, None, id="of a hidden total"),
    ],
)
def test_a_share_is_rounded_to_whole_percents(
    count: ShownCount, total: ShownCount, percent: int | None
) -> None:
    assert share_pct(count, total) == percent


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
        pytest.param((20, 200), (22, 200), Change.MORE, id="one percent more"),
        pytest.param((22, 200), (20, 200), Change.LESS, id="one percent less"),
        pytest.param((6, 200), (20, 200), Change.MORE, id="just enough people"),
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
