"""On which days the panels of the demo meet."""

from datetime import date, timedelta

import pytest

from forum.demo.meeting_days import is_day_off, meeting_day
from forum.demo.moments import COURSES, days_before
from forum.demo.panel_steps import GATHERINGS


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param("2026-12-11", "2026-12-11", id="a Friday like any other"),
        pytest.param("2026-11-07", "2026-11-09", id="a Saturday: the Monday after"),
        pytest.param("2026-12-26", "2026-12-28", id="second Christmas day"),
        pytest.param("2025-12-24", "2025-12-29", id="Christmas Eve, and a weekend behind Christmas"),
        pytest.param("2026-12-31", "2027-01-04", id="the last evening of the year"),
        pytest.param("2026-04-27", "2026-04-28", id="the birthday of the King"),
        pytest.param("2026-05-05", "2026-05-06", id="liberation"),
        pytest.param("2026-04-03", "2026-04-07", id="Good Friday to after Easter"),
        pytest.param("2026-05-14", "2026-05-15", id="Ascension Day"),
        pytest.param("2026-05-25", "2026-05-26", id="Whit Monday"),
    ],
)
def test_a_meeting_moves_to_the_next_day_on_which_people_meet(wanted: str, found: str) -> None:
    assert meeting_day(date.fromisoformat(wanted)) == date.fromisoformat(found)


def test_on_whatever_day_the_demo_is_made_its_panels_meet_in_their_order() -> None:
    held, *coming = GATHERINGS

    for number in range(4 * 365):
        today = date(2026, 1, 1) + timedelta(days=number)
        days = [meeting_day(days_before(today, panel.meets)) for panel in GATHERINGS]
        assert all(day.weekday() < 5 and not is_day_off(day) for day in days)
        assert days == sorted(days)
        answering = COURSES[held.topic].answering
        assert answering is not None
        last_day = meeting_day(days_before(today, held.meets_again or held.meets))
        assert days[0] < last_day < days_before(today, answering), "the answer to the panel comes after it"
        for panel, day in zip(coming, days[1:], strict=True):
            assert day > days_before(today, panel.respond_by) > today
