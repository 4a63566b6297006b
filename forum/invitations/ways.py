"""Ask somebody again, or in another way: when staff choose so, or by itself when mail comes back."""

from datetime import datetime

from forum.audit import service as audit
from forum.invitations import emails, policy
from forum.invitations.channels import PAPER, Channel, LetterKind, StepKind, fallback
from forum.invitations.errors import AnswerClosed, WayClosed
from forum.invitations.letters import go_on_by, queue_letters
from forum.invitations.links import new_link
from forum.invitations.models import Invitation
from forum.invitations.reaching import reach_of_one, why_to_end
from forum.invitations.steps import add_step
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import lock
from forum.kernel.errors import Forbidden


def invite_again(invitation: Invitation, channel: Channel, actor: Actor, *, turn: int, at: datetime) -> None:
    """Send an invitation once more, by mail, letter or hand, or put somebody on the list to phone.

    Args:
        invitation: without an answer.
        channel: how.
        actor: who wants it.
        turn: how many steps and mails the page showed; the same form twice sends one mail.
        at: the moment.

    Raises:
        Forbidden: the actor does not invite people of this panel.
        AnswerClosed: this person is not asked any more.
        WayClosed: mail or post does not reach them.
    """
    lock(invitation.panel)
    if not policy.can_enter_answers(actor, invitation.panel.coordinator_id):
        raise Forbidden(action="invite-again")
    if not invitation.awaits_answer or why_to_end(invitation) is not None:
        raise AnswerClosed
    if not reach_of_one(invitation.member).has(channel):
        raise WayClosed
    if channel is Channel.EMAIL:
        invitation.channel = channel
        emails.invitation_resent(invitation, token=new_link(invitation, at=at), turn=turn, at=at)
        add_step(invitation, StepKind.RESENT, actor, at=at)
    elif invitation.channel is not channel:
        go_on_by(invitation, channel, actor, at=at)
    elif channel in PAPER:
        queue_letters([invitation], LetterKind.INVITED, actor, at=at)
    audit.record(actor, "invitation.sent_again", invitation_id=invitation.id, channel=channel, at=at)


def fall_back(invitation: Invitation, *, at: datetime) -> None:
    """Ask somebody whom mail does not reach by letter, or by telephone."""
    lock(invitation.panel)
    after = fallback(invitation.channel, reach_of_one(invitation.member))
    if invitation.awaits_answer and after is not invitation.channel:
        go_on_by(invitation, after, SYSTEM, at=at)
        audit.record(SYSTEM, "invitation.fell_back", invitation_id=invitation.id, channel=after, at=at)
