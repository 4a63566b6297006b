"""A small demo year for tests, and what is in the database of it; as a program it prints the hash of that."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from forum.app import create_app
from forum.demo.build import build_year, prepare_year
from forum.demo.year import DemoOrder
from forum.kernel.database import Base, db, unit_of_work
from forum.kernel.migrations import upgrade_tables
from tests.support.kept import made_once

TODAY = date(2026, 11, 22)
ORDER = DemoOrder(tenants=60, seed=1, today=TODAY)
NOT_COMPARED = frozenset({"password_hash", "uid", "token_hash", "code_hash", "message_id"})
"""Salts, calendar numbers and secret links are new each time."""


def in_silence(step: str) -> None:
    """Tell nobody which step it is."""


def make_small_year() -> None:
    """Make the year in the database of the application."""
    made_once("a small demo year", _build)


def _build() -> None:
    year = prepare_year(ORDER)
    with unit_of_work():
        build_year(year, in_silence)


def content_hash() -> str:
    """Return a hash of every row of every table."""
    lines = "\n".join(_rows())
    return hashlib.sha256(lines.encode()).hexdigest()


def _rows() -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if column.name not in NOT_COMPARED]
        for row in db.session.execute(select(*columns).order_by(*table.primary_key.columns)):
            yield json.dumps([table.name, *row], sort_keys=True, default=str)


if __name__ == "__main__":
    app = create_app()
    with app.app_context():
        upgrade_tables(app)
        make_small_year()
        print(content_hash())
