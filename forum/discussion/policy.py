"""Who may do what in a discussion."""

from forum.discussion.rules import Phase
from forum.kernel.actor import Actor, Role

WRITING_PHASES = frozenset({Phase.OPEN, Phase.ANSWER})
"""Debate, and later the reactions to what came of it; only what is written before the freeze scores."""


def can_write_post(actor: Actor, phase: Phase) -> bool:
    """Tell whether an actor may write a post or a reply."""
    return actor.is_signed_in and not actor.suspended and phase in WRITING_PHASES


def can_enter_post(actor: Actor, phase: Phase) -> bool:
    """Tell whether an actor may enter a post for a tenant who phoned, wrote or spoke."""
    return can_write_post(actor, phase) and actor.has_role(Role.MODERATOR, Role.DELEGATE)


def can_react(actor: Actor, phase: Phase, author_id: int) -> bool:
    """Tell whether an actor may value a post or agree with it; nobody does so with their own."""
    return can_write_post(actor, phase) and actor.member_id != author_id


def can_change_post(actor: Actor, author_id: int) -> bool:
    """Tell whether an actor may edit or withdraw a post: its author only."""
    return actor.member_id == author_id and not actor.suspended


def can_give_stance(actor: Actor, phase: Phase) -> bool:
    """Tell whether an actor may answer the stance question: tenants, while the debate is open."""
    return actor.is_tenant and not actor.suspended and phase is Phase.OPEN


def can_import_consultation(actor: Actor) -> bool:
    """Tell whether an actor may make a consultation that was held elsewhere part of a thread."""
    return actor.is_system or actor.has_role(Role.ADMIN)
