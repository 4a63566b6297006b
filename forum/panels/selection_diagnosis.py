"""Why no panel is valid, and the ways out. Nothing here is ever applied by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forum.panels.errors import SolverFailed
from forum.panels.selection_highs import solve
from forum.panels.selection_pool import Pool, Standing, count_households
from forum.panels.selection_relaxations import SIDES, Relaxation, Side, keep_possible, list_relaxations
from forum.panels.selection_solver import SEATS_ROW, make_program

BoundName = tuple[str, str, Side]


@dataclass(frozen=True)
class Shortage:
    """Fewer households than places: of one value, or with `category` None of all together."""

    category: str | None
    value: str | None
    households_available: int
    minimum: int


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
    shortages = list_shortages(pool)
    lacking = next((s for s in shortages if s.category is not None and s.value is not None), None)
    if pool.households_available() < pool.seats:
        return Diagnosis(shortages=shortages, max_seats=find_max_seats(pool))
    return Diagnosis(
        shortages=shortages,
        conflict=conflicting_bounds(pool)
        if lacking is None
        else ((str(lacking.category), str(lacking.value), "min"),),
        relaxations=list_relaxations(pool),
        max_seats=find_max_seats(pool),
    )


def list_shortages(pool: Pool) -> tuple[Shortage, ...]:
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


def conflicting_bounds(pool: Pool) -> tuple[BoundName, ...]:
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


def _is_possible(pool: Pool, places: Sequence[int]) -> bool:
    program = make_program(pool, places, pool.fixed, [0] * len(places))
    return solve(program) is not None


def _free_bound(pool: Pool, number: int, side: Side) -> Pool:
    """Return the pool without one bound."""
    row = pool.rows[number]
    freed = replace(row, minimum=0) if side == "min" else replace(row, maximum=max(row.maximum, pool.seats))
    return replace(pool, rows=(*pool.rows[:number], freed, *pool.rows[number + 1 :]))
