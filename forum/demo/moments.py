"""When things happen in the demo year: days counted back from today, and hours at which people do things.

Pure but for the chance that the caller brings along.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import exp
from random import Random

from forum.kernel.clock import AMSTERDAM, first_moment, last_moment

MINUTE = timedelta(minutes=1)
NIGHT_ENDS, NIGHT_BEGINS = 7, 23
"""Hours between which people are awake."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a debate in days before today; below zero is still to come."""

    opens: int
    closes: int
    answering: int | None = None


COURSES: Mapping[str, Course] = {
    "lift-schimmel": Course(opens=21, closes=-20),
    "servicekosten-schoon": Course(opens=38, closes=-3),
    "samenleven": Course(opens=56, closes=15),
    "verduurzaming": Course(opens=77, closes=36),
    "tuin-fietsenberging": Course(opens=136, closes=95, answering=7),
}
"""Six weeks each, so that today every phase but the first and the last can be seen."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when something can be done."""

    start: datetime
    end: datetime

    @property
    def days(self) -> Sequence[date]:
        """Return its days in Amsterdam, the last one included."""
        first = self.start.astimezone(AMSTERDAM).date()
        last = self.end.astimezone(AMSTERDAM).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def local_moment(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of a day in Amsterdam."""
    return datetime.combine(day, time(hour, minute, second), AMSTERDAM).astimezone(UTC)


def days_before(today: date, days: int) -> date:
    """Return the day so many days before today."""
    return today - timedelta(days=days)


def period_of(course: Course, today: date) -> Window:
    """Return the first and the last moment of a debate."""
    closes_on = days_before(today, course.closes)
    return Window(first_moment(days_before(today, course.opens)), last_moment(closes_on))


def debate_window(course: Course, today: date) -> Window:
    """Return when posts were written so far: nothing happens today or later."""
    period = period_of(course, today)
    return Window(period.start, min(period.end, local_moment(today) - MINUTE))


def answer_window(course: Course, today: date) -> Window | None:
    """Return when could be read what was done with a debate; `None` when that is still to come."""
    if course.answering is None:
        return None
    return Window(local_moment(days_before(today, course.answering), 9), local_moment(today) - MINUTE)


def office_moment(day: date, rng: Random) -> datetime:
    """Return a moment in office hours of a day, or of the Monday after a weekend."""
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return local_moment(day, rng.randint(9, 16), rng.randint(0, 59), rng.randint(0, 59))


def free_moment(day: date, rng: Random) -> datetime:
    """Return a moment at which people have time: evenings mostly, the whole day in a weekend."""
    if day.weekday() >= SATURDAY or rng.random() < 0.2:
        minutes = rng.triangular(8.5 * 60, 22.5 * 60, 11 * 60)
    elif rng.random() < 0.15:
        minutes = rng.uniform(12 * 60, 13.5 * 60)
    else:
        minutes = rng.triangular(18 * 60, 22.9 * 60, 20 * 60)
    return local_moment(day, int(minutes) // 60, int(minutes) % 60, rng.randint(0, 59))


def busy_day(window: Window, rng: Random) -> date:
    """Return a day of a debate: a burst when it opens, a small one when it closes, weekends busier."""
    days = window.days
    weights = []
    for number, day in enumerate(days):
        weight = exp(-number / 6) + 0.1 + (0.2 if number >= len(days) - 3 else 0)
        weights.append(weight * (1.4 if day.weekday() >= SATURDAY else 1))
    return rng.choices(days, weights)[0]


def is_awake(moment: datetime) -> bool:
    """Tell whether people are awake at a moment."""
    return NIGHT_ENDS <= moment.astimezone(AMSTERDAM).hour < NIGHT_BEGINS


def reply_moment(earlier: datetime, end: datetime, rng: Random) -> datetime:
    """Return when somebody answers what was said earlier: after minutes, the next evening, or days.

    Args:
        earlier: when the post before it was written.
        end: the debate ends; the answer comes before.
        rng: the chance.
    """
    kind = rng.random()
    if kind < 0.35:
        moment = earlier + MINUTE * rng.randint(6, 150)
    else:
        days = 1 if kind < 0.75 else rng.randint(2, 6)
        day = (earlier.astimezone(AMSTERDAM) + timedelta(days=days)).date()
        moment = free_moment(day, rng)
    if is_awake(moment) and earlier < moment < end:
        return moment
    return squeezed_moment(earlier, end, rng)


def squeezed_moment(earlier: datetime, end: datetime, rng: Random) -> datetime:
    """Return a moment between two others, by day when there is one, in the first half of what is left."""
    room = min((end - earlier) / 2, timedelta(days=1))
    moment = earlier + room / 2
    for _ in range(20):
        moment = (earlier + room * rng.uniform(0.1, 1)).replace(microsecond=0)
        if is_awake(moment):
            return moment
    return moment
