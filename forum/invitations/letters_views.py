"""Pages to make, print and post the letters of a panel, and to enter what came back."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.accounts.letter_codes import register_letter_code
from forum.accounts.rules import shown_code
from forum.invitations import letters
from forum.invitations.channels import Channel, PrintReason
from forum.invitations.letter_forms import FindLetterForm, PrintForm
from forum.invitations.letter_queries import (
    count_waiting,
    find_by_code,
    find_letter,
    get_batch,
    get_letter,
    list_batches,
    list_letters_in,
)
from forum.invitations.letters import PrintedLetter, is_wanted
from forum.invitations.links import new_link
from forum.invitations.models import InvitationLetter, LetterBatch
from forum.invitations.service import is_answerable
from forum.invitations.views import organisers_panel
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.mail.composing import address_of
from forum.panels.form_facts import how_often
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.texts.catalogue import one_or_many, say
from forum.web.access import current_actor, staff_only
from forum.web.pdf import download_letters, render_letter
from forum.web.qr import qr_code

invitation_letter_pages = Blueprint(
    "invitation_letters", __name__, url_prefix="/beheer/panels/<int:panel_id>/brieven"
)


@invitation_letter_pages.get("")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def show_letters(panel_id: int) -> ResponseReturnValue:
    """Show how many letters wait and the batches; a number or code on a letter leads to its invitation."""
    panel, finding = organisers_panel(panel_id), FindLetterForm(request.args)
    unknown = ""
    if finding.number.data:
        letter = find_letter(panel, finding.number.data)
        if letter is not None:
            return redirect(
                url_for("invitation_log.show_log", panel_id=panel_id, invitation_id=letter.invitation_id)
            )
        unknown = say("letter-unknown", number=finding.number.data)
    return render_template(
        "invitations/letters.html",
        panel=panel,
        waiting=count_waiting(panel),
        most=letters.BATCH_MOST,
        batches=list_batches(panel),
        finding=finding,
        unknown=unknown,
    )


@invitation_letter_pages.post("")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def make_batch(panel_id: int) -> ResponseReturnValue:
    """Take the letters that wait together to print them."""
    panel = organisers_panel(panel_id)
    with unit_of_work():
        batch_id = letters.make_batch(panel, current_actor(), at=now()).id
    return redirect(url_for("invitation_letters.show_batch", panel_id=panel_id, batch_id=batch_id))


@invitation_letter_pages.get("/<int:batch_id>")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def show_batch(panel_id: int, batch_id: int) -> ResponseReturnValue:
    """Show a batch: print it, print one letter anew, and say that the letters were posted."""
    panel = organisers_panel(panel_id)
    return _batch_page(panel, get_batch(panel_id, batch_id), PrintForm(formdata=None)), 200


def _batch_page(panel: Panel, batch: LetterBatch, form: PrintForm) -> str:
    rows = list_letters_in(batch)
    return render_template(
        "invitations/batch.html",
        panel=panel,
        batch=batch,
        rows=rows,
        form=form,
        stopped=[row for row in rows if row.state == "batched" and not is_wanted(row)],
    )


@invitation_letter_pages.post("/<int:batch_id>/afdrukken")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def print_batch(panel_id: int, batch_id: int) -> ResponseReturnValue:
    """Give the letters as one PDF, or as a page to print where no PDF can be made; the logbook keeps why."""
    panel, form, at = organisers_panel(panel_id), PrintForm(), now()
    batch = get_batch(panel_id, batch_id)
    is_valid = form.validate()
    if form.letter.data and form.letter.data not in {letter.id for letter in batch.letters}:
        form.letter.errors = [say("letter-not-in-batch")]
        is_valid = False
    if not is_valid:
        return _batch_page(panel, batch, form), 422
    with unit_of_work():
        batch = get_batch(panel_id, batch_id)
        printed = letters.print_letters(
            batch, form.letter.data, PrintReason(form.reason.data), current_actor(), at=at
        )
    page = render_letter(
        "letters/invitations.html",
        panel=get_panel(panel_id),
        batch=get_batch(panel_id, batch_id),
        printed=[_shown(row) for row in printed],
        meeting=panel.next_meeting(at),
        how_often=how_often,
        qr_code=qr_code,
        code_address=address_of(url_for("accounts.ask_code")),
        at=at,
    )
    return download_letters(page, f"brieven-{batch_id}.pdf")


def _shown(row: PrintedLetter) -> dict[str, Any]:
    invitation = row.letter.invitation
    member = invitation.member
    return {
        "letter": row.letter,
        "name": member.full_name,
        "home": row.home,
        "by_hand": invitation.channel is Channel.HAND,
        "respond_by": invitation.respond_by,
        "is_promoted": invitation.is_promoted,
        "address": address_of(url_for("invitations.show_invitation", token=row.token)),
        "shown_code": shown_code(row.code),
    }


@invitation_letter_pages.get("/<int:batch_id>/afdrukken")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def return_to_batch(panel_id: int, batch_id: int) -> ResponseReturnValue:
    """Lead who opens the address of the letters again back to their batch."""
    return redirect(url_for("invitation_letters.show_batch", panel_id=panel_id, batch_id=batch_id))


@invitation_letter_pages.post("/<int:batch_id>/verstuurd")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def confirm_posted(panel_id: int, batch_id: int) -> ResponseReturnValue:
    """Record that the letters are on their way, and say which of them must not be."""
    organisers_panel(panel_id)
    with unit_of_work():
        posted = letters.confirm_posted(get_batch(panel_id, batch_id), current_actor(), at=now())
    flash(say(f"letters-posted-{one_or_many(posted.sent)}", count=posted.sent))
    for key, numbers in (("letters-stopped", posted.dropped), ("letters-anew", posted.redone)):
        if numbers:
            flash(say(key, numbers=", ".join(str(number) for number in numbers)), "error")
    return redirect(url_for("invitation_letters.show_batch", panel_id=panel_id, batch_id=batch_id))


@invitation_letter_pages.post("/terug/<int:letter_id>")
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def record_return(panel_id: int, letter_id: int) -> ResponseReturnValue:
    """Record that a letter came back."""
    letter = _letter_of(organisers_panel(panel_id), letter_id)
    invitation_id = letter.invitation_id
    with unit_of_work():
        letters.record_return(get_letter(letter_id), current_actor(), at=now())
    flash(say("letter-came-back"))
    return redirect(url_for("invitation_log.show_log", panel_id=panel_id, invitation_id=invitation_id))


def _letter_of(panel: Panel, letter_id: int) -> InvitationLetter:
    letter = get_letter(letter_id)
    if letter.invitation.panel_id != panel.id:
        raise NotFound(letter_id=letter_id)
    return letter


def open_invitation(typed_code: str, typed_postcode: str, at: datetime) -> str | None:
    """Return the path of a new link to the invitation of a code, while there is something to answer."""
    invitation = find_by_code(typed_code, typed_postcode)
    if invitation is None or not is_answerable(invitation, at):
        return None
    return url_for("invitations.show_invitation", token=new_link(invitation, at=at))


register_letter_code(open_invitation)
