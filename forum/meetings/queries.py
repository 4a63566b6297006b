"""Reading meetings: who is expected and who was there, the agenda, the documents, the minutes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from forum.invitations.channels import PAPER
from forum.invitations.models import Invitation
from forum.invitations.reaching import channels_of
from forum.invitations.rules import InvitationState
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.meetings.models import (
    AgendaPoint,
    MeetingDocument,
    Minutes,
    MinutesLetter,
    MinutesPoint,
    MinutesRemark,
)
from forum.meetings.rules import MinutesState
from forum.members.models import Member, MemberState
from forum.panels.models import Attendance, Meeting
from forum.panels.rules import CONFIRMED_STATES

FOUND_MOST = 20


def get_meeting(meeting_id: int) -> Meeting:
    """Return a meeting with its panel.

    Raises:
        NotFound: there is none with this number.
    """
    meeting = db.session.scalar(
        select(Meeting).where(Meeting.id == meeting_id).options(joinedload(Meeting.panel))
    )
    if meeting is None:
        raise NotFound(meeting_id=meeting_id)
    return meeting


def get_meeting_of(panel_id: int, meeting_id: int) -> Meeting:
    """Return a meeting of a panel whose list was confirmed.

    Raises:
        NotFound: the panel has none with this number, or nobody knows of the panel yet.
    """
    meeting = get_meeting(meeting_id)
    if meeting.panel_id != panel_id or meeting.panel.state not in CONFIRMED_STATES:
        raise NotFound(meeting_id=meeting_id)
    return meeting


def find_by_door_code(code: str) -> Meeting | None:
    """Return the meeting with this code at its door (capitals, no hyphens)."""
    return db.session.scalar(select(Meeting).where(Meeting.door_code == code))


def list_agenda(meeting_id: int) -> Sequence[AgendaPoint]:
    """Return the points of an agenda in their order."""
    return db.session.scalars(
        select(AgendaPoint)
        .where(AgendaPoint.meeting_id == meeting_id)
        .order_by(AgendaPoint.position, AgendaPoint.id)
    ).all()


def list_documents(meeting_id: int) -> Sequence[MeetingDocument]:
    """Return the documents of a meeting, oldest first."""
    return db.session.scalars(
        select(MeetingDocument).where(MeetingDocument.meeting_id == meeting_id).order_by(MeetingDocument.id)
    ).all()


def get_document(document_id: int) -> MeetingDocument:
    """Return a document with its meeting and panel.

    Raises:
        NotFound: there is none with this number.
    """
    document = db.session.scalar(
        select(MeetingDocument)
        .where(MeetingDocument.id == document_id)
        .options(joinedload(MeetingDocument.meeting).joinedload(Meeting.panel))
    )
    if document is None:
        raise NotFound(document_id=document_id)
    return document


def list_expected(panel_id: int) -> Sequence[Member]:
    """Return who said yes to the panel, by name."""
    return db.session.scalars(
        select(Member)
        .join(Invitation, Invitation.member_id == Member.id)
        .where(Invitation.panel_id == panel_id, Invitation.state == InvitationState.ACCEPTED)
        .order_by(Member.display_name, Member.id)
    ).all()


def is_expected(panel_id: int, member_id: int) -> bool:
    """Tell whether a member said yes to the panel."""
    return _find_answer(panel_id, member_id) is InvitationState.ACCEPTED


def is_invited(panel_id: int, member_id: int) -> bool:
    """Tell whether a member was invited for the panel, whatever they said."""
    return _find_answer(panel_id, member_id) is not None


def _find_answer(panel_id: int, member_id: int) -> InvitationState | None:
    return db.session.scalar(
        select(Invitation.state).where(Invitation.panel_id == panel_id, Invitation.member_id == member_id)
    )


def list_attendance(meeting_id: int) -> Sequence[Attendance]:
    """Return what is known of who was there, with the members."""
    return db.session.scalars(
        select(Attendance)
        .where(Attendance.meeting_id == meeting_id)
        .options(joinedload(Attendance.member))
        .order_by(Attendance.id)
    ).all()


def find_attendance(meeting_id: int, member_id: int) -> Attendance | None:
    """Return what is known of one member at a meeting."""
    return db.session.scalar(
        select(Attendance).where(Attendance.meeting_id == meeting_id, Attendance.member_id == member_id)
    )


def was_there(meeting_id: int, member_id: int | None) -> bool:
    """Tell whether a member was at a meeting."""
    found = find_attendance(meeting_id, member_id) if member_id is not None else None
    return found is not None and found.is_present


def list_attendees(meeting_id: int) -> Sequence[Member]:
    """Return who was there, by name."""
    return db.session.scalars(
        select(Member)
        .join(Attendance, Attendance.member_id == Member.id)
        .where(Attendance.meeting_id == meeting_id, Attendance.is_present)
        .order_by(Member.display_name, Member.id)
    ).all()


def list_paper_attendees(meeting_id: int) -> Sequence[Member]:
    """Return who was there and is best reached by letter, by name."""
    found = [
        member
        for member in list_attendees(meeting_id)
        if member.state is MemberState.ACTIVE and member.household is not None
    ]
    channels = channels_of(found)
    return [member for member in found if channels[member.id] in PAPER]


def list_tenants_named(words: str) -> Sequence[Member]:
    """Return active people of the register whose names hold all of these words, at most twenty."""
    names = (Member.display_name, Member.first_name, Member.last_name)
    full = names[0] + " " + names[1] + " " + names[2]
    return db.session.scalars(
        select(Member)
        .where(Member.state == MemberState.ACTIVE, Member.number.is_not(None))
        .where(*(full.icontains(word, autoescape=True) for word in words.split()))
        .order_by(Member.last_name, Member.id)
        .limit(FOUND_MOST)
    ).all()


def find_minutes(meeting_id: int) -> Minutes | None:
    """Return the minutes of a meeting with their points and what was said of each."""
    return db.session.scalar(
        select(Minutes)
        .where(Minutes.meeting_id == meeting_id)
        .options(selectinload(Minutes.points).selectinload(MinutesPoint.remarks))
    )


def get_minutes(meeting_id: int) -> Minutes:
    """Return the minutes of a meeting with their points and what was said of each.

    Raises:
        NotFound: nobody began with them.
    """
    minutes = find_minutes(meeting_id)
    if minutes is None:
        raise NotFound(meeting_id=meeting_id)
    return minutes


def list_letters(minutes: Minutes) -> Sequence[MinutesLetter]:
    """Return the letters that were printed of minutes in the state that they have now, by number."""
    is_locked = minutes.state is MinutesState.LOCKED
    return db.session.scalars(
        select(MinutesLetter)
        .where(MinutesLetter.minutes_id == minutes.id, MinutesLetter.is_locked == is_locked)
        .order_by(MinutesLetter.id)
    ).all()


def get_point(point_id: int) -> MinutesPoint:
    """Return a point of minutes with its meeting and panel.

    Raises:
        NotFound: there is none with this number.
    """
    point = db.session.scalar(
        select(MinutesPoint)
        .where(MinutesPoint.id == point_id)
        .options(joinedload(MinutesPoint.minutes).joinedload(Minutes.meeting).joinedload(Meeting.panel))
    )
    if point is None:
        raise NotFound(point_id=point_id)
    return point


def get_remark(remark_id: int) -> MinutesRemark:
    """Return what an attendee said of a point, with the point and its minutes.

    Raises:
        NotFound: there is none with this number.
    """
    remark = db.session.scalar(
        select(MinutesRemark)
        .where(MinutesRemark.id == remark_id)
        .options(
            joinedload(MinutesRemark.point)
            .joinedload(MinutesPoint.minutes)
            .joinedload(Minutes.meeting)
            .joinedload(Meeting.panel)
        )
    )
    if remark is None:
        raise NotFound(remark_id=remark_id)
    return remark


def list_states(meeting_ids: Sequence[int]) -> dict[int, MinutesState]:
    """Return how far the minutes are, of the meetings that have some."""
    rows = db.session.execute(
        select(Minutes.meeting_id, Minutes.state).where(Minutes.meeting_id.in_(meeting_ids))
    )
    return {meeting_id: state for meeting_id, state in rows}


def list_closed_windows(at: datetime, most: int) -> Sequence[int]:
    """Return the meetings of concept minutes that nobody may answer any more."""
    return db.session.scalars(
        select(Minutes.meeting_id)
        .where(Minutes.state == MinutesState.CONCEPT, Minutes.closes_at < at)
        .order_by(Minutes.id)
        .limit(most)
    ).all()
