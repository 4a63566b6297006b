"""Minutes on paper, a concept or locked: the letters to print, and that they are in the post."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.mail.composing import address_of
from forum.meetings import letters, queries
from forum.meetings.letters import PrintedLetter
from forum.meetings.minutes_page import Reader, shown_points
from forum.meetings.news import minutes_path
from forum.meetings.rules import MinutesState
from forum.meetings.views import ORGANISERS, organisers_meeting
from forum.texts.catalogue import one_or_many, say
from forum.web.access import current_actor, staff_only
from forum.web.pdf import download_letters, render_letter
from forum.web.qr import qr_code

minutes_letter_pages = Blueprint(
    "minutes_letters", __name__, url_prefix="/beheer/bijeenkomsten/<int:meeting_id>/verslag/brieven"
)


@minutes_letter_pages.post("")
@staff_only(*ORGANISERS)
def print_letters(meeting_id: int) -> ResponseReturnValue:
    """Give the letters that must still go as one PDF, or as a page to print where no PDF can be made."""
    organisers_meeting(meeting_id)
    at = now()
    with unit_of_work():
        printed = letters.print_letters(queries.get_minutes(meeting_id), current_actor(), at=at)
    minutes = queries.get_minutes(meeting_id)
    reader = Reader(member_id=None, is_insider=True)
    page = render_letter(
        "letters/minutes.html",
        meeting=minutes.meeting,
        panel=minutes.meeting.panel,
        minutes=minutes,
        is_concept=minutes.state is MinutesState.CONCEPT,
        points=shown_points(minutes, reader, queries.list_attendees(meeting_id)),
        printed=[_shown(row) for row in printed],
        address=address_of(minutes_path(minutes.meeting)),
        qr_code=qr_code,
        at=at,
    )
    return download_letters(page, f"brieven-verslag-{meeting_id}.pdf")


def _shown(row: PrintedLetter) -> dict[str, Any]:
    return {"number": row.letter.number, "name": row.member.full_name, "home": row.home}


@minutes_letter_pages.post("/verstuurd")
@staff_only(*ORGANISERS)
def mark_posted(meeting_id: int) -> ResponseReturnValue:
    """Record that the letters are in the post."""
    organisers_meeting(meeting_id)
    with unit_of_work():
        posted = letters.mark_posted(queries.get_minutes(meeting_id), current_actor(), at=now())
    flash(say(f"minutes-letters-posted-{one_or_many(posted)}", count=posted))
    return redirect(url_for("minutes.show_work", meeting_id=meeting_id))


@minutes_letter_pages.get("")
@minutes_letter_pages.get("/verstuurd")
@staff_only(*ORGANISERS)
def return_to_work(meeting_id: int) -> ResponseReturnValue:
    """Lead who opens the address of the letters again back to the minutes."""
    organisers_meeting(meeting_id)
    return redirect(url_for("minutes.show_work", meeting_id=meeting_id))
