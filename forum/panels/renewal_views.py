"""The page on which a panel that was not possible is made anew, with one of the ways out filled in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.numbers import whole_number
from forum.panels import policy, service
from forum.panels.errors import WrongPanelState
from forum.panels.forms import RenewalForm
from forum.panels.models import Panel
from forum.panels.queries import find_renewal, get_panel
from forum.panels.quota_forms import fill_rows, read_quotas
from forum.panels.result_queries import get_result
from forum.panels.rules import QuotaRows
from forum.panels.supply import find_supply
from forum.panels.ways_out import get_relaxation
from forum.panels.workshop import RowsByCategory, quota_rows, relax_rows
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

renewal_pages = Blueprint("renewals", __name__, url_prefix="/beheer/panels")


@renewal_pages.route("/<int:panel_id>/opnieuw", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def renew_panel(panel_id: int) -> ResponseReturnValue:
    """Show the quotas with a way out filled in, and make the new panel when the moderator says so."""
    panel = get_panel(panel_id)
    if not policy.can_renew_panel(current_actor(), panel.state, panel.mode):
        raise WrongPanelState(panel_id=panel_id, state=panel.state)
    renewed = find_renewal(panel)
    if renewed is not None:
        return redirect(url_for("panels.show_selection", panel_id=renewed.id))
    rows = _filled_rows(panel)
    form = RenewalForm(seats=whole_number(request.args.get("plaatsen", "")) or panel.seats)
    faults: list[str] = []
    if request.method == "POST":
        rows = fill_rows(rows, request.form)
    if form.validate_on_submit():
        quotas, faults = read_quotas(rows, seats=form.seats.data or 0)
        if not faults:
            return _renew(panel_id, form, quotas)
    page = render_template("panels/renew.html", panel=panel, rows=rows, form=form, faults=faults)
    return page, 422 if form.errors or faults else 200


def _renew(panel_id: int, form: RenewalForm, quotas: QuotaRows) -> ResponseReturnValue:
    with unit_of_work():
        renewed = service.renew_panel(
            get_panel(panel_id),
            form.seats.data or 0,
            quotas,
            form.why.data or "",
            current_actor(),
            at=now(),
        )
        renewed_id = renewed.id
    flash(say("panel-renewed"))
    return redirect(url_for("panels.show_selection", panel_id=renewed_id))


def _filled_rows(panel: Panel) -> RowsByCategory:
    supply = find_supply(panel, at=now())
    rows = quota_rows(panel, supply.available if supply else None, at=now())
    diagnosis = get_result(panel).get("diagnosis") or {}
    return relax_rows(rows, get_relaxation(diagnosis, whole_number(request.args.get("uitweg", "")) or 0))
