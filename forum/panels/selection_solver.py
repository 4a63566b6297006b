"""The greatest total under quotas, and of all panels that reach it the one first in canonical order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd

from forum.panels.errors import SolverFailed
from forum.panels.selection_highs import Program, Row, find_row_prices, solve
from forum.panels.selection_pool import Pool, Standing

# Row prices are rounded to this fraction of a centipunt; any rounding is valid, a finer one rules out more.
PRICE_UNIT = 2**20

# Among how many people per seat a first good panel is sought; any number is right, this one is quick.
SHORTLIST_PER_SEAT = 10

# Where `make_program` puts the row of the seats; the quota rows follow it in their own order.
SEATS_ROW = 0
FIRST_QUOTA_ROW = 1


def find_best_panel(pool: Pool) -> tuple[int, ...] | None:
    """Return the valid panel with the greatest total, or None when no panel is valid.

    Of several, the one whose members come lexicographically first in canonical order.

    Raises:
        SolverFailed: the solver's answer does not hold when counted again in whole numbers.
    """
    if not pool.rows:
        return fill_by_score(pool)
    race = _find_contenders(pool)
    return None if race is None else _find_first_of_equals(pool, race)


def find_some_best_panel(pool: Pool) -> tuple[int, ...] | None:
    """Return some valid panel with the greatest total, not always the first, or None when none is valid."""
    if not pool.rows:
        return fill_by_score(pool)
    race = _find_contenders(pool)
    return None if race is None else race.best


def fill_by_score(pool: Pool) -> tuple[int, ...] | None:
    """Return fixed members and then the best, one per household; None when people run out.

    Without quotas going down the canonical order is exact.
    """
    panel = list(pool.fixed)
    households: set[str] = set()
    for place, person in enumerate(pool.people):
        if len(panel) >= pool.seats:
            break
        if person.standing is not Standing.OPEN or person.household in households:
            continue
        panel.append(place)
        if person.household is not None:
            households.add(person.household)
    return tuple(sorted(panel)) if len(panel) == pool.seats else None


def keep_useful(pool: Pool, maxima: Sequence[int], order: Sequence[int] | None = None) -> list[int]:
    """Return the places that can matter: some best panel is made of these people only.

    Exact. Of one household and profile only the first counts. Of one profile, the first `free seats` do:
    of so many, the other members of a panel (at most free seats - 1) leave one free to replace a worse one.
    People without housemates are blocked only by sitting themselves, so as many of them as their profile
    has room for will do as well.

    Args:
        maxima: the greatest count per quota row; seats where a row does not bind.
        order: the places from most to least useful; canonical order when left out.
    """
    fixed_counts = pool.count_rows(pool.fixed)
    free = pool.free_seats
    kept: list[int] = list(pool.fixed)
    seen: set[tuple[str, tuple[int, ...]]] = set()
    of_profile: Counter[tuple[int, ...]] = Counter()
    alone: Counter[tuple[int, ...]] = Counter()
    room: dict[tuple[int, ...], int] = {}
    for place in range(len(pool.people)) if order is None else order:
        person = pool.people[place]
        profile = person.profile
        if profile not in room:
            room[profile] = min([free, *(maxima[row] - fixed_counts[row] for row in profile)])
        if of_profile[profile] >= free or alone[profile] >= room[profile]:
            continue
        if person.standing is not Standing.OPEN:
            continue
        if person.household is not None:
            if (person.household, profile) in seen:
                continue
            seen.add((person.household, profile))
        else:
            alone[profile] += 1
        of_profile[profile] += 1
        kept.append(place)
    return sorted(kept)


def order_alone_first(pool: Pool) -> list[int]:
    """Return all places, people without housemates first: where score is no matter, few others are needed."""
    return sorted(range(len(pool.people)), key=lambda place: pool.people[place].household is not None)


def make_program(pool: Pool, places: Sequence[int], certain: Sequence[int], costs: Sequence[int]) -> Program:
    """Return the program whose column k says whether `places[k]` sits, under seats, quotas and households."""
    program = Program()
    seated = set(certain)
    rows: list[list[int]] = [[] for _ in pool.rows]
    households: defaultdict[str, list[int]] = defaultdict(list)
    for place, cost in zip(places, costs, strict=True):
        column = program.add_column(cost, lower=int(place in seated))
        person = pool.people[place]
        for row in person.profile:
            rows[row].append(column)
        if person.household is not None:
            households[person.household].append(column)
    program.add_row(pool.seats, pool.seats, range(len(places)))
    for quota, columns in zip(pool.rows, rows, strict=True):
        program.add_row(quota.minimum, quota.maximum, columns)
    for columns in households.values():
        if len(columns) > 1:
            program.add_row(None, 1, columns)
    return program


def solve_panel(pool: Pool, places: Sequence[int], program: Program) -> tuple[int, ...] | None:
    """Return the members that the solver chooses among `places`, checked again in whole numbers.

    Returns:
        Their places, or `None` when no panel is possible.

    Raises:
        SolverFailed: the solver gave no answer, or one that does not hold in whole numbers.
    """
    answer = solve(program)
    if answer is None:
        return None
    panel = tuple(place for place, sits in zip(places, answer, strict=False) if sits)
    if not pool.is_valid(panel):
        raise SolverFailed(reason="the panel does not hold when counted again")
    return panel


@dataclass(frozen=True)
class _Race:
    """A panel with the greatest total, and all places that such a panel may hold."""

    best: tuple[int, ...]
    contenders: list[int]


def _find_contenders(pool: Pool) -> _Race | None:
    """Find a best panel: a good one among few people, and then the best among all who could do better."""
    places = keep_useful(pool, [row.maximum for row in pool.rows])
    priced = price_places(pool, places)
    if priced is None:
        return None
    good = _find_a_best_panel(pool, priced.best_places(SHORTLIST_PER_SEAT * pool.seats))
    contenders = places if good is None else priced.who_can_reach(pool.total(good))
    best = _find_a_best_panel(pool, contenders)
    return None if best is None else _Race(best, priced.who_can_reach(pool.total(best)))


def _find_a_best_panel(pool: Pool, places: Sequence[int]) -> tuple[int, ...] | None:
    if len(places) < pool.seats:
        return None
    return solve_panel(pool, places, make_program(pool, places, pool.fixed, _cost(pool, places)))


def _cost(pool: Pool, places: Sequence[int]) -> list[int]:
    return [-weight for weight in _weigh(pool, places)]


def _find_scale(pool: Pool, places: Sequence[int]) -> tuple[int, int]:
    """Return the lowest score and the unit in which all scores stand above it."""
    scores = [pool.people[place].score for place in places]
    lowest = min(scores)
    return lowest, gcd(*(score - lowest for score in scores)) or 1


def _weigh(pool: Pool, places: Sequence[int]) -> list[int]:
    """Return scores above the lowest, in their common unit.

    Every panel has the same number of seats, so this changes no comparison; the solver counts in floating
    point and is exact only while numbers stay small.
    """
    lowest, unit = _find_scale(pool, places)
    return [(pool.people[place].score - lowest) // unit for place in places]


def _find_first_of_equals(pool: Pool, race: _Race) -> tuple[int, ...]:
    """Return the first in canonical order of all best panels.

    Seat by seat: is there an equally good panel with the same people so far and then somebody earlier?
    """
    best, contenders = race.best, race.contenders
    for seat in range(pool.seats):
        chosen = best[:seat]
        last = max(chosen, default=-1)
        earlier = list_first_of_profiles(pool, (place for place in contenders if last < place < best[seat]))
        if earlier:
            best = _find_earlier(pool, contenders, chosen, earlier, best) or best
        contenders = [place for place in contenders if place >= best[seat] or place in chosen]
    return best


def list_first_of_profiles(pool: Pool, places: Iterable[int]) -> list[int]:
    """Return the places that can come first: of a profile, nobody after somebody without housemates."""
    settled: set[tuple[int, ...]] = set()
    first = []
    for place in places:
        person = pool.people[place]
        if person.profile not in settled:
            first.append(place)
            if person.household is None:
                settled.add(person.profile)
    return first


def _find_earlier(
    pool: Pool, contenders: Sequence[int], chosen: Sequence[int], earlier: Sequence[int], best: Sequence[int]
) -> tuple[int, ...] | None:
    """Return an equally good panel with the chosen and the earliest possible of `earlier`, or None."""
    weights = _weigh(pool, contenders)
    certain = {*chosen, *pool.fixed}
    program = make_program(pool, contenders, sorted(certain), [0] * len(contenders))
    column_of = {place: column for column, place in enumerate(contenders)}
    total = sum(weights[column_of[place]] for place in best)
    program.add_row(total, None, range(len(contenders))).coefficients[:] = weights
    pointers = [program.add_column(cost=rank) for rank in range(len(earlier))]
    for pointer, place in zip(pointers, earlier, strict=True):
        program.add_row(None, 0, [pointer]).add_term(column_of[place], -1)
    program.add_row(1, 1, pointers)
    panel = solve_panel(pool, contenders, program)
    if panel is not None and pool.total(panel) != pool.total(best):
        raise SolverFailed(reason="two panels said to be equally good have different totals")
    return panel


@dataclass(frozen=True)
class PricedPlaces:
    """Places with what each gains above the price of their rows, and what no panel can exceed.

    Lagrangian bound, proven in whole numbers: put any price on each row, and no panel is worth more than the
    prices of all rows when full and every gain above nothing. With somebody whose gain falls short, the bound
    drops by what they lack; below the best total they are in no best panel. All in `PRICE_UNIT`s.
    """

    pool: Pool
    places: Sequence[int]
    gains: Sequence[int]
    bound: int

    def best_places(self, size: int) -> list[int]:
        """Return fixed members and the places that gain most."""
        ranked = sorted(zip(self.gains, self.places, strict=True), key=lambda pair: (-pair[0], pair[1]))
        return sorted({*self.pool.fixed, *(place for _, place in ranked[:size])})

    def who_can_reach(self, total: int) -> list[int]:
        """Return the places that a panel of at least this total may hold."""
        slack = self.bound - total * PRICE_UNIT
        fixed = set(self.pool.fixed)
        return [
            place
            for place, gain in zip(self.places, self.gains, strict=True)
            if place in fixed or slack + min(0, gain) >= 0
        ]


def price_places(pool: Pool, places: Sequence[int]) -> PricedPlaces | None:
    """Return the places at the prices that hold if people could be split; None if even then none is valid."""
    if len(places) < pool.seats:
        return None
    program = make_program(pool, places, pool.fixed, _cost(pool, places))
    prices = find_row_prices(program)
    if prices is None:
        return None
    lowest, unit = _find_scale(pool, places)
    charges = [round(-price * unit * PRICE_UNIT) for price in prices]
    charges[SEATS_ROW] += lowest * PRICE_UNIT
    gains = [pool.people[place].score * PRICE_UNIT for place in places]
    bound = sum(_charge(row, charge, gains) for row, charge in zip(program.rows, charges, strict=True))
    bound += sum(gain for gain, lower in zip(gains, program.lower, strict=True) if gain > 0 or lower)
    return PricedPlaces(pool, places, gains, bound)


def _charge(row: Row, price: int, gains: list[int]) -> int:
    """Take the price of one row off the gain of everybody it counts; return what the row is worth at most."""
    bound = row.upper if price > 0 else row.lower
    if bound is None:
        return 0
    for column, coefficient in zip(row.columns, row.coefficients, strict=True):
        gains[column] -= price * coefficient
    return price * bound
