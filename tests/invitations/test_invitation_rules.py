"""What is true of invitations, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.invitations.rules import (
    ClaimWindow,
    InvitationState,
    answer_by,
    awaits_answer,
    free_seats,
    holds_seat,
    is_reminder_due,
)
from forum.kernel.clock import AMSTERDAM
from forum.panels.rules import PanelState

INVITED = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST_DATE = INVITED + timedelta(days=14)
MEETING = INVITED + timedelta(days=30)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WINDOW = ClaimWindow(days=5, hours_least=24, zone=AMSTERDAM)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        pytest.param(INVITED, FIRST_DATE, id="in time: the panel's own date"),
        pytest.param(FIRST_DATE - DAY, FIRST_DATE + 4 * DAY, id="a refill gets its claim window"),
        pytest.param(FIRST_DATE + DAY, FIRST_DATE + 6 * DAY, id="after the date as well"),
        pytest.param(MEETING - 4 * DAY, MEETING - 2 * DAY, id="near the meeting: half of what is left"),
        pytest.param(MEETING - 28 * HOUR, MEETING - 4 * HOUR, id="but a day at least"),
        pytest.param(MEETING - 4 * DAY + HOUR / 2, MEETING - 2 * DAY + HOUR, id="on a whole hour"),
        pytest.param(MEETING - 4 * DAY - 20 * HOUR, MEETING - 2 * DAY - 5 * HOUR, id="not at night: at nine"),
        pytest.param(MEETING - 32 * HOUR, MEETING - 5 * HOUR, id="so too with a day at least"),
        pytest.param(MEETING - HOUR, MEETING, id="never after the meeting begins"),
        pytest.param(MEETING, None, id="too late to invite"),
    ],
)
def test_until_when_somebody_may_answer(at: datetime, until: datetime | None) -> None:
    assert answer_by(FIRST_DATE, at, WINDOW, meeting_at=MEETING, closes_at=MEETING) == until


@pytest.mark.parametrize(
    ("at", "until"),
    [
        pytest.param(MEETING - 4 * DAY, MEETING - 2 * DAY, id="half of what is left, as anywhere"),
        pytest.param(MEETING - HOUR, MEETING + 23 * HOUR, id="past the meeting, for a day at least"),
        pytest.param(MEETING + 300 * DAY - HOUR, MEETING + 300 * DAY, id="never past the last day"),
        pytest.param(MEETING + 300 * DAY, None, id="over"),
    ],
)
def test_a_panel_that_goes_on_after_the_meeting_leaves_an_honest_chance(
    at: datetime, until: datetime | None
) -> None:
    closes_at = MEETING + 300 * DAY
    meeting_at = MEETING if at < MEETING else closes_at

    assert answer_by(FIRST_DATE, at, WINDOW, meeting_at=meeting_at, closes_at=closes_at) == until


def test_the_date_of_a_panel_is_never_after_a_meeting_that_was_moved_forward() -> None:
    sooner = FIRST_DATE - DAY

    until = answer_by(FIRST_DATE, INVITED, WINDOW, meeting_at=sooner, closes_at=MEETING + 300 * DAY)

    assert until == sooner


@given(st.integers(1, 60), st.integers(1, 168), st.integers(1, 60 * 24 * 90))
def test_a_claim_window_is_as_long_as_promised_and_ends_before_the_meeting(
    days: int, hours_least: int, minutes_left: int
) -> None:
    at = MEETING - timedelta(minutes=minutes_left)

    until = answer_by(
        at, at, ClaimWindow(days, hours_least, AMSTERDAM), meeting_at=MEETING, closes_at=MEETING
    )

    assert until is not None
    assert at < until <= MEETING
    assert until == MEETING or until - at >= hours_least * HOUR
    assert until - at <= max(days * DAY, hours_least * HOUR) + 10 * HOUR
    assert until == MEETING or until.astimezone(AMSTERDAM).hour >= 9


@pytest.mark.parametrize(
    ("at", "due"),
    [
        pytest.param(INVITED + DAY, False, id="long before the date"),
        pytest.param(FIRST_DATE - 3 * DAY, True, id="three days before"),
        pytest.param(FIRST_DATE - timedelta(seconds=1), True, id="just before"),
        pytest.param(FIRST_DATE, False, id="on the date"),
    ],
)
def test_a_reminder_goes_in_the_last_days(at: datetime, due: bool) -> None:
    assert is_reminder_due(INVITED, FIRST_DATE, at) is due


def test_nobody_is_reminded_on_the_day_of_the_invitation() -> None:
    late = FIRST_DATE - 2 * DAY

    assert is_reminder_due(late, FIRST_DATE, late + timedelta(hours=23)) is False
    assert is_reminder_due(late, FIRST_DATE, late + DAY) is True


def test_free_seats_are_those_nobody_holds() -> None:
    states = [
        InvitationState.ACCEPTED,
        InvitationState.OPEN,
        InvitationState.DECLINED,
        InvitationState.EXPIRED,
        InvitationState.WITHDRAWN,
    ]

    assert free_seats(4, states) == 2
    assert free_seats(1, states) == 0


@pytest.mark.parametrize(
    ("state", "panel_state", "awaits", "holds"),
    [
        pytest.param(InvitationState.OPEN, PanelState.CONFIRMED, True, True, id="asked"),
        pytest.param(InvitationState.ACCEPTED, PanelState.CONFIRMED, False, True, id="said yes"),
        pytest.param(InvitationState.DECLINED, PanelState.CONFIRMED, False, False, id="said no"),
        pytest.param(InvitationState.EXPIRED, PanelState.CONFIRMED, False, False, id="too late"),
        pytest.param(InvitationState.WITHDRAWN, PanelState.CONFIRMED, False, False, id="taken back"),
        pytest.param(InvitationState.OPEN, PanelState.HELD, False, False, id="asked, and it was"),
        pytest.param(InvitationState.ACCEPTED, PanelState.ENDED, False, False, id="said yes, and it ended"),
    ],
)
def test_who_is_asked_and_who_has_a_seat(
    state: InvitationState, panel_state: PanelState, awaits: bool, holds: bool
) -> None:
    assert (awaits_answer(state, panel_state), holds_seat(state, panel_state)) == (awaits, holds)
