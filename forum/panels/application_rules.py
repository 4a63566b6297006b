"""What is true of applications for a seat: when they are taken, what a committee's marks come to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from forum.panels.rules import FillingMode, PanelState

RATERS_LEAST = 2
"""With fewer raters nobody's opinion is checked by another's."""
MARK_MOST = 100
SHORTEST_NAME = 3


class ApplicationSource(StrEnum):
    """How something came in that somebody wants to say."""

    ACCOUNT = "account"
    PHONE = "phone"
    LETTER = "letter"


ENTERED = (ApplicationSource.PHONE, ApplicationSource.LETTER)
"""Ways in which the staff enters it for somebody."""


class ApplicationPhase(StrEnum):
    """How far the applications of a panel are."""

    NONE = "none"
    BEFORE = "before"
    OPEN = "open"
    OVER = "over"


def application_phase(
    mode: FillingMode, state: PanelState, opens_at: datetime | None, closes_at: datetime | None, at: datetime
) -> ApplicationPhase:
    """Return how far the applications of a panel are; once its list is fixed they are over."""
    if mode is not FillingMode.APPLICATION or opens_at is None or closes_at is None:
        return ApplicationPhase.NONE
    if state is not PanelState.DRAFT or at > closes_at:
        return ApplicationPhase.OVER
    return ApplicationPhase.BEFORE if at < opens_at else ApplicationPhase.OPEN


def mean_cp(ratings: Iterable[Sequence[int]]) -> int:
    """Return the mean of all marks of all raters, in centipunten (100 = 1 of the 100 points), floor.

    Args:
        ratings: the marks of each rater, one for each criterion, 0 to 100; at least one rater.
    """
    marks = [mark for rating in ratings for mark in rating]
    return 100 * sum(marks) // len(marks)


def is_rated(
    applications: Iterable[int], ratings: Mapping[int, Iterable[int]], raters: Iterable[int]
) -> bool:
    """Tell whether each rater rated each application, and there are enough raters.

    Args:
        applications: their numbers.
        ratings: who rated, by application.
        raters: who sits in the committee now.
    """
    wanted = set(raters)
    return len(wanted) >= RATERS_LEAST and all(
        wanted <= set(ratings.get(application, ())) for application in applications
    )


def without_names(text: str, names: Iterable[str], instead: str) -> str:
    """Return a text with somebody's names taken out, so that who rates it does not read who wrote it."""
    parts = {part for name in names for part in re.split(r"\W+", name) if len(part) >= SHORTEST_NAME}
    if not parts:
        return text
    longest_first = sorted(parts, key=len, reverse=True)
    return re.sub(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", instead, text, flags=re.IGNORECASE)
