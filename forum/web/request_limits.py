"""How many forms one address may send in a minute; reading is not counted, nor made slower."""

import time

import structlog
from flask import Flask, request
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from forum.web.rate_counts import CalmMemoryStorage

log = structlog.get_logger()

READING = frozenset({"GET", "HEAD", "OPTIONS"})
WAIT_SECONDS = 1
"""How long a request waits for Redis; when that is too long, this process counts for itself for a while."""
AWAY_SECONDS = 30.0
"""How long that while is; then the next request finds out whether Redis is back."""


class RequestLimit:
    """Counts forms in Redis for all processes together; without it, or while it is away, for this process."""

    def __init__(self, per_minute: int, redis_url: str) -> None:
        """Count nothing yet, and connect to nothing."""
        self._limit = RateLimitItemPerMinute(per_minute)
        self._here = FixedWindowRateLimiter(CalmMemoryStorage())
        self._together = _limiter_in(redis_url) if redis_url else None
        self._away_until = 0.0

    def allows(self, address: str) -> bool:
        """Count one more form from an address; tell whether it is not too many."""
        if self._together is not None and time.monotonic() >= self._away_until:
            try:
                return self._together.hit(self._limit, address)
            except StorageError:
                self._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("requests are counted by each process for itself", exc_info=True)
        return self._here.hit(self._limit, address)


def _limiter_in(redis_url: str) -> FixedWindowRateLimiter:
    storage = storage_from_string(
        redis_url, wrap_exceptions=True, socket_connect_timeout=WAIT_SECONDS, socket_timeout=WAIT_SECONDS
    )
    return FixedWindowRateLimiter(storage)


def init_request_limits(app: Flask) -> None:
    """Let an application refuse forms from an address that floods it.

    Raises:
        TooManyRequests: in a request that is one too many.
    """
    settings = app.config["SETTINGS"]
    limit = RequestLimit(settings.requests_per_minute, settings.redis_url)

    @app.before_request
    def limit_requests() -> None:
        if request.method not in READING and not limit.allows(request.remote_addr or ""):
            raise TooManyRequests
