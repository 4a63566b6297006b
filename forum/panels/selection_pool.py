"""The people a panel can be made of, in canonical order, and what makes a panel valid."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from forum.panels.selection_canonical import lot
from forum.panels.selection_request import (
    LOTTERIES,
    MODES_WITH_QUOTAS,
    Mode,
    QuotaRow,
    Request,
    RequestedCandidate,
)
from forum.panels.selection_tickets import best_lot, count_tickets

REFILL_REASONS = frozenset({"declined", "withdrew", "no_answer"})


class Standing(Enum):
    """Whether somebody may be chosen: a housemate of a fixed member is eligible, and blocked.

    So is, in a lottery, a housemate of whoever stands for the household by the best lot.
    """

    OPEN = "open"
    FIXED = "fixed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Person:
    """An eligible candidate. `profile` numbers the quota rows that count this person.

    `household` is None for whoever shares no household with another eligible candidate, and for all
    when households have no limit. `tickets` is 1 outside a weighted lottery.
    """

    id: str
    score: int
    household: str | None
    profile: tuple[int, ...]
    standing: Standing
    tickets: int = 1


@dataclass(frozen=True)
class Pool:
    """Eligible people in canonical order: score descending, then lot ascending.

    A person is known by their place in `people`, counted from 0; a panel is a sorted tuple of places.
    `rows` are the quota rows that bind: none in a mode without quotas. `draw_order` holds, in a lottery,
    all places from the best lot to the worst.
    """

    seats: int
    rows: tuple[QuotaRow, ...]
    people: tuple[Person, ...]
    draw_order: tuple[int, ...] = ()

    @cached_property
    def fixed(self) -> tuple[int, ...]:
        """The places of the members who stay whatever happens."""
        return tuple(place for place, person in enumerate(self.people) if person.standing is Standing.FIXED)

    @cached_property
    def come_in_order(self) -> Sequence[int]:
        """All places, who comes in first for a free seat first: by lot in a lottery, else canonical order."""
        return self.draw_order or range(len(self.people))

    @cached_property
    def draw_rank(self) -> Mapping[int, int]:
        """The place of each in the order of lots, counted from 0; empty outside a lottery."""
        return {place: rank for rank, place in enumerate(self.draw_order)}

    @cached_property
    def stand_ins(self) -> frozenset[int]:
        """The blocked places that may come in when the housemate who blocks them leaves.

        In a lottery that is one of a household, by lot, for that is decided first.
        """
        blocked = [p for p in self.come_in_order if self.people[p].standing is Standing.BLOCKED]
        if not self.draw_order:
            return frozenset(blocked)
        first = {self.people[place].household: place for place in reversed(blocked)}
        return frozenset(first.values())

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

    `min_score` does not count for fixed members, nor in the mode `everyone`. Whose score gives no ticket in a
    weighted lottery is kept out by that score as well.
    """
    if candidate.id in request.excluded:
        return request.excluded[candidate.id]
    if request.mode == Mode.EVERYONE or candidate.id in request.fixed:
        return None
    if candidate.score < request.min_score or count_tickets(request, candidate.score) == 0:
        return "min_score"
    return None


def sort_canonically(request: Request, candidates: Iterable[RequestedCandidate]) -> list[RequestedCandidate]:
    """Return candidates with the highest score first and, of equals, the lowest lot first."""
    return sorted(candidates, key=lambda candidate: (-candidate.score, lot(request.seed, candidate.id)))


def make_pool(request: Request) -> Pool:
    """Return the eligible candidates of a request in canonical order."""
    eligible = sort_canonically(
        request, (c for c in request.candidates if why_not_eligible(request, c) is None)
    )
    households = _shared_households(request, eligible)
    order = _order_by_lot(request, eligible) if request.mode in LOTTERIES else []
    standings = _find_standings(request, [eligible[place] for place in order] or eligible, households)
    rows = request.quotas if request.mode in MODES_WITH_QUOTAS else ()
    profiles = _Profiles(rows)
    people = tuple(
        Person(
            id=candidate.id,
            score=candidate.score,
            household=households[candidate.id],
            profile=profiles.of(candidate),
            standing=standings[candidate.id],
            tickets=max(1, count_tickets(request, candidate.score)),
        )
        for candidate in eligible
    )
    seats = len(people) if request.mode == Mode.EVERYONE else request.seats
    return Pool(seats=seats, rows=rows, people=people, draw_order=tuple(order))


def _order_by_lot(request: Request, eligible: Sequence[RequestedCandidate]) -> list[int]:
    lots = [best_lot(request, candidate) for candidate in eligible]
    return sorted(range(len(eligible)), key=lots.__getitem__)


def _find_standings(
    request: Request, ordered: Sequence[RequestedCandidate], households: Mapping[str, str | None]
) -> dict[str, Standing]:
    """Return who may be chosen; in a lottery of each household only the first of `ordered`."""
    standings = dict.fromkeys((candidate.id for candidate in ordered), Standing.OPEN)
    standings.update(dict.fromkeys(request.fixed & standings.keys(), Standing.FIXED))
    taken = {households[key] for key, standing in standings.items() if standing is Standing.FIXED} - {None}
    for candidate in ordered:
        household = households[candidate.id]
        if household is None or standings[candidate.id] is Standing.FIXED:
            continue
        if household in taken:
            standings[candidate.id] = Standing.BLOCKED
        elif request.mode in LOTTERIES:
            taken.add(household)
    return standings


def _shared_households(request: Request, eligible: Sequence[RequestedCandidate]) -> dict[str, str | None]:
    """Return per id the household, and None for whoever is alone or bound by no limit."""
    if request.max_per_household is None or request.mode == Mode.EVERYONE:
        return dict.fromkeys(candidate.id for candidate in eligible)
    sizes = Counter(candidate.household for candidate in eligible)
    return {
        candidate.id: candidate.household if sizes[candidate.household] > 1 else None
        for candidate in eligible
    }


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
