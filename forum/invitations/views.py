"""Pages to answer an invitation: by secret link without signing in, from one's own page, or for somebody."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.queries import get_thread_row
from forum.invitations import policy, service
from forum.invitations.burdens import burdens_of_invitations
from forum.invitations.change_queries import list_to_phone
from forum.invitations.errors import LinkRefused
from forum.invitations.forms import AnswerForm, EnteredAnswerForm
from forum.invitations.letter_queries import count_waiting
from forum.invitations.log_queries import letter_states_of
from forum.invitations.models import Invitation
from forum.invitations.needs import find_next_meeting
from forum.invitations.queries import get_invitation, list_invitations, measure_show_up
from forum.invitations.rules import GONE, AnswerSource, InvitationState, Rsvp
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.mail.composing import address_of
from forum.panels.application_rules import application_phase
from forum.panels.burdens import register_burden_source
from forum.panels.calendars import meeting_calendar
from forum.panels.form_facts import how_often
from forum.panels.late_minutes import LATE_MINUTES
from forum.panels.life_page import life_acts, life_view
from forum.panels.models import Meeting, Panel
from forum.panels.plan_facts import meeting_facts
from forum.panels.policy import can_see_selection
from forum.panels.queries import get_panel
from forum.panels.rules import PanelState
from forum.panels.showing_up import register_show_up_source
from forum.panels.thread_notes import state_for_tenants
from forum.texts.catalogue import say
from forum.web.access import by_token, current_actor, members_only, readers, staff_only
from forum.web.downloads import download

invitation_pages = Blueprint("invitations", __name__)
register_burden_source(burdens_of_invitations)
register_show_up_source(measure_show_up)


@invitation_pages.get("/uitnodiging/<token>")
@by_token
def show_invitation(token: str) -> ResponseReturnValue:
    """Show an invitation; opening the link changes nothing, since mail scanners open links too."""
    invitation = service.open_by_token(token, at=now())
    return _invitation_page(invitation, AnswerForm(formdata=None), status=200)


@invitation_pages.post("/uitnodiging/<token>")
@by_token
def answer_invitation(token: str) -> ResponseReturnValue:
    """Record the answer of whoever has the link."""
    form = AnswerForm()
    invitation = service.open_by_token(token, at=now())
    if not form.validate():
        return _invitation_page(invitation, form, status=422)
    with unit_of_work():
        invitation = service.open_by_token(token, at=now())
        service.answer(invitation, Rsvp(form.rsvp.data), AnswerSource.LINK, current_actor(), at=now())
        state = invitation.state
    if state is InvitationState.ACCEPTED:
        flash(say("rsvp-kept-accepted"))
        return redirect(request.path)
    return render_template("invitations/declined.html")


def _invitation_page(invitation: Invitation, form: AnswerForm, *, status: int) -> ResponseReturnValue:
    panel = invitation.panel
    meeting = panel.next_meeting(now())
    page = render_template(
        "invitations/invitation.html",
        invitation=invitation,
        panel=panel,
        meeting_facts=meeting_facts(meeting, without=say("day-follows-told")),
        how_often=how_often(panel),
        form=form,
        has_accepted=invitation.state is InvitationState.ACCEPTED,
        has_left=invitation.state in GONE,
        calendar_href=_calendar_href(panel) if meeting else "",
    )
    return page, status


def _calendar_href(panel: Panel) -> str:
    """Return where the calendar file is: of the link itself for who has not signed in."""
    if request.view_args and "token" in request.view_args:
        return request.path + "/agenda.ics"
    return url_for("invitations.download_panel_calendar", panel_id=panel.id)


@invitation_pages.get("/uitnodiging/<token>/agenda.ics")
@by_token
def download_calendar(token: str) -> ResponseReturnValue:
    """Give the meeting as a calendar file."""
    panel = service.open_by_token(token, at=now()).panel
    return _calendar(panel, panel.next_meeting(now()))


def _calendar(panel: Panel, meeting: Meeting | None) -> Response:
    """Return a meeting of a panel as a calendar file.

    Raises:
        NotFound: none is planned.
    """
    if meeting is None:
        raise NotFound(panel_id=panel.id)
    address = address_of(url_for("invitations.show_panel", panel_id=panel.id))
    return download(meeting_calendar(meeting, address=address, at=now()), "text/calendar", "panel.ics")


def _meeting_shown(panel: Panel) -> Meeting | None:
    """Return the meeting that is on, for who is late, else the next one."""
    at = now()
    return find_next_meeting(panel, at) or panel.next_meeting(at)


def own_invitation(invitation_id: int) -> Invitation:
    """Return an invitation of whoever is signed in.

    Raises:
        NotFound: it is somebody else's.
    """
    invitation = get_invitation(invitation_id)
    if invitation.member_id != current_actor().member_id:
        raise NotFound(invitation_id=invitation_id)
    return invitation


def organisers_panel(panel_id: int) -> Panel:
    """Return a panel of which the actor is an organiser.

    Raises:
        NotFound: there is none, or the actor is no organiser of it.
    """
    panel = get_panel(panel_id)
    if not policy.can_enter_answers(current_actor(), panel.coordinator_id):
        raise NotFound(panel_id=panel_id)
    return panel


def organisers_invitation(invitation_id: int) -> Invitation:
    """Return an invitation to a panel of which the actor is an organiser.

    Raises:
        NotFound: there is none, or the actor is no organiser of that panel.
    """
    invitation = get_invitation(invitation_id)
    if not policy.can_enter_answers(current_actor(), invitation.panel.coordinator_id):
        raise NotFound(invitation_id=invitation_id)
    return invitation


@invitation_pages.route("/mijn/uitnodigingen/<int:invitation_id>", methods=["GET", "POST"])
@members_only
def answer_own(invitation_id: int) -> ResponseReturnValue:
    """Show and answer an invitation of one's own, signed in."""
    invitation, form = own_invitation(invitation_id), AnswerForm()
    if not service.is_answerable(invitation, now()):
        raise LinkRefused
    if not form.validate_on_submit():
        return _invitation_page(invitation, form, status=form.status)
    rsvp = Rsvp(form.rsvp.data)
    with unit_of_work():
        invitation = own_invitation(invitation_id)
        service.answer(invitation, rsvp, AnswerSource.ACCOUNT, current_actor(), at=now())
        is_shown = rsvp is Rsvp.ACCEPTED and service.is_answerable(invitation, now())
    flash(say(f"rsvp-kept-{rsvp.name.lower()}"))
    if is_shown:  # what comes next is on that page: what they need, and the calendar
        return redirect(request.path)
    return redirect(url_for("mine.overview"))


