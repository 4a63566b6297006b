"""Pages for who has no screen: the topic sheet to print, and the form for the slips that come back."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forum.accounts.rules import plain_code, shown_code
from forum.discussion.errors import ThreadNotOpen
from forum.discussion.fronts import period_of
from forum.discussion.models import Thread
from forum.discussion.poll_notes import POLL_NOTES
from forum.discussion.queries import get_thread, get_thread_row
from forum.discussion.rules import Stance, phase_of
from forum.discussion.service import Body
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.mail.composing import address_of
from forum.members.errors import UnknownTenant
from forum.members.queries import find_tenant_at
from forum.paper import queries, service
from forum.paper.errors import EmptySlip, NoConsent, UnknownName
from forum.paper.forms import NONE, FindSlipForm, SlipForm
from forum.paper.models import Slip
from forum.paper.service import SlipText
from forum.paper.sheet import sheet_of
from forum.texts.catalogue import say
from forum.texts.private_details import Detail, list_details
from forum.web.access import current_actor, members_only, readers, staff_only
from forum.web.downloads import shown_file
from forum.web.errors import in_words
from forum.web.pdf import make_pdf, render_letter
from forum.web.qr import qr_code
from forum.web.times import show_moment

paper_pages = Blueprint("paper", __name__)
ENTERING = (Role.MODERATOR, Role.DELEGATE)


@paper_pages.get("/onderwerpen/<int:topic_id>/blad")
@readers
def show_sheet(topic_id: int) -> ResponseReturnValue:
    """Show the sheet of a topic, to read or to print."""
    return _sheet(topic_id)


@paper_pages.get("/<int:topic_id>")
@readers
def find_by_code(topic_id: int) -> ResponseReturnValue:
    """Lead who typed the short code of a sheet to its thread."""
    return redirect(url_for("discussion.find_thread", topic_id=topic_id))


@paper_pages.get("/onderwerpen/<int:topic_id>/blad.pdf")
@members_only
def download_sheet(topic_id: int) -> ResponseReturnValue:
    """Send the sheet of a topic as PDF."""
    return shown_file(make_pdf(_sheet(topic_id)), "application/pdf", f"onderwerp-{topic_id}.pdf")


def _sheet(topic_id: int) -> str:
    thread = get_thread(topic_id)
    address = address_of(url_for("paper.find_by_code", topic_id=topic_id))
    return render_template(
        "paper/sheet.html",
        sheet=sheet_of(thread),
        phase=phase_of(period_of(thread), now()),
        introduction=Markup(thread.introduction_html),  # noqa: S704 - sanitised when it was written
        short_address=address.partition("://")[2],
        code=qr_code(address, say("sheet-code-title")),
        polls=[poll for poll in POLL_NOTES.list_notes(topic_id) if poll.is_open],
    )


@paper_pages.get("/onderwerpen/<int:topic_id>/strookjes")
@staff_only(*ENTERING)
def list_slips(topic_id: int) -> ResponseReturnValue:
    """Show the form for the next slip and the slips entered before; a receipt's code finds its slip."""
    finding, refusal = FindSlipForm(request.args), ""
    if finding.code.data:
        slip = queries.find_slip_by_code(topic_id, plain_code(finding.code.data))
        if slip is not None:
            return redirect(url_for("paper.show_slip", slip_id=slip.id))
        refusal = say("slip-unknown-code")
    return _slips_page(get_thread(topic_id), _empty_form(), finding, refusal)


@paper_pages.post("/onderwerpen/<int:topic_id>/strookjes")
@staff_only(*ENTERING)
def enter_slip(topic_id: int) -> ResponseReturnValue:
    """Place what stands on one slip, and go on with the next."""
    thread, form = get_thread(topic_id), SlipForm()
    form.question.choices = _questions(thread)
    if not form.validate():
        return _slips_page(thread, form, FindSlipForm(), ""), 422
    details = () if form.was_hinted.data else list_details(form.text.data or "")
    if details:
        return _slips_page(thread, form, FindSlipForm(), "", details), 422
    try:
        slip = _slip_text(form)
        with unit_of_work():
            made = service.enter_slip(get_thread_row(topic_id), slip, current_actor(), at=now())
            said = say("slip-kept", name=made.member.display_name, code=shown_code(made.code))
    except (EmptySlip, NoConsent, UnknownTenant, UnknownName, ThreadNotOpen) as refusal:
        return _slips_page(thread, form, FindSlipForm(), in_words(refusal)), 422
    flash(said)
    return redirect(url_for("paper.list_slips", topic_id=topic_id))


