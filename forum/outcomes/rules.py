"""What is true of recommendations: how far each is, until when an answer is due, what a source is."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

RECOMMENDATIONS_MOST = 50
"""On one topic: a logbook stays something one can read."""
SOURCES_MOST = 50
"""Of one recommendation."""
REASON_WORDS_LEAST = 8
"""Words of a reason for who does not get all that was advised."""
QUOTE_LONGEST = 500
REMINDED_BEFORE = timedelta(days=7)
BUNDLED_WITHIN = timedelta(minutes=30)
"""After the last answer: answers that are given one after the other are told of in one message."""
GOES_ON_AFTER_ADVICE = timedelta(days=7)
"""How long a panel that lives until its advice is given can still add to it, or plan a meeting."""

_POST = re.compile(r"/berichten/(\d{1,9})(?:[/?#]|$)|#bericht-(\d{1,9})$|^(\d{1,9})$", re.ASCII)
_POINT = re.compile(r"/verslagpunten/(\d{1,9})(?:[/?#]|$)", re.ASCII)


class AnswerKind(StrEnum):
    """What the landlord does with a recommendation."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT = "not"


class Standing(StrEnum):
    """How far a recommendation is. `LATE`: the work was promised for a day that is over."""

    DRAFT = "draft"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    OVERDUE = "overdue"
    NOT = "not"
    PROMISED = "promised"
    LATE = "late"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Course:
    """What the standing of a recommendation follows from; `kind` and `work_by` are of the last answer."""

    answer_by: date | None
    kind: AnswerKind | None = None
    work_by: date | None = None
    done_on: date | None = None
    is_withdrawn: bool = False


def standing_of(course: Course, on: date) -> Standing:
    """Return how far a recommendation is on a day; the last day of a term still counts."""
    if course.answer_by is None:
        return Standing.DRAFT
    if course.is_withdrawn:
        return Standing.WITHDRAWN
    if course.kind is None:
        return Standing.WAITING if on <= course.answer_by else Standing.OVERDUE
    if course.kind is AnswerKind.NOT:
        return Standing.NOT
    if course.done_on is not None:
        return Standing.DONE
    return Standing.LATE if course.work_by is not None and course.work_by < on else Standing.PROMISED


def answer_day(published_on: date, days: int) -> date:
    """Return the last day on which an answer is in time."""
    return published_on + timedelta(days=days)


def is_explained(kind: AnswerKind, reason: str) -> bool:
    """Tell whether a reason says enough: some words, and a few more where not all is adopted."""
    words = len(re.findall(r"\w+", reason))
    return words >= (1 if kind is AnswerKind.ADOPTED else REASON_WORDS_LEAST)


def promises_work(kind: AnswerKind | None) -> bool:
    """Tell whether an answer says that something will be done, by somebody and before a day."""
    return kind in (AnswerKind.ADOPTED, AnswerKind.PARTLY)


def find_post_number(typed: str) -> int | None:
    """Return the number of the post that was typed, as a number or as the address of the post."""
    found = _POST.search(typed.strip())
    return next(int(number) for number in found.groups() if number) if found else None


def find_point_number(typed: str) -> int | None:
    """Return the number of the point of minutes whose address was typed."""
    found = _POINT.search(typed.strip())
    return int(found[1]) if found else None


def is_quoted(text: str, quote: str) -> bool:
    """Tell whether these very words stand in a text, whatever the white space between them."""
    return " ".join(quote.split()) in " ".join(text.split())
