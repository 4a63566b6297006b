"""Kill processes without warning, and a served forum on the database of the test."""

import os
import re
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import event

from forum.kernel.database import db

FORUM = Path(sys.executable).with_name("forum")
KILLS = int(os.environ.get("KILLS", "10"))
"""How often each kind of work is killed; `tests/bench/run.py` does so more often."""
ENOUGH_TIME = pytest.mark.timeout(30 * KILLS)
"""Each kill forks a process: where others keep the machine busy that takes many times as long."""


def environ_of(app: Flask, **changes: str) -> dict[str, str]:
    """Return the environment in which a process is of the same installation as an application."""
    settings = app.config["SETTINGS"]
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "INSTANCE_PATH": str(settings.instance_path),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "MAIL_URL": settings.mail_url,
        "PYTHONUNBUFFERED": "1",
        **changes,
    }


def start(act: Callable[[], object]) -> int:
    """Do something in a process of its own, which ends with 0 when it succeeds; return the number of it."""
    db.session.remove()
    db.engine.dispose()  # two processes on one connection ruin it
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        act()
        status = 0
    except Exception:  # noqa: BLE001 - the last that can be said before this process ends
        traceback.print_exc()
    finally:
        os._exit(status)


def count_statements(act: Callable[[], object]) -> int:
    """Let something die at its first commit; return how many statements it sent before that, 255 at most."""
    sent = 0

    def count(*_: object) -> None:
        nonlocal sent
        sent += 1

    def doomed() -> None:
        event.listen(db.engine, "before_cursor_execute", count)
        event.listen(db.engine, "commit", lambda _connection: os._exit(min(sent, 255)))
        act()

    return os.waitstatus_to_exitcode(os.waitpid(start(doomed), 0)[1])


def kill_at(act: Callable[[], object], statement: int) -> bool:
    """Do something in a process that dies before its nth statement or commit; tell if it died."""
    left = statement

    def count_down(*_: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def doomed() -> None:
        event.listen(db.engine, "before_cursor_execute", count_down)
        event.listen(db.engine, "commit", count_down)
        act()

    status = os.waitpid(start(doomed), 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "it failed before it was killed"
    return os.WIFSIGNALED(status)


def start_command(app: Flask, command: click.Command, *arguments: str) -> int:
    """Start a command, loaded already so that its work begins at once; return the number of its process."""

    def run() -> None:
        silence = os.open(os.devnull, os.O_RDWR)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.stdout = sys.stderr = open(silence, "w")  # noqa: SIM115 - this process ends soon
        command.main(list(arguments), obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)

    return start(run)


def kill_after(pid: int, seconds: float) -> bool:
    """Kill a process some time from now; tell whether it still ran."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return False
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def seconds_of(app: Flask, command: click.Command, *arguments: str) -> float:
    """Return how long a command takes when nobody disturbs it."""
    started = time.monotonic()
    os.waitpid(start_command(app, command, *arguments), 0)
    return time.monotonic() - started


class Served:
    """A running `forum serve`."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        """Know the process and its port."""
        self.process = process
        self.port = port

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listing.read_text().split()]


@contextmanager
def served(app: Flask, *, workers: int = 2, **environ: str) -> Iterator[Served]:
    """Serve the forum of an application on a port of its own, without background tasks."""
    process = subprocess.Popen(
        [FORUM, "serve", "--port", "0", "--no-jobs", "--workers", str(workers)],
        env=environ_of(app, **environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert found, "the address is not printed"
    try:
        yield Served(process, int(found.group(1)))
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
