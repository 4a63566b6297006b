"""The `forum` command: one group, with what every feature adds to it."""

import sys
from importlib import import_module

import click

COMMANDS = {
    "demo": ("forum.demo.cli", "demo"),
    "init": ("forum.admin.cli", "init"),
    "serve": ("forum.serve", "serve"),
    "jobs": ("forum.jobs.cli", "jobs"),
    "members": ("forum.members.cli", "members"),
    "score": ("forum.activity.cli", "score"),
    "panels": ("forum.panels.cli", "panels"),
    "select": ("forum.panels.file_cli", "select"),
    "threads": ("forum.discussion.cli", "threads"),
    "topics": ("forum.discussion.cli", "topics"),
}
"""Where each command lives. Only the one that is called is imported: `forum score` needs no web framework."""

WITHOUT_APPLICATION = frozenset({"score", "select"})
"""Commands that work on files: they run on any machine, without a database."""


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

        ctx.obj = ScriptInfo(create_app=lambda: import_module("forum.app").create_app())


def main() -> None:
    """Run the command line; a refusal is one line on stderr and exit status 1."""
    try:
        forum(prog_name="forum")
    except (OSError, ValueError) as error:  # a refused setting, a disk that is full
        click.echo(f"forum: {error}", err=True)
        sys.exit(1)
