"""Measure the import of a large register: `python -m tests.bench.import_size --rows 100000`.

Makes the file, then imports it on SQLite and on PostgreSQL (`TEST_POSTGRESQL_URL`): first all new, then again
unchanged, then a tenth changed and a tenth gone. Prints seconds, and the peak memory of a process that held
two such files at once.
"""

import csv
import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from forum.app import create_app
from forum.kernel.actor import SYSTEM
from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.kernel.migrations import upgrade_tables
from forum.members.import_service import import_register
from forum.members.register_cells import limits_on
from forum.members.register_columns import COLUMNS
from forum.members.register_rows import read_register
from tests.bench.databases import drop_postgresql, settings_of_empty

DATABASE = "forum_bench_import"


def register_file(rows: int, *, changed: bool) -> bytes:
    """Return a register in which people share homes; in the changed one a tenth moved and a tenth left."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(COLUMNS)
    for number in range(rows):
        if changed and number % 10 == 0:
            continue
        home = number * 2 // 3 + (rows if changed and number % 10 == 1 else 0)
        complex_number = home // 40
        writer.writerow(
            [
                f"H{number:07}",
                f"Voornaam{number % 997}",
                f"Achternaam{number % 4999}",
                f"huurder{number}@voorbeeld.nl" if number % 4 else "",
                f"06-{number:08}",
                f"Straat {complex_number % 1500}",
                str(home % 40 + 1),
                f"{1000 + complex_number % 8900} {chr(65 + complex_number // 8900 % 18)}B",
                f"Plaats {complex_number % 30}",
                f"Complex {complex_number}",
                f"Wijk {complex_number % 60}",
                str(1930 + number % 75),
                "nl" if number % 9 else "tr",
            ]
        )
    return stream.getvalue().encode()


def measure(database: str, rows: int, instance: Path) -> None:
    """Import three times into one database and print what each took."""
    app = create_app(settings_of_empty(database, DATABASE, instance))
    with app.app_context():
        upgrade_tables(app)
        for name, changed in (("all new", False), ("again", False), ("a tenth changed, a tenth gone", True)):
            data = register_file(rows, changed=changed)
            started = time.perf_counter()
            register = read_register(data, limits_on(local_day(now())))
            read = time.perf_counter()
            with unit_of_work():
                diff = import_register(register, SYSTEM, at=now(), agreed=None)
            written = time.perf_counter()
            peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            click.echo(
                f"{database:10} {name:30} {len(data) / 1024**2:5.1f} MiB, read {read - started:5.1f} s, "
                f"import {written - read:5.1f} s, peak {peak_mib:4.0f} MiB, {diff.counts}"
            )


@click.command()
@click.option("--rows", default=100_000, show_default=True)
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), help="Only this one.")
def main(rows: int, database: str | None) -> None:
    """Import one large register into each database."""
    if database:
        with tempfile.TemporaryDirectory() as folder:
            measure(database, rows, Path(folder))
        return
    for name in ("sqlite", "postgresql"):
        command = [sys.executable, "-m", "tests.bench.import_size", "--rows", str(rows), "--database", name]
        subprocess.run(command, check=True)
    drop_postgresql(DATABASE)


if __name__ == "__main__":
    main()
