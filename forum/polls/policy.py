"""Who may do what with polls."""

from forum.kernel.actor import Actor, Role


def can_make_poll(actor: Actor) -> bool:
    """Tell whether an actor may make, change and close polls: a moderator of either party."""
    return actor.acts_for_party(Role.MODERATOR)


def can_answer_poll(actor: Actor) -> bool:
    """Tell whether an actor may answer a poll: tenants, as with the stance question."""
    return actor.is_tenant and not actor.suspended


def can_enter_ballot(actor: Actor) -> bool:
    """Tell whether an actor may enter what a tenant answered on paper, by phone or at a meeting."""
    return actor.has_role(Role.MODERATOR, Role.DELEGATE) and not actor.suspended
