"""Pages to tell what one needs at a meeting, by link, signed in or for somebody, and the list for staff."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.invitations import needs, service
from forum.invitations.errors import AnswerClosed, LinkRefused
from forum.invitations.forms import NeedsForm
from forum.invitations.models import Invitation, MeetingNeeds
from forum.invitations.queries import get_invitation
from forum.invitations.rules import AnswerSource, Travel
from forum.invitations.terms import needs_kept_for
from forum.invitations.views import organisers_invitation, organisers_panel, own_invitation
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.texts.catalogue import say
from forum.web.access import by_token, current_actor, members_only, staff_only

needs_pages = Blueprint("needs", __name__)


@needs_pages.route("/uitnodiging/<token>/nodig", methods=["GET", "POST"])
@by_token
def tell_by_link(token: str) -> ResponseReturnValue:
    """Tell what one needs, by the secret link of the invitation."""
    invitation = service.open_by_token(token, at=now())
    if not needs.may_tell_needs(invitation, now()):
        raise LinkRefused
    back = url_for("invitations.show_invitation", token=token)
    return _tell(invitation, AnswerSource.LINK, back=back)


@needs_pages.route("/mijn/uitnodigingen/<int:invitation_id>/nodig", methods=["GET", "POST"])
@members_only
def tell_own(invitation_id: int) -> ResponseReturnValue:
    """Tell what one needs, signed in."""
    return _tell(own_invitation(invitation_id), AnswerSource.ACCOUNT, back=url_for("mine.overview"))


@needs_pages.route("/beheer/uitnodigingen/<int:invitation_id>/nodig", methods=["GET", "POST"])
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def tell_for_somebody(invitation_id: int) -> ResponseReturnValue:
    """Tell what somebody needs who phoned, wrote or said so."""
    invitation = organisers_invitation(invitation_id)
    back = url_for("invitations.show_answers", panel_id=invitation.panel_id)
    return _tell(invitation, AnswerSource.PHONE, back=back)


def _tell(invitation: Invitation, source: AnswerSource, *, back: str) -> ResponseReturnValue:
    """Show the form, or keep what it holds."""
    if not needs.may_tell_needs(invitation, now()):
        raise AnswerClosed
    form = NeedsForm.showing(needs.last_needs(invitation), is_named=invitation.is_named)
    if not form.validate_on_submit():
        page = render_template(
            "invitations/needs.html",
            form=form,
            invitation=invitation,
            meeting=needs.find_next_meeting(invitation.panel, now()),
            is_own=source is not AnswerSource.PHONE,
            kept_days=needs_kept_for().days,
            back=back,
        )
        return page, form.status
    with unit_of_work():
        needs.keep_needs(
            get_invitation(invitation.id),
            form.to_needs(),
            source,
            current_actor(),
            is_named=bool(form.is_named.data),
            at=now(),
        )
    flash(say("needs-kept"))
    return redirect(back)


@needs_pages.post("/beheer/panels/<int:panel_id>/nodig")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def show_list(panel_id: int) -> ResponseReturnValue:
    """Show what people need at the next meeting; the logbook keeps who looked, so it is a POST."""
    panel = organisers_panel(panel_id)
    meeting = needs.find_next_meeting(panel, now()) or panel.last_meeting
    with unit_of_work():
        rows = needs.look_at_needs(panel, meeting, current_actor(), at=now())
        lines = [(row.invitation.member.display_name, _words(row)) for row in rows]
    return render_template("invitations/needs_list.html", panel=panel, meeting=meeting, lines=lines)


def _words(row: MeetingNeeds) -> Sequence[str]:
    """Return what one person needs, in words."""
    said = [
        say("need-wheelchair") if row.wheelchair else "",
        say("need-hearing-loop") if row.hearing_loop else "",
        say("need-interpreter", language=row.interpreter) if row.interpreter else "",
        say("need-companion") if row.companion else "",
        say("need-lift") if row.travel is Travel.LIFT else "",
        row.other,
    ]
    return [text for text in said if text]


@needs_pages.get("/beheer/panels/<int:panel_id>/nodig")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def leave_list(panel_id: int) -> ResponseReturnValue:
    """Lead who opens the address of the list again back to the answers."""
    return redirect(url_for("invitations.show_answers", panel_id=panel_id))
