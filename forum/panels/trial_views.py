"""The button for a trial run of a selection."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.panels import trials
from forum.panels.forms import TrialForm
from forum.panels.queries import get_panel
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

trial_pages = Blueprint("trials", __name__, url_prefix="/beheer/panels")


@trial_pages.post("/<int:panel_id>/proef")
@staff_only(Role.MODERATOR)
def run_trial(panel_id: int) -> ResponseReturnValue:
    """Select with a test seed; it is listed and never invites."""
    form = TrialForm.from_request()
    with unit_of_work():
        trials.run_trial(get_panel(panel_id), form.number.data or 0, current_actor(), at=now())
    flash(say("trial-done"))
    return redirect(url_for("panels.show_selection", panel_id=panel_id))
