"""Background work around panels: what candidates may ask, the end of a panel, applications told and gone."""

from datetime import datetime

from flask import current_app

from forum.jobs.registry import stopping, task
from forum.kernel.clock import local_day
from forum.kernel.database import db, unit_of_work
from forum.panels import applying, ending, explaining, supply
from forum.panels.application_queries import list_untold_applications
from forum.panels.entries import load_dossier
from forum.panels.life_queries import list_overdue_panels, list_waiting_panels
from forum.panels.queries import get_panel

BATCH = 5


@task("panels.explain", every_seconds=30)
def explain_confirmed_panels(*, at: datetime) -> None:
    """Work out required scores and chances for panels that both parties confirmed, a panel at a time."""
    for panel_id in explaining.list_unexplained_panels(BATCH):
        dossier = load_dossier(get_panel(panel_id))
        db.session.rollback()
        explained = explaining.explain_dossier(dossier, go_on=lambda: not stopping.is_set())
        if stopping.is_set():
            return
        with unit_of_work():
            explaining.keep_explained(get_panel(panel_id), explained, at=at)


@task("panels.supply", every_seconds=60)
def count_supplies(*, at: datetime) -> None:
    """Count who could be chosen for panels in preparation in large debates, a panel at a time."""
    for panel in supply.list_panels_to_count(BATCH, at=at):
        if stopping.is_set():
            return
        panel_id, plan, counted = panel.id, supply.made_for(panel), supply.count_supply(panel, at=at)
        with unit_of_work():
            supply.keep_supply(panel_id, counted, plan, at=at)


@task("panels.end", every_seconds=3600)
def end_overdue_panels(*, at: datetime) -> None:
    """Dissolve the panels whose last day has passed."""
    for panel_id in list_overdue_panels(local_day(at)):
        with unit_of_work():
            ending.end_when_over(get_panel(panel_id), at=at)


@task("panels.ask_idle", every_seconds=3600)
def ask_about_idle_panels(*, at: datetime) -> None:
    """Ask who runs a panel that does not meet any more whether it is finished."""
    for panel_id in list_waiting_panels(at):
        with unit_of_work():
            ending.ask_when_idle(get_panel(panel_id), at=at)


@task("panels.tell_applicants", every_seconds=60)
def tell_applicants(*, at: datetime) -> None:
    """Tell who applied that the choice was made."""
    for application_id in list_untold_applications():
        with unit_of_work():
            applying.tell_outcome(application_id, at=at)


@task("panels.forget_applications", every_seconds=3600)
def forget_applications(*, at: datetime) -> None:
    """Delete applications some days after who sent them was told."""
    keep_days: int = current_app.config["SETTINGS"].application_days
    with unit_of_work():
        applying.forget_applications(keep_days, at=at)
