"""What chance people had in a lottery, from simulated draws: the same for the same seed, in integers."""

import hashlib
import struct
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, count

from forum.panels.selection_canonical import FIELD_SEPARATOR
from forum.panels.selection_completion import Completion, Profile
from forum.panels.selection_pool import Person, Pool, Standing

DRAWS = 1_000
CHANCES_PURPOSE = "huurderspanel-chances-v1"

_NUMBERS_PER_BLOCK = 512

Kind = tuple[Profile, int]
"""Who have the same chance but for their housemates: profile and tickets."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How often people of one kind were drawn: `selected` times together, in so many draws."""

    persons: int
    selected: int
    draws: int

    @property
    def one_in(self) -> int | None:
        """The chance of one of them as "1 op so many", rounded half up; None when none was ever drawn."""
        if self.selected == 0:
            return None
        return max(1, (2 * self.persons * self.draws + self.selected) // (2 * self.selected))

    def as_document(self) -> dict[str, object]:
        """Return the chance as JSON holds it."""
        return {
            "draws": self.draws,
            "persons": self.persons,
            "selected": self.selected,
            "one_in": self.one_in,
        }


def simulate_chances(pool: Pool, seed: str, draws: int = DRAWS) -> dict[Kind, Chance]:
    """Return the chance of each kind of people in a lottery, fixed members left out.

    Each simulated draw takes balls out of an urn: first one of each household is decided by its tickets, and
    stands with the tickets of all; then the walk of `draw_panel`. That has the chances of the lots, and does
    not cost a lot for each candidate. A draw without a valid panel selects nobody.

    Args:
        pool: of a lottery.
        seed: of the run, 64 hex digits; the simulation never uses the lots themselves.
        draws: how many to simulate.
    """
    urn = _Urn.of(pool)
    selected: Counter[Kind] = Counter()
    plan: Mapping[Profile, int] = {}
    for number in range(draws):
        drawn = _simulate_draw(pool, urn, _make_chooser(seed, number), plan)
        selected.update(drawn)
        plan = _count_profiles(drawn) if drawn else plan
    return {kind: Chance(persons, selected[kind], draws) for kind, persons in urn.persons.items()}


def find_kind(pool: Pool, candidate_id: str) -> Kind | None:
    """Return the kind of a candidate of the pool, or None for who is not in it."""
    return next((_kind(person) for person in pool.people if person.id == candidate_id), None)


def _kind(person: Person) -> Kind:
    return person.profile, person.tickets


@dataclass(frozen=True)
class _Urn:
    """Who takes part: people alone by kind, and how many households there are of each make-up.

    A make-up names the owner of each ball.
    """

    persons: Counter[Kind]
    alone: Counter[Kind]
    households: Sequence[tuple[tuple[Kind, ...], int]]

    @classmethod
    def of(cls, pool: Pool) -> "_Urn":
        taken = {pool.people[place].household for place in pool.fixed} - {None}
        persons: Counter[Kind] = Counter()
        alone: Counter[Kind] = Counter()
        housemates: defaultdict[str, list[Kind]] = defaultdict(list)
        for person in pool.people:
            if person.standing is Standing.FIXED or person.household in taken:
                continue
            persons[_kind(person)] += 1
            if person.household is None:
                alone[_kind(person)] += 1
            else:
                housemates[person.household].append(_kind(person))
        households = Counter(
            tuple(kind for kind in sorted(kinds) for _ in range(kind[1])) for kinds in housemates.values()
        )
        return cls(persons, alone, sorted(households.items()))


def _make_chooser(seed: str, number: int) -> Callable[[int], int]:
    """Return what chooses a number from 0 up to a limit; each call takes the next of one fixed row."""
    numbers = _list_numbers(FIELD_SEPARATOR.join((CHANCES_PURPOSE, seed, str(number))))
    return lambda limit: next(numbers) % limit


def _list_numbers(purpose: str) -> Iterator[int]:
    pattern = struct.Struct(f">{_NUMBERS_PER_BLOCK}Q")
    blocks = (
        pattern.unpack(hashlib.shake_256(f"{purpose}{FIELD_SEPARATOR}{block}".encode()).digest(pattern.size))
        for block in count()
    )
    return chain.from_iterable(blocks)


@dataclass
class _Group:
    """People of one kind who have the same number of balls in the urn; `left` of them are not drawn yet."""

    kind: Kind
    balls: int
    left: int


def _simulate_draw(
    pool: Pool, urn: _Urn, choose: Callable[[int], int], plan: Mapping[Profile, int]
) -> Counter[Kind]:
    groups = _decide_households(urn, choose)
    available: Counter[Profile] = Counter()
    for group in groups:
        available[group.kind[0]] += group.left
    completion = Completion.start(
        pool.rows, pool.free_seats, pool.count_rows(pool.fixed), available, plan=plan
    )
    drawn: Counter[Kind] = Counter()
    while completion is not None and completion.free_seats:
        _draw_some(groups, completion, choose, drawn)
        groups = [group for group in groups if group.left]
    return drawn


def _decide_households(urn: _Urn, choose: Callable[[int], int]) -> list[_Group]:
    """Return who stands in the urn: a ball of each household decides, and brings all its balls along."""
    standing: Counter[tuple[Kind, int]] = Counter({(kind, kind[1]): left for kind, left in urn.alone.items()})
    for owners, number in urn.households:
        balls = len(owners)
        for _ in range(number):
            standing[owners[choose(balls)], balls] += 1
    return [_Group(kind, balls, left) for (kind, balls), left in standing.items()]


def _draw_some(
    groups: Sequence[_Group], completion: Completion, choose: Callable[[int], int], drawn: Counter[Kind]
) -> None:
    """Draw until half of the balls are out of play; one that is out of play is thrown back."""
    at_start = [group.left for group in groups]
    sums = list(accumulate(group.left * group.balls for group in groups))
    alike: defaultdict[Profile, list[_Group]] = defaultdict(list)
    for group in groups:
        alike[group.kind[0]].append(group)
    out_of_play = 0
    while completion.free_seats and 2 * out_of_play < sums[-1]:
        ball = choose(sums[-1])
        place = bisect_right(sums, ball)
        group = groups[place]
        before = sums[place] - at_start[place] * group.balls
        if (ball - before) // group.balls >= group.left:
            continue
        if completion.accept(group.kind[0]):
            drawn[group.kind] += 1
            group.left -= 1
            out_of_play += group.balls
            continue
        for other in alike[group.kind[0]]:
            out_of_play += other.left * other.balls
            other.left = 0


def _count_profiles(drawn: Mapping[Kind, int]) -> Counter[Profile]:
    profiles: Counter[Profile] = Counter()
    for (profile, _), number in drawn.items():
        profiles[profile] += number
    return profiles
