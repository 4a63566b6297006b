"""Pages of the letters about answers: for whom, to print, and that they are in the post."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.outcomes import letters, queries
from forum.outcomes.forms import LettersForm
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.pdf import render_letter

answer_letter_pages = Blueprint("answer_letters", __name__, url_prefix="/beheer/adviezen/brieven")
LAST_ID = 2**31 - 1


@answer_letter_pages.get("")
@staff_only(Role.MODERATOR)
def show() -> ResponseReturnValue:
    """Show who must still hear by letter, without addresses."""
    return render_template(
        "outcomes/letters.html", letters=letters.list_letters(), count=queries.count_letters()
    )


@answer_letter_pages.post("")
@staff_only(Role.MODERATOR)
def print_letters() -> ResponseReturnValue:
    """Show the letters to print; the logbook keeps who looked, so it is a POST."""
    with unit_of_work():
        shown = letters.print_letters(current_actor(), at=now())
        page = render_letter("outcomes/letters_print.html", letters=shown, at=now())
    if not shown:
        flash(say("no-answer-letters"), "error")
        return redirect(url_for("answer_letters.show"))
    return page


@answer_letter_pages.get("/verstuurd")
@staff_only(Role.MODERATOR)
def return_to_letters() -> ResponseReturnValue:
    """Lead who opens the address of the form again back to the letters."""
    return redirect(url_for("answer_letters.show"))


@answer_letter_pages.post("/verstuurd")
@staff_only(Role.MODERATOR)
def mark_posted() -> ResponseReturnValue:
    """Record which letters are in the post."""
    form = LettersForm.from_request()
    ids = [number for number in form.letter.data or [] if 0 < number <= LAST_ID]
    with unit_of_work():
        posted = letters.mark_posted(ids, current_actor(), at=now())
    flash(say("answer-letters-posted", count=posted))
    return redirect(url_for("answer_letters.show"))
