"""Pages to apply for a seat, for a tenant and for whoever enters it for somebody."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.members.errors import UnknownTenant
from forum.members.queries import get_member, get_tenant
from forum.panels import applying
from forum.panels.application_queries import find_application, list_applications, phase_of
from forum.panels.application_rules import ApplicationPhase, ApplicationSource
from forum.panels.applying_forms import ApplicationForm, EnteredApplicationForm
from forum.panels.life_queries import list_guests
from forum.panels.life_rules import GuestKind
from forum.panels.models import Application, Panel
from forum.panels.queries import get_panel
from forum.panels.rules import FillingMode
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, staff_only
from forum.web.errors import in_words
from forum.web.languages import dutch
from forum.web.times import show_moment

applying_pages = Blueprint("applying", __name__)


def _panel_with_applications(panel_id: int) -> Panel:
    """Return a panel that tenants can apply for.

    Raises:
        NotFound: it is filled in another way, or not there.
    """
    panel = get_panel(panel_id)
    if panel.mode is not FillingMode.APPLICATION:
        raise NotFound(panel_id=panel_id)
    return panel


@applying_pages.route("/panels/<int:panel_id>/aanmelden", methods=["GET", "POST"])
@members_only
def apply(panel_id: int) -> ResponseReturnValue:
    """Let a tenant apply for a seat, and read or change what they sent."""
    panel, actor = _panel_with_applications(panel_id), current_actor()
    sent = find_application(panel_id, actor.member_id or 0)
    form = ApplicationForm(obj=sent).offer(panel.form_rules.groups)
    is_open = phase_of(panel, now()) is ApplicationPhase.OPEN and actor.is_tenant
    if not is_open or not form.validate_on_submit():
        page = render_template(
            "panels/apply.html",
            panel=panel,
            form=form,
            sent=sent,
            is_open=is_open,
            criteria=panel.form_rules.criteria,
        )
        return page, form.status
    with unit_of_work():
        applying.apply_for_seat(
            get_panel(panel_id),
            get_member(actor.member_id or 0),
            form.to_text(),
            ApplicationSource.ACCOUNT,
            actor,
            at=now(),
        )
    flash(say("application-kept"))
    return redirect(url_for("applying.apply", panel_id=panel_id))


@applying_pages.post("/panels/<int:panel_id>/aanmelden/intrekken")
@members_only
def withdraw(panel_id: int) -> ResponseReturnValue:
    """Take one's application back."""
    with unit_of_work():
        sent = find_application(panel_id, current_actor().member_id or 0)
        if sent is None:
            raise NotFound(panel_id=panel_id)
        applying.withdraw_application(sent, current_actor(), at=now())
    flash(say("application-withdrawn"))
    return redirect(url_for("invitations.show_panel", panel_id=panel_id))


@applying_pages.route("/beheer/panels/<int:panel_id>/aanmeldingen", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def enter(panel_id: int) -> ResponseReturnValue:
    """Show who applied and how far the committee is, and enter an application on paper or by phone."""
    panel, form = _panel_with_applications(panel_id), EnteredApplicationForm()
    form.offer(panel.form_rules.groups)
    if form.validate_on_submit():
        try:
            _enter(panel_id, form)
        except UnknownTenant as refusal:
            form.number.errors = [in_words(refusal)]
        else:
            flash(say("application-entered"))
            return redirect(url_for("applying.enter", panel_id=panel_id))
    applications = list_applications(panel_id)
    raters = list_guests(panel_id, GuestKind.COMMITTEE)
    page = render_template(
        "panels/applications.html",
        panel=get_panel(panel_id),
        form=form,
        is_open=phase_of(panel, now()) is ApplicationPhase.OPEN,
        rows=[_row(application) for application in applications],
        to_phone=[row.member.display_name for row in applications if row.told_at and not row.member.email],
        raters=[
            (rater.name, sum(rating.guest_id == rater.id for row in applications for rating in row.ratings))
            for rater in raters
        ],
    )
    return page, form.status


def _enter(panel_id: int, form: EnteredApplicationForm) -> None:
    with unit_of_work():
        tenant = get_tenant(form.number.data or "")
        source = ApplicationSource(form.source.data)
        applying.apply_for_seat(
            get_panel(panel_id), tenant, form.to_text(), source, current_actor(), at=now()
        )


def _row(application: Application) -> tuple[str, ...]:
    return (
        application.member.display_name,
        dutch(application.seat_group) or "-",
        show_moment(application.sent_at),
        say(f"source-{application.source}"),
    )
