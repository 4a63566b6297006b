"""`forum members`: the tenant register from a file."""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from forum.kernel.actor import SYSTEM
from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.kernel.refusals import CommandRefused, refuses
from forum.kernel.terminal import progress_shown
from forum.members.import_service import import_register, preview_register
from forum.members.register_cells import limits_on
from forum.members.register_file import MOST_BYTES
from forum.members.register_rows import Register, read_register


@click.group("members")
def members() -> None:
    """Members and the tenant register."""


@members.command("import")
@click.argument("source", metavar="FILE.csv")
@click.option("--dry-run", is_flag=True, help="Say what an import would do, and write nothing.")
@with_appcontext
@refuses
def import_file(source: str, dry_run: bool) -> None:
    """Make the members what the tenant register in FILE.csv says.

    Prints what is new, changed, unchanged and gone as JSON. Any error imports nothing; the first thousand are
    listed, with the row as a spreadsheet counts it (0 is the file as a whole). Columns: number, first_name,
    last_name, email, phone, street, house_number, postcode, city, complex, district, birth_year, language.
    """
    at = now()
    with progress_shown() as progress:
        register = read_register(_bytes_of(source), limits_on(local_day(at)), progress)
        if register.error_count:
            _print_summary({"new": 0, "changed": 0, "unchanged": 0, "gone": 0}, register)
            raise CommandRefused(_refusal(source, register))
        if dry_run:
            diff = preview_register(register, SYSTEM)
        else:
            with unit_of_work():
                diff = import_register(register, SYSTEM, at=at, agreed=None, progress=progress)
    _print_summary(diff.counts, register)


def _bytes_of(source: str) -> bytes:
    try:
        with Path(source).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "cannot be read"
        raise CommandRefused(f"{click.format_filename(source)}: {reason}") from None


def _refusal(source: str, register: Register) -> str:
    count, first = register.error_count, register.errors[0]
    errors = "1 error" if count == 1 else f"{count} errors"
    listed = f", the first {len(register.errors)} are listed" if count > len(register.errors) else ""
    where = " ".join(part for part in (f"row {first.row}" if first.row else "", first.column) if part)
    reason = f"{where}: {first.message}" if where else first.message
    return f"{click.format_filename(source)}: nothing imported, {errors}{listed}; {reason}"


def _print_summary(counts: dict[str, int], register: Register) -> None:
    errors = [
        {"row": error.row, "column": error.column, "code": error.code, "message": error.message}
        for error in register.errors
    ]
    click.echo(json.dumps({**counts, "errors": errors}, ensure_ascii=False, indent=2))
