"""Moments and numbers as people write them in the language that is spoken, in the time of Amsterdam."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask

from forum.kernel.clock import AMSTERDAM
from forum.texts.catalogue import say
from forum.texts.language import DUTCH, kept_by_language, spoken

LOCALES = {DUTCH: "nl", "en": "en_GB"}
MOMENTS = {DUTCH: "{day} om {time} uur", "en": "{day} at {time}"}
TIMES = {DUTCH: "HH:mm 'uur'", "en": "HH:mm"}
KEPT = 1000
"""The same days and numbers come back on page after page; working one out takes longer than a query."""


@kept_by_language(KEPT)
def show_day(value: date | datetime) -> str:
    """Return a day in words: 18 november 2026."""
    return format_date(_local(value), "d MMMM y", locale=LOCALES[spoken()])


@kept_by_language(KEPT)
def show_month(value: date) -> str:
    """Return a month in words: november 2026."""
    return format_date(value, "MMMM y", locale=LOCALES[spoken()])


@kept_by_language(KEPT)
def show_weekday(value: date | datetime) -> str:
    """Return a day in words with its weekday: woensdag 18 november 2026."""
    return format_date(_local(value), "EEEE d MMMM y", locale=LOCALES[spoken()])


def show_weekday_first(value: date | datetime) -> str:
    """Return a day in words with its weekday, where a line begins with it: Woensdag 18 november 2026."""
    words = show_weekday(value)
    return words[0].upper() + words[1:]


def show_moment(value: datetime) -> str:
    """Return a moment in words: 18 november 2026 om 19:12 uur."""
    local = value.astimezone(AMSTERDAM)
    return MOMENTS[spoken()].format(day=show_day(local.date()), time=f"{local:%H:%M}")


def show_iso_moment(value: str) -> str:
    """Return a moment in words from how JSON holds it."""
    return show_moment(datetime.fromisoformat(value))


@kept_by_language(KEPT)
def show_time(value: datetime) -> str:
    """Return the time of day: 19:12 uur."""
    return format_datetime(value, TIMES[spoken()], tzinfo=AMSTERDAM, locale=LOCALES[spoken()])


@kept_by_language(KEPT)
def show_points(score_cp: int) -> str:
    """Return points with two decimals from centipunten: 28,20."""
    return format_decimal(score_cp / 100, "#,##0.00", locale=LOCALES[spoken()])


@kept_by_language(KEPT)
def in_points(score_cp: int) -> str:
    """Return points as a sentence says them: 1 punt, 0,50 punt, 3 punten, 28,20 punten."""
    amount = show_points(score_cp) if score_cp % 100 else show_number(score_cp // 100)
    return say("points-one" if 0 < score_cp <= 100 else "points-many", amount=amount)


@kept_by_language(KEPT)
def show_number(value: int) -> str:
    """Return a whole number with dots: 15.076."""
    return format_decimal(value, "#,##0", locale=LOCALES[spoken()])


@kept_by_language(KEPT)
def show_halves(halves: int) -> str:
    """Return a number of halves as whole numbers with a half where there is one: 12,5."""
    return format_decimal(halves / 2, "#,##0.#", locale=LOCALES[spoken()])


@kept_by_language(KEPT)
def show_tenths(tenths: int) -> str:
    """Return a number of tenths with its decimal: 4,0."""
    return format_decimal(tenths / 10, "0.0", locale=LOCALES[spoken()])


def _local(value: date | datetime) -> date:
    return value.astimezone(AMSTERDAM) if isinstance(value, datetime) else value


def init_times(app: Flask) -> None:
    """Give the templates the filters for days, moments, points and numbers."""
    app.jinja_env.filters.update(
        day=show_day,
        weekday=show_weekday,
        weekday_first=show_weekday_first,
        moment=show_moment,
        iso_moment=show_iso_moment,
        time=show_time,
        points=show_points,
        in_points=in_points,
        number=show_number,
    )
