"""Who may see whose voice is missing, and note what was done about it."""

from forum.kernel.actor import Actor, Role


def can_see_voices(actor: Actor) -> bool:
    """Tell whether an actor may see who takes part, in groups: moderators and delegates of either party."""
    return actor.acts_for_party(Role.MODERATOR, Role.DELEGATE)
