"""Pages to phone who has no answer yet: the list, one call with its script, and what came of it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.invitations import calling, service
from forum.invitations.channels import CallOutcome, Channel
from forum.invitations.letter_forms import CallForm
from forum.invitations.log_queries import calls_of
from forum.invitations.models import Invitation
from forum.invitations.queries import get_invitation, list_invitations
from forum.invitations.views import organisers_invitation, organisers_panel
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.panels.form_facts import how_often
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

calling_pages = Blueprint("calling", __name__, url_prefix="/beheer")


@calling_pages.get("/panels/<int:panel_id>/uitnodigingen/bellen")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def show_list(panel_id: int) -> ResponseReturnValue:
    """Show whom to phone, without numbers; who has no other way stands first."""
    return _list_page(organisers_panel(panel_id), with_phones=False)


@calling_pages.post("/panels/<int:panel_id>/uitnodigingen/bellen")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def show_phones(panel_id: int) -> ResponseReturnValue:
    """Show the list with all numbers; the logbook keeps who looked, so it is a POST."""
    panel = organisers_panel(panel_id)
    with unit_of_work():
        service.note_phones_seen(panel, current_actor(), at=now())
    return _list_page(get_panel(panel_id), with_phones=True)


def _list_page(panel: Panel, *, with_phones: bool) -> str:
    waiting = [row for row in list_invitations(panel) if row.awaits_answer]
    return render_template(
        "invitations/phone_list.html",
        panel=panel,
        rows=sorted(waiting, key=lambda row: (row.channel is not Channel.PHONE, row.id)),
        calls=calls_of(panel),
        with_phones=with_phones,
    )


@calling_pages.get("/uitnodigingen/<int:invitation_id>/bellen")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def prepare_call(invitation_id: int) -> ResponseReturnValue:
    """Show what to say to somebody, without their number."""
    return _call_page(organisers_invitation(invitation_id), CallForm(formdata=None), with_phone=False), 200


@calling_pages.post("/uitnodigingen/<int:invitation_id>/bellen")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def start_call(invitation_id: int) -> ResponseReturnValue:
    """Show the number and what to say; the logbook keeps who looked, so it is a POST."""
    organisers_invitation(invitation_id)
    with unit_of_work():
        calling.note_number_seen(get_invitation(invitation_id), current_actor(), at=now())
    return _call_page(get_invitation(invitation_id), CallForm(formdata=None), with_phone=True), 200


@calling_pages.post("/uitnodigingen/<int:invitation_id>/gebeld")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def record_call(invitation_id: int) -> ResponseReturnValue:
    """Record what came of a call, and go on with the next."""
    invitation, form = organisers_invitation(invitation_id), CallForm()
    panel_id = invitation.panel_id
    if not form.validate():
        return _call_page(invitation, form, with_phone=False), 422
    with unit_of_work():
        calling.record_call(
            get_invitation(invitation_id),
            CallOutcome(form.outcome.data),
            form.note.data or "",
            current_actor(),
            at=now(),
        )
    flash(say("call-kept"))
    return redirect(url_for("calling.show_list", panel_id=panel_id))


@calling_pages.get("/uitnodigingen/<int:invitation_id>/gebeld")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def return_to_call(invitation_id: int) -> ResponseReturnValue:
    """Lead who opens the address of the outcome back to the call."""
    return redirect(url_for("calling.prepare_call", invitation_id=invitation_id))


def _call_page(invitation: Invitation, form: CallForm, *, with_phone: bool) -> str:
    return render_template(
        "invitations/call.html",
        invitation=invitation,
        panel=invitation.panel,
        meeting=invitation.panel.next_meeting(now()),
        how_often=how_often(invitation.panel),
        why=say(f"letter-why-{invitation.panel.mode}"),
        call=calls_of(invitation.panel).get(invitation.id),
        form=form,
        with_phone=with_phone,
    )
