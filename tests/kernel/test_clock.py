from datetime import UTC, date, datetime

import pytest

from forum.kernel.clock import first_moment, last_moment


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        pytest.param(
            date(2026, 1, 31),
            datetime(2026, 1, 30, 23, 0, tzinfo=UTC),
            datetime(2026, 1, 31, 22, 59, 59, tzinfo=UTC),
            id="winter",
        ),
        pytest.param(
            date(2026, 3, 29),
            datetime(2026, 3, 28, 23, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC),
            id="the clock goes forward: 23 hours",
        ),
        pytest.param(
            date(2026, 10, 25),
            datetime(2026, 10, 24, 22, 0, tzinfo=UTC),
            datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC),
            id="the clock goes back: 25 hours",
        ),
    ],
)
def test_a_day_lasts_from_midnight_to_midnight_in_amsterdam(
    day: date, first: datetime, last: datetime
) -> None:
    assert first_moment(day) == first
    assert last_moment(day) == last
