"""What every test may use: an application on each database, emptied after each test, and a browser."""

import gc
import os
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from zlib import crc32

import argon2
import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import text

from forum.accounts import passwords
from forum.app import create_app
from forum.kernel.database import db
from forum.kernel.migrations import upgrade_tables
from forum.settings.config import Settings, load_settings
from tests.support.browser import Browser
from tests.support.kept import filled_tables

# How long something takes on the clock says more about the machine than about the code.
settings.register_profile(
    "any machine", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://127.0.0.1:5432/postgres")

CHECKOUT = f"{crc32(str(Path(__file__).parent).encode()):08x}"
"""Two checkouts on one machine may run their tests at the same time."""


def postgresql_answers() -> bool:
    """Tell whether there is a PostgreSQL server to test on."""
    try:
        with socket.create_connection(("127.0.0.1", 5432), timeout=2):
            return True
    except OSError:
        return False


def missing(what: str) -> NoReturn:
    """Skip a test that needs what is not here; fail where everything must be there."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what}, and REQUIRE_SERVICES=1 says that nothing may be skipped")
    pytest.skip(what)


def pytest_collection_finish() -> None:
    """Keep what was loaded for all tests out of every garbage collection of a test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    passwords.hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def new_postgresql_database(worker: str) -> str:
    """Make an empty database for one test process of this checkout; return its address."""
    name = f"forum_test_{CHECKOUT}_{worker}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        # A test never cuts the power of the server, so no commit has to wait for the disk
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    return POSTGRESQL.rsplit("/", 1)[0] + "/" + name


@pytest.fixture
def pango() -> None:
    """Skip where the system cannot draw letters in a PDF."""
    loads = [sys.executable, "-c", "import weasyprint"]  # not here: it changes how pictures are read
    if subprocess.run(loads, capture_output=True, check=False).returncode:
        missing("no Pango on this machine")


def make_settings(instance: Path, **environ: str) -> Settings:
    """Return the settings of an installation in a folder, on the database named or on SQLite."""
    return load_settings({"INSTANCE_PATH": str(instance), "SECRET_KEY": "t" * 40, **environ})


def new_database(kind: str, name: str = "") -> dict[str, str]:
    """Return the settings of an empty database of a kind, for this test process and this name alone."""
    if kind == "sqlite":
        return {}
    if not postgresql_answers():
        missing("no PostgreSQL server on 127.0.0.1:5432")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return {"DATABASE_URL": new_postgresql_database(worker + name)}


def let_requests_undo(application: Flask) -> None:
    """Undo the session after each request, which for a visitor ends with the context that tests stay in."""

    @application.teardown_request
    def undo(_error: BaseException | None) -> None:
        db.session.rollback()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Return an application with a database of its own, which has no tables yet."""
    application = create_app(make_settings(tmp_path / "instance", **new_database(request.param, "_empty")))
    let_requests_undo(application)
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return an application whose database is migrated to the newest version, on each database in turn."""
    environ = new_database(request.param)
    instance = tmp_path_factory.mktemp(f"instance-{request.param}")
    environ["REQUESTS_PER_MINUTE"] = "1000000"  # all visitors of all tests come from one address
    application = create_app(make_settings(instance, MAIL_URL=f"file:{instance / 'mail'}", **environ))
    application.testing = True
    let_requests_undo(application)
    with application.app_context():
        upgrade_tables(application)
        yield application
        db.session.remove()
        db.engine.dispose()


ONE_DATABASE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
"""For a slow test of a command: how it prints and ends. What it does is tested on both."""

COUNT_ANEW = text(
    "SELECT setval(format('%I', sequencename)::regclass, 1, false)"
    " FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


def empty_database() -> None:
    """Throw away every row of every table, and count anew.

    Truncating in PostgreSQL makes new files and waits for the disk; deleting the few rows of a test is fast.
    """
    db.session.rollback()
    with db.engine.begin() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for name in filled_tables(connection):
            connection.execute(text(f'DELETE FROM "{name}"'))
        if not is_sqlite:
            connection.execute(COUNT_ANEW)
    db.session.remove()


@pytest.fixture
def database(app: Flask) -> Iterator[Flask]:
    """Give a test an empty database and empty it again afterwards."""
    yield app
    empty_database()


@pytest.fixture
def browser(database: Flask) -> Browser:
    """Return a visitor who checks every page they are shown."""
    return Browser(database)


@pytest.fixture(autouse=True, scope="session")
def _warnings_are_errors() -> None:
    warnings.simplefilter("error", ResourceWarning)
