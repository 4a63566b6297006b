"""Counting requests in memory: right, without a thread for each, and forgotten when it is over."""

import threading

import time_machine

from forum.web.rate_counts import SWEEP_SECONDS, CalmMemoryStorage


def test_what_is_over_is_forgotten_without_a_thread() -> None:
    with time_machine.travel("2026-11-30 12:00:00+00:00", tick=False) as clock:
        storage = CalmMemoryStorage()
        storage.timer.join()
        threads = threading.active_count()

        assert [storage.incr("library", 60) for _ in range(3)] == [1, 2, 3]
        assert storage.incr("care home", 60) == 1
        clock.shift(SWEEP_SECONDS + 1)
        assert storage.incr("library", 60) == 1

        assert dict(storage.storage) == {"library": 1}
        assert threading.active_count() == threads
