"""Secret links to an invitation."""

import secrets
from datetime import datetime

from forum.accounts.rules import token_hash
from forum.invitations.models import Invitation, InvitationLink
from forum.kernel.database import db


def new_link(invitation: Invitation, *, at: datetime) -> str:
    """Return the token of a new secret link (256 bits); links made before keep working."""
    token = secrets.token_urlsafe(32)
    db.session.add(InvitationLink(invitation_id=invitation.id, token_hash=token_hash(token), made_at=at))
    return token
