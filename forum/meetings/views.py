"""Pages on which organisers plan the meetings of a panel, and the page of a meeting for everybody."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.panel_notes import PANEL_NOTES
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.meetings import attendance, policy, queries, service
from forum.meetings.forms import CancelForm, MeetingForm
from forum.meetings.rules import MinutesState, due_at, is_late
from forum.meetings.terms import due_days
from forum.meetings.thread_notes import late_meetings, panel_notes
from forum.panels.late_minutes import LATE_MINUTES
from forum.panels.models import Meeting, Panel
from forum.panels.queries import get_panel
from forum.panels.rules import PanelState
from forum.texts.catalogue import say
from forum.web.access import current_actor, readers, staff_only

meeting_pages = Blueprint("meetings", __name__)
PANEL_NOTES.register(panel_notes)
LATE_MINUTES.register(late_meetings)
ORGANISERS = (Role.MODERATOR, Role.COORDINATOR)
PANEL_STAFF = (*ORGANISERS, Role.DELEGATE)


def staff_meeting(meeting_id: int) -> Meeting:
    """Return a meeting of which the actor may see everything.

    Raises:
        NotFound: there is none, or a coordinator does not run its panel.
    """
    meeting = queries.get_meeting(meeting_id)
    if not policy.can_see_attendance(current_actor(), meeting.panel.coordinator_id):
        raise NotFound(meeting_id=meeting_id)
    return meeting


def organisers_meeting(meeting_id: int) -> Meeting:
    """Return a meeting of which the actor is an organiser.

    Raises:
        NotFound: there is none, or the actor is no organiser of its panel.
    """
    meeting = queries.get_meeting(meeting_id)
    if not policy.can_run_meeting(current_actor(), meeting.panel.coordinator_id):
        raise NotFound(meeting_id=meeting_id)
    return meeting


def back_to(meeting_id: int) -> ResponseReturnValue:
    """Send on to the page of a meeting for the staff."""
    return redirect(url_for("meetings.show_meeting", meeting_id=meeting_id))


def _staff_panel(panel_id: int) -> Panel:
    panel = get_panel(panel_id)
    if not policy.can_see_attendance(current_actor(), panel.coordinator_id):
        raise NotFound(panel_id=panel_id)
    return panel


@meeting_pages.get("/beheer/panels/<int:panel_id>/bijeenkomsten")
@staff_only(*PANEL_STAFF)
def list_meetings(panel_id: int) -> ResponseReturnValue:
    """Show the meetings of a panel to its staff."""
    panel = _staff_panel(panel_id)
    may_run = policy.can_run_meeting(current_actor(), panel.coordinator_id)
    return render_template(
        "meetings/list.html",
        panel=panel,
        states=queries.list_states([meeting.id for meeting in panel.meetings]),
        may_add=may_run and panel.state is PanelState.CONFIRMED,
    )


@meeting_pages.route("/beheer/panels/<int:panel_id>/bijeenkomsten/nieuw", methods=["GET", "POST"])
@staff_only(*ORGANISERS)
def add_meeting(panel_id: int) -> ResponseReturnValue:
    """Add a meeting to the series of a panel."""
    panel, form = _staff_panel(panel_id), MeetingForm()
    if not form.validate_on_submit():
        page = render_template("meetings/plan.html", form=form, panel=panel, meeting=None)
        return page, form.status
    with unit_of_work():
        meeting = service.add_meeting(get_panel(panel_id), form.to_plan(), current_actor(), at=now())
        meeting_id = meeting.id
    flash(say("meeting-added"))
    return back_to(meeting_id)


@meeting_pages.get("/beheer/bijeenkomsten/<int:meeting_id>")
@staff_only(*PANEL_STAFF)
def show_meeting(meeting_id: int) -> ResponseReturnValue:
    """Show the staff a meeting: its plan, agenda, documents, who was there, how far the minutes are."""
    meeting, at = staff_meeting(meeting_id), now()
    rows = queries.list_attendance(meeting.id)
    may_run = policy.can_run_meeting(current_actor(), meeting.panel.coordinator_id)
    return render_template(
        "meetings/meeting.html",
        meeting=meeting,
        panel=meeting.panel,
        agenda=queries.list_agenda(meeting.id),
        documents=queries.list_documents(meeting.id),
        expected=len(queries.list_expected(meeting.panel_id)),
        present=sum(row.is_present for row in rows),
        walk_ins=sum(row.is_present and row.is_walk_in for row in rows),
        minutes=queries.find_minutes(meeting.id),
        **_minutes_term(meeting, at),
        may={
            "run": may_run,
            "change": may_run and service.is_changeable(meeting, at),
            "mark": may_run and attendance.is_open(meeting, at),
            "write": may_run and _is_writable(meeting, at),
        },
    )


def _minutes_term(meeting: Meeting, at: datetime) -> dict[str, object]:
    """Return when the minutes should be with who was there, and whether that was before now."""
    days = due_days()
    return {"minutes_due": due_at(meeting.ends_at, days), "is_late": is_late(meeting.ends_at, days, at)}


def _is_writable(meeting: Meeting, at: datetime) -> bool:
    return meeting.cancelled_at is None and at >= meeting.starts_at


@meeting_pages.route("/beheer/bijeenkomsten/<int:meeting_id>/wijzigen", methods=["GET", "POST"])
@staff_only(*ORGANISERS)
def change_meeting(meeting_id: int) -> ResponseReturnValue:
    """Change when or where people meet."""
    meeting = organisers_meeting(meeting_id)
    form = MeetingForm.of(meeting)
    if not form.validate_on_submit():
        page = render_template("meetings/plan.html", form=form, panel=meeting.panel, meeting=meeting)
        return page, form.status
    with unit_of_work():
        service.change_meeting(queries.get_meeting(meeting_id), form.to_plan(), current_actor(), at=now())
    flash(say("meeting-changed"))
    return back_to(meeting_id)


@meeting_pages.route("/beheer/bijeenkomsten/<int:meeting_id>/afzeggen", methods=["GET", "POST"])
@staff_only(*ORGANISERS)
def cancel_meeting(meeting_id: int) -> ResponseReturnValue:
    """Cancel a meeting, with the reason that everybody reads."""
    meeting, form = organisers_meeting(meeting_id), CancelForm()
    if not form.validate_on_submit():
        page = render_template("meetings/cancel.html", form=form, panel=meeting.panel, meeting=meeting)
        return page, form.status
    with unit_of_work():
        meeting = queries.get_meeting(meeting_id)
        service.cancel_meeting(meeting, form.why.data or "", current_actor(), at=now())
    flash(say("meeting-cancelled"))
    return back_to(meeting_id)


@meeting_pages.get("/panels/<int:panel_id>/bijeenkomsten/<int:meeting_id>")
@readers
def show_public(panel_id: int, meeting_id: int) -> ResponseReturnValue:
    """Show everybody when and where a panel meets and what about; documents only to who may read them."""
    meeting, actor, at = queries.get_meeting_of(panel_id, meeting_id), current_actor(), now()
    may_read = policy.can_read_documents(
        actor, meeting.panel.coordinator_id, is_on_panel=is_on_panel(meeting, actor.member_id)
    )
    minutes = queries.find_minutes(meeting.id)
    may_read_minutes = minutes is not None and policy.can_read_minutes(
        actor,
        meeting.panel.coordinator_id,
        minutes.state,
        was_there=queries.was_there(meeting.id, actor.member_id),
    )
    return render_template(
        "meetings/public.html",
        meeting=meeting,
        panel=meeting.panel,
        agenda=queries.list_agenda(meeting.id),
        documents=queries.list_documents(meeting.id) if may_read else [],
        may_read_documents=may_read,
        may_read_minutes=may_read_minutes and minutes is not None and minutes.state is not MinutesState.DRAFT,
        is_locked=minutes is not None and minutes.state is MinutesState.LOCKED,
        is_concept=minutes is not None and minutes.state is MinutesState.CONCEPT,
        is_over=at > meeting.ends_at,
        **_minutes_term(meeting, at),
        may_see_all=policy.can_see_attendance(actor, meeting.panel.coordinator_id),
    )


def is_on_panel(meeting: Meeting, member_id: int | None) -> bool:
    """Tell whether a member said yes to the panel of a meeting, or was at the meeting."""
    if member_id is None:
        return False
    return queries.is_expected(meeting.panel_id, member_id) or queries.was_there(meeting.id, member_id)
