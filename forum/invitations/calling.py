"""Phone who has no answer yet, and record what came of each call."""

from datetime import datetime

from forum.audit import service as audit
from forum.invitations import policy, service
from forum.invitations.channels import CallOutcome, StepKind
from forum.invitations.errors import AnswerClosed
from forum.invitations.models import Invitation
from forum.invitations.rules import AnswerSource, Rsvp
from forum.invitations.steps import add_step
from forum.kernel.actor import Actor
from forum.kernel.database import lock
from forum.kernel.errors import Forbidden

ANSWERS = {CallOutcome.ACCEPTED: Rsvp.ACCEPTED, CallOutcome.DECLINED: Rsvp.DECLINED}


def note_number_seen(invitation: Invitation, actor: Actor, *, at: datetime) -> None:
    """Record that somebody looked up a telephone number to call this person.

    Raises:
        Forbidden: the actor does not phone people of this panel.
    """
    _check_may(invitation, actor)
    audit.record(
        actor, "invitations.phones_seen", panel_id=invitation.panel_id, invitations=[invitation.id], at=at
    )


def record_call(
    invitation: Invitation, outcome: CallOutcome, note: str, actor: Actor, *, at: datetime
) -> None:
    """Record what came of a call; a yes or a no is the answer.

    Args:
        invitation: without an answer.
        outcome: what came of it.
        note: when to call again, in a few words.
        actor: who phoned.
        at: the moment.

    Raises:
        Forbidden: the actor does not phone people of this panel.
        AnswerClosed: somebody answered meanwhile, or it is too late.
    """
    lock(invitation.panel)
    _check_may(invitation, actor)
    if outcome in ANSWERS:
        service.answer(invitation, ANSWERS[outcome], AnswerSource.PHONE, actor, at=at)
        return
    if not invitation.awaits_answer:
        raise AnswerClosed
    kept = note if outcome is CallOutcome.CALL_BACK else ""
    add_step(invitation, StepKind(outcome), actor, at=at, note=kept)
    audit.record(actor, "invitation.called", invitation_id=invitation.id, outcome=outcome, at=at)


def _check_may(invitation: Invitation, actor: Actor) -> None:
    if not policy.can_enter_answers(actor, invitation.panel.coordinator_id):
        raise Forbidden(action="phone", panel_id=invitation.panel_id)
