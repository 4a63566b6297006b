"""On which days people meet: no weekend, no holiday, and no evening on which everybody is at home. Pure."""

from datetime import date, timedelta

from forum.kernel.holidays import is_holiday, is_working_day

EVENINGS_AT_HOME = frozenset({(12, 24), (12, 31)})
"""Month and day."""


def meeting_day(day: date) -> date:
    """Return the day itself, or the first one after it on which people meet."""
    while not is_working_day(day) or is_day_off(day):
        day += timedelta(days=1)
    return day


def is_day_off(day: date) -> bool:
    """Tell whether a day is a Dutch holiday, or as good as one."""
    return (day.month, day.day) in EVENINGS_AT_HOME or is_holiday(day)
