"""`forum database`: the tables of an installation follow the version of the software."""

from collections.abc import Sequence
from itertools import takewhile

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import Script
from flask import Flask
from flask.cli import ScriptInfo, with_appcontext

from forum.kernel.database import db
from forum.kernel.migrations import read_scripts, upgrade_tables
from forum.kernel.refusals import CommandRefused


@click.group()
def database() -> None:
    """The tables of the database."""


@database.command("upgrade")
@click.pass_obj
@with_appcontext
def bring_up_to_date(info: ScriptInfo) -> None:
    """Bring the tables to the version of this forum; when they are there, change nothing."""
    app, found = info.load_app(), _version()
    steps = _steps_after(found, app)
    if not steps:
        click.echo(f"The database is at version {found} already; nothing to do.")
        return
    click.echo(f"The database is at version {found}. To do:")
    for step in steps:
        click.echo(f"  {step.revision}  {step.doc}")
    upgrade_tables(app)
    click.echo(f"The database is at version {_version()}.")


def _version() -> str:
    """Return the version of the tables there are."""
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        raise CommandRefused("the database has no tables yet; `forum init` makes them")
    return found


def _steps_after(version: str, app: Flask) -> Sequence[Script]:
    """Return the migrations that the tables of a version lack, the first one first."""
    newest_first = list(read_scripts(app).walk_revisions())
    if version not in {step.revision for step in newest_first}:
        message = (
            f"the database has the tables of version {version}, newer than this forum, which knows versions"
            f" up to {newest_first[0].revision}; install the forum that made them, or put a back-up back"
        )
        raise CommandRefused(message)
    return list(takewhile(lambda step: step.revision != version, newest_first))[::-1]
