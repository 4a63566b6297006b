"""Requests of one process: in turn while that goes fast, along with each other when one of them waits."""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from forum.web.turns import PATIENCE_SECONDS, InTurn

SOON = 5.0


def _started(_status: str, _headers: list[tuple[str, str]], _fault: object = None) -> object:
    return None


class Counted:
    """An application that knows how many requests it had in hand at once; one for `/slow` waits."""

    def __init__(self) -> None:
        """Start with none."""
        self.lock, self.now, self.most = Lock(), 0, 0
        self.waits, self.may_go = Event(), Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer after a moment, or when it may."""
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        if environ["PATH_INFO"] == "/slow":
            self.waits.set()
            assert self.may_go.wait(SOON)
        time.sleep(0.002)
        with self.lock:
            self.now -= 1
        start_response("200 OK", [])
        return [b"done"]


def _ask(app: InTurn, path: str) -> bytes:
    return b"".join(app({"PATH_INFO": path}, _started))  # type: ignore[arg-type]


def test_fast_requests_are_answered_one_at_a_time() -> None:
    counted = Counted()
    app = InTurn(counted)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: _ask(app, "/fast"), range(40)))

    assert answers == [b"done"] * 40
    assert counted.most == 1


def test_a_request_that_waits_holds_nobody_up_for_long() -> None:
    counted = Counted()
    app = InTurn(counted)

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(_ask, app, "/slow")
        assert counted.waits.wait(SOON)
        started = time.monotonic()
        fast = threads.submit(_ask, app, "/fast").result(SOON)
        waited = time.monotonic() - started
        was_done = slow.done()
        counted.may_go.set()

    assert fast == slow.result() == b"done"
    assert not was_done, "the slow one was still in hand"
    assert waited >= PATIENCE_SECONDS


def test_a_request_that_fails_gives_its_turn_back() -> None:
    def failing(_environ: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
        raise RuntimeError

    app = InTurn(failing)

    for _ in range(2):
        with pytest.raises(RuntimeError):
            _ask(app, "/")
    assert not app.turn.locked()
