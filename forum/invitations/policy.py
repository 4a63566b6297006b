"""Who may do what with invitations. A coordinator may for the panel they run, and knows of no other."""

from forum.kernel.actor import Actor, Role
from forum.panels.policy import runs_panel


def can_see_answers(actor: Actor, coordinator_id: int | None) -> bool:
    """Tell whether an actor may see who was invited and what they answered.

    Args:
        actor: who asks.
        coordinator_id: of who runs the panel, if anybody.
    """
    if actor.is_system or runs_panel(actor, coordinator_id):
        return True
    return actor.has_role(Role.MODERATOR, Role.DELEGATE) and actor.party is not None


def can_enter_answers(actor: Actor, coordinator_id: int | None) -> bool:
    """Tell whether an actor may phone people and enter their answers: a moderator, or who runs the panel."""
    return runs_panel(actor, coordinator_id) or (actor.has_role(Role.MODERATOR) and not actor.suspended)


def can_wish_channel(actor: Actor, member_id: int) -> bool:
    """Tell whether an actor may record how somebody wants to be invited: the person, or staff they told."""
    is_staff = actor.has_role(Role.MODERATOR, Role.ADMIN) and not actor.suspended
    return actor.member_id == member_id or is_staff


def can_answer(actor: Actor, member_id: int, coordinator_id: int | None) -> bool:
    """Tell whether an actor may answer an invitation: the person, or somebody for them."""
    return actor.member_id == member_id or can_enter_answers(actor, coordinator_id)
