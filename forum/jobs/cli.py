"""`forum jobs`: run the background work, see what waits, send again what went wrong."""

import json
import sys
from dataclasses import asdict
from typing import Any

import click
from flask.cli import ScriptInfo, with_appcontext

from forum.jobs.registry import BACKLOGS, TASKS, Backlog
from forum.jobs.runner import Runner
from forum.jobs.signals import stop_on_signals
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.refusals import CommandRefused

MOST_STUCK = 100


@click.group()
def jobs() -> None:
    """Work in the background: mail and everything with a deadline."""


@jobs.command("run")
@click.option("--once", is_flag=True, help="Run every task once and stop.")
@click.pass_obj
def run_jobs(info: ScriptInfo, once: bool) -> None:
    """Run the background tasks, until stopped. `forum serve` does this too; more may run at once."""
    app = info.load_app()
    stop_on_signals()
    runner = Runner(app, TASKS.values())
    if not once:
        runner.run_until(lambda: False)
    elif failed := runner.run_once():
        message = f"failed: {', '.join(failed)}; the log above says why"
        raise CommandRefused(message)


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on a terminal too.")
@with_appcontext
def list_jobs(as_json: bool) -> None:
    """Show the tasks, how many rows wait, and what a person must look at: a table, or JSON in a pipe."""
    standing = _standing()
    if as_json or not sys.stdout.isatty():
        click.echo(json.dumps(standing, indent=2, ensure_ascii=False))
    else:
        click.echo(_table(standing))


@jobs.command("retry")
@click.argument("ids", nargs=-1, type=click.IntRange(1, 2**31 - 1))
@click.option(
    "--all-failed", is_flag=True, help="Everything that failed, never what is unsure; so without numbers too."
)
@click.option(
    "--of", "name", default="mail", show_default=True, help="The backlog, as `forum jobs list` names it."
)
@with_appcontext
def retry_jobs(ids: tuple[int, ...], all_failed: bool, name: str) -> None:
    """Do failed work again. What is unsure may have reached somebody: that takes its number."""
    if ids and all_failed:
        message = "give numbers or --all-failed, not both"
        raise click.UsageError(message)
    if name not in BACKLOGS:
        message = f"--of: there is no backlog {name!r}, only {', '.join(sorted(BACKLOGS))}"
        raise CommandRefused(message)
    again = _retry(BACKLOGS[name], ids)
    click.echo(json.dumps({"retried": again}))


def _retry(backlog: Backlog, ids: tuple[int, ...]) -> list[int]:
    with unit_of_work():
        again = list(backlog.retry(ids, now()) if ids else backlog.retry_failed(now()))
        if others := sorted(set(ids) - set(again)):
            message = f"nothing changed: neither failed nor unsure: {', '.join(map(str, others))}"
            raise CommandRefused(message)
    return again


def _standing() -> dict[str, Any]:
    backlogs = [BACKLOGS[name] for name in sorted(BACKLOGS)]
    return {
        "tasks": [{"name": task.name, "every_seconds": task.every_seconds} for task in TASKS.values()],
        "backlogs": {backlog.name: dict(backlog.count_by_state()) for backlog in backlogs},
        "stuck": [
            {"of": backlog.name, **asdict(stuck)}
            for backlog in backlogs
            for stuck in backlog.list_stuck(MOST_STUCK)
        ],
    }


def _table(standing: dict[str, Any]) -> str:
    lines = ["Task                            every"]
    lines += [f"{task['name']:<28}{task['every_seconds']:>7g} s" for task in standing["tasks"]]
    for name, counts in standing["backlogs"].items():
        lines += ["", f"Backlog {name}"]
        lines += [f"  {state:<12}{count:>8}" for state, count in counts.items()]
    if standing["stuck"]:
        lines += ["", "To look at (send again with: forum jobs retry NUMBER)"]
        lines += [
            f"  {row['of']} {row['id']:>7}  {row['state']:<8}{row['what']}: {row['reason']}"
            for row in standing["stuck"]
        ]
    return "\n".join(lines)
