"""Who may do what with invitations."""

from forum.kernel.actor import Actor, Role


def can_see_answers(actor: Actor) -> bool:
    """Tell whether an actor may see who was invited and what they answered."""
    return actor.is_system or (actor.has_role(Role.MODERATOR, Role.DELEGATE) and actor.party is not None)


def can_enter_answer(actor: Actor, member_id: int) -> bool:
    """Tell whether an actor may answer an invitation: the person, or a moderator for them."""
    return actor.member_id == member_id or (actor.has_role(Role.MODERATOR) and not actor.suspended)
