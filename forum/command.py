"""The `forum` command: one group, with what every feature adds to it."""

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask

COMMANDS = {
    "database": ("forum.database", "database"),
    "demo": ("forum.demo.cli", "demo"),
    "init": ("forum.admin.cli", "init"),
    "serve": ("forum.serve", "serve"),
    "jobs": ("forum.jobs.cli", "jobs"),
    "mail": ("forum.discussion.mail_cli", "mail"),
    "members": ("forum.members.cli", "members"),
    "score": ("forum.activity.cli", "score"),
    "panels": ("forum.panels.cli", "panels"),
    "search": ("forum.search.cli", "search"),
    "select": ("forum.panels.file_cli", "select"),
    "threads": ("forum.discussion.cli", "threads"),
    "topics": ("forum.discussion.cli", "topics"),
}
"""Where each command lives. Only the one that is called is imported: `forum score` needs no web framework."""

WITHOUT_APPLICATION = frozenset({"score", "select"})
"""Commands that work on files: they run on any machine, without a database."""

WITHOUT_TABLES = frozenset({"init", "demo", "serve", "database"})
"""Commands that make or change the tables themselves, or that answer with a page until they are there."""

PRIVATE = 0o077
"""What the commands make holds personal data: nobody but who runs them can read it."""


class ForumCommands(click.Group):
    """Commands that are imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=ForumCommands)
@click.version_option(package_name="huurdersforum")
@click.pass_context
def forum(ctx: click.Context) -> None:
    """Huurdersforum: a forum with panel escalation for tenants and their landlord."""
    if ctx.invoked_subcommand not in WITHOUT_APPLICATION:
        from flask.cli import ScriptInfo  # noqa: PLC0415 - commands on files start without it

        needs_tables = ctx.invoked_subcommand not in WITHOUT_TABLES
        ctx.obj = ScriptInfo(create_app=lambda: _application(needs_tables=needs_tables))
    else:
        _have_loaded()


def _application(*, needs_tables: bool) -> "Flask":
    app: Flask = import_module("forum.app").create_app()
    _have_loaded()
    if needs_tables:
        import_module("forum.kernel.migrations").check_migrated(app)
    return app


def _have_loaded() -> None:
    """Look for garbage from now on, but never in what was loaded: it stays to the end."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def main() -> None:
    """Run the command line; a refusal is one line on stderr and exit status 1."""
    os.umask(PRIVATE)
    gc.disable()  # looking through all that is loaded, again and again, takes as long as loading it
    try:
        forum(prog_name="forum")
    except _expected_faults() as error:
        click.echo(f"forum: {_reason(error)}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a full disk refused would fail again at the end
        sys.exit(1)


def _expected_faults() -> tuple[type[Exception], ...]:
    """Return what is no mistake of ours: a refused setting, a full disk, a database that is away.

    Asked after the fault: a command on files never loads the database library.
    """
    database = sys.modules.get("sqlalchemy.exc")
    return OSError, ValueError, *((database.DBAPIError, database.TimeoutError) if database else ())


def _reason(error: Exception) -> str:
    """Return a fault on one line; of the database only its own words, without the statement."""
    words = " ".join(str(getattr(error, "orig", error)).split())
    return f"the database (DATABASE_URL) cannot be used: {words}" if hasattr(error, "orig") else words
