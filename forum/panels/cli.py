"""`forum panels`: list, select on the database, export the dossier, replay it anywhere."""

import json
import secrets

import click
from flask import url_for
from flask.cli import with_appcontext

from forum.kernel.actor import SYSTEM
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import NotFound
from forum.kernel.refusals import CommandRefused, refuses
from forum.panels import choosing
from forum.panels.dossier_record import Document
from forum.panels.entries import load_dossier
from forum.panels.file_cli import replay
from forum.panels.models import Panel
from forum.panels.queries import get_panel, list_panels
from forum.panels.result_queries import get_result
from forum.panels.rules import PanelState
from forum.panels.selection import Status

COMMAND_SOURCE = "the value given on the command line, else 32 random bytes drawn after the list was fixed"
PANEL_ID = click.IntRange(1, 2**31 - 1)


@click.group(invoke_without_command=True)
@click.pass_context
def panels(ctx: click.Context) -> None:
    """List the panels as JSON, or work on one of them; `replay` works without a database."""
    if ctx.invoked_subcommand is None:
        with ctx.obj.load_app().test_request_context():
            rows = [
                {
                    "id": panel.id,
                    "title": panel.title,
                    "form": panel.form.key,
                    "state": panel.state.value,
                    "path": url_for("invitations.show_panel", panel_id=panel.id),
                }
                for panel in list_panels()
            ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))


@panels.command()
@click.argument("panel_id", type=PANEL_ID)
@click.option("--dry-run", is_flag=True, help="Show what would come out with a test seed; nothing is kept.")
@click.option("--public-value", default="", help="The value that makes the seed together with the secret.")
@with_appcontext
@refuses
def select(panel_id: int, dry_run: bool, public_value: str) -> None:
    """Select the members of a panel and print the result as JSON; a run that counts is never done again."""
    if dry_run:
        result = _selected(panel_id, "dry run")
        db.session.rollback()
    else:
        with unit_of_work():
            result = _selected(panel_id, public_value)
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))
    if result["status"] != Status.OK:
        message = f"panel {panel_id}: {result['status']}"
        raise CommandRefused(message)


def _selected(panel_id: int, public_value: str) -> Document:
    """Return the result that stands, or take the steps that are left: fix the list, reveal, select.

    A list that was fixed before waits for the value that was announced with it; only for one that is fixed
    here and now may a value be drawn.
    """
    panel = _panel(panel_id)
    if panel.state is PanelState.DRAFT:
        choosing.commit_panel(panel, COMMAND_SOURCE, SYSTEM, keys=choosing.PanelKeys.fresh(), at=now())
        public_value = public_value or secrets.token_hex(32)
    if panel.state is PanelState.COMMITTED:
        return choosing.reveal_and_select(panel, public_value, SYSTEM, at=now())
    return get_result(panel)


@panels.command()
@click.argument("panel_id", type=PANEL_ID)
@with_appcontext
@refuses
def dossier(panel_id: int) -> None:
    """Print the dossier of a panel, with which anybody can repeat its selection."""
    click.echo(json.dumps(load_dossier(_panel(panel_id)).as_document(), ensure_ascii=False, indent=1))


def _panel(panel_id: int) -> Panel:
    try:
        return get_panel(panel_id)
    except NotFound as error:
        message = f"there is no panel {panel_id}; `forum panels` lists all"
        raise CommandRefused(message) from error


panels.add_command(replay)
