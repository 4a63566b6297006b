"""Pages on which minutes are read, and attendees, or an organiser for them, say whether they are right."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import Forbidden, NotFound
from forum.meetings import policy, queries, remarks
from forum.meetings.errors import PointChanged, RemarkDecided
from forum.meetings.forms import SourceForm
from forum.meetings.minutes_page import PointShown, Reader, changed_since, find_own, shown_points
from forum.meetings.models import Minutes, MinutesPoint
from forum.meetings.point_forms import Fault, read_answers
from forum.meetings.remarks import Given
from forum.meetings.rules import DECIDED, MinutesState, RemarkSource, is_answerable
from forum.meetings.views import ORGANISERS, organisers_meeting
from forum.members.models import Member
from forum.members.queries import get_member
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, readers, staff_only
from forum.web.errors import in_words

answer_pages = Blueprint("minutes_answers", __name__)
Typed = Mapping[str, str]


def _readable(panel_id: int, meeting_id: int) -> Minutes:
    """Return minutes that the actor may read here; a draft is read where it is written.

    Raises:
        NotFound: there are none, or they are not for the actor.
    """
    meeting, actor = queries.get_meeting_of(panel_id, meeting_id), current_actor()
    minutes = queries.get_minutes(meeting_id)
    was_there = queries.was_there(meeting_id, actor.member_id)
    coordinator_id = meeting.panel.coordinator_id
    may_read = policy.can_read_minutes(actor, coordinator_id, minutes.state, was_there=was_there)
    if minutes.state is MinutesState.DRAFT or not may_read:
        raise NotFound(meeting_id=meeting_id)
    return minutes


@answer_pages.get("/panels/<int:panel_id>/verslag/<int:meeting_id>")
@readers
def show_minutes(panel_id: int, meeting_id: int) -> ResponseReturnValue:
    """Show minutes: locked ones to everybody, a concept with its questions to who was there."""
    return _minutes_page(_readable(panel_id, meeting_id), [], None, status=200)


def _minutes_page(
    minutes: Minutes, faults: Sequence[Fault], typed: Typed | None, *, status: int
) -> ResponseReturnValue:
    actor, meeting = current_actor(), minutes.meeting
    was_there = queries.was_there(meeting.id, actor.member_id)
    is_insider = was_there or policy.can_see_attendance(actor, meeting.panel.coordinator_id)
    reader, attendees = Reader(actor.member_id, is_insider=is_insider), queries.list_attendees(meeting.id)
    page = render_template(
        "meetings/minutes.html",
        meeting=meeting,
        panel=meeting.panel,
        minutes=minutes,
        points=shown_points(minutes, reader, attendees),
        may_answer=was_there and is_answerable(minutes.state, minutes.closes_at, now()),
        may_run=policy.can_run_meeting(actor, meeting.panel.coordinator_id),
        faults=faults,
        typed=typed,
    )
    return page, status


@answer_pages.post("/panels/<int:panel_id>/verslag/<int:meeting_id>")
@members_only
def answer(panel_id: int, meeting_id: int) -> ResponseReturnValue:
    """Keep what an attendee says of the points."""
    minutes, member_id = _readable(panel_id, meeting_id), current_actor().member_id or 0
    if not queries.was_there(meeting_id, member_id):
        raise Forbidden(action="answer-minutes", meeting_id=meeting_id)
    faults, status = _keep(minutes, Given(member_id))
    if faults:
        return _minutes_page(_readable(panel_id, meeting_id), faults, request.form, status=status)
    flash(say("minutes-answers-kept"))
    return redirect(request.path)


def _keep(minutes: Minutes, given: Given) -> tuple[Sequence[Fault], int]:
    """Keep the answers that were sent, or return what is wrong with them and the status that says so."""
    points = open_points(minutes, given.member_id)
    proposed = {point.id: _proposed(point, given.member_id) for point in points}
    answers, faults = read_answers(request.form, points, proposed)
    if faults:
        return faults, 422
    meeting_id = minutes.meeting_id
    try:
        with unit_of_work():
            minutes = queries.get_minutes(meeting_id)
            remarks.answer_points(minutes, given, answers, current_actor(), at=now())
    except (PointChanged, RemarkDecided) as refusal:
        return [Fault("inhoud", in_words(refusal))], refusal.status
    return [], 200


def open_points(minutes: Minutes, member_id: int) -> Sequence[MinutesPoint]:
    """Return the points of which a member can still say something, as they stand now."""
    own = {point.id: find_own(point, member_id) for point in minutes.points}
    return [point for point in minutes.points if (row := own[point.id]) is None or row.state not in DECIDED]


def _proposed(point: MinutesPoint, member_id: int) -> str:
    remark = find_own(point, member_id)
    return (remark.text if remark else None) or ""


@answer_pages.get("/verslagpunten/<int:point_id>")
@readers
def find_point(point_id: int) -> ResponseReturnValue:
    """Lead to the place of a point in its minutes, for ever."""
    point = queries.get_point(point_id)
    meeting = point.minutes.meeting
    _readable(meeting.panel_id, meeting.id)
    page = url_for("minutes_answers.show_minutes", panel_id=meeting.panel_id, meeting_id=meeting.id)
    return redirect(f"{page}#punt-{point_id}")


@answer_pages.route(
    "/beheer/bijeenkomsten/<int:meeting_id>/verslag/deelnemers/<int:member_id>", methods=["GET", "POST"]
)
@staff_only(*ORGANISERS)
def enter_answers(meeting_id: int, member_id: int) -> ResponseReturnValue:
    """Enter what somebody who was there said by phone, on paper or face to face."""
    meeting, form = organisers_meeting(meeting_id), SourceForm()
    minutes, member = queries.get_minutes(meeting_id), get_member(member_id)
    if not queries.was_there(meeting.id, member_id):
        raise NotFound(member_id=member_id)
    faults: Sequence[Fault] = []
    status = 200
    if request.method == "POST":
        faults, status = [], 422
        if form.validate():
            faults, status = _keep(minutes, Given(member_id, RemarkSource(form.source.data)))
        if not faults and not form.errors:
            flash(say("minutes-answers-entered", name=get_member(member_id).display_name))
            return redirect(url_for("minutes.show_work", meeting_id=meeting_id))
    return _enter_page(queries.get_minutes(meeting_id), member, form, faults), status


def _enter_page(minutes: Minutes, member: Member, form: SourceForm, faults: Sequence[Fault]) -> str:
    reader = Reader(member.id, is_insider=True)
    points: Sequence[PointShown] = shown_points(minutes, reader, queries.list_attendees(minutes.meeting_id))
    letter = next((row for row in queries.list_letters(minutes) if row.member_id == member.id), None)
    return render_template(
        "meetings/enter_answers.html",
        meeting=minutes.meeting,
        panel=minutes.meeting.panel,
        minutes=minutes,
        member=member,
        points=points,
        letter=letter,
        changed=changed_since(minutes, letter.printed_at) if letter else frozenset(),
        may_answer=is_answerable(minutes.state, minutes.closes_at, now()),
        form=form,
        faults=faults,
        typed=request.form if request.method == "POST" else None,
    )
