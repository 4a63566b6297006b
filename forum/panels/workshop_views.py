"""The quota workshop: how a panel in preparation will look like all tenants, and who rests."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.kernel.numbers import whole_number
from forum.panels import service
from forum.panels.errors import WrongPanelState
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.quota_forms import RestForm, fill_rows, read_quotas, read_slacks
from forum.panels.rules import ACTIVITY_MODES, PanelState, QuotaRows
from forum.panels.supply import Supply, find_supply
from forum.panels.ways_out import get_relaxation
from forum.panels.workshop import (
    RowsByCategory,
    look_ahead,
    quota_rows,
    relax_rows,
    rest_lines,
)
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

workshop_pages = Blueprint("workshop", __name__, url_prefix="/beheer/panels")


@workshop_pages.route("/<int:panel_id>/afspiegeling", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def change_quotas(panel_id: int) -> ResponseReturnValue:
    """Change the quotas and who rests, beside the shares of the register and what would come of it."""
    panel, at = get_panel(panel_id), now()
    if panel.mode not in ACTIVITY_MODES:
        raise NotFound(panel_id=panel_id)
    if panel.state is not PanelState.DRAFT:
        raise WrongPanelState(panel_id=panel_id, state=panel.state)
    supply = find_supply(panel, at=at)
    rows = quota_rows(panel, supply.available if supply else None, at=at)
    form = RestForm.showing(panel.rest)
    if request.method == "GET":
        return _page(panel, rows, supply, form)
    rows, action = fill_rows(rows, request.form), request.form.get("do", "")
    if action:
        return _page(panel, _act(action, panel, rows, supply), supply, form)
    quotas, faults = read_quotas(rows, seats=panel.seats)
    if faults or not form.validate():
        return _page(panel, rows, supply, form)
    return _keep(panel_id, quotas, form)


def _act(action: str, panel: Panel, rows: RowsByCategory, supply: Supply | None) -> RowsByCategory:
    """Return the rows after a button that keeps nothing: it fills in a slack or a way out, or looks."""
    kind, _, which = action.partition(":")
    if kind == "slack" and which in rows:
        slack = read_slacks(rows, request.form)[which]
        return {**rows, which: [row.with_slack(slack) for row in rows[which]]}
    quotas, faults = read_quotas(rows, seats=panel.seats)
    if kind == "way-out" and supply and not faults:
        diagnosis = look_ahead(panel, rows, supply.stock, quotas).diagnosis
        return relax_rows(rows, get_relaxation(diagnosis, whole_number(which) or 0))
    return rows


def _page(panel: Panel, rows: RowsByCategory, supply: Supply | None, form: RestForm) -> ResponseReturnValue:
    quotas, faults = read_quotas(rows, seats=panel.seats)
    page = render_template(
        "panels/workshop.html",
        panel=panel,
        rows=rows,
        slacks=read_slacks(rows, request.form),
        faults=faults,
        form=form,
        is_counted=supply is not None,
        resting=rest_lines(supply.resting) if supply else [],
        outlook=look_ahead(panel, rows, supply.stock, quotas) if supply and not faults else None,
    )
    return page, 422 if faults or form.errors else 200


def _keep(panel_id: int, quotas: QuotaRows, form: RestForm) -> ResponseReturnValue:
    with unit_of_work():
        panel = get_panel(panel_id)
        service.change_quotas(panel, quotas, current_actor(), at=now())
        service.change_rest(panel, form.to_rest(), current_actor(), at=now())
    flash(say("quotas-kept"))
    return redirect(url_for("panels.show_selection", panel_id=panel_id))
