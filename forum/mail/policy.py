"""Who may look after the mail that goes out."""

from forum.kernel.actor import Actor, Role


def can_see_mail(actor: Actor) -> bool:
    """Tell whether an actor may see which mail reached whom, and let mail go to an address again."""
    return actor.has_role(Role.ADMIN, Role.MODERATOR)
