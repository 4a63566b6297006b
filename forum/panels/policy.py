"""Who may do what with panels."""

from forum.kernel.actor import Actor, Role
from forum.panels.rules import PanelState


def _acts_for_a_party(actor: Actor) -> bool:
    return actor.has_role(Role.MODERATOR, Role.DELEGATE) and actor.party is not None and not actor.suspended


def can_prepare_panel(actor: Actor) -> bool:
    """Tell whether an actor may make a panel, fix its list of candidates and run the selection."""
    return actor.is_system or (_acts_for_a_party(actor) and actor.has_role(Role.MODERATOR))


def can_see_selection(actor: Actor) -> bool:
    """Tell whether an actor may see who is proposed and why."""
    return actor.is_system or _acts_for_a_party(actor)


def can_judge_selection(actor: Actor, state: PanelState) -> bool:
    """Tell whether an actor may confirm the list for their party, or ask for a change."""
    return _acts_for_a_party(actor) and state is PanelState.PROPOSED
