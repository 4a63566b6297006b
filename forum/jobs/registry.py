"""The background tasks and backlogs of all features; each registers its own in its `jobs.py`."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

stopping = threading.Event()
"""Set when this process was asked to stop; a long task looks at it between two pieces of work."""


class TaskFunction(Protocol):
    """What a task does: look at the state, claim rows that are due, work, and be safe to run again."""

    def __call__(self, *, at: datetime) -> None:
        """Do what is due at a moment."""


@dataclass(frozen=True, slots=True)
class Task:
    """Work that comes back; two processes may run it at once, so it claims the rows it works on."""

    name: str
    every_seconds: float
    run: TaskFunction


@dataclass(frozen=True, slots=True)
class Stuck:
    """One piece of work that a person must look at. Without personal data: it is shown in a terminal."""

    id: int
    state: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """Work in a table, for `forum jobs list` and `forum jobs retry`. The functions run in a unit of work.

    Attributes:
        name: stands before the numbers of its rows.
        count_by_state: returns how many rows are in each state.
        list_stuck: returns at most so many rows that a person must look at.
        retry: puts named rows back in the line and returns those it did.
        retry_failed: does so for all rows that failed for certain, and for no unsure one.
    """

    name: str
    count_by_state: Callable[[], Mapping[str, int]]
    list_stuck: Callable[[int], Sequence[Stuck]]
    retry: Callable[[Collection[int], datetime], Sequence[int]]
    retry_failed: Callable[[datetime], Sequence[int]]


TASKS: dict[str, Task] = {}
BACKLOGS: dict[str, Backlog] = {}


def task(name: str, *, every_seconds: float) -> Callable[[TaskFunction], TaskFunction]:
    """Register a function as a background task, called with `at` in an application context.

    Args:
        name: feature and verb: `invitations.expire`.
        every_seconds: the pause between two runs.

    Raises:
        ValueError: there is a task of this name.
    """

    def register(run: TaskFunction) -> TaskFunction:
        if name in TASKS:
            message = f"there is a task {name!r}"
            raise ValueError(message)
        TASKS[name] = Task(name, every_seconds, run)
        return run

    return register


def register_backlog(backlog: Backlog) -> None:
    """Show a backlog in `forum jobs list` and let `forum jobs retry` work on it.

    Raises:
        ValueError: there is a backlog of this name.
    """
    if backlog.name in BACKLOGS:
        message = f"there is a backlog {backlog.name!r}"
        raise ValueError(message)
    BACKLOGS[backlog.name] = backlog
