"""How a process that runs tasks is asked to stop."""

import signal
from types import FrameType

from forum.jobs.registry import stopping


def stop_on_signals() -> None:
    """Finish the piece of work in hand on SIGTERM and SIGINT, then stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ask_to_stop)


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    stopping.set()
