"""What is true of threads, posts and reactions."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PAGE_SIZE = 20
"""Opening posts on one page."""

REPLIES_SHOWN = 3
"""Replies shown under an opening post on the thread page; the rest has a page of its own."""

DEPTH_MOST = 2
TEXT_LONGEST = 10_000
PICTURES_MOST = 3
"""Pictures with one post."""
ALT_LONGEST = 300
SUMMARY_LONGEST = 5_000


class Phase(StrEnum):
    """The phases of a thread in their order."""

    PLANNED = "planned"
    OPEN = "open"
    PANEL = "panel"
    ANSWER = "answer"
    CLOSED = "closed"


class PostState(StrEnum):
    """Whether a post can be read. `DELETED` is withdrawn by its author."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    DELETED = "deleted"


class HouseRule(StrEnum):
    """The rules of the house, as `/huisregels` says them; a hidden post names the one it broke."""

    PERSON = "person"
    ABUSE = "abuse"
    OFF_TOPIC = "off-topic"
    ADVERTISING = "advertising"
    PRIVACY = "privacy"
    SENSITIVE = "sensitive"
    ELSEWHERE = "elsewhere"


class PostSource(StrEnum):
    """The way a contribution came in; mail, paper, phone and meetings count as much as the web."""

    WEB = "web"
    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    MEETING = "meeting"
    IMPORT = "import"


class ReactionKind(StrEnum):
    """`VALUABLE`: well argued or helps us on; it counts for activity. `AGREE` never counts."""

    VALUABLE = "valuable"
    AGREE = "agree"


class Stance(StrEnum):
    """What a member thinks of the stance question of a thread."""

    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


class FollowLevel(StrEnum):
    """Of what in a thread a member wants to hear; who chose nothing hears of answers to them (`REPLIES`)."""

    EVERYTHING = "everything"
    REPLIES = "replies"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Period:
    """The moments of a thread from which its phase follows."""

    opens_at: datetime
    closes_at: datetime
    answering_at: datetime | None = None
    closed_at: datetime | None = None


def phase_of(period: Period, at: datetime) -> Phase:
    """Return the phase of a thread at a moment."""
    if period.closed_at is not None and period.closed_at <= at:
        return Phase.CLOSED
    if period.answering_at is not None and period.answering_at <= at:
        return Phase.ANSWER
    if at < period.opens_at:
        return Phase.PLANNED
    return Phase.OPEN if at <= period.closes_at else Phase.PANEL


def reply_depth(parent_depth: int) -> int:
    """Return how deep a reply stands; replies to the deepest stand beside them."""
    return min(parent_depth + 1, DEPTH_MOST)


def is_editable(written_at: datetime, at: datetime, window: timedelta) -> bool:
    """Tell whether the author may still change a post."""
    return at - written_at <= window


def page_of(number: int) -> int:
    """Return the page, from 1, that holds the opening post with this number."""
    return (number - 1) // PAGE_SIZE + 1


SHINGLE_WORDS = 3
NEAR_DUPLICATE = 0.85
"""Share of three-word pieces two texts must have in common to be near-duplicates."""


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without marks."""
    return re.findall(r"\w+", text.casefold())


SENT_AGAIN_WITHIN = timedelta(minutes=10)
"""The same words in the same place within this time are one post: the back button brings a sent form back."""


TOLD_WITHIN = timedelta(days=2)
"""Of an older post nobody is told any more: the task stood still, and it is no news."""


def text_key(text: str) -> str:
    """Return a key that is the same for texts that differ only in capitals, marks and white space.

    A text of marks alone, as one emoji, is told by its marks.
    """
    return hashlib.sha256(" ".join(plain_words(text) or text.split()).encode()).hexdigest()


def is_near_duplicate(text: str, earlier: Iterable[str]) -> bool:
    """Tell whether a text says the same, in nearly the same words, as one of the earlier texts."""
    pieces = _shingles(text)
    for other in map(_shingles, earlier):
        shared = len(pieces & other)
        if shared and shared >= NEAR_DUPLICATE * len(pieces | other):
            return True
    return False


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = plain_words(text)
    if len(words) < SHINGLE_WORDS:
        return {tuple(words)}
    return {tuple(words[start : start + SHINGLE_WORDS]) for start in range(len(words) - SHINGLE_WORDS + 1)}
