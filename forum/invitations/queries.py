"""Reading invitations."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from forum.accounts.rules import token_hash
from forum.invitations.models import Invitation, InvitationLink
from forum.invitations.rules import InvitationState
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.panels.models import Panel
from forum.panels.rules import PanelState


def get_invitation(invitation_id: int) -> Invitation:
    """Return an invitation.

    Raises:
        NotFound: there is none with this number.
    """
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None:
        raise NotFound(invitation_id=invitation_id)
    return invitation


def find_by_token(token: str) -> Invitation | None:
    """Return the invitation a secret link stands for."""
    return db.session.scalar(
        select(Invitation)
        .join(InvitationLink, InvitationLink.invitation_id == Invitation.id)
        .where(InvitationLink.token_hash == token_hash(token))
    )


def list_invitations(panel: Panel) -> Sequence[Invitation]:
    """Return all invitations of a panel with their members, oldest first."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.panel_id == panel.id)
        .options(joinedload(Invitation.member))
        .order_by(Invitation.id)
    ).all()


def list_invitations_of(member_id: int) -> Sequence[Invitation]:
    """Return the invitations of a member with their panels, newest first."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.member_id == member_id)
        .options(joinedload(Invitation.panel).selectinload(Panel.meetings))
        .order_by(Invitation.id.desc())
        .limit(50)
    ).all()


def list_uninvited_panels() -> Sequence[int]:
    """Return the confirmed panels nobody was invited for yet."""
    return db.session.scalars(
        select(Panel.id).where(
            Panel.state == PanelState.CONFIRMED, ~exists().where(Invitation.panel_id == Panel.id)
        )
    ).all()


def list_expired(at: datetime, most: int) -> Sequence[int]:
    """Return invitations whose date has passed without an answer."""
    return db.session.scalars(
        select(Invitation.id)
        .where(Invitation.state == InvitationState.OPEN, Invitation.respond_by < at)
        .order_by(Invitation.id)
        .limit(most)
    ).all()


def list_unanswered(at: datetime, before: datetime, most: int) -> Sequence[int]:
    """Return invitations that were never reminded and must be answered between two moments."""
    return db.session.scalars(
        select(Invitation.id)
        .where(
            Invitation.state == InvitationState.OPEN,
            Invitation.reminded_at.is_(None),
            Invitation.respond_by > at,
            Invitation.respond_by <= before,
        )
        .order_by(Invitation.id)
        .limit(most)
    ).all()
