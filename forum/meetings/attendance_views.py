"""Pages for the day itself: the list of who is there, and the code at the door."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.accounts.rules import plain_code, shown_code
from forum.invitations.letter_queries import find_by_code
from forum.invitations.queries import find_by_token
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.mail.composing import address_of
from forum.meetings import attendance, policy, queries, service
from forum.meetings.forms import DoorForm, WalkInForm, read_list, read_ticks
from forum.meetings.views import ORGANISERS, PANEL_STAFF, organisers_meeting, staff_meeting
from forum.members.models import Member
from forum.members.queries import find_tenant, get_member
from forum.panels.models import Attendance, Meeting
from forum.texts.catalogue import one_or_many, say
from forum.web.access import by_token, current_actor, public, staff_only
from forum.web.qr import qr_code

attendance_pages = Blueprint("attendance", __name__)


@attendance_pages.get("/beheer/bijeenkomsten/<int:meeting_id>/aanwezigen")
@staff_only(*PANEL_STAFF)
def show_list(meeting_id: int) -> ResponseReturnValue:
    """Show who is expected and who is there."""
    return _list_page(staff_meeting(meeting_id), WalkInForm(formdata=None), [], status=200)


def _list_page(
    meeting: Meeting, form: WalkInForm, found: Sequence[Member], *, status: int
) -> ResponseReturnValue:
    rows = queries.list_attendance(meeting.id)
    expected = queries.list_expected(meeting.panel_id)
    may_run, at = policy.can_run_meeting(current_actor(), meeting.panel.coordinator_id), now()
    page = render_template(
        "meetings/attendance.html",
        meeting=meeting,
        panel=meeting.panel,
        people=_people(expected, rows),
        present=sum(row.is_present for row in rows),
        absent=sum(not row.is_present for row in rows),
        form=form,
        found=found,
        may_mark=may_run and attendance.is_open(meeting, at),
        may_close=may_run and attendance.is_open(meeting, at) and at >= meeting.starts_at,
        may_make_code=may_run and meeting.cancelled_at is None,
    )
    return page, status


def _people(
    expected: Sequence[Member], rows: Sequence[Attendance]
) -> Sequence[tuple[Member, Attendance | None]]:
    """Return everybody on the list, by name, with what is known of them."""
    known = {row.member_id: row for row in rows}
    others = [row.member for row in rows if row.member_id not in {member.id for member in expected}]
    everybody = sorted([*expected, *others], key=lambda member: (member.display_name, member.id))
    return [(member, known.get(member.id)) for member in everybody]


@attendance_pages.post("/beheer/bijeenkomsten/<int:meeting_id>/aanwezigen")
@staff_only(*ORGANISERS)
def keep_list(meeting_id: int) -> ResponseReturnValue:
    """Keep the boxes that were changed on the page."""
    with unit_of_work():
        meeting, at = organisers_meeting(meeting_id), now()
        for member_id, tick in read_list(request.form, at):
            attendance.mark(meeting, member_id, tick, current_actor(), at=at)
    flash(say("list-kept"))
    return redirect(url_for("attendance.show_list", meeting_id=meeting_id))


@attendance_pages.post("/beheer/bijeenkomsten/<int:meeting_id>/aanwezigen/vinkjes")
@staff_only(*ORGANISERS)
def keep_ticks(meeting_id: int) -> ResponseReturnValue:
    """Keep ticks that a device made, maybe a while ago and without a line; sent twice they are the same."""
    with unit_of_work():
        meeting, at = organisers_meeting(meeting_id), now()
        for member_id, tick in read_ticks(request.form):
            attendance.mark(meeting, member_id, tick, current_actor(), at=at)
    return "", 204


@attendance_pages.post("/beheer/bijeenkomsten/<int:meeting_id>/aanwezigen/erbij")
@staff_only(*ORGANISERS)
def add_walk_in(meeting_id: int) -> ResponseReturnValue:
    """Add a tenant who was not on the list: by number, or by name when there is only one of that name."""
    meeting, form = organisers_meeting(meeting_id), WalkInForm()
    if not form.validate():
        return _list_page(meeting, form, [], status=422)
    typed = form.who.data or ""
    tenant = find_tenant(typed)
    found = [tenant] if tenant else list(queries.list_tenants_named(typed))
    if len(found) != 1:
        if not found:
            form.who.errors = [say("walk-in-unknown")]
        return _list_page(meeting, form, found, status=200 if found else 422)
    member_id = found[0].id
    with unit_of_work():
        member = get_member(member_id)
        attendance.add_walk_in(queries.get_meeting(meeting_id), member, current_actor(), at=now())
        said = say("walk-in-kept", name=member.display_name)
    flash(said)
    return redirect(url_for("attendance.show_list", meeting_id=meeting_id))


@attendance_pages.post("/beheer/bijeenkomsten/<int:meeting_id>/aanwezigen/klaar")
@staff_only(*ORGANISERS)
def close_list(meeting_id: int) -> ResponseReturnValue:
    """Record that who has no tick was not there."""
    with unit_of_work():
        count = attendance.close_list(organisers_meeting(meeting_id), current_actor(), at=now())
    flash(say(f"list-closed-{one_or_many(count)}", count=count))
    return redirect(url_for("attendance.show_list", meeting_id=meeting_id))


@attendance_pages.get("/beheer/bijeenkomsten/<int:meeting_id>/aanwezigen/erbij")
@staff_only(*ORGANISERS)
def return_to_list(meeting_id: int) -> ResponseReturnValue:
    """Lead who opens the address of that form again back to the list."""
    return redirect(url_for("attendance.show_list", meeting_id=meeting_id))


@attendance_pages.get("/beheer/bijeenkomsten/<int:meeting_id>/deur")
@staff_only(*ORGANISERS)
def show_door_code(meeting_id: int) -> ResponseReturnValue:
    """Show the sheet for the door: a code for the camera and one to type."""
    meeting = organisers_meeting(meeting_id)
    address = address_of(url_for("attendance.show_door", code=meeting.door_code or "-"))
    return render_template(
        "meetings/door_code.html",
        meeting=meeting,
        panel=meeting.panel,
        code=shown_code(meeting.door_code or ""),
        picture=qr_code(address, say("door-code-title"), dot_px=6),
        address=address_of(url_for("attendance.ask_code")).partition("://")[2],
    )


@attendance_pages.post("/beheer/bijeenkomsten/<int:meeting_id>/deur")
@staff_only(*ORGANISERS)
def make_door_code(meeting_id: int) -> ResponseReturnValue:
    """Make the code for the door of a meeting."""
    with unit_of_work():
        service.make_door_code(organisers_meeting(meeting_id), current_actor(), at=now())
    return redirect(url_for("attendance.show_door_code", meeting_id=meeting_id))


@attendance_pages.get("/aanwezig")
@public
def ask_code() -> ResponseReturnValue:
    """Ask for the code that hangs at the door."""
    code = plain_code(request.args.get("code", ""))
    if code:
        return redirect(url_for("attendance.show_door", code=code))
    return render_template("meetings/ask_code.html")


@attendance_pages.get("/aanwezig/<code>")
@by_token
def show_door(code: str) -> ResponseReturnValue:
    """Show who scanned the code at the door how to say that they are there; opening it changes nothing."""
    return _door_page(attendance.open_door(code, at=now()), DoorForm(formdata=None), status=200)


def _door_page(meeting: Meeting, form: DoorForm, *, status: int) -> ResponseReturnValue:
    page = render_template("meetings/door.html", meeting=meeting, panel=meeting.panel, form=form)
    return page, status


@attendance_pages.post("/aanwezig/<code>")
@by_token
def enter_by_door(code: str) -> ResponseReturnValue:
    """Record that somebody is there: who is signed in, or who has the code of their invitation."""
    actor, form = current_actor(), DoorForm()
    meeting = attendance.open_door(code, at=now())
    member_id = actor.member_id
    if member_id is None:
        if not form.validate():
            return _door_page(meeting, form, status=422)
        member_id = _member_of_invitation(form, meeting)
    if member_id is None:
        form.invitation.errors = [say("door-invitation-unknown")]
        return _door_page(meeting, form, status=422)
    with unit_of_work():
        attendance.enter_by_door(code, member_id, at=now())
    return render_template("meetings/entered.html")


def _member_of_invitation(form: DoorForm, meeting: Meeting) -> int | None:
    """Return whose invitation to this panel a link is of, or the code of a letter with its postcode."""
    typed = (form.invitation.data or "").rstrip("/").rpartition("/")[2]
    invitation = find_by_token(typed) or find_by_code(typed, form.postcode.data or "")
    if invitation is None or invitation.panel_id != meeting.panel_id:
        return None
    return invitation.member_id
