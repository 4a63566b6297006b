"""Who may change members."""

from forum.kernel.actor import Actor, Role


def can_give_roles(actor: Actor) -> bool:
    """Tell whether an actor may give and take roles."""
    return actor.is_system or actor.has_role(Role.ADMIN)


def can_import_register(actor: Actor) -> bool:
    """Tell whether an actor may import the tenant register."""
    return actor.is_system or actor.has_role(Role.ADMIN)
