"""What is true of panels, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kernel.actor import Party
from forum.panels.rules import (
    Area,
    FillingMode,
    ShowUp,
    age_band,
    committable_from,
    first_time_bounds,
    is_confirmed,
    needs_new_quotas,
    proposed_bounds,
)


@pytest.mark.parametrize(
    ("birth_year", "band"),
    [
        pytest.param(2026, "0-29", id="a child"),
        pytest.param(1997, "0-29", id="29 this year"),
        pytest.param(1996, "30-44", id="30 this year"),
        pytest.param(1982, "30-44", id="44"),
        pytest.param(1981, "45-64", id="45"),
        pytest.param(1962, "45-64", id="64"),
        pytest.param(1961, "65+", id="65"),
        pytest.param(1900, "65+", id="very old"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_age_bands(birth_year: int | None, band: str | None) -> None:
    assert age_band(birth_year, 2026) == band


@pytest.mark.parametrize(
    ("seats", "slack", "least"),
    [
        pytest.param(15, 0, 5, id="a third"),
        pytest.param(16, 0, 6, id="of a part of a seat a whole one"),
        pytest.param(15, 1, 4, id="less the slack"),
        pytest.param(2, 3, 0, id="never less than none"),
    ],
)
def test_a_third_of_the_seats_is_for_who_was_never_in_a_panel(seats: int, slack: int, least: int) -> None:
    assert first_time_bounds(seats, slack) == {"first": (least, seats)}


def test_the_share_that_came_is_in_whole_percents_rounded_down() -> None:
    assert ShowUp(expected=30, came=20).percent == 66
    assert ShowUp().percent == 0


def test_an_area_stands_in_a_form_by_what_it_is() -> None:
    assert [Area(complex_id=3).key, Area(district_id=2).key, Area().key] == ["complex:3", "district:2", ""]


def test_bounds_follow_the_register_with_one_seat_of_slack() -> None:
    bounds = proposed_bounds(15, {"Haven": 300, "Noord": 200, "Zuid": 90, "West": 10, "Oost": 0})

    assert bounds == {"Haven": (6, 9), "Noord": (4, 6), "Zuid": (1, 4), "West": (0, 2)}


@given(
    st.integers(1, 500),
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 100_000), min_size=1, max_size=12),
)
def test_proposed_bounds_can_always_be_met_in_number(seats: int, counts: dict[str, int]) -> None:
    bounds = proposed_bounds(seats, counts)

    assert sum(least for least, _ in bounds.values()) <= seats
    assert not bounds or sum(most for _, most in bounds.values()) >= seats
    assert all(0 <= least <= most <= seats for least, most in bounds.values())


@pytest.mark.parametrize(
    ("signed", "confirmed"),
    [([], False), ([Party.TENANTS], False), ([Party.LANDLORD], False), (list(Party), True)],
    ids=["nobody", "tenants", "landlord", "both"],
)
def test_a_list_is_confirmed_by_both(signed: list[Party], confirmed: bool) -> None:
    assert is_confirmed(frozenset(signed)) is confirmed


CLOSES = datetime(2026, 12, 19, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mode", "at", "from_when"),
    [
        pytest.param(FillingMode.TOP, CLOSES, CLOSES + timedelta(seconds=1), id="the last moment"),
        pytest.param(FillingMode.TOP, CLOSES + timedelta(seconds=1), None, id="the debate is over"),
        pytest.param(FillingMode.EVERYONE, CLOSES, None, id="everybody needs no scores"),
    ],
)
def test_a_list_is_fixed_after_the_debate(
    mode: FillingMode, at: datetime, from_when: datetime | None
) -> None:
    assert committable_from(mode, CLOSES, at) == from_when


@pytest.mark.parametrize(
    ("seats", "before", "after", "anew"),
    [
        pytest.param((4, 4), {"age"}, {"age"}, False, id="nothing changed"),
        pytest.param((4, 6), {"age"}, {"age"}, True, id="other seats for the same mix"),
        pytest.param((4, 6), set(), set(), False, id="other seats without a mix"),
        pytest.param((4, 4), {"age"}, {"age", "district"}, True, id="a mix in more"),
        pytest.param((4, 4), {"age"}, {"district"}, True, id="another mix"),
        pytest.param((4, 4), {"age"}, set(), True, id="no mix any more: the quotas go"),
        pytest.param((4, 4), set(), {"age"}, True, id="a mix from now on"),
    ],
)
def test_quotas_are_proposed_anew_when_they_do_not_fit_the_plan(
    seats: tuple[int, int], before: set[str], after: set[str], anew: bool
) -> None:
    assert needs_new_quotas(seats, (before, after)) is anew
