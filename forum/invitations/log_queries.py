"""Reading what was done to reach somebody: mails, letters, calls and answers, in their order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.invitations.channels import CALLED_IN_VAIN, LetterKind, LetterState, StepKind
from forum.invitations.emails import key_of
from forum.invitations.models import Invitation, InvitationLetter, InvitationStep
from forum.invitations.rules import InvitationState
from forum.kernel.database import db
from forum.mail.models import OutboxMessage, OutboxState
from forum.panels.models import Panel

ARRIVED = frozenset({OutboxState.SENT, OutboxState.SENDING, OutboxState.UNSURE})
"""States of a mail that its reader may have."""


def list_steps(invitation: Invitation) -> Sequence[InvitationStep]:
    """Return what was done for an invitation, oldest first, with who did it."""
    return db.session.scalars(
        select(InvitationStep)
        .where(InvitationStep.invitation_id == invitation.id)
        .options(joinedload(InvitationStep.by))
        .order_by(InvitationStep.at, InvitationStep.id)
    ).all()


def list_mails(invitation: Invitation) -> Sequence[OutboxMessage]:
    """Return the mails of an invitation, oldest first."""
    mails = db.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.member_id == invitation.member_id, OutboxMessage.template.startswith("invitations/")
        )
        .order_by(OutboxMessage.id)
    )
    return [mail for mail in mails if mail.key.startswith(key_of(invitation.id))]


def list_letters(invitation: Invitation) -> Sequence[InvitationLetter]:
    """Return the letters of an invitation, oldest first."""
    return db.session.scalars(
        select(InvitationLetter)
        .where(InvitationLetter.invitation_id == invitation.id)
        .order_by(InvitationLetter.id)
    ).all()


def was_told(invitation: Invitation) -> bool:
    """Tell whether somebody knows that they are invited, as far as the forum can tell."""
    if invitation.state is InvitationState.ACCEPTED:
        return True
    if any(mail.state in ARRIVED for mail in list_mails(invitation)):
        return True
    if any(row.state is LetterState.POSTED for row in list_letters(invitation)):
        return True
    return any(step.kind is StepKind.CALL_BACK for step in list_steps(invitation))


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls to one person so far: how many came to nothing, and what came of the last."""

    attempts: int
    last: StepKind
    last_at: datetime
    note: str


def calls_of(panel: Panel) -> Mapping[int, Calls]:
    """Return the calls of a panel that came to nothing, by invitation."""
    steps = db.session.scalars(
        select(InvitationStep)
        .join(Invitation, Invitation.id == InvitationStep.invitation_id)
        .where(Invitation.panel_id == panel.id, InvitationStep.kind.in_(CALLED_IN_VAIN))
        .order_by(InvitationStep.at, InvitationStep.id)
    ).all()
    attempts = Counter(step.invitation_id for step in steps)
    return {
        step.invitation_id: Calls(attempts[step.invitation_id], step.kind, step.at, step.note)
        for step in steps
    }


def letter_states_of(panel: Panel) -> Mapping[int, LetterState]:
    """Return how far the last letter that invites is, by invitation."""
    rows = db.session.execute(
        select(InvitationLetter.invitation_id, InvitationLetter.state)
        .join(Invitation, Invitation.id == InvitationLetter.invitation_id)
        .where(Invitation.panel_id == panel.id, InvitationLetter.kind == LetterKind.INVITED)
        .order_by(InvitationLetter.id)
    )
    return {invitation_id: state for invitation_id, state in rows}
