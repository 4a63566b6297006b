"""Days on which a term of the law does not end."""

from datetime import date

import pytest

from forum.kernel.holidays import easter_sunday, is_holiday


@pytest.mark.parametrize(
    ("year", "easter"),
    [
        (1981, "1981-04-19"),
        (2008, "2008-03-23"),
        (2026, "2026-04-05"),
        (2027, "2027-03-28"),
        (2038, "2038-04-25"),
        (2049, "2049-04-18"),
    ],
)
def test_easter_is_when_the_calendar_says(year: int, easter: str) -> None:
    assert easter_sunday(year) == date.fromisoformat(easter)


def test_the_holidays_of_a_year_are_those_of_the_act() -> None:
    found = [
        day
        for number in range(365)
        if is_holiday(day := date.fromordinal(date(2025, 1, 1).toordinal() + number))
    ]

    assert [f"{day:%m-%d}" for day in found] == (
        "01-01 04-18 04-21 04-26 05-05 05-29 06-09 12-25 12-26".split()
    ), "King's Day of 2025 is a Saturday: the 27th is a Sunday"
