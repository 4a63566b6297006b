"""How many requests each page answered, and how; counted over all web processes of one server."""

import fcntl
import mmap
import os
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from flask import Flask, Response, request

STATUSES = {status.value: place for place, status in enumerate(HTTPStatus)}
ELSEWHERE = "none"
"""Stands for the page of a request that no route answers."""


class RequestCounts:
    """A number for each route and status, in memory that processes share when they are forked from one.

    The lock is one of the system: when a process dies in the middle the others go on.
    """

    def __init__(self, endpoints: list[str]) -> None:
        """Start at nothing."""
        self._places = {name: place for place, name in enumerate([*endpoints, ELSEWHERE])}
        self._counts = memoryview(mmap.mmap(-1, len(self._places) * len(STATUSES) * 8)).cast("Q")
        self._file, path = tempfile.mkstemp()
        os.unlink(path)
        weakref.finalize(self, os.close, self._file)
        self._threads = threading.Lock()

    def add(self, endpoint: str, status: int) -> None:
        """Count one answer; a status that is none is not counted."""
        if status in STATUSES:
            row = self._places.get(endpoint, self._places[ELSEWHERE])
            with self._alone():
                self._counts[row * len(STATUSES) + STATUSES[status]] += 1

    def clear(self) -> None:
        """Start at nothing again."""
        with self._alone():
            self._counts[:] = memoryview(bytes(self._counts.nbytes)).cast("Q")

    def read(self) -> Iterator[tuple[str, int, int]]:
        """Yield route, status and number of what was answered at least once."""
        for endpoint, row in self._places.items():
            for status, place in STATUSES.items():
                if count := self._counts[row * len(STATUSES) + place]:
                    yield endpoint, status, count

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


def request_counts(app: Flask) -> RequestCounts:
    """Return the counts of this server."""
    counts: RequestCounts = app.extensions["request_counts"]
    return counts


def init_request_counts(app: Flask) -> None:
    """Count every answer from now on; the routes are all there by now."""
    app.extensions["request_counts"] = RequestCounts(sorted(app.view_functions))

    @app.after_request
    def count(response: Response) -> Response:
        request_counts(app).add(request.endpoint or ELSEWHERE, response.status_code)
        return response
