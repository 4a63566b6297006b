"""Pages for organisers: writing the minutes, sending the concept, deciding on proposals, locking."""

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.mail.composing import address_of
from forum.meetings import letters, policy, queries, remarks
from forum.meetings import minutes as service
from forum.meetings.errors import MinutesChanged, PointChanged
from forum.meetings.forms import DecideForm, NoMinutesForm
from forum.meetings.minutes_page import answering_of, waiting_proposals
from forum.meetings.models import Minutes, MinutesRemark
from forum.meetings.news import minutes_path
from forum.meetings.point_forms import Fault, TypedRow, read_draft, standing_draft, typed_rows
from forum.meetings.rules import MinutesState, is_postable, names_in, window_days
from forum.meetings.views import ORGANISERS, organisers_meeting
from forum.panels.models import Meeting
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.errors import in_words

minutes_pages = Blueprint("minutes", __name__)


@minutes_pages.get("/beheer/bijeenkomsten/<int:meeting_id>/verslag")
@staff_only(*ORGANISERS)
def show_work(meeting_id: int) -> ResponseReturnValue:
    """Show an organiser what there is to do for the minutes: begin, write, decide, or nothing any more."""
    meeting, minutes = organisers_meeting(meeting_id), queries.find_minutes(meeting_id)
    if minutes is None or meeting.no_minutes_because:
        return render_template(
            "meetings/start_minutes.html",
            meeting=meeting,
            panel=meeting.panel,
            may_start=meeting.cancelled_at is None and now() >= meeting.starts_at,
            may_give_up=meeting.cancelled_at is None and now() >= meeting.ends_at,
        )
    if minutes.state is MinutesState.DRAFT:
        return _draft_page(meeting, minutes, standing_draft(minutes.points), [], status=200)
    return _concept_page(meeting, minutes)


@minutes_pages.post("/beheer/bijeenkomsten/<int:meeting_id>/verslag/begin")
@staff_only(*ORGANISERS)
def start(meeting_id: int) -> ResponseReturnValue:
    """Begin the minutes with the points of the agenda."""
    with unit_of_work():
        service.start_minutes(organisers_meeting(meeting_id), current_actor(), at=now())
    return _back_to(meeting_id)


@minutes_pages.route("/beheer/bijeenkomsten/<int:meeting_id>/verslag/geen", methods=["GET", "POST"])
@staff_only(*ORGANISERS)
def say_why_none(meeting_id: int) -> ResponseReturnValue:
    """Say why no minutes come of a meeting."""
    meeting, form = organisers_meeting(meeting_id), NoMinutesForm()
    if not form.validate_on_submit():
        page = render_template("meetings/no_minutes.html", form=form, panel=meeting.panel, meeting=meeting)
        return page, form.status
    with unit_of_work():
        service.say_why_none(queries.get_meeting(meeting_id), form.why.data or "", current_actor(), at=now())
    flash(say("no-minutes-kept"))
    return _back_to(meeting_id)


def _back_to(meeting_id: int) -> ResponseReturnValue:
    return redirect(url_for("minutes.show_work", meeting_id=meeting_id))


@minutes_pages.post("/beheer/bijeenkomsten/<int:meeting_id>/verslag")
@staff_only(*ORGANISERS)
def write(meeting_id: int) -> ResponseReturnValue:
    """Keep the draft as it was typed; with the other button it goes to who was there at once."""
    meeting, typed = organisers_meeting(meeting_id), typed_rows(request.form)
    rows, faults = read_draft(typed)
    shown = request.form.get("shown", "")
    if faults:
        return _draft_page(meeting, queries.get_minutes(meeting_id), typed, faults, status=422, shown=shown)
    try:
        with unit_of_work():
            service.write_draft(queries.get_minutes(meeting_id), rows, shown, current_actor(), at=now())
    except MinutesChanged as refusal:
        minutes, fault = queries.get_minutes(meeting_id), Fault("title-0", say(refusal.code))
        return _draft_page(organisers_meeting(meeting_id), minutes, typed, [fault], status=refusal.status)
    flash(say("draft-kept"))
    if "to_send" in request.form:
        return redirect(url_for("minutes.ask_to_send", meeting_id=meeting_id))
    return _back_to(meeting_id)


def _draft_page(
    meeting: Meeting,
    minutes: Minutes,
    rows: Sequence[TypedRow],
    faults: Sequence[Fault],
    *,
    status: int,
    shown: str | None = None,
) -> ResponseReturnValue:
    """Show the form; what somebody else made of the draft meanwhile is shown beside what was typed."""
    page = render_template(
        "meetings/draft.html",
        meeting=meeting,
        panel=meeting.panel,
        rows=rows,
        faults=faults,
        standing=minutes.points if status == MinutesChanged.status else [],
        shown=shown or service.draft_mark(minutes.points),
        named=_named(minutes),
        may_give_up=now() >= meeting.ends_at,
    )
    return page, status


def _named(minutes: Minutes) -> Sequence[tuple[int, str]]:
    """Return the numbers of the points in which an attendee is named, with the name."""
    names = [member.display_name for member in queries.list_attendees(minutes.meeting_id)]
    texts = [f"{point.title}\n{point.text}" for point in minutes.points]
    return [(place + 1, name) for place, name in names_in(texts, names)]


