"""Runs the tasks in turn. A task that fails is logged, and tried again after a longer pause."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy.exc import DBAPIError

from forum.jobs.registry import Task, stopping
from forum.kernel.clock import now

log = structlog.get_logger()

LONGEST_WAIT_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 300.0


@dataclass(slots=True)
class Turn:
    """How it goes with one task in this process; `due` is on the monotonic clock."""

    task: Task
    due: float = 0.0
    failures: int = 0
    last_run_at: datetime | None = None
    last_failure: str = ""


def pause_seconds(every_seconds: float, failures: int) -> float:
    """Return the pause before the next run; each failure in a row doubles it, up to five minutes."""
    return max(every_seconds, min(every_seconds * 2.0 ** min(failures, 20), LONGEST_PAUSE_SECONDS))


class Runner:
    """All tasks of one process."""

    def __init__(self, app: Flask, tasks: Iterable[Task]) -> None:
        """Start with every task due."""
        self.app = app
        self.turns = [Turn(task) for task in tasks]

    def run_once(self) -> list[str]:
        """Run every task once; return the names of those that failed."""
        for turn in self.turns:
            self._run(turn)
        return [turn.task.name for turn in self.turns if turn.failures]

    def run_until(self, is_over: Callable[[], bool]) -> None:
        """Run the tasks whenever they are due, until this process was asked to stop or it is over."""
        while not self._ends(is_over):
            for turn in self.turns:
                if turn.due <= time.monotonic() and not self._ends(is_over):
                    self._run(turn)
            stopping.wait(self._wait_seconds())

    def _ends(self, is_over: Callable[[], bool]) -> bool:
        return stopping.is_set() or is_over()

    def _wait_seconds(self) -> float:
        first = min((turn.due for turn in self.turns), default=float("inf"))
        return min(max(first - time.monotonic(), 0.0), LONGEST_WAIT_SECONDS)

    def _run(self, turn: Turn) -> None:
        turn.last_run_at = now()
        try:
            with self.app.app_context():
                turn.task.run(at=turn.last_run_at)
        except Exception as error:  # the one place where a fault of one feature must not stop the rest
            turn.failures += 1
            turn.last_failure = f"{type(error).__name__}: {error}"
            if isinstance(error, DBAPIError):  # its own words say enough, and it comes back every time
                log.error("task failed", task=turn.task.name, failures=turn.failures, reason=str(error.orig))
            else:
                log.exception("task failed", task=turn.task.name, failures=turn.failures)
        else:
            turn.failures, turn.last_failure = 0, ""
        turn.due = time.monotonic() + pause_seconds(turn.task.every_seconds, turn.failures)
