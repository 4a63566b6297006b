"""Where one process keeps how often each address asked, when there is no Redis."""

import time

from limits.storage import MemoryStorage

SWEEP_SECONDS = 60.0


class CalmMemoryStorage(MemoryStorage):
    """Counts in memory and forgets what is over while it counts.

    Its parent starts a thread for that at nearly every request, which costs a third of a millisecond.
    """

    def __init__(self) -> None:
        """Sweep for the first time when a period is over."""
        self.sweeps_at = time.time() + SWEEP_SECONDS
        super().__init__()

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 - the name of its parent's private method
        if time.time() >= self.sweeps_at:
            self.sweeps_at = time.time() + SWEEP_SECONDS
            self._MemoryStorage__expire_events()  # type: ignore[attr-defined]
