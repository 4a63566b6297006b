"""The people a panel can be made of, in canonical order, and what makes a panel valid."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from forum.panels.selection_canonical import lot
from forum.panels.selection_request import MODES_WITH_QUOTAS, Mode, QuotaRow, Request, RequestedCandidate

REFILL_REASONS = frozenset({"declined", "withdrew", "no_answer"})


class Standing(Enum):
    """Whether somebody may be chosen: a housemate of a fixed member is eligible, and blocked."""

    OPEN = "open"
    FIXED = "fixed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Person:
    """An eligible candidate. `profile` numbers the quota rows that count this person.

    `household` is None for whoever shares no household with another eligible candidate, and for all
    when households have no limit.
    """

    id: str
    score: int
    household: str | None
    profile: tuple[int, ...]
    standing: Standing


@dataclass(frozen=True)
class Pool:
    """Eligible people in canonical order: score descending, then lot ascending.

    A person is known by their place in `people`, counted from 0; a panel is a sorted tuple of places.
    `rows` are the quota rows that bind: none in a mode without quotas.
    """

    seats: int
    rows: tuple[QuotaRow, ...]
    people: tuple[Person, ...]

    @cached_property
    def fixed(self) -> tuple[int, ...]:
        """The places of the members who stay whatever happens."""
        return tuple(place for place, person in enumerate(self.people) if person.standing is Standing.FIXED)

    @property
    def free_seats(self) -> int:
        """How many seats are left to fill."""
        return self.seats - len(self.fixed)

    def total(self, panel: Iterable[int]) -> int:
        """Return the sum of scores, in centipunten."""
        return sum(self.people[place].score for place in panel)

    def count_rows(self, panel: Iterable[int]) -> list[int]:
        """Return for each quota row how many of the panel it counts."""
        counts = [0] * len(self.rows)
        for place in panel:
            for row in self.people[place].profile:
                counts[row] += 1
        return counts

    def households_available(self) -> int:
        """Return how many seats could be filled if there were no quotas."""
        return count_households(self.people)

    def is_valid(self, panel: Sequence[int]) -> bool:
        """Say whether seats, fixed members, households and quotas all hold, in whole numbers."""
        chosen = set(panel)
        return (
            len(panel) == len(chosen) == self.seats
            and chosen.issuperset(self.fixed)
            and count_households(self.people[place] for place in chosen) == len(chosen)
            and all(
                row.minimum <= count <= row.maximum
                for row, count in zip(self.rows, self.count_rows(chosen), strict=True)
            )
        )


def count_households(people: Iterable[Person]) -> int:
    """Return how many of the people can sit together; somebody alone is a household of one."""
    alone = 0
    households = set()
    for person in people:
        if person.household is None:
            alone += 1
        else:
            households.add(person.household)
    return alone + len(households)


def why_not_eligible(request: Request, candidate: RequestedCandidate) -> str | None:
    """Return the reason code that keeps a candidate out before anything is selected, or None.

    `min_score` does not count for fixed members, nor in the mode `everyone`.
    """
    if candidate.id in request.excluded:
        return request.excluded[candidate.id]
    if request.mode == Mode.EVERYONE or candidate.id in request.fixed:
        return None
    return "min_score" if candidate.score < request.min_score else None


def sort_canonically(request: Request, candidates: Iterable[RequestedCandidate]) -> list[RequestedCandidate]:
    """Return candidates with the highest score first and, of equals, the lowest lot first."""
    return sorted(candidates, key=lambda candidate: (-candidate.score, lot(request.seed, candidate.id)))


def make_pool(request: Request) -> Pool:
    """Return the eligible candidates of a request in canonical order."""
    eligible = sort_canonically(
        request, (c for c in request.candidates if why_not_eligible(request, c) is None)
    )
    households = _shared_households(request, eligible)
    taken = {households[candidate.id] for candidate in eligible if candidate.id in request.fixed} - {None}
    rows = request.quotas if request.mode in MODES_WITH_QUOTAS else ()
    profiles = _Profiles(rows)
    people = tuple(
        Person(
            id=candidate.id,
            score=candidate.score,
            household=households[candidate.id],
            profile=profiles.of(candidate),
            standing=_standing(candidate.id in request.fixed, households[candidate.id] in taken),
        )
        for candidate in eligible
    )
    return Pool(
        seats=len(people) if request.mode == Mode.EVERYONE else request.seats, rows=rows, people=people
    )


def _shared_households(request: Request, eligible: Sequence[RequestedCandidate]) -> dict[str, str | None]:
    """Return per id the household, and None for whoever is alone or bound by no limit."""
    if request.max_per_household is None or request.mode == Mode.EVERYONE:
        return dict.fromkeys(candidate.id for candidate in eligible)
    sizes = Counter(candidate.household for candidate in eligible)
    return {
        candidate.id: candidate.household if sizes[candidate.household] > 1 else None
        for candidate in eligible
    }


def _standing(is_fixed: bool, has_fixed_housemate: bool) -> Standing:
    if is_fixed:
        return Standing.FIXED
    return Standing.BLOCKED if has_fixed_housemate else Standing.OPEN


class _Profiles:
    """Finds profiles and keeps one copy of each, since many people share one."""

    def __init__(self, rows: Sequence[QuotaRow]) -> None:
        self._number = {(row.category, row.value): number for number, row in enumerate(rows)}
        self._categories = sorted({row.category for row in rows})
        self._known: dict[tuple[int, ...], tuple[int, ...]] = {}

    def of(self, candidate: RequestedCandidate) -> tuple[int, ...]:
        profile = tuple(
            self._number[category, value]
            for category in self._categories
            if (value := candidate.attrs.get(category)) is not None and (category, value) in self._number
        )
        return self._known.setdefault(profile, profile)
