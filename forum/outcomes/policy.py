"""Who may do what with recommendations and answers."""

from collections.abc import Collection

from forum.kernel.actor import Actor, Party, Role
from forum.panels.policy import runs_panel


def can_write_recommendation(actor: Actor, coordinator_id: int | None) -> bool:
    """Tell whether an actor may write and publish what a panel advised.

    Args:
        actor: a moderator or delegate, or who runs the panel.
        coordinator_id: of who runs the panel, if anybody.
    """
    return actor.acts_for_party(Role.MODERATOR, Role.DELEGATE) or runs_panel(actor, coordinator_id)


def can_withdraw_recommendation(actor: Actor, coordinator_id: int | None) -> bool:
    """Tell whether an actor may take back what a panel advised: who publishes it, but nobody of the landlord.

    Who has to answer cannot take the question away.
    """
    return can_write_recommendation(actor, coordinator_id) and actor.party is not Party.LANDLORD


def can_see_recommendations(actor: Actor, coordinator_ids: Collection[int | None]) -> bool:
    """Tell whether an actor may see what is being written about a topic; the ids are those of its panels."""
    return any(can_write_recommendation(actor, coordinator_id) for coordinator_id in (None, *coordinator_ids))


def can_answer_recommendation(actor: Actor) -> bool:
    """Tell whether an actor may answer for the landlord, and tell of the work."""
    return actor.acts_for_party(Role.MODERATOR, Role.DELEGATE) and actor.party is Party.LANDLORD


def can_close_topic(actor: Actor) -> bool:
    """Tell whether an actor may close a topic once all is answered."""
    return actor.acts_for_party(Role.MODERATOR, Role.DELEGATE)


def can_post_letters(actor: Actor) -> bool:
    """Tell whether an actor may print letters to tenants: they show where those live."""
    return actor.acts_for_party(Role.MODERATOR)
