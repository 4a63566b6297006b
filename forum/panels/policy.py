"""Who may do what with panels."""

from forum.kernel.actor import Actor, Role
from forum.panels.rules import FillingMode, PanelState


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


def can_judge_selection(actor: Actor, state: PanelState) -> bool:
    """Tell whether an actor may confirm the list for their party, or ask for a change."""
    return actor.acts_for_party(Role.MODERATOR, Role.DELEGATE) and state is PanelState.PROPOSED


def can_change_forms(actor: Actor) -> bool:
    """Tell whether an actor may make, change and retire the forms that panels start from."""
    return actor.is_system or (actor.has_role(Role.ADMIN) and not actor.suspended)


def can_run_panel(actor: Actor, coordinator_id: int | None) -> bool:
    """Tell whether an actor may write down what a panel did: a moderator, or the coordinator who runs it."""
    return can_prepare_panel(actor) or runs_panel(actor, coordinator_id)


def can_resize_panel(actor: Actor, state: PanelState, mode: FillingMode) -> bool:
    """Tell whether an actor may give a panel other seats: confirmed, and not one for everybody."""
    return can_prepare_panel(actor) and state is PanelState.CONFIRMED and mode is not FillingMode.EVERYONE
