"""`forum serve`: the web server, with the background tasks beside it in a process of their own."""

import ctypes
import gc
import os
import signal
import sys
import time
from contextlib import suppress
from tempfile import TemporaryFile
from typing import Any

import click
import structlog
from flask import Flask
from flask.cli import ScriptInfo
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from jinja2 import TemplateError
from sqlalchemy.orm import configure_mappers

from forum.jobs.registry import TASKS, stopping
from forum.jobs.runner import Runner
from forum.jobs.signals import stop_on_signals
from forum.kernel.database import db
from forum.mail.jobs import opener_of
from forum.search.engines import engine_at
from forum.web.request_counts import request_counts
from forum.web.turns import InTurn

log = structlog.get_logger()

GRACE_SECONDS = 8
"""Requests and tasks in hand get this long to finish; most systems kill what takes over ten."""
RESTART_PAUSE_SECONDS = 5.0
THREADS = 4
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # numbers of these switches in malloc.h of glibc
LARGE_BYTES, ARENAS = 256 * 1024, 2
MEMORY_FOLDER = "/dev/shm"  # noqa: S108 - gunicorn makes its own private file here, off the disk


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free one."
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--no-jobs", is_flag=True, help="Leave the background tasks to `forum jobs run` elsewhere.")
@click.pass_obj
def serve(info: ScriptInfo, host: str, port: int, workers: int, no_jobs: bool) -> None:
    """Serve the forum until stopped, and do its background work."""
    app = info.load_app()
    opener_of(app.config["SETTINGS"])  # refuse a wrong setting now, not when the first mail leaves
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    _give_memory_back()
    _warm_up(app)
    ForumArbiter(ForumServer(app, server_options(bind, workers)), app, with_jobs=not no_jobs).run()


def _give_memory_back() -> None:
    """Let large pieces of memory go back to the system when they are free.

    Checking one password takes some twenty megabytes. By itself the C library of most systems keeps such
    pieces, for each thread apart: a class that signs in at once would leave hundreds of megabytes behind.
    """
    with suppress(AttributeError, OSError):  # another C library has no such switches, and no such habit
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        library.mallopt(M_ARENA_MAX, ARENAS)


def _warm_up(app: Flask) -> None:
    """Load what every process needs before they part: they share it, and the first visitor need not wait."""
    configure_mappers()
    for name in app.jinja_env.list_templates(extensions=["html"]):
        # Mail has filters of its own; a page with a fault shows it when asked for.
        with suppress(TemplateError):
            app.jinja_env.get_template(name)
    app.test_client().get("/", follow_redirects=True)
    with app.app_context():
        engine_at(app.config["SETTINGS"].search_url)
    request_counts(app).clear()  # that was no visitor
    gc.unfreeze()  # what loading left behind need not stay
    gc.collect()
    gc.freeze()  # a collection later must not touch, and so copy, what is shared


def find_memory_folder(folder: str) -> str | None:
    """Return the folder when a file can be made in it, `None` else: gunicorn then takes the usual place."""
    with suppress(OSError), TemporaryFile(dir=folder):
        return folder
    return None


def server_options(bind: str, workers: int) -> dict[str, Any]:
    """Return how gunicorn runs here.

    Workers are forked from one loaded application, so that they share its memory; each lets go of the
    database connections of its parent. They are replaced now and then, at different moments.
    """
    return {
        "bind": [bind],
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": GRACE_SECONDS,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 4_000,
        "control_socket_disable": True,
        "forwarded_allow_ips": "",  # the application reads those headers, where TRUSTED_PROXIES says so
        "worker_tmp_dir": find_memory_folder(MEMORY_FOLDER),
        "loglevel": "warning",
        "proc_name": "huurdersforum",
        "post_fork": _after_fork,
        "post_worker_init": _hear_signals,
        "when_ready": _tell_address,
    }


def _after_fork(server: "ForumArbiter", _worker: object) -> None:
    _forget_connections(server.flask_app)


def _hear_signals(_worker: object) -> None:
    """Let a new process hear what it was asked meanwhile: by now it listens for itself."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def _forget_connections(app: Flask) -> None:
    """Leave the parent's connections to the parent: two processes on one connection ruin it."""
    with app.app_context():
        db.engine.dispose(close=False)


def _tell_address(server: "ForumArbiter") -> None:
    host, port = server.LISTENERS[0].sock.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Huurdersforum on http://{shown}:{port} (Ctrl-C stops it)")


class ForumServer(BaseApplication):  # type: ignore[misc]
    """The loaded application with its options, as gunicorn wants them."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        """Keep both for `load` and `load_config`."""
        self.flask_app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Set every option."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> InTurn:
        """Return the application."""
        return InTurn(self.flask_app)


class ForumArbiter(Arbiter):  # type: ignore[misc]
    """Gunicorn's master, which also keeps one process with the background tasks alive."""

    def __init__(self, server: ForumServer, app: Flask, *, with_jobs: bool) -> None:
        """Start nothing yet."""
        self.flask_app = app
        self.with_jobs = with_jobs
        self.jobs_pid = 0
        self.jobs_started = -RESTART_PAUSE_SECONDS
        super().__init__(server)

    def manage_workers(self) -> None:
        """Keep the web processes alive, and the one with the tasks; called about every second."""
        super().manage_workers()
        if self.with_jobs and not self._is_jobs_alive():
            self._start_jobs()

    def spawn_worker(self) -> None:
        """Start a web process; a signal to stop waits until the process listens for it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    def stop(self, graceful: bool = True) -> None:
        """Stop everything; tasks finish the piece of work in hand."""
        self.with_jobs = False
        deadline = time.monotonic() + GRACE_SECONDS
        self._signal_jobs(signal.SIGTERM)
        super().stop(graceful)
        while self._is_jobs_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        self._signal_jobs(signal.SIGKILL)

    def _is_jobs_alive(self) -> bool:
        """Tell whether the process with the tasks lives. Gunicorn may have buried it with its own dead."""
        if self.jobs_pid == 0:
            return False
        try:
            buried, _status = os.waitpid(self.jobs_pid, os.WNOHANG)
        except ChildProcessError:
            buried = self.jobs_pid
        if buried:
            self.jobs_pid = 0
        return self.jobs_pid != 0

    def _signal_jobs(self, number: signal.Signals) -> None:
        if self._is_jobs_alive():
            os.kill(self.jobs_pid, number)

    def _start_jobs(self) -> None:
        if time.monotonic() - self.jobs_started < RESTART_PAUSE_SECONDS:
            return
        self.jobs_started = time.monotonic()
        parent = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        self.jobs_pid = os.fork()
        if self.jobs_pid == 0:
            self._be_jobs(parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    def _be_jobs(self, parent: int) -> None:
        """Run the tasks in this new process, until asked to stop or until the parent is gone."""
        status = 1
        try:
            self._become_own_process()
            Runner(self.flask_app, TASKS.values()).run_until(lambda: os.getppid() != parent)
            status = 0
        finally:
            if status:
                log.exception("background tasks stopped")
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)  # what the parent planned for its own end is not ours to do

    def _become_own_process(self) -> None:
        stopping.clear()
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        stop_on_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        for listener in self.LISTENERS:
            listener.sock.close()
        _forget_connections(self.flask_app)
