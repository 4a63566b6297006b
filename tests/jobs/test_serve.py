import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from forum.app import create_app
from forum.kernel.database import db
from forum.kernel.migrations import upgrade_tables
from forum.mail.models import OutboxState
from forum.serve import find_memory_folder
from tests.conftest import make_settings
from tests.mail.letters import letter, queue_letter
from tests.mail.mail_server import free_port

FORUM = Path(sys.executable).with_name("forum")


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Flask]:
    """Return an installation of its own, as a newcomer has it: SQLite in a folder."""
    application = create_app(make_settings(tmp_path / "instance", MAIL_URL=f"file:{tmp_path / 'mail'}"))
    with application.app_context():
        upgrade_tables(application)
        yield application
        db.session.remove()
        db.engine.dispose()


class Server:
    """A running `forum serve`."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        """Know the process and its port."""
        self.process = process
        self.port = port

    def get(self, path: str) -> tuple[int, str]:
        """Open a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()

    def children(self) -> set[int]:
        """Return the processes under the server."""
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in listing.read_text().split()}

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(10)


@contextmanager
def serving(app: Flask, *options: str) -> Iterator[Server]:
    settings = app.config["SETTINGS"]
    environ = {
        "PATH": os.environ["PATH"],
        "INSTANCE_PATH": str(settings.instance_path),
        "SECRET_KEY": settings.secret_key,
        "MAIL_URL": settings.mail_url,
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [str(FORUM), "serve", "--port", "0", *options], env=environ, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert found, "the address is not printed"
    server = Server(process, int(found.group(1)))
    try:
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(15)
        process.stdout.close()


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def comes_true(condition: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_and_ends_with_all_its_processes(instance: Flask, number: signal.Signals) -> None:
    with serving(instance) as server:
        assert server.get("/healthz") == (200, "ok\n")
        assert comes_true(lambda: len(server.children()) == 3)
        children = server.children()

        status = server.stop(number)

        assert status == 0
        assert [pid for pid in children if is_alive(pid)] == []


def test_the_server_sends_mail(instance: Flask) -> None:
    queue_letter()

    with serving(instance):
        assert comes_true(lambda: letter().state is OutboxState.SENT)


def test_without_jobs_there_are_only_web_processes(instance: Flask) -> None:
    queue_letter()

    with serving(instance, "--no-jobs", "--workers", "1") as server:
        assert server.get("/healthz")[0] == 200
        time.sleep(2)

        assert len(server.children()) == 1
        assert letter().state is OutboxState.WAITING


def jobs_process(server: Server) -> int:
    """Return the process with the tasks: the one child that does not hold the listening socket."""
    listening = set()
    for pid in server.children():
        links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
        sockets = {link[8:-1] for link in links if link.startswith("socket:[")}
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        if any(
            row[9] in sockets and row[1].endswith(f":{server.port:04X}") and row[3] == "0A" for row in rows
        ):
            listening.add(pid)
    [jobs] = server.children() - listening
    return jobs


def test_tasks_that_die_are_started_again(instance: Flask) -> None:
    with serving(instance) as server:
        assert comes_true(lambda: len(server.children()) == 3)
        time.sleep(0.5)
        dead = jobs_process(server)

        os.kill(dead, signal.SIGKILL)
        assert comes_true(lambda: dead not in server.children())
        queue_letter()

        assert comes_true(lambda: letter().state is OutboxState.SENT)
        assert server.get("/healthz")[0] == 200


def test_when_the_server_is_killed_nothing_of_it_stays(instance: Flask) -> None:
    with serving(instance) as server:
        assert comes_true(lambda: len(server.children()) == 3)
        children = server.children()

        server.stop(signal.SIGKILL)

        assert comes_true(lambda: not any(is_alive(pid) for pid in children))


def test_a_request_in_hand_is_answered_when_the_server_stops(instance: Flask) -> None:
    with serving(instance) as server, socket.create_connection(("127.0.0.1", server.port), 10) as visitor:
        head = "POST /inloggen HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n"
        visitor.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nemail".encode())
        time.sleep(0.5)

        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        visitor.sendall(b"=abcd")

        assert visitor.recv(1000).startswith(b"HTTP/1.1 4")
        assert server.process.wait(10) == 0


def test_a_folder_in_memory_where_no_file_can_be_made_is_not_used(tmp_path: Path) -> None:
    assert find_memory_folder(str(tmp_path)) == str(tmp_path)
    assert find_memory_folder("/proc") is None
    assert find_memory_folder(str(tmp_path / "not-there")) is None


def test_a_mail_setting_that_is_wrong_is_refused_at_the_start(instance: Flask) -> None:
    settings = instance.config["SETTINGS"]
    environ = {
        "PATH": os.environ["PATH"],
        "INSTANCE_PATH": str(settings.instance_path),
        "MAIL_URL": "smtp://",
    }

    answer = subprocess.run(
        [str(FORUM), "serve", "--port", str(free_port())],
        env=environ,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert answer.returncode == 1
    assert answer.stderr.startswith("forum: setting MAIL_URL refused")
    assert answer.stderr.count("\n") == 1
