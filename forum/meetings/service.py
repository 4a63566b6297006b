"""Planning the meetings of a panel: when and where, the agenda, the documents.

Who is invited hears of a change or a cancellation by the `sequence` and `cancelled_at` of the meeting, which
the messages of the invitations follow.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.accounts.rules import CODE_ALPHABET
from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.documents import SentDocument
from forum.kernel.errors import Forbidden
from forum.meetings import policy
from forum.meetings.errors import AgendaChanged, MeetingFixed, NotMeetingDay, TooManyDocuments
from forum.meetings.models import AgendaPoint, MeetingDocument
from forum.meetings.queries import list_agenda, list_documents
from forum.meetings.rules import DOCUMENTS_MOST
from forum.panels.calendars import new_uid
from forum.panels.models import Meeting, Panel
from forum.panels.rules import PanelState

DOOR_CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """When and where people meet."""

    starts_at: datetime
    ends_at: datetime
    place: str
    access: str


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One point of an agenda as it was typed; without an `id` it is a new one."""

    id: int | None
    title: str
    minutes: int | None


def add_meeting(panel: Panel, plan: MeetingPlan, actor: Actor, *, at: datetime) -> Meeting:
    """Add a meeting to the series of a confirmed panel. The same plan twice makes one meeting.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        MeetingFixed: the panel is not confirmed, or the meeting would be in the past.
    """
    lock(panel)
    _check_organiser(panel, actor)
    if panel.state is not PanelState.CONFIRMED or plan.starts_at <= at:
        raise MeetingFixed(panel_id=panel.id)
    for meeting in panel.meetings:
        if meeting.cancelled_at is None and plan_of(meeting) == plan:
            return meeting
    meeting = Meeting(panel_id=panel.id, uid=new_uid())
    _keep_plan(meeting, plan)
    db.session.add(meeting)
    db.session.flush()
    audit.record(actor, "meeting.added", panel_id=panel.id, meeting_id=meeting.id, at=at)
    return meeting


def plan_of(meeting: Meeting) -> MeetingPlan:
    """Return when and where a meeting is."""
    return MeetingPlan(meeting.starts_at, meeting.ends_at, meeting.place, meeting.access)


def change_meeting(meeting: Meeting, plan: MeetingPlan, actor: Actor, *, at: datetime) -> Meeting:
    """Change when or where people meet; its `sequence` rises, unless nothing changes.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        MeetingFixed: it has begun, was cancelled or would be in the past, or the panel is not confirmed.
    """
    _lock_plan(meeting, actor, at)
    if plan_of(meeting) == plan:
        return meeting
    if plan.starts_at <= at:
        raise MeetingFixed(meeting_id=meeting.id)
    _keep_plan(meeting, plan)
    meeting.sequence += 1
    audit.record(actor, "meeting.changed", meeting_id=meeting.id, sequence=meeting.sequence, at=at)
    return meeting


def cancel_meeting(meeting: Meeting, why: str, actor: Actor, *, at: datetime) -> Meeting:
    """Cancel a meeting that has not begun; everybody reads why. Twice changes nothing.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        MeetingFixed: it has begun, or the panel is not confirmed.
    """
    lock(meeting.panel)
    _check_organiser(meeting.panel, actor)
    if meeting.cancelled_at is not None:
        return meeting
    _lock_plan(meeting, actor, at)
    meeting.cancelled_at, meeting.cancelled_because = at, why
    meeting.sequence += 1
    audit.record(actor, "meeting.cancelled", meeting_id=meeting.id, sequence=meeting.sequence, at=at)
    return meeting


def _check_organiser(panel: Panel, actor: Actor) -> None:
    if not policy.can_run_meeting(actor, panel.coordinator_id):
        raise Forbidden(action="run-meeting", panel_id=panel.id)


def is_changeable(meeting: Meeting, at: datetime) -> bool:
    """Tell whether a meeting can still be moved or cancelled."""
    is_standing = meeting.cancelled_at is None and meeting.panel.state is PanelState.CONFIRMED
    return is_standing and at < meeting.starts_at


def _lock_plan(meeting: Meeting, actor: Actor, at: datetime) -> None:
    lock(meeting.panel)
    _check_organiser(meeting.panel, actor)
    if not is_changeable(meeting, at):
        raise MeetingFixed(meeting_id=meeting.id)


def _keep_plan(meeting: Meeting, plan: MeetingPlan) -> None:
    meeting.starts_at, meeting.ends_at = plan.starts_at, plan.ends_at
    meeting.place, meeting.access = plan.place, plan.access


def agenda_mark(points: Sequence[AgendaPoint]) -> str:
    """Return a mark of an agenda as it stands: another one when anything of it changes."""
    content = json.dumps([(point.id, point.title, point.minutes) for point in points])
    return hashlib.sha256(content.encode()).hexdigest()


def set_agenda(
    meeting: Meeting, rows: Sequence[AgendaRow], shown: str, actor: Actor, *, at: datetime
) -> None:
    """Make this the agenda of a meeting, in this order; points that are left out are removed.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        AgendaChanged: it is not the agenda with the mark `shown` any more.
    """
    lock(meeting)
    _check_organiser(meeting.panel, actor)
    standing = list_agenda(meeting.id)
    if agenda_mark(standing) != shown:
        raise AgendaChanged
    known = {point.id: point for point in standing}
    for position, row in enumerate(rows, start=1):
        point = known.pop(row.id or 0, None) or AgendaPoint(meeting_id=meeting.id)
        point.position, point.title, point.minutes = position, row.title, row.minutes
        db.session.add(point)
    for point in known.values():
        db.session.delete(point)
    db.session.flush()
    audit.record(actor, "meeting.agenda_set", meeting_id=meeting.id, points=len(rows), at=at)


def add_document(meeting: Meeting, document: SentDocument, actor: Actor, *, at: datetime) -> MeetingDocument:
    """Put a document, whose file is kept, with a meeting.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        TooManyDocuments: there are fifty already.
    """
    lock(meeting)
    _check_organiser(meeting.panel, actor)
    if len(list_documents(meeting.id)) >= DOCUMENTS_MOST:
        raise TooManyDocuments(most=DOCUMENTS_MOST)
    row = MeetingDocument(
        meeting_id=meeting.id,
        key=document.key,
        title=document.title,
        kind=document.kind,
        size_bytes=document.size_bytes,
        added_by_id=actor.member_id,
        added_at=at,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "meeting.document_added", meeting_id=meeting.id, document_id=row.id, at=at)
    return row


def remove_document(document: MeetingDocument, actor: Actor, *, at: datetime) -> None:
    """Take a document away; its file goes with the next cleaning.

    Raises:
        Forbidden: the actor is no organiser of this panel.
    """
    lock(document)
    _check_organiser(document.meeting.panel, actor)
    audit.record(
        actor, "meeting.document_removed", meeting_id=document.meeting_id, document_id=document.id, at=at
    )
    db.session.delete(document)


def make_door_code(meeting: Meeting, actor: Actor, *, at: datetime) -> str:
    """Return the code for the door of a meeting, made the first time; it works on the day only.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        NotMeetingDay: the meeting was cancelled.
    """
    lock(meeting)
    _check_organiser(meeting.panel, actor)
    if meeting.cancelled_at is not None:
        raise NotMeetingDay
    if meeting.door_code is None:
        meeting.door_code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(DOOR_CODE_LENGTH))
        audit.record(actor, "meeting.door_code_made", meeting_id=meeting.id, at=at)
    return meeting.door_code
