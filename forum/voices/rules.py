"""What is true of voices that are missing: who is short of its share, and what can be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forum.voices.hiding import SMALLEST_SHOWN, Hidden, ShownCount

SMALLEST_GROUP = 10
"""Groups with fewer tenants stand in one row together: of so few nobody can say that they are missing."""
SHORT_BELOW_PCT = 70
"""A group is short when it has less than this part of what its share of the register would give."""
EXPECTED_LEAST = 5
"""With fewer people to expect than this, a difference is chance."""
SUGGESTIONS_MOST = 8


class Grouping(StrEnum):
    """By what tenants are told apart."""

    DISTRICT = "district"
    COMPLEX = "complex"
    AGE = "age"
    LANGUAGE = "language"


class Measure(StrEnum):
    """What tenants did in a debate; each is a part of the one before."""

    READERS = "readers"
    WRITERS = "writers"
    VALUED = "valued"


class ActionKind(StrEnum):
    """What can be done to reach a group."""

    LETTER = "letter"
    POP_UP = "pop-up"
    OTHER_TIME = "other-time"
    PAPER = "paper"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class Row:
    """One group: its tenants, and how many of them read, wrote and were valued, as far as that is shown.

    `is_joined` tells that small groups stand together here, or those of whom the register does not know it.
    `within` is the district of a complex.
    """

    name: str
    tenants: int
    counts: tuple[ShownCount, ...]
    is_joined: bool = False
    within: str = ""

    def count(self, measure: Measure) -> ShownCount:
        """Return what is shown of one measure."""
        return self.counts[list(Measure).index(measure)]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to do for one group; `missing` is how many more people its share would give."""

    kind: ActionKind
    grouping: Grouping
    group: str
    missing: int


def join_small(sizes: Mapping[str, int]) -> frozenset[str]:
    """Return the groups that stand in one row together, so that no row is smaller than `SMALLEST_GROUP`.

    All of them when together they are no more; none when none is small.
    """
    joined: list[str] = []
    tenants = 0
    for name, size in sorted(sizes.items(), key=lambda item: (item[1], item[0])):
        if size >= SMALLEST_GROUP and (not joined or tenants >= SMALLEST_GROUP):
            break
        joined.append(name)
        tenants += size
    return frozenset(joined)


def missing_people(shown: ShownCount, tenants: int, total: ShownCount, register: int) -> int:
    """Return how many people a group is short of its share, 0 when it is not or cannot be known.

    Only what the page shows is used: a verdict on a hidden number would tell what it is.

    Args:
        shown: how many of the group did it, as it is shown.
        tenants: of the group.
        total: how many did it in all, as it is shown.
        register: tenants in all.
    """
    if isinstance(total, Hidden) or shown in (Hidden.WITH_OTHERS, Hidden.MEASURE):
        return 0
    at_most = SMALLEST_SHOWN - 1 if isinstance(shown, Hidden) else shown
    expected = total * tenants // register if register else 0
    is_short = expected >= EXPECTED_LEAST and at_most * 100 < expected * SHORT_BELOW_PCT
    return expected - at_most if is_short else 0


def suggest(
    grouping: Grouping, rows: Sequence[Row], totals: Mapping[Measure, ShownCount], register: int
) -> Sequence[Suggestion]:
    """Return what can be done for the groups of a table that are short of readers, else of writers."""
    return [
        suggestion
        for row in rows
        if not row.is_joined and (suggestion := _suggestion(grouping, row, totals, register))
    ]


def _suggestion(
    grouping: Grouping, row: Row, totals: Mapping[Measure, ShownCount], register: int
) -> Suggestion | None:
    for measure in (Measure.READERS, Measure.WRITERS):
        missing = missing_people(row.count(measure), row.tenants, totals[measure], register)
        if missing:
            return Suggestion(_kind_for(grouping, row.name, measure), grouping, row.name, missing)
    return None


def _kind_for(grouping: Grouping, group: str, measure: Measure) -> ActionKind:
    """Return what suits: a letter to who does not read, a visit where people read and do not write."""
    if grouping is Grouping.LANGUAGE:
        return ActionKind.TRANSLATION
    if grouping is Grouping.AGE:
        return ActionKind.PAPER if group.endswith("+") else ActionKind.OTHER_TIME
    return ActionKind.LETTER if measure is Measure.READERS else ActionKind.POP_UP


def most_missing(suggestions: Sequence[Suggestion]) -> Sequence[Suggestion]:
    """Return the suggestions for the largest gaps first, a few of them."""
    return sorted(suggestions, key=lambda row: (-row.missing, row.grouping, row.group))[:SUGGESTIONS_MOST]


def share_pct(count: ShownCount, total: ShownCount) -> int | None:
    """Return a share in whole percents, `None` when one of the two is not shown."""
    if isinstance(count, Hidden) or isinstance(total, Hidden) or not total:
        return None
    return (200 * count + total) // (2 * total)


class Change(StrEnum):
    """How the share of a group changed since something was done for it."""

    UNKNOWN = "unknown"
    TOO_FEW = "too-few"
    MORE = "more"
    SAME = "same"
    LESS = "less"


FIRM_FROM = 20
"""With fewer people of a group on either side a change can be chance."""


def change_between(
    before: tuple[ShownCount | None, ShownCount | None], after: tuple[ShownCount | None, ShownCount | None]
) -> Change:
    """Return how a share changed; each side is a count and its total, empty or hidden when not shown."""
    counts = [count for count in (*before, *after) if count is not None and not isinstance(count, Hidden)]
    if len(counts) < len(before) + len(after):
        return Change.UNKNOWN
    count_before, total_before, count_after, total_after = counts
    if max(count_before, count_after) < FIRM_FROM:
        return Change.TOO_FEW
    gap = (share_pct(count_after, total_after) or 0) - (share_pct(count_before, total_before) or 0)
    if gap == 0:
        return Change.SAME
    return Change.MORE if gap > 0 else Change.LESS
