"""Telling people whom no mail reaches that a meeting changed: staff phone them, and say so here."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from forum.invitations import meeting_changes
from forum.invitations.views import organisers_invitation
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

changes_pages = Blueprint("changes", __name__)


@changes_pages.post("/beheer/uitnodigingen/<int:invitation_id>/verteld")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def note_phoned(invitation_id: int) -> ResponseReturnValue:
    """Record that somebody was told how the meetings stand now."""
    with unit_of_work():
        invitation = organisers_invitation(invitation_id)
        meeting_changes.note_phoned(invitation, current_actor(), at=now())
        panel_id = invitation.panel_id
    flash(say("change-told"))
    return redirect(url_for("invitations.show_answers", panel_id=panel_id))
