"""What is true of meetings: when somebody can be present, and how far minutes are."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

POINTS_MOST = 40
"""Points on an agenda or in minutes."""
TITLE_LONGEST = 200
POINT_MINUTES_MOST = 600
TEXT_LONGEST = 4_000
DOCUMENTS_MOST = 50
POST_DAYS = 7
"""How much longer attendees can answer when some of them do so by post: the way there and back."""
EARLY_TICK = timedelta(days=1)
"""How long before a meeting a tick can have been made at the earliest."""


class MinutesState(StrEnum):
    """How far minutes are. Attendees answer a concept; what is locked never changes."""

    DRAFT = "draft"
    CONCEPT = "concept"
    LOCKED = "locked"


class RemarkState(StrEnum):
    """What an attendee says of a point, and what became of it.

    `OPEN` proposes another text. The organiser takes it over (`ACCEPTED`), or it stays visible beside the
    point (`DIFFERS`).
    """

    AGREED = "agreed"
    OPEN = "open"
    ACCEPTED = "accepted"
    DIFFERS = "differs"


DECIDED = frozenset({RemarkState.ACCEPTED, RemarkState.DIFFERS})


class RemarkSource(StrEnum):
    """How an attendee's answer came in; all count the same."""

    WEB = "web"
    PHONE = "phone"
    LETTER = "letter"
    MEETING = "meeting"


def is_meeting_day(first: date, last: date, today: date) -> bool:
    """Tell whether a meeting is today; one that goes on past midnight has two days."""
    return first <= today <= last


def first_tick(starts_at: datetime) -> datetime:
    """Return the earliest moment at which a tick can have been made."""
    return starts_at - EARLY_TICK


def tick_moment(claimed: datetime, starts_at: datetime, at: datetime) -> datetime:
    """Return when a tick was made; a device whose clock is wrong cannot claim the future, nor long ago."""
    earliest = first_tick(starts_at) + timedelta(microseconds=1)
    return min(max(claimed, earliest), at)


def window_days(days: int, *, by_post: bool) -> int:
    """Return how many days attendees can answer minutes; all have as long as who does so by post."""
    return days + POST_DAYS if by_post else days


def is_answerable(state: MinutesState, closes_at: datetime | None, at: datetime) -> bool:
    """Tell whether attendees may answer the minutes."""
    return state is MinutesState.CONCEPT and closes_at is not None and at <= closes_at


def is_postable(state: MinutesState, closes_at: datetime | None, at: datetime) -> bool:
    """Tell whether letters with the minutes can go: while attendees may answer, and once they are locked."""
    return state is MinutesState.LOCKED or is_answerable(state, closes_at, at)


def is_lockable(state: MinutesState, closes_at: datetime | None, at: datetime, *, all_answered: bool) -> bool:
    """Tell whether minutes can be locked: the window is over, or all was answered before."""
    if state is not MinutesState.CONCEPT or closes_at is None:
        return False
    return at > closes_at or all_answered


def is_late(ends_at: datetime, days: int, at: datetime) -> bool:
    """Tell whether minutes should have been sent by now: so many days after the end of the meeting."""
    return at > due_at(ends_at, days)


def due_at(ends_at: datetime, days: int) -> datetime:
    """Return when the minutes of a meeting should have been sent to who was there."""
    return ends_at + timedelta(days=days)


def is_point_answered(
    attendees: Collection[int], version: int, answers: Iterable[tuple[int, int, RemarkState]]
) -> bool:
    """Tell whether every attendee answered a point as it stands, and no proposal waits.

    Whose proposal was taken over has said enough of the text that came of it.

    Args:
        attendees: the members who were there.
        version: of the text that stands.
        answers: member, version of the text they answered, and what became of it.
    """
    done: set[int] = set()
    for member_id, answered, state in answers:
        if state is RemarkState.OPEN:
            return False
        is_own_text = state is RemarkState.ACCEPTED and answered == version - 1
        if answered == version or is_own_text:
            done.add(member_id)
    return done >= set(attendees)


def names_in(texts: Sequence[str], names: Iterable[str]) -> Sequence[tuple[int, str]]:
    """Return which texts, by place, hold which of these names: minutes keep the point, not the person."""
    wanted = {name: f" {_plain(name)} " for name in names if _plain(name)}
    return [
        (place, name)
        for place, text in enumerate(texts)
        for name, words in wanted.items()
        if words in f" {_plain(text)} "
    ]


def without_names(text: str, names: Iterable[str]) -> str:
    """Return a text in which each of these names stands as an ellipsis."""
    for name in names:
        if name.strip():
            text = re.sub(rf"(?<!\w){re.escape(name.strip())}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def _plain(text: str) -> str:
    """Return the words of a text in lower case, parted by single spaces."""
    return " ".join(re.findall(r"\w+", text.casefold()))
