"""What every test may use: an application on each database, emptied after each test, and a browser."""

import os
import socket
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import argon2
import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from forum.accounts import passwords
from forum.app import create_app
from forum.kernel.database import Base, db
from forum.settings.config import Settings, load_settings
from tests.support.browser import Browser

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://127.0.0.1:5432/postgres")


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


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    passwords.hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def _new_postgresql_database(worker: str) -> str:
    name = f"forum_test_{worker}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    return POSTGRESQL.rsplit("/", 1)[0] + "/" + name


def make_settings(instance: Path, **environ: str) -> Settings:
    """Return the settings of an installation in a folder, on the database named or on SQLite."""
    return load_settings({"INSTANCE_PATH": str(instance), "SECRET_KEY": "t" * 40, **environ})


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return an application whose database is migrated to the newest version, on each database in turn."""
    environ = {}
    if request.param == "postgresql":
        if not postgresql_answers():
            missing("no PostgreSQL server on 127.0.0.1:5432")
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        environ["DATABASE_URL"] = _new_postgresql_database(worker)
    instance = tmp_path_factory.mktemp(f"instance-{request.param}")
    environ["REQUESTS_PER_MINUTE"] = "1000000"  # all visitors of all tests come from one address
    application = create_app(make_settings(instance, MAIL_URL=f"file:{instance / 'mail'}", **environ))
    application.testing = True
    with application.app_context():
        upgrade()
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[Flask]:
    """Give a test an empty database and empty it again afterwards."""
    yield app
    db.session.rollback()
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            for table in tables:
                connection.execute(text(f"DELETE FROM {table}"))
    db.session.remove()


@pytest.fixture
def browser(database: Flask) -> Browser:
    """Return a visitor who checks every page they are shown."""
    return Browser(database)


@pytest.fixture(autouse=True, scope="session")
def _warnings_are_errors() -> None:
    warnings.simplefilter("error", ResourceWarning)
