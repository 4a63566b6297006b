"""What staff enter for a tenant who phoned, wrote or spoke: it counts as the tenant's, whoever typed it."""

from datetime import datetime

from forum.audit import service as audit
from forum.discussion import policy
from forum.discussion.adding_queries import lock_thread
from forum.discussion.errors import PostGone, ThreadNotOpen
from forum.discussion.models import Post, StanceAnswer, Thread
from forum.discussion.queries import get_post
from forum.discussion.reacting import record_stance
from forum.discussion.rules import Phase, PostState, Stance
from forum.discussion.service import Body, Placement, add_post, check_may_write
from forum.kernel.actor import Actor
from forum.kernel.database import lock
from forum.kernel.errors import Forbidden, NotFound
from forum.members.models import Member
from forum.members.queries import get_tenant


def enter_post(
    topic_id: int, body: Body, place: Placement, number: str, actor: Actor, *, at: datetime
) -> Post:
    """Add a post for a tenant who phoned, wrote or spoke; it counts as the tenant's.

    Raises:
        Forbidden: the actor is no moderator or delegate.
        ThreadNotOpen: nothing can be written in this phase.
        NotFound: there is no such thread, or the post or the sub-question is not of it.
        UnknownTenant: no active tenant has this number.
    """
    thread = lock_thread(topic_id)
    phase = check_may_write(thread, actor, at, reply_to=place.reply_to)
    is_below_minutes = phase is Phase.PANEL  # nothing else can be written then
    if not policy.can_enter_post(actor, phase, is_below_minutes=is_below_minutes):
        raise Forbidden(action="enter-post")
    tenant = get_tenant(number)
    post_id = add_post(thread, body, place, tenant.id, actor.member_id, at=at)
    audit.record(actor, "post.entered", post_id=post_id, member_id=tenant.id, source=place.source, at=at)
    return get_post(post_id)


def enter_stance(
    thread: Thread, stance: Stance, tenant: Member, actor: Actor, *, at: datetime
) -> StanceAnswer:
    """Record what a tenant answered on paper to the stance question; it counts like any other answer.

    Raises:
        ThreadNotOpen: the debate has not begun or is over.
        Forbidden: the actor is no moderator or delegate.
    """
    lock(thread)
    phase = check_may_write(thread, actor, at)
    if phase is not Phase.OPEN:
        raise ThreadNotOpen
    if not policy.can_enter_post(actor, phase, is_below_minutes=False):
        raise Forbidden(action="enter-stance")
    audit.record(actor, "stance.entered", topic_id=thread.topic_id, member_id=tenant.id, at=at)
    return record_stance(thread, stance, tenant.id, at)


def withdraw_entered_post(post: Post, actor: Actor, *, at: datetime) -> Post:
    """Withdraw a post that staff entered, for the tenant who wrote it and asks so. Twice changes nothing.

    Raises:
        NotFound: staff did not enter it, or the actor may enter none.
        PostGone: it was hidden.
    """
    lock(post)
    if post.entered_by_id is None or not policy.can_withdraw_entered_post(actor):
        raise NotFound(post_id=post.id)
    if post.state is PostState.DELETED:
        return post
    if post.state is not PostState.VISIBLE:
        raise PostGone(post_id=post.id)
    post.state = PostState.DELETED
    audit.record(actor, "post.withdrawn_for_tenant", post_id=post.id, member_id=post.author_id, at=at)
    return post