@invitation_pages.get("/panels/<int:panel_id>")
@readers
def show_panel(panel_id: int) -> ResponseReturnValue:
    """Show a panel: what it is about, when and where; who comes only to the panel and the staff."""
    panel, actor = get_panel(panel_id), current_actor()
    invitations, meeting = list_invitations(panel), _meeting_shown(panel)
    coming = [row for row in invitations if row.state is InvitationState.ACCEPTED]
    may_see_answers = policy.can_see_answers(actor, panel.coordinator_id)
    is_involved = may_see_answers or actor.member_id in {row.member_id for row in coming}
    return render_template(
        "invitations/panel.html",
        panel=panel,
        meeting_facts=meeting_facts(meeting, without=say("day-follows"))
        if meeting or panel.state is PanelState.CONFIRMED
        else [],
        has_calendar=meeting is not None,
        state_in_words=say(f"panel-{panel.state}") if may_see_answers else state_for_tenants(panel.state),
        coming=[row.member.display_name for row in coming],
        named=[row.member.display_name for row in coming if row.is_named],
        is_involved=is_involved,
        may_see_answers=may_see_answers,
        may_see_selection=can_see_selection(actor),
        has_recommendations=panel.topic_id is not None and get_thread_row(panel.topic_id).has_recommendations,
        life=life_view(panel),
        late=LATE_MINUTES.list_notes(panel.id),
        past=[row.id for row in panel.meetings if row.ends_at < now()],
        application_phase=application_phase(
            panel.mode, panel.state, panel.applications_from, panel.applications_until, now()
        ),
        **life_acts(panel, actor, at=now()),
    )


@invitation_pages.get("/panels/<int:panel_id>/agenda.ics")
@members_only
def download_panel_calendar(panel_id: int) -> ResponseReturnValue:
    """Give the meeting of a panel as a calendar file to whoever is signed in."""
    panel = get_panel(panel_id)
    return _calendar(panel, _meeting_shown(panel))


@invitation_pages.get("/beheer/panels/<int:panel_id>/uitnodigingen")
@staff_only(Role.MODERATOR, Role.DELEGATE, Role.COORDINATOR)
def show_answers(panel_id: int) -> ResponseReturnValue:
    """Show who was invited, who answered what, and until when the others may."""
    return _answers_page(_panel_of_staff(panel_id))


def _panel_of_staff(panel_id: int) -> Panel:
    """Return a panel of which the actor may see the answers.

    Raises:
        NotFound: there is none, or a coordinator does not run it.
    """
    panel = get_panel(panel_id)
    if not policy.can_see_answers(current_actor(), panel.coordinator_id):
        raise NotFound(panel_id=panel_id)
    return panel


def _answers_page(panel: Panel) -> str:
    actor, invitations = current_actor(), list_invitations(panel)
    may_enter = policy.can_enter_answers(actor, panel.coordinator_id)
    return render_template(
        "invitations/answers.html",
        panel=panel,
        meeting_facts=meeting_facts(_meeting_shown(panel), without=say("day-not-planned"))[:2],
        invitations=invitations,
        letter_states=letter_states_of(panel),
        waiting=count_waiting(panel) if may_enter else 0,
        accepted=sum(row.state is InvitationState.ACCEPTED for row in invitations),
        open_count=sum(row.state is InvitationState.OPEN for row in invitations),
        returnable=service.list_returnable(panel, invitations, at=now()) if may_enter else [],
        to_tell=list_to_phone(panel, now()) if may_enter else [],
        may_enter=may_enter,
        may_see_selection=can_see_selection(actor),
    )


@invitation_pages.route("/beheer/uitnodigingen/<int:invitation_id>", methods=["GET", "POST"])
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def enter_answer(invitation_id: int) -> ResponseReturnValue:
    """Enter the answer of somebody who phoned, wrote or said so."""
    invitation, form = organisers_invitation(invitation_id), EnteredAnswerForm()
    if not form.validate_on_submit():
        page = render_template(
            "invitations/enter.html", invitation=invitation, panel=invitation.panel, form=form
        )
        return page, form.status
    with unit_of_work():
        invitation = get_invitation(invitation_id)
        service.answer(
            invitation, Rsvp(form.rsvp.data), AnswerSource(form.source.data), current_actor(), at=now()
        )
        panel_id = invitation.panel_id
    flash(say("answer-entered"))
    return redirect(url_for("invitations.show_answers", panel_id=panel_id))
