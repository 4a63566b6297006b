"""`forum demo`: a made-up year to look at, and with what to sign in."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect, select

from forum.demo.build import build_year, prepare_year
from forum.demo.picture import hang_picture
from forum.demo.sign_ins import SignIn, list_number_sign_ins, list_sign_ins
from forum.demo.year import DemoOrder
from forum.discussion.errors import ConsultationRefused
from forum.discussion.polis import (
    ATTRIBUTION,
    COMMENTS,
    VOTES,
    Consultation,
    ConsultationFiles,
    read_consultation,
)
from forum.kernel.clock import local_day, now
from forum.kernel.database import db, unit_of_work
from forum.kernel.file_store import file_store_at
from forum.kernel.migrations import upgrade_tables
from forum.kernel.refusals import CommandRefused, refuses
from forum.members.models import Member
from forum.settings.queries import find_demo_mark

FEWEST_TENANTS = 60
MOST_TENANTS = 20_000
ABOUT_MAIL = (
    "No mail leaves this computer: the terminal in which the forum is served prints it. "
    "Look there for the link of an invitation or a password."
)
CONSULTATION = Path(__file__).parent / "content" / "polis-affordable-housing"
"""Real data, with its attribution beside it."""


@click.command()
@click.option(
    "--tenants",
    type=click.IntRange(FEWEST_TENANTS, MOST_TENANTS),
    default=600,
    show_default=True,
    help="How many tenants there are.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed makes another year.")
@click.option(
    "--consultation",
    "folder",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    default=lambda: str(CONSULTATION),
    show_default="the real one on affordable housing that comes along",
    help="A consultation held with Polis, for the agenda of the year before.",
)
@click.option("--show", is_flag=True, help="Make nothing; print the sign-ins of the demo that is here.")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins as JSON.")
@with_appcontext
@refuses
def demo(*, tenants: int, seed: int, folder: str, show: bool, as_json: bool) -> None:
    """Make a made-up year in an empty installation, and print one sign-in per role.

    The same seed on the same day makes the same year. All of it is made, or nothing.
    """
    at = now()
    if show:
        _check_is_demo()
        _migrate()
    else:
        _check_is_empty()
        consultation = _consultation_in(folder, at)
        _make(DemoOrder(tenants, seed, local_day(at), consultation))
    sign_ins = list_sign_ins()
    if as_json:
        click.echo(_as_json(sign_ins))
    else:
        click.echo(f"{_as_table([*sign_ins, *list_number_sign_ins()])}\n\n{ABOUT_MAIL}")


def _check_is_demo() -> None:
    if not (_has_tables() and find_demo_mark()):
        raise CommandRefused("there is no demo here; `forum demo` makes one in an empty installation")


def _check_is_empty() -> None:
    if not _has_tables():
        return
    is_demo = find_demo_mark()
    if is_demo:
        raise CommandRefused("there is a demo here already; `make demo-reset` throws it away and starts over")
    if is_demo is not None or db.session.scalar(select(Member.id).limit(1)) is not None:
        raise CommandRefused("this installation holds data of its own; a demo needs an empty one")


def _has_tables() -> bool:
    return inspect(db.engine).has_table("site")


def _migrate() -> None:
    db.session.rollback()  # what was read may not keep a migration waiting
    upgrade_tables(current_app)


def _make(order: DemoOrder) -> None:
    """Make the year in one unit of work: whoever stops it halfway finds the installation empty."""
    _migrate()
    year = prepare_year(order)
    with unit_of_work():
        build_year(year, _show_step if sys.stderr.isatty() else _in_silence)
        hang_picture(year, file_store_at(current_app.config["SETTINGS"].files_url))


def _show_step(step: str) -> None:
    click.echo(f"making: {step}", err=True)


def _in_silence(step: str) -> None:
    """Tell nobody which step it is."""


def _consultation_in(folder: str, at: datetime) -> Consultation:
    path = Path(folder).resolve()
    attribution = path / ATTRIBUTION
    try:
        files = ConsultationFiles(
            name=path.name,
            comments=(path / COMMENTS).read_bytes(),
            votes=(path / VOTES).read_bytes(),
            attribution=attribution.read_bytes() if attribution.exists() else b"",
        )
        return read_consultation(files, latest=at)
    except OSError as error:
        raise CommandRefused(f"{error.filename}: {error.strerror}") from error
    except ConsultationRefused as refusal:
        fault = refusal.faults[0]
        reason = f"{fault.file} row {fault.row}: {fault.reason}"
        raise CommandRefused(f"{folder}: {refusal.count} faults, the first in {reason}") from refusal


def _as_json(sign_ins: Sequence[SignIn]) -> str:
    rows = [
        {
            "role": sign_in.role.value,
            "party": sign_in.party.value if sign_in.party else None,
            "name": sign_in.name,
            "email": sign_in.email,
            "password": sign_in.password,
        }
        for sign_in in sign_ins
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_table(sign_ins: Sequence[SignIn]) -> str:
    rows = [("Role", "Party", "Name", "E-mail or number", "Password")]
    rows += [
        (
            sign_in.role.value,
            sign_in.party.value if sign_in.party else "-",
            sign_in.name,
            sign_in.email,
            sign_in.password,
        )
        for sign_in in sign_ins
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
