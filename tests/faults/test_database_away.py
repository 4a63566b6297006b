"""A database that is away, not migrated, read-only or full: one line for a command, a page for a visitor."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from forum.app import create_app
from forum.kernel.database import db
from forum.kernel.migrations import upgrade_tables
from forum.members.models import Member
from tests.conftest import make_settings
from tests.mail.mail_server import free_port
from tests.support.browser import Browser

FORUM = Path(sys.executable).with_name("forum")
ENVIRON = {"PATH": os.environ["PATH"], "SECRET_KEY": "t" * 40, "PYTHONDONTWRITEBYTECODE": "1"}
"""Without byte code: a process that may write little must not leave half of it for others."""
INIT = ("init", "--year", "2026", "--corporation", "A", "--tenants", "B", "--admin-email", "a@example.nl")
REGISTER = "number,last_name,street,house_number,postcode,city\nH1,Jansen,Laan,1,1234AB,Ede\n"


@contextmanager
def installation(instance: Path, **environ: str) -> Iterator[Flask]:
    """Give an application of its own."""
    application = create_app(make_settings(instance, **environ))
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def migrate(instance: Path) -> None:
    with installation(instance) as application:
        upgrade_tables(application)


def forum(
    instance: Path, *arguments: str, before: Callable[[], None] | None = None, **environ: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [FORUM, *arguments],
        env={**ENVIRON, "INSTANCE_PATH": str(instance), **environ},
        cwd=instance.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=before,
    )


def refuses_in_one_line(answer: "subprocess.CompletedProcess[str]", reason: str) -> None:
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert answer.stderr.startswith("forum: ")
    assert reason in answer.stderr
    assert "Traceback" not in answer.stdout
    assert "geheim" not in answer.stderr


@pytest.mark.parametrize("command", [("topics",), ("jobs", "run", "--once")], ids=" ".join)
def test_a_command_before_the_tables_are_there_says_what_makes_them(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    answer = forum(tmp_path / "instance", *command)

    refuses_in_one_line(answer, "the database has no tables yet; `forum init` makes them")


def test_a_command_on_the_tables_of_another_version_says_what_to_run(tmp_path: Path) -> None:
    with installation(tmp_path / "instance") as application:
        upgrade_tables(application)
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        db.session.commit()

    refuses_in_one_line(forum(tmp_path / "instance", "topics"), "`forum database upgrade`")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("postgresql://forum:geheim@127.0.0.1:{port}/forum", "connection failed", id="no server"),
        pytest.param("postgresql://forum:geheim@127.0.0.1:poort/forum", "cannot be read", id="no address"),
        pytest.param("sqlite:////proc/nergens/forum.sqlite", "unable to open database file", id="no folder"),
        pytest.param("sqlite:////etc/passwd", "file is not a database", id="another file"),
    ],
)
@pytest.mark.parametrize("command", [("topics",), INIT], ids=lambda command: command[0])
def test_a_command_without_its_database_says_why(
    tmp_path: Path, command: tuple[str, ...], url: str, reason: str
) -> None:
    answer = forum(tmp_path / "instance", *command, DATABASE_URL=url.format(port=free_port()))

    refuses_in_one_line(answer, reason)


def test_a_command_that_may_not_write_says_so(tmp_path: Path) -> None:
    instance, register = tmp_path / "instance", tmp_path / "register.csv"
    register.write_text(REGISTER)
    migrate(instance)
    url = f"sqlite:///file:{instance / 'forum.sqlite'}?mode=ro&uri=true"

    answer = forum(instance, "members", "import", str(register), DATABASE_URL=url)

    refuses_in_one_line(answer, "readonly database")


def test_a_command_on_a_full_disk_says_so_and_leaves_nothing_half(tmp_path: Path) -> None:
    instance, register = tmp_path / "instance", tmp_path / "register.csv"
    register.write_text(REGISTER)
    migrate(instance)

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))

    refused = forum(instance, "members", "import", str(register), before=no_room)

    refuses_in_one_line(refused, "the database (DATABASE_URL) cannot be used: disk")
    with installation(instance):
        assert db.session.query(Member).count() == 0
    assert forum(instance, "members", "import", str(register)).returncode == 0


def test_an_answer_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    migrate(tmp_path / "instance")

    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [FORUM, "topics"],
            env={**ENVIRON, "INSTANCE_PATH": str(tmp_path / "instance")},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )

    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert "No space left on device" in answer.stderr


@pytest.mark.parametrize("path", ["/agenda", "/healthz", "/code/wachtwoord"])
def test_a_page_without_its_database_says_to_come_back(tmp_path: Path, path: str) -> None:
    url = f"postgresql://127.0.0.1:{free_port()}/forum"
    with installation(tmp_path, DATABASE_URL=url, PUBLIC_READING="yes") as application:
        browser = Browser(application)
        form = browser.visit("/code")
        assert form.status == 200, "a page that needs no data is there"

        if path == "/code/wachtwoord":
            page = browser.submit(form, "Ga verder", code="BBBB", postcode="1234AB")
        else:
            page = browser.visit(path)

    assert page.status == 503
    assert "Onze computer gaf geen antwoord." in page.text


def test_a_page_before_the_tables_are_there_says_to_come_back(tmp_path: Path) -> None:
    with installation(tmp_path, PUBLIC_READING="yes") as application:
        page = Browser(application).visit("/agenda")

    assert page.status == 503
    assert "Onze computer gaf geen antwoord." in page.text


@pytest.mark.parametrize("left", [pytest.param(None, id="nothing"), pytest.param("no tables", id="rubbish")])
def test_a_forum_whose_file_was_taken_away_is_not_well(tmp_path: Path, left: str | None) -> None:
    with installation(tmp_path) as application:
        upgrade_tables(application)
        client = application.test_client()
        before = client.get("/healthz")
        for file in tmp_path.glob("forum.sqlite*"):
            file.rename(tmp_path / f"away-{file.name}")
        if left is not None:
            (tmp_path / "forum.sqlite").write_text(left)

        after = client.get("/healthz")

    assert (before.status_code, after.status_code) == (200, 503)


def test_a_page_that_waits_too_long_for_a_connection_says_to_come_back(tmp_path: Path) -> None:
    with installation(tmp_path, PUBLIC_READING="yes") as application:
        upgrade_tables(application)
        pool = db.engine.pool
        pool._timeout = 0.1  # type: ignore[attr-defined]
        taken = [db.engine.connect() for _ in range(15)]

        page = Browser(application).visit("/agenda")

        for connection in taken:
            connection.close()

    assert page.status == 503
