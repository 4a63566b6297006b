"""The clock is read here, at the edge, and passed on as `at`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Return this moment, aware and in UTC."""
    return datetime.now(UTC)


def local_day(at: datetime) -> date:
    """Return the calendar day in Europe/Amsterdam of a moment."""
    return at.astimezone(AMSTERDAM).date()
