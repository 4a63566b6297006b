"""Pages for what a meeting needs on paper: its agenda and its documents."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.meetings import policy, queries, service
from forum.meetings.errors import AgendaChanged, TooManyDocuments
from forum.meetings.jobs import FOLDER
from forum.meetings.models import MeetingDocument
from forum.meetings.point_forms import Fault, TypedRow, read_agenda, standing_agenda, typed_rows
from forum.meetings.views import (
    ORGANISERS,
    PANEL_STAFF,
    back_to,
    is_on_panel,
    organisers_meeting,
    staff_meeting,
)
from forum.panels.models import Meeting
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, staff_only
from forum.web.documents import ACCEPTED, DocumentForm, DocumentRefused, send_document

meeting_papers = Blueprint("meeting_papers", __name__)


@meeting_papers.get("/beheer/bijeenkomsten/<int:meeting_id>/agenda")
@staff_only(*ORGANISERS)
def show_agenda(meeting_id: int) -> ResponseReturnValue:
    """Show the agenda of a meeting, to change it."""
    meeting = organisers_meeting(meeting_id)
    return _agenda_page(meeting, standing_agenda(queries.list_agenda(meeting_id)), [], status=200)


@meeting_papers.post("/beheer/bijeenkomsten/<int:meeting_id>/agenda")
@staff_only(*ORGANISERS)
def set_agenda(meeting_id: int) -> ResponseReturnValue:
    """Keep the agenda of a meeting as it was typed."""
    meeting, typed = organisers_meeting(meeting_id), typed_rows(request.form)
    rows, faults = read_agenda(typed)
    if faults:
        return _agenda_page(meeting, typed, faults, status=422, shown=request.form.get("shown"))
    try:
        with unit_of_work():
            meeting, shown = queries.get_meeting(meeting_id), request.form.get("shown", "")
            service.set_agenda(meeting, rows, shown, current_actor(), at=now())
    except AgendaChanged as refusal:
        fault = Fault("title-0", say(refusal.code))
        return _agenda_page(organisers_meeting(meeting_id), typed, [fault], status=409)
    flash(say("agenda-kept"))
    return back_to(meeting_id)


def _agenda_page(
    meeting: Meeting,
    rows: Sequence[TypedRow],
    faults: Sequence[Fault],
    *,
    status: int,
    shown: str | None = None,
) -> ResponseReturnValue:
    """Show the form; what somebody else made of the agenda meanwhile is shown beside what was typed."""
    standing = queries.list_agenda(meeting.id)
    page = render_template(
        "meetings/agenda.html",
        meeting=meeting,
        panel=meeting.panel,
        rows=rows,
        faults=faults,
        standing=standing if status == AgendaChanged.status else [],
        shown=shown or service.agenda_mark(standing),
    )
    return page, status


@meeting_papers.get("/beheer/bijeenkomsten/<int:meeting_id>/stukken")
@staff_only(*PANEL_STAFF)
def list_documents(meeting_id: int) -> ResponseReturnValue:
    """Show the documents of a meeting to the staff."""
    return _documents_page(staff_meeting(meeting_id), DocumentForm(formdata=None), status=200)


@meeting_papers.post("/beheer/bijeenkomsten/<int:meeting_id>/stukken")
@staff_only(*ORGANISERS)
def add_document(meeting_id: int) -> ResponseReturnValue:
    """Keep a document that somebody sent. Its file is written first; one without a row is removed later."""
    meeting, form = organisers_meeting(meeting_id), DocumentForm()
    if not form.validate():
        return _documents_page(meeting, form, status=422)
    try:
        document = form.keep(FOLDER)
        with unit_of_work():
            service.add_document(queries.get_meeting(meeting_id), document, current_actor(), at=now())
    except (DocumentRefused, TooManyDocuments) as refusal:
        form.refuse(refusal)
        return _documents_page(organisers_meeting(meeting_id), form, status=refusal.status)
    flash(say("document-kept"))
    return redirect(url_for("meeting_papers.list_documents", meeting_id=meeting_id))


def _documents_page(meeting: Meeting, form: DocumentForm, *, status: int) -> ResponseReturnValue:
    page = render_template(
        "meetings/documents.html",
        meeting=meeting,
        panel=meeting.panel,
        documents=queries.list_documents(meeting.id),
        form=form,
        accepted=ACCEPTED,
        may_run=policy.can_run_meeting(current_actor(), meeting.panel.coordinator_id),
    )
    return page, status


@meeting_papers.post("/beheer/stukken/<int:document_id>/weg")
@staff_only(*ORGANISERS)
def remove_document(document_id: int) -> ResponseReturnValue:
    """Take a document away."""
    with unit_of_work():
        document = _readable(document_id)
        meeting_id = document.meeting_id
        service.remove_document(document, current_actor(), at=now())
    flash(say("document-removed"))
    return redirect(url_for("meeting_papers.list_documents", meeting_id=meeting_id))


@meeting_papers.get("/stukken/<int:document_id>")
@members_only
def download(document_id: int) -> ResponseReturnValue:
    """Send a document to who is on the panel or on its staff."""
    document = _readable(document_id)
    return send_document(FOLDER, document.key, document.kind, document.title)


def _readable(document_id: int) -> MeetingDocument:
    """Return a document that the actor may read.

    Raises:
        NotFound: there is none, or it is not for the actor.
    """
    document, actor = queries.get_document(document_id), current_actor()
    meeting = document.meeting
    may_read = policy.can_read_documents(
        actor, meeting.panel.coordinator_id, is_on_panel=is_on_panel(meeting, actor.member_id)
    )
    if not may_read:
        raise NotFound(document_id=document_id)
    return document
