"""Who may do what in a discussion."""

from forum.discussion.rules import Phase, PostState
from forum.kernel.actor import Actor, Role

WRITING_PHASES = frozenset({Phase.OPEN, Phase.ANSWER})
"""Debate, and later the reactions to what came of it; only what is written before the freeze scores."""


def can_write_post(actor: Actor, phase: Phase) -> bool:
    """Tell whether an actor may write a post or a reply."""
    return actor.is_signed_in and not actor.suspended and phase in WRITING_PHASES


def can_reply(actor: Actor, phase: Phase, *, is_below_minutes: bool) -> bool:
    """Tell whether an actor may reply: as they may write, and to points of minutes while the panel is on."""
    is_about_panel = phase is Phase.PANEL and is_below_minutes
    may_write = actor.is_signed_in and not actor.suspended
    return can_write_post(actor, phase) or (may_write and is_about_panel)


def can_enter_post(actor: Actor, phase: Phase, *, is_below_minutes: bool) -> bool:
    """Tell whether an actor may enter a post or a reply for a tenant who phoned, wrote or spoke."""
    may_write = can_reply(actor, phase, is_below_minutes=is_below_minutes)
    return may_write and actor.has_role(Role.MODERATOR, Role.DELEGATE)


def can_withdraw_entered_post(actor: Actor) -> bool:
    """Tell whether an actor may withdraw, for a tenant who asks so, what staff entered for them."""
    return actor.has_role(Role.MODERATOR, Role.DELEGATE) and not actor.suspended


def can_react(actor: Actor, phase: Phase, author_id: int) -> bool:
    """Tell whether an actor may value a post or agree with it; nobody does so with their own."""
    return can_write_post(actor, phase) and actor.member_id != author_id


def can_change_post(actor: Actor, author_id: int) -> bool:
    """Tell whether an actor may edit or withdraw a post: its author only."""
    return actor.member_id == author_id and not actor.suspended


def can_flag_post(actor: Actor, author_id: int) -> bool:
    """Tell whether an actor may tell the moderators of a post: everybody else's, unless they are paused."""
    return actor.is_signed_in and not actor.suspended and actor.member_id != author_id


def can_moderate_post(actor: Actor, author_id: int) -> bool:
    """Tell whether an actor may decide on a post: a moderator of a party, never on their own."""
    return actor.acts_for_party(Role.MODERATOR) and actor.member_id != author_id


def can_see_picture(actor: Actor, state: PostState, author_id: int) -> bool:
    """Tell whether an actor may see a picture of a post: moderators may when the post is gone, too.

    An author sees those of a hidden post, to know what the decision is about.
    """
    if state is PostState.VISIBLE or actor.acts_for_party(Role.MODERATOR):
        return True
    return state is PostState.HIDDEN and actor.member_id == author_id


def can_give_stance(actor: Actor, phase: Phase) -> bool:
    """Tell whether an actor may answer the stance question: tenants, while the debate is open."""
    return actor.is_tenant and not actor.suspended and phase is Phase.OPEN


def can_follow(actor: Actor) -> bool:
    """Tell whether an actor may choose of what in a thread they hear; who is paused may too."""
    return actor.is_signed_in


def can_write_summary(actor: Actor) -> bool:
    """Tell whether an actor may write the summary of a thread: moderators and delegates, of either party."""
    return actor.acts_for_party(Role.MODERATOR, Role.DELEGATE)


def can_import_consultation(actor: Actor) -> bool:
    """Tell whether an actor may make a consultation that was held elsewhere part of a thread."""
    return actor.is_system or actor.has_role(Role.ADMIN)
