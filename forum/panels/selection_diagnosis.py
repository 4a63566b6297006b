"""Why no panel is valid, and the ways out. Nothing here is ever applied by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from forum.panels.errors import SolverFailed
from forum.panels.selection_highs import Program, solve
from forum.panels.selection_pool import Pool, Standing, count_households
from forum.panels.selection_request import QuotaRow
from forum.panels.selection_solver import (
    FIRST_QUOTA_ROW,
    SEATS_ROW,
    keep_useful,
    make_program,
    order_alone_first,
)

COST_OF_LOWER_MINIMUM = 2
COST_OF_NO_MINIMUM = 1
COST_OF_HIGHER_MAXIMUM = 1
MOST_RELAXATIONS = 3

Side = Literal["min", "max"]
BoundName = tuple[str, str, Side]
SIDES: tuple[Side, Side] = ("min", "max")


@dataclass(frozen=True)
class Shortage:
    """Fewer households than places: of one value, or with `category` None of all together."""

    category: str | None
    value: str | None
    households_available: int
    minimum: int


@dataclass(frozen=True)
class Change:
    """One bound of one quota row, moved."""

    category: str
    value: str
    side: Side
    old: int
    new: int


@dataclass(frozen=True)
class Relaxation:
    """Changes that together make a valid panel possible with the same seats."""

    cost: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Diagnosis:
    """What stands in the way.

    `conflict` is one set of quota bounds that no panel meets together while it meets any smaller part of it;
    it is empty when people run out even without quotas. `max_seats` is the largest smaller panel that meets
    every quota, or None when fewer seats do not help.
    """

    reasons: tuple[tuple[str, str], ...] = ()
    shortages: tuple[Shortage, ...] = ()
    conflict: tuple[BoundName, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    max_seats: int | None = None

    def as_document(self) -> dict[str, object]:
        """Return the diagnosis as JSON holds it."""
        return {
            "reasons": [{"field": field, "reason": reason} for field, reason in self.reasons],
            "shortages": [
                {
                    "category": shortage.category,
                    "value": shortage.value,
                    "households_available": shortage.households_available,
                    "minimum": shortage.minimum,
                }
                for shortage in self.shortages
            ],
            "conflict": [list(bound) for bound in self.conflict],
            "relaxations": [
                {
                    "cost": relaxation.cost,
                    "changes": [[c.category, c.value, c.side, c.old, c.new] for c in relaxation.changes],
                }
                for relaxation in self.relaxations
            ],
            "max_seats": self.max_seats,
        }


def diagnose(pool: Pool) -> Diagnosis:
    """Return why `pool` has no valid panel, and the ways out.

    Raises:
        SolverFailed: there is a valid panel after all.
    """
    shortages = find_shortages(pool)
    lacking = next((s for s in shortages if s.category is not None and s.value is not None), None)
    if pool.households_available() < pool.seats:
        return Diagnosis(shortages=shortages, max_seats=find_max_seats(pool))
    return Diagnosis(
        shortages=shortages,
        conflict=find_conflict(pool)
        if lacking is None
        else ((str(lacking.category), str(lacking.value), "min"),),
        relaxations=find_relaxations(pool),
        max_seats=find_max_seats(pool),
    )


def find_shortages(pool: Pool) -> tuple[Shortage, ...]:
    """Return the seats and quota values for which there are fewer households than the minimum."""
    shortages = []
    if pool.households_available() < pool.seats:
        shortages.append(Shortage(None, None, pool.households_available(), pool.seats))
    for number, row in enumerate(pool.rows):
        available = count_households(
            person
            for person in pool.people
            if number in person.profile and person.standing is not Standing.BLOCKED
        )
        if available < row.minimum:
            shortages.append(Shortage(row.category, row.value, available, row.minimum))
    return tuple(shortages)


def find_conflict(pool: Pool) -> tuple[BoundName, ...]:
    """Return quota bounds that no panel meets together, while it meets all but any one of them.

    A deletion filter: leave bounds out; when no panel is possible even so, they were not needed.

    Raises:
        SolverFailed: the pool has a valid panel.
    """
    places = keep_possible(pool)
    if _is_possible(pool, places):
        raise SolverFailed(reason="a panel was found where none can be")
    bounds = [(number, side) for number in range(len(pool.rows)) for side in SIDES]
    least = _delete_unneeded(pool, places, bounds)
    return tuple(
        (row.category, row.value, side)
        for number, row in enumerate(pool.rows)
        for side in SIDES
        if least.rows[number] != _free_bound(least, number, side).rows[number]
    )


def _delete_unneeded(pool: Pool, places: Sequence[int], bounds: Sequence[tuple[int, Side]]) -> Pool:
    """Return the impossible pool with only the needed ones of `bounds`; halves are tried at once."""
    freed = pool
    for number, side in bounds:
        freed = _free_bound(freed, number, side)
    if not _is_possible(freed, places):
        return freed
    if len(bounds) == 1:
        return pool
    middle = len(bounds) // 2
    return _delete_unneeded(_delete_unneeded(pool, places, bounds[:middle]), places, bounds[middle:])


def find_max_seats(pool: Pool) -> int | None:
    """Return the largest number of seats below the present that meets every quota, or None."""
    places = keep_possible(pool)
    if not places or pool.seats == 1:
        return None
    program = make_program(pool, places, pool.fixed, [-1] * len(places))
    seats = program.rows[SEATS_ROW]
    seats.lower, seats.upper = 1, pool.seats - 1
    answer = solve(program)
    return None if answer is None else sum(answer)


def find_relaxations(pool: Pool) -> tuple[Relaxation, ...]:
    """Return the cheapest changes of quotas that make a panel possible, cheapest first.

    A lower minimum costs 2 a unit and 1 more when nothing is left of it; a higher maximum costs 1 a unit.
    Each next one moves at least one bound less far than every one before it. Empty when no change helps.
    """
    places = keep_possible(pool)
    program = make_program(pool, places, pool.fixed, [0] * len(places))
    bounds = _soften(pool, program)
    found: list[Relaxation] = []
    while len(found) < MOST_RELAXATIONS:
        answer = solve(program)
        moves = [(bound, answer[bound.column]) for bound in bounds if answer[bound.column]] if answer else []
        if not moves:
            break
        found.append(_read_relaxation(moves))
        _forbid(program, moves)
    return tuple(found)


def keep_possible(pool: Pool) -> list[int]:
    """Return the places of people of whom a panel can be made whenever it can be made at all.

    Holds for these and for wider quotas.
    """
    return keep_useful(pool, [pool.seats] * len(pool.rows), order_alone_first(pool))


def _is_possible(pool: Pool, places: Sequence[int]) -> bool:
    program = make_program(pool, places, pool.fixed, [0] * len(places))
    return solve(program) is not None


def _free_bound(pool: Pool, number: int, side: Side) -> Pool:
    """Return the pool without one bound."""
    row = pool.rows[number]
    freed = replace(row, minimum=0) if side == "min" else replace(row, maximum=max(row.maximum, pool.seats))
    return replace(pool, rows=(*pool.rows[:number], freed, *pool.rows[number + 1 :]))


@dataclass(frozen=True)
class _Bound:
    """One bound of a row that may move; `column` of the program says how far it does, at most `reach`."""

    row: QuotaRow
    side: Side
    column: int
    reach: int


def _soften(pool: Pool, program: Program) -> list[_Bound]:
    """Let every bound of `program` move at its cost."""
    bounds = []
    for row, quota in zip(program.rows[FIRST_QUOTA_ROW:], pool.rows, strict=False):
        if quota.minimum > 0:
            lowered = program.add_column(COST_OF_LOWER_MINIMUM, upper=quota.minimum)
            vanished = program.add_column(COST_OF_NO_MINIMUM)
            program.add_row(None, quota.minimum - 1, [lowered]).add_term(vanished, -1)
            row.add_term(lowered, 1)
            bounds.append(_Bound(quota, "min", lowered, quota.minimum))
        if quota.maximum < pool.seats:
            raised = program.add_column(COST_OF_HIGHER_MAXIMUM, upper=pool.seats - quota.maximum)
            row.add_term(raised, -1)
            bounds.append(_Bound(quota, "max", raised, pool.seats - quota.maximum))
    return bounds


def _forbid(program: Program, moves: Sequence[tuple[_Bound, int]]) -> None:
    """Demand that at least one bound moves less far than in `moves`."""
    less = []
    for bound, distance in moves:
        is_less = program.add_column()
        slack = bound.reach - distance + 1
        program.add_row(None, bound.reach, [bound.column]).add_term(is_less, slack)
        less.append(is_less)
    program.add_row(1, None, less)


def _read_relaxation(moves: Sequence[tuple[_Bound, int]]) -> Relaxation:
    cost = 0
    changes = []
    for bound, distance in moves:
        row = bound.row
        if bound.side == "min":
            cost += COST_OF_LOWER_MINIMUM * distance + COST_OF_NO_MINIMUM * (distance == row.minimum)
            changes.append(Change(row.category, row.value, "min", row.minimum, row.minimum - distance))
        else:
            cost += COST_OF_HIGHER_MAXIMUM * distance
            changes.append(Change(row.category, row.value, "max", row.maximum, row.maximum + distance))
    return Relaxation(cost, tuple(changes))
