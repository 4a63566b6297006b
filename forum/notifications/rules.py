"""What members hear of, how often by mail, and at which hours mail goes."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum


class NotificationKind(StrEnum):
    """What somebody is told of."""

    REPLY = "reply"
    MENTION = "mention"
    VALUED = "valued"
    FOLLOWED = "followed"
    MODERATION = "moderation"
    PHASE = "phase"
    PANEL = "panel"
    ANSWER = "answer"


class Frequency(StrEnum):
    """How often mail tells of it. `NEVER` sends none; the page on the forum always lists everything."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


DIGESTS = (Frequency.DAILY, Frequency.WEEKLY)

FIRST_CHOICE = {
    NotificationKind.REPLY: Frequency.AT_ONCE,
    NotificationKind.MENTION: Frequency.AT_ONCE,
    NotificationKind.VALUED: Frequency.WEEKLY,
    NotificationKind.FOLLOWED: Frequency.DAILY,
    NotificationKind.MODERATION: Frequency.AT_ONCE,
    NotificationKind.PHASE: Frequency.DAILY,
    NotificationKind.PANEL: Frequency.AT_ONCE,
    NotificationKind.ANSWER: Frequency.AT_ONCE,
}
"""For whoever chose nothing: at once what asks for them, the rest together."""

FOR_THE_SUSPENDED = frozenset({NotificationKind.MODERATION})
"""What a member who is paused still hears of by mail: why."""

WRITTEN_BY_OTHERS = frozenset({NotificationKind.REPLY, NotificationKind.MENTION, NotificationKind.FOLLOWED})
"""What somebody else wrote: an answer by mail makes sense, and who read it there needs no mail."""

PAGE_SIZE = 20
COUNTED_MOST = 100
"""More unread ones than this are not counted: the menu shows 99+."""

MAILED_MOST = 50
"""Notifications in one mail; the page has the others."""

TEXT_MOST = 600
"""Characters of a text in a mail or on the page; the rest is on the forum."""

DIGEST_HOUR = 8
"""From this hour in Amsterdam digests go out, weekly ones on Monday."""

READING_TIME = timedelta(minutes=2)
"""How long mail at once waits: whoever reads it on the forum meanwhile gets no mail."""


def is_quiet(local: time, quiet: tuple[int, int] | None) -> bool:
    """Tell whether no mail goes at this time of day in Amsterdam.

    Args:
        local: the time of day.
        quiet: first and last whole hour, the last one not included: (21, 8) is from 21:00 to 8:00;
            `None` is never.
    """
    if quiet is None:
        return False
    first, last = quiet
    if first <= last:
        return first <= local.hour < last
    return local.hour >= first or local.hour < last


def digest_day(how: Frequency, local: datetime) -> date:
    """Return the day of the last digest that should be out: today, yesterday, or a Monday."""
    day = local.date() if local.hour >= DIGEST_HOUR else local.date() - timedelta(days=1)
    return day - timedelta(days=day.weekday()) if how is Frequency.WEEKLY else day


def shown_count(unread: int) -> str:
    """Return a number of unread notifications as the menu shows it; empty when there are none."""
    if unread >= COUNTED_MOST:
        return f"{COUNTED_MOST - 1}+"
    return str(unread) if unread else ""


def beginning_of(text: str, most: int = TEXT_MOST) -> str:
    """Return a text on one line, cut between two words with a mark when it is longer than `most`."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    return words[: most - 1].rsplit(" ", 1)[0] + "…"
