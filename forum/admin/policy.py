"""Who may change the forum itself."""

from forum.kernel.actor import Actor, Role


def can_change_site(actor: Actor) -> bool:
    """Tell whether an actor may change what the parties are called and how to reach them."""
    return actor.has_role(Role.ADMIN)
