"""An installation of its own that is really served, and its mail."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TextIO

from flask import Flask
from flask.ctx import AppContext

from forum.app import create_app
from forum.kernel.database import db
from forum.settings.config import load_settings
from tests.mail.mail_server import free_port

FORUM = Path(sys.executable).with_name("forum")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class ServedForum:
    """A forum that answers on `address`; `app` is the same installation, to arrange and to look inside."""

    app: Flask
    address: str
    environ: Mapping[str, str]
    mail: Path

    def inside(self) -> AppContext:
        """Return the context in which the test may use the database of the forum."""
        return self.app.app_context()

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the `forum` command on this installation."""
        return run_forum(self.environ, *arguments)

    def do_background_work(self) -> None:
        """Do once what `forum serve` does beside its pages: sending mail, inviting, refilling."""
        done = self.command("jobs", "run", "--once")
        assert done.returncode == 0, done.stdout + done.stderr

    def letters_to(self, email: str) -> list[EmailMessage]:
        """Return the mails somebody got so far, the oldest first."""
        files = sorted(self.mail.glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name))
        letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [letter for letter in letters if email in str(letter["To"])]

    def links_to(self, email: str, path: str) -> list[str]:
        """Return the paths of the links somebody got by mail that start with `path`, the oldest first."""
        links: list[str] = []
        for letter in self.letters_to(email):
            part = letter.get_body(("plain",))
            assert part is not None, "a mail has no plain text"
            links += re.findall(rf"{re.escape(self.address)}({re.escape(path)}\S+)", part.get_content())
        return links

    def link_to(self, email: str, path: str) -> str:
        """Return the path of the newest link somebody got by mail that starts with `path`."""
        links = self.links_to(email, path)
        assert links, f"{email} got no link to {path}"
        return links[-1]


def run_forum(environ: Mapping[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the `forum` command with these settings and nothing else of this test's surroundings."""
    return subprocess.run(
        [str(FORUM), *arguments],
        env=_surroundings(environ),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def _surroundings(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return these settings with what a process needs to run the code that is tested, installed or not."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environ}


@contextmanager
def served_forum(folder: Path, *install: str, **settings: str) -> Iterator[ServedForum]:
    """Install a forum in a folder with a `forum` command, and serve it as in production, in one web process.

    The background work stands still until a test asks for it.
    """
    environ = _environ(folder, **settings)
    installed = run_forum(environ, *install)
    assert installed.returncode == 0, installed.stderr
    with _served(folder, environ) as served:
        yield served


@contextmanager
def served_copy(folder: Path, source: ServedForum, **settings: str) -> Iterator[ServedForum]:
    """Serve a copy of a served forum in a folder of its own: what happens to it, the source never sees."""
    environ = _environ(folder, **settings)
    shutil.copytree(source.environ["INSTANCE_PATH"], environ["INSTANCE_PATH"])
    with _served(folder, environ) as served:
        yield served


def _environ(folder: Path, **settings: str) -> dict[str, str]:
    return {
        "INSTANCE_PATH": str(folder / "instance"),
        "SECRET_KEY": "j" * 40,
        "MAIL_URL": f"file:{folder / 'mail'}",
        "BASE_URL": f"http://127.0.0.1:{free_port()}",
        **settings,
    }


@contextmanager
def _served(folder: Path, environ: Mapping[str, str]) -> Iterator[ServedForum]:
    app = create_app(load_settings(environ))
    with (folder / "log").open("w") as log, _serving(environ, log):
        yield ServedForum(app, environ["BASE_URL"], environ, folder / "mail")
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _serving(environ: Mapping[str, str], log: TextIO) -> Iterator[None]:
    port = environ["BASE_URL"].rpartition(":")[2]
    process = subprocess.Popen(
        [str(FORUM), "serve", "--workers", "1", "--no-jobs", "--port", port],
        env=_surroundings(environ),
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert "http://" in process.stdout.readline(), "the server does not start"
        yield
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nobody waits for an answer any more
        process.wait(15)
        process.stdout.close()
