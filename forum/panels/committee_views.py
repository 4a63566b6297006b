"""Pages for a committee of outsiders, by secret link: applications without names, and the marks for each."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.panels import rating
from forum.panels.application_queries import phase_of
from forum.panels.application_rules import ApplicationPhase
from forum.panels.applying_forms import RatingForm
from forum.panels.life_queries import open_guest_link
from forum.panels.life_rules import GuestKind
from forum.panels.models import PanelGuest
from forum.panels.rating_queries import ShownApplication, get_shown_application, list_for_rater
from forum.panels.rules import PanelState
from forum.texts.catalogue import say
from forum.web.access import by_token
from forum.web.times import show_points

committee_pages = Blueprint("committee", __name__, url_prefix="/commissie")


@committee_pages.get("/<token>")
@by_token
def list_applications(token: str) -> ResponseReturnValue:
    """Show a rater what there is to rate."""
    guest = open_guest_link(token, GuestKind.COMMITTEE)
    is_open = _is_open(guest)
    applications = list_for_rater(guest) if is_open else []
    return render_template(
        "panels/committee.html",
        guest=guest,
        panel=guest.panel,
        token=token,
        is_open=is_open,
        is_over=guest.panel.state is not PanelState.DRAFT,
        applications=applications,
        left=sum(row.own is None for row in applications),
        others={row.number: [show_points(mean) for mean in row.others] for row in applications},
    )


def _is_open(guest: PanelGuest) -> bool:
    is_over = phase_of(guest.panel, now()) is ApplicationPhase.OVER
    return guest.panel.state is PanelState.DRAFT and is_over


@committee_pages.route("/<token>/<int:number>", methods=["GET", "POST"])
@by_token
def rate_application(token: str, number: int) -> ResponseReturnValue:
    """Show one application without who sent it, and keep the marks of this rater."""
    guest = open_guest_link(token, GuestKind.COMMITTEE)
    if not _is_open(guest):
        return redirect(url_for("committee.list_applications", token=token))
    shown = get_shown_application(guest, number)
    criteria = guest.panel.form_rules.criteria
    form = _form_for(shown, len(criteria))
    if not form.validate_on_submit():
        page = render_template(
            "panels/rate.html", panel=guest.panel, token=token, shown=shown, form=form, criteria=criteria
        )
        return page, form.status
    with unit_of_work():
        rating.rate(
            open_guest_link(token, GuestKind.COMMITTEE),
            form.application_id.data or 0,
            [mark or 0 for mark in form.marks.data],
            form.reason.data or "",
            at=now(),
        )
    flash(say("rating-kept"))
    return redirect(url_for("committee.list_applications", token=token))


def _form_for(shown: ShownApplication, criteria: int) -> RatingForm:
    """Return the form with a field for each criterion, filled with what this rater gave before."""
    marks = shown.own.marks if shown.own else [None] * criteria
    form = RatingForm(
        application_id=shown.application_id, marks=marks, reason=shown.own.reason if shown.own else ""
    )
    if request.method == "POST":  # as many marks as there are criteria, whatever was sent
        form.marks.process(request.form, marks)
        while len(form.marks) < criteria:
            form.marks.append_entry()
    return form
