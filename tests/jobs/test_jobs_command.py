import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from forum.jobs.cli import jobs
from forum.kernel.database import db, unit_of_work
from forum.mail.models import OutboxMessage, OutboxState
from tests.conftest import ONE_DATABASE
from tests.mail.letters import letter, queue_letter
from tests.support.cast import T0

FORUM = Path(sys.executable).with_name("forum")


def run(app: Flask, *arguments: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(jobs, arguments, prog_name="forum jobs")


def listed(app: Flask) -> dict[str, Any]:
    result = run(app, "list")
    assert result.exit_code == 0, result.exception
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def queue_in_state(key: str, state: OutboxState) -> int:
    number = queue_letter(key)
    with unit_of_work():
        row = db.session.get_one(OutboxMessage, number)
        row.state, row.attempts, row.last_error = state, 14, "550 No such user"
        row.message_id = f"<{key}@forum.example.nl>"
    return number


def process(app: Flask, *arguments: str, **options: Any) -> "subprocess.Popen[str]":
    settings = app.config["SETTINGS"]
    environ = {
        "PATH": os.environ["PATH"],
        "INSTANCE_PATH": str(settings.instance_path),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "MAIL_URL": settings.mail_url,
    }
    return subprocess.Popen([str(FORUM), *arguments], env=environ, text=True, **options)


def test_list_shows_tasks_counts_and_what_a_person_must_look_at(database: Flask) -> None:
    queue_letter("a")
    number = queue_in_state("b", OutboxState.UNSURE)

    answer = listed(database)

    assert {"name": "mail.deliver", "every_seconds": 5} in answer["tasks"]
    assert answer["backlogs"]["mail"] == {
        "waiting": 1, "sending": 0, "sent": 0, "dropped": 0, "failed": 0, "unsure": 1,
    }  # fmt: skip
    assert answer["stuck"] == [
        {
            "of": "mail",
            "id": number,
            "state": "unsure",
            "what": "accounts/activation",
            "reason": "550 No such user",
        }
    ]


def test_list_shows_no_addresses_and_no_secrets(database: Flask) -> None:
    queue_in_state("a", OutboxState.FAILED)

    shown = run(database, "list").stdout

    assert letter("a").address not in shown
    assert "secret" not in shown


@ONE_DATABASE
def test_list_is_a_table_on_a_terminal(database: Flask) -> None:
    number = queue_in_state("a", OutboxState.FAILED)
    ours, theirs = pty.openpty()

    listing = process(database, "jobs", "list", stdout=theirs)
    assert listing.wait(20) == 0

    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "mail.deliver" in shown
    assert "{" not in shown
    assert f"mail {number:>7}  failed" in shown


def test_retry_sends_a_failed_message_again_from_the_start(database: Flask) -> None:
    number = queue_in_state("a", OutboxState.FAILED)

    answer = run(database, "retry", str(number))

    assert json.loads(answer.stdout) == {"retried": [number]}
    row = letter("a")
    assert (row.state, row.attempts, row.message_id) == (OutboxState.WAITING, 0, "<a@forum.example.nl>")
    assert row.due_at > T0


@pytest.mark.parametrize("option", [[], ["--all-failed"]], ids=["nothing named", "all failed"])
def test_retry_of_all_failed_leaves_the_unsure_ones_alone(database: Flask, option: list[str]) -> None:
    failed = [queue_in_state(key, OutboxState.FAILED) for key in "ab"]
    queue_in_state("c", OutboxState.UNSURE)
    queue_in_state("d", OutboxState.SENT)

    answer = run(database, "retry", *option)

    assert json.loads(answer.stdout) == {"retried": failed}
    assert (letter("c").state, letter("d").state) == (OutboxState.UNSURE, OutboxState.SENT)


def test_retry_of_an_unsure_message_takes_its_number(database: Flask) -> None:
    number = queue_in_state("a", OutboxState.UNSURE)

    run(database, "retry", str(number))

    assert letter("a").state is OutboxState.WAITING


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.SENDING, OutboxState.DROPPED])
def test_retry_of_anything_else_is_refused_and_changes_nothing(database: Flask, state: OutboxState) -> None:
    failed = queue_in_state("a", OutboxState.FAILED)
    other = queue_in_state("b", state)

    answer = run(database, "retry", str(failed), str(other))

    assert answer.exit_code == 1
    assert answer.stderr == f"forum: nothing changed: neither failed nor unsure: {other}\n"
    assert (letter("a").state, letter("b").state) == (OutboxState.FAILED, state)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--all-failed", "1"], id="both"),
        pytest.param(["0"], id="no number of a message"),
        pytest.param(["99999999999999999999"], id="a number no row can have"),
        pytest.param(["--nonsense"], id="no such option"),
    ],
)
def test_retry_used_wrongly_exits_with_two(database: Flask, arguments: list[str]) -> None:
    assert run(database, "retry", *arguments).exit_code == 2


def test_retry_of_an_unknown_backlog_is_refused(database: Flask) -> None:
    answer = run(database, "retry", "1", "--of", "post")

    assert answer.exit_code == 1
    assert "no backlog 'post', only mail" in answer.stderr


def test_run_once_sends_the_mail(database: Flask) -> None:
    queue_letter("a")

    running = process(database, "jobs", "run", "--once")

    assert running.wait(20) == 0
    assert letter("a").state is OutboxState.SENT
    folder = Path(database.config["SETTINGS"].mail_url.removeprefix("file:"))
    assert (folder / f"{str(letter('a').message_id)[1:33]}.eml").is_file()


@ONE_DATABASE
def test_run_once_says_which_task_failed(database: Flask) -> None:
    queue_letter("a", template="tests/not_there")

    running = process(database, "jobs", "run", "--once", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, stderr = running.communicate(timeout=60)

    assert running.returncode == 1
    assert stderr.splitlines()[-1].startswith("forum: failed: mail.deliver;")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_goes_on_until_asked_to_stop(database: Flask, number: signal.Signals) -> None:
    queue_letter("a")
    running = process(database, "jobs", "run")
    deadline = time.monotonic() + 20
    while letter("a").state is not OutboxState.SENT and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running.poll() is None

    running.send_signal(number)

    assert running.wait(10) == 0
    assert letter("a").state is OutboxState.SENT
