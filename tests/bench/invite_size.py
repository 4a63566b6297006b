"""Measure inviting everybody of a large panel: `python -m tests.bench.invite_size --people 10000`.

Makes tenants, four in five with e-mail, and a confirmed panel for everybody, on SQLite and on PostgreSQL
(`TEST_POSTGRESQL_URL`). Then the task invites them: each gets an invitation and a notification, and a message
with a link or a letter that waits to be printed. Prints seconds and how many there are.
"""

import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import func, insert, select

from forum.app import create_app
from forum.invitations import jobs
from forum.invitations.models import Invitation
from forum.kernel.actor import Party
from forum.kernel.database import db, unit_of_work
from forum.kernel.migrations import upgrade_tables
from forum.mail.models import OutboxMessage
from forum.members.models import Household, Member
from forum.panels import choosing
from forum.panels.models import Panel
from forum.panels.rules import FillingMode
from tests.bench.databases import drop_postgresql, settings_of_empty
from tests.support.cast import make_thread
from tests.support.panels import OVER, make_moderator, make_panel

DATABASE = "forum_bench_invite"


def make_tenants(people: int) -> None:
    """Put tenants in the register, each in a home of their own."""
    homes = [
        {"id": place, "street": "Laan", "house_number": str(place), "postcode": "1234AB", "city": "Ede"}
        for place in range(1, people + 1)
    ]
    tenants = [
        {
            "number": f"H{place}",
            "first_name": "Jo",
            "last_name": f"Jansen {place}",
            "display_name": f"Jo {place}",
            "email": f"jo{place}@voorbeeld.nl" if place % 5 else None,
            "household_id": place,
        }
        for place in range(1, people + 1)
    ]
    db.session.execute(insert(Household), homes)
    db.session.execute(insert(Member), tenants)


def make_big_panel() -> Panel:
    """Return a confirmed panel for everybody."""
    panel = make_panel(make_thread(), mode=FillingMode.EVERYONE, quotas=False)
    choosing.commit_panel(panel, "lotto", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    result = choosing.reveal_and_select(panel, "314159", make_moderator(), at=OVER)
    for party in Party:
        choosing.confirm_selection(panel, result["audit"]["result_sha256"], make_moderator(party), at=OVER)
    db.session.commit()
    return panel


def measure(database: str, people: int, instance: Path) -> None:
    """Invite everybody in one database and print how long that took."""
    app = create_app(settings_of_empty(database, DATABASE, instance))
    with app.app_context():
        upgrade_tables(app)
        with unit_of_work():
            make_tenants(people)
        make_big_panel()
        db.session.remove()
        started, busy = time.perf_counter(), time.process_time()
        jobs.invite_confirmed_panels(at=OVER + timedelta(hours=1))
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
        invited, mails = (
            db.session.scalar(select(func.count()).select_from(table))
            for table in (Invitation, OutboxMessage)
        )
        took = f"{seconds:5.1f} s ({busy:.1f} CPU-s)"
        click.echo(f"{database:10} {invited} invited, {mails} messages in {took}")


@click.command()
@click.option("--people", default=10_000, show_default=True)
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), help="Only this one.")
def main(people: int, database: str | None) -> None:
    """Invite everybody of one large panel on each database."""
    if database:
        with tempfile.TemporaryDirectory() as folder:
            measure(database, people, Path(folder))
        return
    for name in ("sqlite", "postgresql"):
        command = [
            sys.executable,
            "-m",
            "tests.bench.invite_size",
            "--people",
            str(people),
            "--database",
            name,
        ]
        subprocess.run(command, check=True)
    drop_postgresql(DATABASE)


if __name__ == "__main__":
    main()
