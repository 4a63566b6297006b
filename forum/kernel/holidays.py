"""Dutch days on which a term of the law does not end. Pure.

Source: Algemene termijnenwet, article 3: New Year's Day, Good Friday, Easter Monday, King's Day, the fifth of
May, Ascension Day, Whit Monday and both days of Christmas. Days that a royal decree adds for one year are not
known here: then the law gives a day more than we say.
"""

from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6
FIXED_DAYS = frozenset({(1, 1), (5, 5), (12, 25), (12, 26)})
"""Month and day."""
DAYS_AFTER_EASTER = (-2, 1, 39, 50)
"""Good Friday, Easter Monday, Ascension Day and Whit Monday."""


def is_holiday(day: date) -> bool:
    """Tell whether a day is a generally recognised holiday; a Sunday alone is none."""
    easter = easter_sunday(day.year)
    moving = {easter + timedelta(days=days) for days in DAYS_AFTER_EASTER}
    return (day.month, day.day) in FIXED_DAYS or day in moving or day == kings_day(day.year)


def is_working_day(day: date) -> bool:
    """Tell whether a term can end on a day: no Saturday, no Sunday, no holiday."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def kings_day(year: int) -> date:
    """Return the day on which the birthday of the King is kept: the day before when it is a Sunday."""
    birthday = date(year, 4, 27)
    return birthday - timedelta(days=1) if birthday.weekday() == SUNDAY else birthday


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a year from 1900 to 2099, by the rule of Oudin for those two centuries."""
    golden = year % 19
    moon = (19 * golden + 24) % 30
    if moon == 29 or (moon == 28 and golden > 10):
        moon -= 1
    weekday = (year + year // 4 + moon - 13) % 7
    return date(year, 3, 28) + timedelta(days=moon - weekday)