@minutes_pages.get("/beheer/bijeenkomsten/<int:meeting_id>/verslag/versturen")
@staff_only(*ORGANISERS)
def ask_to_send(meeting_id: int) -> ResponseReturnValue:
    """Show the draft as attendees will read it, before it is sent."""
    meeting, minutes = organisers_meeting(meeting_id), queries.get_minutes(meeting_id)
    if minutes.state is not MinutesState.DRAFT:
        return _back_to(meeting_id)
    return render_template(
        "meetings/send.html",
        meeting=meeting,
        panel=meeting.panel,
        points=minutes.points,
        is_whole=bool(minutes.points) and all(point.text for point in minutes.points),
        attendees=queries.list_attendees(meeting_id),
        on_paper=len(letters.list_on_paper(minutes)),
        named=_named(minutes),
        days=_window_days(minutes),
    )


def _window_days(minutes: Minutes) -> int:
    days: int = current_app.config["SETTINGS"].minutes_answer_days
    return window_days(days, by_post=bool(letters.list_on_paper(minutes)))


@minutes_pages.post("/beheer/bijeenkomsten/<int:meeting_id>/verslag/versturen")
@staff_only(*ORGANISERS)
def send(meeting_id: int) -> ResponseReturnValue:
    """Send the concept to who was there."""
    with unit_of_work():
        minutes = queries.get_minutes(organisers_meeting(meeting_id).id)
        service.send_concept(minutes, current_actor(), days=_window_days(minutes), at=now())
    flash(say("concept-sent"))
    return _back_to(meeting_id)


def _concept_page(
    meeting: Meeting, minutes: Minutes, refused: tuple[int, DecideForm] | None = None, *, status: int = 200
) -> ResponseReturnValue:
    """Show who answered what, with the form of one proposal as it was typed."""
    attendees = queries.list_attendees(meeting.id)
    proposals = waiting_proposals(minutes, attendees)
    forms = {row.id: DecideForm(formdata=None, prefix=f"p{row.id}-", text=row.text) for row in proposals}
    if refused and refused[0] in forms:
        forms[refused[0]] = refused[1]
    is_open = minutes.state is MinutesState.CONCEPT
    sent, may_post = queries.list_letters(minutes), is_postable(minutes.state, minutes.closes_at, now())
    all_answered = service.is_all_answered(minutes, [member.id for member in attendees])
    page = render_template(
        "meetings/concept.html",
        meeting=meeting,
        panel=meeting.panel,
        minutes=minutes,
        points=len(minutes.points),
        answering=answering_of(minutes, attendees, sent),
        to_print=len(letters.list_to_print(minutes)) if may_post else 0,
        printed=sum(letter.posted_at is None for letter in sent) if may_post else 0,
        proposals=[(row, forms[row.id]) for row in proposals],
        refused=refused[1] if refused else None,
        may_lock=is_open and (all_answered or now() > (minutes.closes_at or now())),
    )
    return page, status


@minutes_pages.post("/beheer/opmerkingen/<int:remark_id>")
@staff_only(*ORGANISERS)
def decide(remark_id: int) -> ResponseReturnValue:
    """Take a proposal over, in the words of the form, or leave it as a difference."""
    meeting_id = _organisers_remark(remark_id).point.minutes.meeting_id
    form = DecideForm(prefix=f"p{remark_id}-")
    if "leave" in request.form:
        with unit_of_work():
            remarks.leave_difference(queries.get_remark(remark_id), current_actor(), at=now())
        flash(say("remark-left"))
        return _back_to(meeting_id)
    if not form.validate():
        meeting, minutes = organisers_meeting(meeting_id), queries.get_minutes(meeting_id)
        return _concept_page(meeting, minutes, (remark_id, form), status=422)
    try:
        with unit_of_work():
            version = request.form.get("version", 0, type=int)
            text = form.text.data or ""
            remarks.take_over(queries.get_remark(remark_id), text, version, current_actor(), at=now())
    except PointChanged as refusal:
        form.text.errors = [in_words(refusal)]
        meeting, minutes = organisers_meeting(meeting_id), queries.get_minutes(meeting_id)
        return _concept_page(meeting, minutes, (remark_id, form), status=refusal.status)
    flash(say("remark-taken-over"))
    return _back_to(meeting_id)


@minutes_pages.get("/beheer/opmerkingen/<int:remark_id>")
@staff_only(*ORGANISERS)
def return_to_work(remark_id: int) -> ResponseReturnValue:
    """Lead who opens the address of that form again back to the page where it stands."""
    return _back_to(_organisers_remark(remark_id).point.minutes.meeting_id)


def _organisers_remark(remark_id: int) -> MinutesRemark:
    """Return a remark on minutes of which the actor is an organiser.

    Raises:
        NotFound: there is none, or the actor is no organiser of the panel.
    """
    remark = queries.get_remark(remark_id)
    if not policy.can_run_meeting(current_actor(), remark.point.minutes.meeting.panel.coordinator_id):
        raise NotFound(remark_id=remark_id)
    return remark


@minutes_pages.post("/beheer/bijeenkomsten/<int:meeting_id>/verslag/vaststellen")
@staff_only(*ORGANISERS)
def lock(meeting_id: int) -> ResponseReturnValue:
    """Lock the minutes, when everybody answered."""
    with unit_of_work():
        minutes = queries.get_minutes(organisers_meeting(meeting_id).id)
        address = address_of(minutes_path(minutes.meeting))
        service.lock_minutes(minutes, current_actor(), address=address, at=now())
    flash(say("minutes-locked-now"))
    return _back_to(meeting_id)
