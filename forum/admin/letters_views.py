"""Letters with a code: for whom, and to print."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.accounts.letter_queries import LETTERS_MOST, list_receivers, page_of_letters
from forum.accounts.rules import LETTER_CODE_LENGTH, LetterList, shown_code
from forum.accounts.service import make_letter_code
from forum.admin.forms import LettersForm
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.pdf import render_letter

letter_pages = Blueprint("letters", __name__, url_prefix="/beheer/brieven")

LAST_ID = 2**31 - 1


@letter_pages.get("")
@staff_only(Role.ADMIN)
def show() -> ResponseReturnValue:
    """Show the tenants without a password, a part at a time."""
    asked = request.args.get("wie", LetterList.NEW)
    which = LetterList(asked) if asked in set(LetterList) else LetterList.NEW
    after_id = request.args.get("na", 0, type=int)
    rows, next_id = page_of_letters(which, after_id=min(max(after_id, 0), LAST_ID), at=now())
    return render_template(
        "admin/letters.html",
        form=LettersForm(formdata=None),
        rows=rows,
        which=which,
        lists=list(LetterList),
        next_id=next_id,
        most=LETTERS_MOST,
    )


@letter_pages.post("")
@staff_only(Role.ADMIN)
def print_letters() -> ResponseReturnValue:
    """Make codes for the tenants who were chosen, and show their letters, once."""
    form, at = LettersForm.from_request(), now()
    with unit_of_work():
        receivers = list_receivers([number for number in form.member.data or [] if 0 < number <= LAST_ID])
        letters = [
            (member, shown_code(make_letter_code(member, current_actor(), at=at))) for member in receivers
        ]
        page = render_letter(
            "letters/activation.html",
            letters=letters,
            window=form.window.data,
            at=at,
            until=at + LETTER_CODE_LENGTH,
        )
    if not letters:
        flash(say("letters-nobody"), "error")
        return redirect(url_for("letters.show"))
    return page
