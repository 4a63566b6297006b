"""`forum database upgrade`, on a database of its own of each kind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, text

from forum.database import database
from forum.demo.cli import demo
from forum.kernel.database import Base, db
from forum.kernel.migrations import check_migrated, upgrade_tables
from tests.architecture.sources import ROOT

FORUM = Path(sys.executable).with_name("forum")
NEWEST = max(path.name[:4] for path in (ROOT / "forum/migrations/versions").glob("[0-9]*.py"))


@pytest.fixture
def first_version(empty: Flask) -> Flask:
    """Return an application whose database has the tables of the first version, and one district."""
    upgrade_tables(empty, "0001")
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO district (name) VALUES ('Noord')"))
    return empty


def forum_database_upgrade(app: Flask) -> Result:
    return app.test_cli_runner().invoke(database, ["upgrade"])


def read(statement: str) -> object:
    with db.engine.connect() as connection:
        return connection.execute(text(statement)).scalar()


def set_version(version: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_older_tables_become_those_of_this_version_with_what_is_in_them(first_version: Flask) -> None:
    answer = forum_database_upgrade(first_version)

    lines = answer.stdout.splitlines()
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert lines[0] == "The database is at version 0001. To do:"
    assert lines[1].startswith("  0002  ")
    assert lines[-1] == f"The database is at version {NEWEST}."
    check_migrated(first_version)
    assert set(inspect(db.engine).get_table_names()) >= set(Base.metadata.tables)
    assert read("SELECT name FROM district") == "Noord"


def put_site(*, is_demo: bool) -> None:
    with db.engine.begin() as connection:
        columns, values = "landlord_name, tenants_name, help_phone, is_demo", "'W', 'H', '', :is_demo"
        connection.execute(text(f"INSERT INTO site ({columns}) VALUES ({values})"), {"is_demo": is_demo})


def test_a_demo_with_older_tables_is_shown_and_brought_to_this_version(first_version: Flask) -> None:
    put_site(is_demo=True)

    shown = first_version.test_cli_runner().invoke(demo, ["--show", "--json"])

    assert (shown.exit_code, shown.stderr) == (0, "")
    check_migrated(first_version)


@pytest.mark.parametrize(
    ("is_demo", "reason"),
    [
        pytest.param(True, "there is a demo here already", id="a demo"),
        pytest.param(False, "this installation holds data of its own", id="a real one"),
    ],
)
def test_no_demo_is_made_over_older_tables(first_version: Flask, is_demo: bool, reason: str) -> None:
    put_site(is_demo=is_demo)

    refused = first_version.test_cli_runner().invoke(demo, [])

    assert refused.exit_code == 1
    assert reason in refused.stderr


def test_a_second_time_there_is_nothing_to_do(first_version: Flask) -> None:
    forum_database_upgrade(first_version)

    again = forum_database_upgrade(first_version)

    assert (again.exit_code, again.stderr) == (0, "")
    assert again.stdout == f"The database is at version {NEWEST} already; nothing to do.\n"


def test_tables_of_a_newer_forum_are_refused_and_left_as_they_are(first_version: Flask) -> None:
    set_version("9999")

    answer = forum_database_upgrade(first_version)

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr.startswith(
        "forum: the database has the tables of version 9999, newer than this forum"
    )
    assert f"up to {NEWEST}" in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert read("SELECT version_num FROM alembic_version") == "9999"


def test_tables_with_rows_that_point_to_nothing_stay_as_they_are(first_version: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL changes tables in place and never lets go of its references")
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("INSERT INTO complex (name, district_id) VALUES ('De Linde', 99)")
        cursor.execute("PRAGMA foreign_keys=ON")

    answer = forum_database_upgrade(first_version)

    assert answer.exit_code == 1
    assert "rows would point to nothing, of ['complex']" in str(answer.exception)
    assert read("SELECT version_num FROM alembic_version") == "0001"
    assert "has_panels" not in {column["name"] for column in inspect(db.engine).get_columns("thread")}


def test_an_empty_database_is_left_to_forum_init(empty: Flask) -> None:
    answer = forum_database_upgrade(empty)

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == "forum: the database has no tables yet; `forum init` makes them\n"
    assert inspect(db.engine).get_table_names() == []


def test_a_migration_that_fails_leaves_the_version_and_the_tables_as_they_were(first_version: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE stance_answer"))

    answer = forum_database_upgrade(first_version)

    assert answer.exit_code == 1
    assert read("SELECT version_num FROM alembic_version") == "0001"
    assert "for_count" not in {column["name"] for column in inspect(db.engine).get_columns("thread")}


def test_the_command_as_it_is_typed_runs_on_tables_that_other_commands_refuse(first_version: Flask) -> None:
    settings = first_version.config["SETTINGS"]
    environ = {
        "PATH": os.environ["PATH"],
        "INSTANCE_PATH": str(settings.instance_path),
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }

    def forum(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(FORUM), *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    refused, upgraded, listed = forum("topics"), forum("database", "upgrade"), forum("topics")

    assert (refused.returncode, upgraded.returncode, listed.returncode) == (1, 0, 0)
    assert "`forum database upgrade` brings them up to date" in refused.stderr
    assert upgraded.stdout.endswith(f"The database is at version {NEWEST}.\n")
