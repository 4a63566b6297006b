"""Who may do what with panels."""

from collections.abc import Collection
from datetime import datetime

from forum.kernel.actor import Actor, Party, Role
from forum.panels.rules import ACTIVITY_MODES, FillingMode, PanelState


def can_prepare_panel(actor: Actor) -> bool:
    """Tell whether an actor may make a panel, fix its list of candidates and run the selection."""
    return actor.is_system or actor.acts_for_party(Role.MODERATOR)


def can_see_selection(actor: Actor) -> bool:
    """Tell whether an actor may see who is proposed and why."""
    return actor.is_system or actor.acts_for_party(Role.MODERATOR, Role.DELEGATE)


def can_see_all_panels(actor: Actor) -> bool:
    """Tell whether an actor may see every panel; a coordinator knows of the one they run only."""
    return actor.has_role(Role.MODERATOR, Role.DELEGATE)


def runs_panel(actor: Actor, coordinator_id: int | None) -> bool:
    """Tell whether an actor is the coordinator of a panel."""
    is_able = actor.has_role(Role.COORDINATOR) and not actor.suspended
    return is_able and coordinator_id is not None and actor.member_id == coordinator_id


def can_change_plan(actor: Actor, state: PanelState) -> bool:
    """Tell whether an actor may change the plan, the quotas and who rests: until the list is fixed."""
    return can_prepare_panel(actor) and state is PanelState.DRAFT


def can_commit_panel(actor: Actor, state: PanelState, commit_from: datetime | None) -> bool:
    """Tell whether an actor may fix the list of candidates; `commit_from` is `None` when it can be now."""
    return can_change_plan(actor, state) and commit_from is None


def can_reveal_panel(actor: Actor, state: PanelState) -> bool:
    """Tell whether an actor may reveal the secret and choose, or try first: once the list is fixed."""
    return can_prepare_panel(actor) and state is PanelState.COMMITTED


def can_renew_panel(actor: Actor, state: PanelState, mode: FillingMode) -> bool:
    """Tell whether an actor may make a panel on activity anew that was not possible."""
    return can_prepare_panel(actor) and state is PanelState.INFEASIBLE and mode in ACTIVITY_MODES


def can_judge_selection(actor: Actor, state: PanelState) -> bool:
    """Tell whether an actor may confirm the list for their party, or ask for a change."""
    return actor.acts_for_party(Role.MODERATOR, Role.DELEGATE) and state is PanelState.PROPOSED


def can_confirm_selection(actor: Actor, state: PanelState, signed_by: Collection[Party]) -> bool:
    """Tell whether an actor may confirm the list for their party, which did not do so before."""
    return can_judge_selection(actor, state) and actor.party not in signed_by


def can_change_forms(actor: Actor) -> bool:
    """Tell whether an actor may make, change and retire the forms that panels start from."""
    return actor.is_system or (actor.has_role(Role.ADMIN) and not actor.suspended)


def can_run_panel(actor: Actor, coordinator_id: int | None) -> bool:
    """Tell whether an actor may write down what a panel did: a moderator, or the coordinator who runs it."""
    return can_prepare_panel(actor) or runs_panel(actor, coordinator_id)


def can_resize_panel(
    actor: Actor, state: PanelState, mode: FillingMode, *, members_until: datetime, at: datetime
) -> bool:
    """Tell whether an actor may give a panel other seats: confirmed, not over, and not one for everybody.

    Args:
        actor: any.
        state: of the panel.
        mode: how it is filled.
        members_until: until when people can come in or go.
        at: the moment.
    """
    is_open = state is PanelState.CONFIRMED and at < members_until
    return can_prepare_panel(actor) and is_open and mode is not FillingMode.EVERYONE


def can_mark_held(
    actor: Actor, state: PanelState, *, lives_on: bool, ends_at: datetime, at: datetime
) -> bool:
    """Tell whether an actor may say that a panel met: its last meeting ended, and it does not go on after.

    Args:
        actor: any.
        state: of the panel.
        lives_on: whether the panel goes on after its first meeting; then nobody marks it.
        ends_at: the end of its last meeting.
        at: the moment.
    """
    is_over = state is PanelState.CONFIRMED and not lives_on and at >= ends_at
    return can_prepare_panel(actor) and is_over
