"""What is true of polls: when they are open, who sees the result, and how answers are counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

OPTIONS_FEWEST, OPTIONS_MOST = 2, 10
BASE_FEWEST = 5
"""With fewer ballots a result would tell what somebody chose to whoever knows who took part."""

Ballots: TypeAlias = Mapping[tuple[int, ...], int]
"""How often each answer was given: positions of options, from 1; in a ranking the best first."""


class PollKind(StrEnum):
    """How one answers: with one option, with some of them, or by putting them in order."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    RANKING = "ranking"


class ResultState(StrEnum):
    """Whether the result can be read, and if not, why."""

    SHOWN = "shown"
    AFTER_CLOSING = "after-closing"
    AFTER_VOTING = "after-voting"
    TOO_FEW = "too-few"


def is_open(
    closes_at: datetime, closed_at: datetime | None, thread_closed_at: datetime | None, at: datetime
) -> bool:
    """Tell whether a poll takes ballots: until its date, unless it or its thread was closed before."""
    ends = [moment for moment in (closes_at, closed_at, thread_closed_at) if moment is not None]
    return at < min(ends)


def result_state(*, takes_ballots: bool, after_closing: bool, has_voted: bool, ballots: int) -> ResultState:
    """Return whether a reader sees the result.

    Args:
        takes_ballots: whether the poll is open.
        after_closing: whether nobody sees the result while it is.
        has_voted: whether this reader did.
        ballots: how many there are.
    """
    if takes_ballots and after_closing:
        return ResultState.AFTER_CLOSING
    if takes_ballots and not has_voted:
        return ResultState.AFTER_VOTING
    return ResultState.SHOWN if ballots >= BASE_FEWEST else ResultState.TOO_FEW


def is_answer(kind: PollKind, choices: Sequence[int], *, options: int, most: int) -> bool:
    """Tell whether some positions are an answer: at least one option, none twice, not more than allowed.

    Args:
        kind: how one answers.
        choices: positions of options, from 1.
        options: how many there are.
        most: how many one may choose; it does not count for a ranking.
    """
    allowed = {PollKind.SINGLE: 1, PollKind.MULTIPLE: most, PollKind.RANKING: options}[kind]
    are_options = all(1 <= choice <= options for choice in choices)
    return are_options and 1 <= len(choices) <= allowed and len(set(choices)) == len(choices)


def in_order(places: Mapping[int, int]) -> tuple[int, ...]:
    """Return options by their places, the best first; a number that was skipped makes no difference.

    Args:
        places: of each option that got one, its place.
    """
    return tuple(sorted(places, key=lambda option: places[option]))


def count_choices(ballots: Ballots, options: int) -> Sequence[int]:
    """Return how many ballots have each option."""
    return [
        sum(n for choices, n in ballots.items() if position in choices) for position in _positions(options)
    ]


def count_first_places(ballots: Ballots, options: int) -> Sequence[int]:
    """Return how many ballots put each option first."""
    return [
        sum(n for choices, n in ballots.items() if choices[0] == position) for position in _positions(options)
    ]


def borda_halves(ballots: Ballots, options: int) -> Sequence[int]:
    """Return the points of each option of a ranking, in half points, by the count of Borda (1770).

    The first of n options gets n - 1 points, each next one a point less. Options without a place share the
    points that are left alike: so every ballot gives as many points, and leaving options out helps none.

    Args:
        ballots: how often each order was given.
        options: how many options there are.
    """
    halves = [0] * options
    for choices, number in ballots.items():
        for position in _positions(options):
            halves[position - 1] += number * _halves(choices, position, options)
    return halves


def _halves(choices: tuple[int, ...], position: int, options: int) -> int:
    if position in choices:
        return 2 * (options - 1 - choices.index(position))
    return options - len(choices) - 1


def _positions(options: int) -> range:
    return range(1, options + 1)
