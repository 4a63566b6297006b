"""Who rests after what panels asked of them."""

from datetime import UTC, datetime, timedelta

import pytest

from forum.panels.burden_rules import Burden, RestReason, RestRules, months_later, why_resting

AT = datetime(2026, 8, 31, 20, tzinfo=UTC)
RULES = RestRules(months_after_panel=6, invitations_most=4, hours_most=24)


@pytest.mark.parametrize(
    ("burden", "rules", "reason"),
    [
        pytest.param(Burden(), RULES, None, id="never asked"),
        pytest.param(
            Burden(sits_until=datetime(2026, 2, 28, 20, tzinfo=UTC)), RULES, None, id="six months ago"
        ),
        pytest.param(
            Burden(sits_until=datetime(2026, 3, 1, 20, tzinfo=UTC)),
            RULES,
            RestReason.RECENT_PANEL,
            id="a day less",
        ),
        pytest.param(
            Burden(sits_until=datetime(2026, 7, 31, 20, tzinfo=UTC)),
            RestRules(1, None, None),
            None,
            id="a month ago to the minute",
        ),
        pytest.param(
            Burden(sits_until=AT + timedelta(days=9)),
            RestRules(0, None, None),
            RestReason.RECENT_PANEL,
            id="sits now, rest of no months",
        ),
        pytest.param(
            Burden(sits_until=AT + timedelta(days=9)),
            RestRules(None, None, None),
            None,
            id="no limits at all",
        ),
        pytest.param(Burden(invitations=3), RULES, None, id="asked less than the limit"),
        pytest.param(Burden(invitations=4), RULES, RestReason.MANY_INVITATIONS, id="asked to the limit"),
        pytest.param(Burden(minutes=24 * 60 - 1), RULES, None, id="a minute less than the limit"),
        pytest.param(Burden(minutes=24 * 60), RULES, RestReason.MANY_HOURS, id="hours to the limit"),
    ],
)
def test_who_rests(burden: Burden, rules: RestRules, reason: RestReason | None) -> None:
    assert why_resting(burden, rules, AT) == reason


@pytest.mark.parametrize(
    ("months", "day"),
    [
        pytest.param(0, (2026, 8, 31), id="none"),
        pytest.param(1, (2026, 9, 30), id="a shorter month"),
        pytest.param(4, (2026, 12, 31), id="december"),
        pytest.param(18, (2028, 2, 29), id="a leap year"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(
    months: int, day: tuple[int, int, int]
) -> None:
    assert months_later(AT, months) == datetime(*day, 20, tzinfo=UTC)
