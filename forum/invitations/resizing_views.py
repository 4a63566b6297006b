"""The page on which a moderator gives a confirmed panel more or fewer seats."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.invitations.errors import SeatsImpossible
from forum.invitations.forms import SeatsForm
from forum.invitations.queries import list_invitations
from forum.invitations.resizing import change_seats
from forum.invitations.rules import SITTING
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.panels import policy
from forum.panels.dossier_resizing import resized_rules
from forum.panels.entries import get_frozen_rules, get_rules
from forum.panels.errors import WrongPanelState
from forum.panels.group_names import name_group
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.rules import SHOW_UP_CASES_LEAST, ResizeReason, ShowUp, extra_seats
from forum.panels.showing_up import measured_show_up
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

resizing_pages = Blueprint("resizing", __name__)


@resizing_pages.route("/beheer/panels/<int:panel_id>/plaatsen", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def resize_panel(panel_id: int) -> ResponseReturnValue:
    """Show what another number of seats changes, and keep it when the moderator has seen that."""
    panel = get_panel(panel_id)
    until = panel.members_until
    if not policy.can_resize_panel(current_actor(), panel.state, panel.mode, members_until=until, at=now()):
        raise WrongPanelState(panel_id=panel_id, state=panel.state)
    form = SeatsForm(panel.form_rules, seats=panel.seats)
    is_good = form.validate_on_submit()
    if not is_good or "keep" not in request.form:
        page = _page(panel, form, seats=form.seats.data if is_good else None)
        return page, form.status
    try:
        with unit_of_work():
            asked = change_seats(
                get_panel(panel_id),
                form.seats.data or 0,
                current_actor(),
                why=ResizeReason(form.why.data),
                words=form.words.data or "",
                at=now(),
            )
    except SeatsImpossible as refusal:
        form.seats.errors = [say(refusal.code)]
        return _page(get_panel(panel_id), form, seats=None), refusal.status
    flash(say("seats-kept-invited", count=asked) if asked else say("seats-kept"))
    return redirect(url_for("panels.show_selection", panel_id=panel_id))


def _page(panel: Panel, form: SeatsForm, *, seats: int | None) -> str:
    """Return the page, with what changes at so many seats when that was asked."""
    show_up = measured_show_up(now())
    seated = sum(row.state in SITTING for row in list_invitations(panel))
    return render_template(
        "invitations/seats.html",
        panel=panel,
        form=form,
        sitting=seated,
        show_up=show_up,
        least_cases=SHOW_UP_CASES_LEAST,
        extra=_extra(panel, show_up),
        seats=seats,
        to_invite=max(0, (seats or 0) - seated),
        quota_rows=_quota_rows(panel, seats) if seats else [],
    )


def _extra(panel: Panel, show_up: ShowUp) -> int | None:
    """Return how many more we propose to ask than are asked already; `None` with too few cases.

    A panel that goes on has no one day on which people stay away: nobody extra is proposed.
    """
    if panel.form_rules.lives_on:
        return 0
    proposed = extra_seats(panel.seats - panel.extra_seats, show_up)
    return None if proposed is None else max(0, proposed - panel.extra_seats)


def _quota_rows(panel: Panel, seats: int) -> list[tuple[str, str, str]]:
    """Return each group with its bounds now and at so many seats."""
    before = get_rules(panel)["quotas"]
    after: Mapping[str, Any] = resized_rules(get_frozen_rules(panel), seats)["quotas"]
    return [
        (
            name_group(category, value),
            say("bounds", least=before[category][value][0], most=before[category][value][1]),
            say("bounds", least=least, most=most),
        )
        for category, values in after.items()
        for value, (least, most) in values.items()
    ]
