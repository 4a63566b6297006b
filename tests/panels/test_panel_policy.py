"""Who may take which step with a panel, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from forum.kernel.actor import SYSTEM, Actor, Party, Role
from forum.panels import policy
from forum.panels.rules import FillingMode, PanelState

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER, BEFORE = AT + timedelta(seconds=1), AT - timedelta(seconds=1)
TENANT = Actor(1, None, frozenset({Role.TENANT}))
MODERATOR = Actor(2, Party.TENANTS, frozenset({Role.MODERATOR}))
DELEGATE = Actor(3, Party.LANDLORD, frozenset({Role.DELEGATE}))
STATES = frozenset(PanelState)


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        pytest.param(MODERATOR, True, id="a moderator"),
        pytest.param(SYSTEM, True, id="the system"),
        pytest.param(DELEGATE, False, id="a delegate"),
        pytest.param(TENANT, False, id="a tenant"),
    ],
)
def test_only_who_prepares_panels_takes_the_steps_of_one(actor: Actor, may: bool) -> None:
    steps = [
        policy.can_change_plan(actor, PanelState.DRAFT),
        policy.can_commit_panel(actor, PanelState.DRAFT, None),
        policy.can_reveal_panel(actor, PanelState.COMMITTED),
        policy.can_renew_panel(actor, PanelState.INFEASIBLE, FillingMode.QUOTA_TOP),
        policy.can_resize_panel(actor, PanelState.CONFIRMED, FillingMode.TOP, members_until=LATER, at=AT),
        policy.can_mark_held(actor, PanelState.CONFIRMED, lives_on=False, ends_at=BEFORE, at=AT),
    ]

    assert steps == [may] * len(steps)


def test_each_step_belongs_to_one_state() -> None:
    may = {
        "plan": {state for state in STATES if policy.can_change_plan(MODERATOR, state)},
        "commit": {state for state in STATES if policy.can_commit_panel(MODERATOR, state, None)},
        "reveal": {state for state in STATES if policy.can_reveal_panel(MODERATOR, state)},
        "renew": {state for state in STATES if policy.can_renew_panel(MODERATOR, state, FillingMode.TOP)},
        "judge": {state for state in STATES if policy.can_judge_selection(DELEGATE, state)},
        "confirm": {state for state in STATES if policy.can_confirm_selection(DELEGATE, state, ())},
        "resize": {
            state
            for state in STATES
            if policy.can_resize_panel(MODERATOR, state, FillingMode.TOP, members_until=LATER, at=AT)
        },
        "held": {
            state
            for state in STATES
            if policy.can_mark_held(MODERATOR, state, lives_on=False, ends_at=AT, at=AT)
        },
    }

    assert may == {
        "plan": {PanelState.DRAFT},
        "commit": {PanelState.DRAFT},
        "reveal": {PanelState.COMMITTED},
        "renew": {PanelState.INFEASIBLE},
        "judge": {PanelState.PROPOSED},
        "confirm": {PanelState.PROPOSED},
        "resize": {PanelState.CONFIRMED},
        "held": {PanelState.CONFIRMED},
    }


def test_a_list_is_not_fixed_before_the_debate_is_over() -> None:
    assert not policy.can_commit_panel(MODERATOR, PanelState.DRAFT, LATER)


def test_a_party_confirms_a_list_once() -> None:
    signed_by = [{Party.TENANTS}, {Party.LANDLORD}]

    may = [policy.can_confirm_selection(DELEGATE, PanelState.PROPOSED, signed) for signed in signed_by]

    assert may == [True, False]


@pytest.mark.parametrize(
    ("mode", "may"),
    [
        pytest.param(FillingMode.TOP, True, id="on activity"),
        pytest.param(FillingMode.UNIFORM_LOTTERY, True, id="by lots"),
        pytest.param(FillingMode.EVERYONE, False, id="everybody"),
        pytest.param(FillingMode.APPLICATION, False, id="who applied"),
    ],
)
def test_only_a_panel_on_activity_is_made_anew_with_other_seats(mode: FillingMode, may: bool) -> None:
    assert policy.can_renew_panel(MODERATOR, PanelState.INFEASIBLE, mode) is may


@pytest.mark.parametrize(
    ("mode", "members_until", "may"),
    [
        pytest.param(FillingMode.TOP, LATER, True, id="before people stop coming in"),
        pytest.param(FillingMode.TOP, AT, False, id="at that moment"),
        pytest.param(FillingMode.EVERYONE, LATER, False, id="a panel for everybody has no seats to give"),
    ],
)
def test_a_panel_gets_other_seats_as_long_as_people_come_in(
    mode: FillingMode, members_until: datetime, may: bool
) -> None:
    state = PanelState.CONFIRMED

    assert policy.can_resize_panel(MODERATOR, state, mode, members_until=members_until, at=AT) is may


@pytest.mark.parametrize(
    ("lives_on", "ends_at", "may"),
    [
        pytest.param(False, AT, True, id="its meeting ended now"),
        pytest.param(False, LATER, False, id="its meeting goes on"),
        pytest.param(True, BEFORE, False, id="it goes on after the meeting"),
    ],
)
def test_a_panel_was_held_when_its_last_meeting_is_over(lives_on: bool, ends_at: datetime, may: bool) -> None:
    state = PanelState.CONFIRMED

    assert policy.can_mark_held(MODERATOR, state, lives_on=lives_on, ends_at=ends_at, at=AT) is may