def _slip_text(form: SlipForm) -> SlipText:
    return SlipText(
        code=service.new_code(),
        number=form.number.data or _number_at_home(form),
        body=Body.of(form.text.data) if form.text.data else None,
        stance=Stance(form.stance.data) if form.stance.data else None,
        question_id=int(form.question.data) if form.question.data else None,
        has_consent=bool(form.consent.data),
        form_key=form.form_key.data or "",
    )


def _number_at_home(form: SlipForm) -> str:
    """Return the number of who wrote a name and an address on the slip; staff see no more than who it is.

    Raises:
        UnknownName: nobody, or more than one.
    """
    home = (form.name.data or "", form.postcode.data or "", form.house_number.data or "")
    tenant = find_tenant_at(*home)
    if tenant is None or tenant.number is None:
        raise UnknownName
    return tenant.number


def _questions(thread: Thread) -> Sequence[tuple[str, str]]:
    return [(NONE, say("slip-whole-topic")), *((str(row.id), row.text) for row in thread.questions)]


def _empty_form() -> SlipForm:
    return SlipForm(formdata=None, form_key=secrets.token_urlsafe(16))


def _slips_page(
    thread: Thread, form: SlipForm, finding: FindSlipForm, refusal: str, details: Sequence[Detail] = ()
) -> str:
    form.question.choices = _questions(thread)
    return render_template(
        "paper/slips.html",
        thread=thread,
        phase=phase_of(period_of(thread), now()),
        form=form,
        finding=finding,
        refusal=refusal,
        details=details,
        polls=[poll for poll in POLL_NOTES.list_notes(thread.topic_id) if poll.is_open],
        rows=[_row(slip) for slip in queries.list_latest_slips(thread.topic_id)],
    )


def _row(slip: Slip) -> Sequence[object]:
    return [
        {"text": shown_code(slip.code), "href": url_for("paper.show_slip", slip_id=slip.id)},
        slip.member.display_name,
        show_moment(slip.at),
        say("slip-receipt-by-mail" if slip.member.email else "slip-receipt-on-paper"),
    ]


@paper_pages.get("/onderwerpen/<int:topic_id>/strookjes/ontvangst")
@staff_only(*ENTERING)
def print_receipts(topic_id: int) -> ResponseReturnValue:
    """Show the receipts of the last slips of tenants without e-mail, each on a page of its own."""
    slips = [slip for slip in queries.list_latest_slips(topic_id) if not slip.member.email]
    return render_letter(
        "paper/receipts.html",
        thread=get_thread(topic_id),
        receipts=[(slip, shown_code(slip.code)) for slip in slips],
    )


@paper_pages.get("/strookjes/<int:slip_id>")
@staff_only(*ENTERING)
def show_slip(slip_id: int) -> ResponseReturnValue:
    """Show what was on a slip, its receipt, and how to take it back."""
    slip = queries.get_slip(slip_id)
    return render_template("paper/slip.html", slip=slip, code=shown_code(slip.code))


@paper_pages.post("/strookjes/<int:slip_id>/intrekken")
@staff_only(*ENTERING)
def withdraw_slip(slip_id: int) -> ResponseReturnValue:
    """Take the post of a slip from the forum because its tenant asks so."""
    with unit_of_work():
        service.withdraw_slip(queries.get_slip(slip_id), current_actor(), at=now())
    flash(say("slip-withdrawn"))
    return redirect(url_for("paper.show_slip", slip_id=slip_id))
