"""Pages on the life of a panel: closing a point, ending it, who looks on, how its members look back."""

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.mail.composing import address_of
from forum.members.errors import UnknownTenant
from forum.members.queries import get_tenant
from forum.panels import conclusions, ending, guests, policy, surveys
from forum.panels.application_rules import ApplicationSource
from forum.panels.errors import NotOnPanel, SurveyClosed, ViewsMissing, WrongPanelState
from forum.panels.life_forms import ClosePointForm, EndForm, EnteredSurveyForm, GuestForm, SurveyForm
from forum.panels.life_page import life_view
from forum.panels.life_queries import find_own_answer, get_guest, list_chosen, list_guests, open_guest_link
from forum.panels.life_rules import GuestKind, end_reason, is_survey_open
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.rules import ENDABLE_STATES
from forum.texts.catalogue import say
from forum.web.access import by_token, current_actor, members_only, staff_only
from forum.web.errors import in_words

life_pages = Blueprint("panel_life", __name__)


def _panel_run_here(panel_id: int) -> Panel:
    """Return a panel that the actor may write for.

    Raises:
        NotFound: there is none, or a coordinator does not run it.
    """
    panel = get_panel(panel_id)
    if not policy.can_run_panel(current_actor(), panel.coordinator_id):
        raise NotFound(panel_id=panel_id)
    return panel


def _to_panel(panel_id: int) -> ResponseReturnValue:
    return redirect(url_for("invitations.show_panel", panel_id=panel_id))


@life_pages.route("/beheer/panels/<int:panel_id>/afronden", methods=["GET", "POST"])
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def close_point(panel_id: int) -> ResponseReturnValue:
    """Write down how the panel closed a point."""
    panel, form = _panel_run_here(panel_id), ClosePointForm()
    if not conclusions.may_close_points(panel, current_actor()):
        raise WrongPanelState(panel_id=panel_id, state=panel.state)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                conclusions.close_point(get_panel(panel_id), form.to_point(), current_actor(), at=now())
        except ViewsMissing as refusal:
            form.form_errors.append(say(refusal.code))
        else:
            flash(say("point-closed"))
            return _to_panel(panel_id)
    page = render_template("panels/close_point.html", panel=get_panel(panel_id), form=form)
    return page, form.status


@life_pages.route("/beheer/panels/<int:panel_id>/stoppen", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def end_panel(panel_id: int) -> ResponseReturnValue:
    """Dissolve a panel because its project is finished or its advice was given."""
    panel, form = get_panel(panel_id), EndForm()
    reason = end_reason(panel.form_rules)
    if reason is None or panel.state not in ENDABLE_STATES:
        raise WrongPanelState(panel_id=panel_id, state=panel.state)
    if not form.validate_on_submit():
        page = render_template("panels/end.html", panel=panel, form=form, reason=say(f"end-now-{reason}"))
        return page, form.status
    with unit_of_work():
        ending.end_panel(get_panel(panel_id), form.words.data or "", current_actor(), at=now())
    flash(say("panel-has-ended"))
    return _to_panel(panel_id)


@life_pages.route("/beheer/panels/<int:panel_id>/meekijkers", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def invite_guest(panel_id: int) -> ResponseReturnValue:
    """Show who looks on and who rates, and give somebody a link; it is shown once."""
    panel, form, link = get_panel(panel_id), GuestForm(), ""
    if form.validate_on_submit():
        token, kind = secrets.token_urlsafe(32), GuestKind(form.kind.data)
        name, body = form.name.data or "", form.body.data or ""
        with unit_of_work():
            guests.invite_guest(get_panel(panel_id), kind, name, body, current_actor(), token=token, at=now())
        link = address_of(url_for(LINKS[kind], token=token))
        panel = get_panel(panel_id)
    page = render_template(
        "panels/guests.html",
        panel=panel,
        form=form,
        link=link,
        guests={kind: list_guests(panel_id, kind) for kind in GuestKind},
    )
    return page, form.status


LINKS = {GuestKind.COMMITTEE: "committee.list_applications", GuestKind.OBSERVER: "panel_life.look_on"}


@life_pages.post("/beheer/panels/meekijkers/<int:guest_id>/stoppen")
@staff_only(Role.MODERATOR)
def end_guest(guest_id: int) -> ResponseReturnValue:
    """Close somebody's link."""
    with unit_of_work():
        guest = get_guest(guest_id)
        guests.end_guest(guest, current_actor(), at=now())
        panel_id = guest.panel_id
    flash(say("guest-ended"))
    return redirect(url_for("panel_life.invite_guest", panel_id=panel_id))


@life_pages.get("/meekijken/<token>")
@by_token
def look_on(token: str) -> ResponseReturnValue:
    """Show a panel to an observer, to read only."""
    guest = open_guest_link(token, GuestKind.OBSERVER)
    panel = get_panel(guest.panel_id)
    return render_template(
        "panels/look_on.html",
        panel=panel,
        guest=guest,
        meetings=panel.standing_meetings,
        life=life_view(panel),
    )


@life_pages.route("/panels/<int:panel_id>/terugblik", methods=["GET", "POST"])
@members_only
def look_back(panel_id: int) -> ResponseReturnValue:
    """Let somebody who was chosen say how they look back on the panel."""
    panel, member_id = get_panel(panel_id), current_actor().member_id or 0
    if member_id not in list_chosen(panel) or not panel.form_rules.has_survey:
        raise NotFound(panel_id=panel_id)
    if not is_survey_open(panel.ended_at, now()):
        raise SurveyClosed(panel_id=panel_id)
    form = SurveyForm(obj=find_own_answer(panel_id, member_id))
    if not form.validate_on_submit():
        page = render_template("panels/look_back.html", panel=panel, form=form)
        return page, form.status
    with unit_of_work():
        surveys.answer_survey(
            get_panel(panel_id),
            member_id,
            form.to_answer(),
            ApplicationSource.ACCOUNT,
            current_actor(),
            at=now(),
        )
    flash(say("survey-kept"))
    return _to_panel(panel_id)


@life_pages.route("/beheer/panels/<int:panel_id>/terugblik", methods=["GET", "POST"])
@staff_only(Role.MODERATOR, Role.COORDINATOR)
def enter_look_back(panel_id: int) -> ResponseReturnValue:
    """Enter how somebody looks back who phoned or wrote."""
    panel, form = _panel_run_here(panel_id), EnteredSurveyForm()
    if not panel.form_rules.has_survey or not is_survey_open(panel.ended_at, now()):
        raise SurveyClosed(panel_id=panel_id)
    if form.validate_on_submit():
        try:
            _enter_look_back(panel_id, form)
        except (UnknownTenant, NotOnPanel) as refusal:
            form.number.errors = [in_words(refusal)]
        else:
            flash(say("survey-entered"))
            return redirect(url_for("panel_life.enter_look_back", panel_id=panel_id))
    page = render_template("panels/look_back.html", panel=get_panel(panel_id), form=form)
    return page, form.status


def _enter_look_back(panel_id: int, form: EnteredSurveyForm) -> None:
    with unit_of_work():
        tenant = get_tenant(form.number.data or "")
        surveys.answer_survey(
            get_panel(panel_id),
            tenant.id,
            form.to_answer(),
            ApplicationSource(form.source.data),
            current_actor(),
            at=now(),
        )
