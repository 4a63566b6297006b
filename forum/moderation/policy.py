"""Who may flag, decide, and judge an appeal."""

from forum.discussion.policy import can_flag_post, can_moderate_post
from forum.kernel.actor import Actor, Party, Role

__all__ = ["can_flag_post", "can_moderate_post"]


def can_see_queue(actor: Actor) -> bool:
    """Tell whether an actor may see what was flagged and decided."""
    return actor.has_role(Role.MODERATOR) and actor.party is not None


def can_agree_on_first_posts(actor: Actor) -> bool:
    """Tell whether an actor may say what their party wants of first posts: who acts for it."""
    return actor.acts_for_party(Role.DELEGATE)


def can_pause_author(author: Actor) -> bool:
    """Tell whether somebody can be paused: tenants only, for else one party could silence the other."""
    return author.is_tenant


def can_restore(actor: Actor, decided_by: Party, author_id: int) -> bool:
    """Tell whether an actor may take a decision of this party back; the other party does so on appeal."""
    return can_moderate_post(actor, author_id) and actor.party is decided_by


def can_appeal(actor: Actor, author_id: int) -> bool:
    """Tell whether an actor may object to a decision on a post of this author; paused or not."""
    return actor.member_id == author_id


def can_enter_appeal(actor: Actor, author_id: int) -> bool:
    """Tell whether an actor may enter the objection of somebody who phoned or wrote."""
    return can_moderate_post(actor, author_id)


def can_decide_appeal(actor: Actor, decided_by: Party, author_id: int) -> bool:
    """Tell whether an actor may judge an objection to a decision of this party: only the other party."""
    return can_moderate_post(actor, author_id) and actor.party is decided_by.other
