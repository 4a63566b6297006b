"""End an invitation: because staff say why, or because the register says that somebody left."""

from datetime import datetime

from forum.audit import service as audit
from forum.invitations import emails, news, policy
from forum.invitations.channels import TOLD_REASONS, LetterKind, StepKind, WithdrawReason
from forum.invitations.errors import AnswerClosed
from forum.invitations.letters import queue_letters
from forum.invitations.log_queries import was_told
from forum.invitations.models import Invitation
from forum.invitations.reaching import reach_of_one, why_to_end
from forum.invitations.rules import SITTING, InvitationState
from forum.invitations.service import fill_free_seats
from forum.invitations.steps import add_step
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import lock
from forum.kernel.errors import Forbidden


def withdraw(invitation: Invitation, reason: WithdrawReason, actor: Actor, *, at: datetime) -> bool:
    """End an invitation, fill the seat, and tell the person when they had been told before.

    Returns whether somebody has to phone them: they know of it, and neither mail nor post reaches them.

    Raises:
        Forbidden: the actor does not invite people of this panel.
        AnswerClosed: the person holds no seat.
    """
    lock(invitation.panel)
    if not policy.can_enter_answers(actor, invitation.panel.coordinator_id):
        raise Forbidden(action="withdraw-invitation")
    if not invitation.holds_seat:
        raise AnswerClosed
    must_tell = reason in TOLD_REASONS and was_told(invitation)
    _end(invitation, reason, actor, at=at)
    return must_tell and not _tell(invitation, actor, at=at)


def end_for_cause(invitation: Invitation, *, at: datetime) -> None:
    """End an invitation when the register or a choice of the person says so; nobody is written to."""
    lock(invitation.panel)
    reason = why_to_end(invitation)
    if reason is not None and invitation.state in SITTING:
        _end(invitation, reason, SYSTEM, at=at)


def _end(invitation: Invitation, reason: WithdrawReason, actor: Actor, *, at: datetime) -> None:
    invitation.state, invitation.withdrawn_because = InvitationState.WITHDRAWN, reason
    add_step(invitation, StepKind.WITHDRAWN, actor, at=at)
    audit.record(actor, "invitation.withdrawn", invitation_id=invitation.id, reason=reason, at=at)
    fill_free_seats(invitation.panel, at=at)


def _tell(invitation: Invitation, actor: Actor, *, at: datetime) -> bool:
    """Tell the person by mail or letter, whichever reaches them; tell whether one does."""
    news.withdrawn(invitation, at=at)
    reach = reach_of_one(invitation.member)
    if reach.by_mail:
        emails.invitation_withdrawn(invitation, at=at)
    elif reach.by_post:
        queue_letters([invitation], LetterKind.WITHDRAWN, actor, at=at)
    return reach.by_mail or reach.by_post
