"""The clock is read here, at the edge, and passed on as `at`."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Return this moment, aware and in UTC."""
    return datetime.now(UTC)


def local_day(at: datetime) -> date:
    """Return the calendar day in Europe/Amsterdam of a moment."""
    return at.astimezone(AMSTERDAM).date()


def first_moment(day: date) -> datetime:
    """Return the moment, in UTC, at which a day begins in Amsterdam."""
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def last_moment(day: date) -> datetime:
    """Return the last whole second, in UTC, of a day in Amsterdam: what ends on a day includes all of it."""
    return datetime.combine(day, time(23, 59, 59), AMSTERDAM).astimezone(UTC)


def moments_at(day: date, clock: time) -> tuple[datetime, ...]:
    """Return the moments at which clocks in Amsterdam show this: mostly one.

    None when the clock is put forward over it, two when it is put back over it.
    """
    shown = datetime.combine(day, clock)
    found = {shown.replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(at for at in found if at.astimezone(AMSTERDAM).replace(tzinfo=None) == shown))
