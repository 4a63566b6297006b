"""Add to the log of an invitation what was done to reach somebody."""

from datetime import datetime

from forum.invitations.channels import StepKind
from forum.invitations.models import Invitation, InvitationLetter, InvitationStep
from forum.kernel.actor import Actor
from forum.kernel.database import db


def add_step(invitation: Invitation, kind: StepKind, actor: Actor, *, at: datetime, note: str = "") -> None:
    """Add a step that no letter is part of."""
    db.session.add(
        InvitationStep(invitation_id=invitation.id, kind=kind, note=note, at=at, by_id=actor.member_id)
    )


def add_letter_step(letter: InvitationLetter, kind: StepKind, actor: Actor, *, at: datetime) -> None:
    """Add a step of a letter."""
    db.session.add(
        InvitationStep(
            invitation_id=letter.invitation_id, letter_id=letter.id, kind=kind, at=at, by_id=actor.member_id
        )
    )
