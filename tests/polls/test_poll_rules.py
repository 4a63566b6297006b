"""What a poll counts, and who sees the result."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.polls.rules import (
    PollKind,
    ResultState,
    borda_halves,
    count_choices,
    count_first_places,
    in_order,
    is_answer,
    is_open,
    result_state,
)
from tests.support.cast import T0

OPTIONS = 4
HOUR = timedelta(hours=1)
orders = st.permutations(range(1, OPTIONS + 1)).flatmap(
    lambda order: st.integers(1, OPTIONS).map(lambda length: tuple(order[:length]))
)
ballots = st.dictionaries(orders, st.integers(1, 50), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("given", "halves"),
    [
        pytest.param({(1, 2, 3, 4): 1}, [6, 4, 2, 0], id="all in order: 3, 2, 1 and 0 points"),
        pytest.param({(2,): 1}, [2, 6, 2, 2], id="one place: the others share 2, 1 and 0"),
        pytest.param({(3, 1): 2}, [8, 2, 12, 2], id="two places, twice: half a point each for the rest"),
        pytest.param({(4, 3, 2): 1}, [0, 2, 4, 6], id="the last place is left: nothing to share"),
        pytest.param({}, [0, 0, 0, 0], id="nobody"),
    ],
)
def test_borda_gives_points_by_place(given: Mapping[tuple[int, ...], int], halves: list[int]) -> None:
    assert borda_halves(given, OPTIONS) == halves


@given(ballots)
def test_every_ballot_gives_as_many_points(given: Mapping[tuple[int, ...], int]) -> None:
    assert sum(borda_halves(given, OPTIONS)) == sum(given.values()) * OPTIONS * (OPTIONS - 1)


@given(ballots, orders)
def test_a_better_place_gives_more_and_takes_from_others(
    given: Mapping[tuple[int, ...], int], order: tuple[int, ...]
) -> None:
    mine = order[-1]
    before = borda_halves({**given, order: given.get(order, 0) + 1}, OPTIONS)
    better = (mine, *order[:-1])

    after = borda_halves({**given, better: given.get(better, 0) + 1}, OPTIONS)

    assert after[mine - 1] >= before[mine - 1]
    assert all(after[other] <= before[other] for other in range(OPTIONS) if other != mine - 1)


@given(ballots, st.permutations(range(1, OPTIONS + 1)))
def test_other_names_for_the_options_change_no_points(
    given: Mapping[tuple[int, ...], int], names: list[int]
) -> None:
    renamed = {tuple(names[choice - 1] for choice in order): number for order, number in given.items()}

    counted, points = borda_halves(renamed, OPTIONS), borda_halves(given, OPTIONS)

    assert [counted[names[place] - 1] for place in range(OPTIONS)] == points


def test_choices_and_first_places_are_counted_per_option() -> None:
    given = {(1, 3): 2, (3,): 4, (2, 1): 1}

    assert count_choices(given, OPTIONS) == [3, 1, 6, 0]
    assert count_first_places(given, OPTIONS) == [2, 1, 4, 0]


@pytest.mark.parametrize(
    ("kind", "choices", "most", "is_one"),
    [
        pytest.param(PollKind.SINGLE, (2,), 1, True, id="one of one"),
        pytest.param(PollKind.SINGLE, (2, 3), 1, False, id="two where one may choose one"),
        pytest.param(PollKind.MULTIPLE, (1, 4), 2, True, id="two of two"),
        pytest.param(PollKind.MULTIPLE, (1, 2, 4), 2, False, id="three of two"),
        pytest.param(PollKind.MULTIPLE, (1, 1), 2, False, id="the same twice"),
        pytest.param(PollKind.RANKING, (4, 1, 2, 3), 1, True, id="all in order"),
        pytest.param(PollKind.RANKING, (4,), 1, True, id="only the best"),
        pytest.param(PollKind.RANKING, (), 1, False, id="nothing"),
        pytest.param(PollKind.SINGLE, (5,), 1, False, id="an option that is not there"),
        pytest.param(PollKind.SINGLE, (0,), 1, False, id="an option before the first"),
    ],
)
def test_an_answer_fits_its_poll(
    kind: PollKind, choices: tuple[int, ...], most: int, *, is_one: bool
) -> None:
    assert is_answer(kind, choices, options=OPTIONS, most=most) is is_one


def test_a_skipped_number_changes_no_order() -> None:
    assert in_order({1: 7, 2: 1, 4: 3}) == (2, 4, 1)


@pytest.mark.parametrize(
    ("takes_ballots", "after_closing", "has_voted", "number", "state"),
    [
        pytest.param(True, True, True, 99, ResultState.AFTER_CLOSING, id="open, also for who voted"),
        pytest.param(True, False, False, 99, ResultState.AFTER_VOTING, id="open, not voted yet"),
        pytest.param(True, False, True, 99, ResultState.SHOWN, id="open, voted"),
        pytest.param(True, False, True, 4, ResultState.TOO_FEW, id="open, voted, four of them"),
        pytest.param(False, True, False, 5, ResultState.SHOWN, id="over, five"),
        pytest.param(False, True, True, 4, ResultState.TOO_FEW, id="over, four"),
    ],
)
def test_who_sees_the_result(
    *, takes_ballots: bool, after_closing: bool, has_voted: bool, number: int, state: ResultState
) -> None:
    found = result_state(
        takes_ballots=takes_ballots, after_closing=after_closing, has_voted=has_voted, ballots=number
    )

    assert found is state


def test_a_poll_is_open_until_the_first_end_of_three() -> None:
    date = T0 + 9 * HOUR

    assert is_open(date, None, None, T0)
    assert not is_open(date, None, None, date)
    assert not is_open(date, T0 + HOUR, None, T0 + HOUR)
    assert not is_open(date, None, T0 + HOUR, T0 + 2 * HOUR)
