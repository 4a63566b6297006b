"""The cheapest changes of quotas that make a panel of the same seats possible; none is applied here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from forum.panels.errors import SolverFailed
from forum.panels.selection_highs import Program, solve
from forum.panels.selection_pool import Pool
from forum.panels.selection_request import QuotaRow
from forum.panels.selection_solver import FIRST_QUOTA_ROW, keep_useful, make_program, order_alone_first

COST_OF_LOWER_MINIMUM = 2
COST_OF_NO_MINIMUM = 1
COST_OF_HIGHER_MAXIMUM = 1
MOST_RELAXATIONS = 3

Side = Literal["min", "max"]
SIDES: tuple[Side, Side] = ("min", "max")


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


def list_relaxations(pool: Pool) -> tuple[Relaxation, ...]:
    """Return the cheapest changes of quotas that make a panel possible, cheapest first.

    A lower minimum costs 2 a unit and 1 more when nothing is left of it; a higher maximum costs 1 a unit.
    Each next one moves at least one bound less far than every one before it. Of equally cheap ones that which
    moves the earliest bound farthest comes first: by category, value, minimum before maximum. Empty when no
    change helps.
    """
    places = keep_possible(pool)
    program = make_program(pool, places, pool.fixed, [0] * len(places))
    bounds = _soften(pool, program)
    found: list[Relaxation] = []
    while len(found) < MOST_RELAXATIONS:
        moves = _find_first_of_cheapest(program, bounds)
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


@dataclass(frozen=True)
class _Bound:
    """One bound of a row that may move; `column` of the program says how far it does, at most `reach`."""

    row: QuotaRow
    side: Side
    column: int
    reach: int


_Moves = list[tuple[_Bound, int]]


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


def _find_first_of_cheapest(program: Program, bounds: Sequence[_Bound]) -> _Moves:
    """Return how far each bound moves in the first of the cheapest ways, without those that stay."""
    answer = solve(program)
    if answer is None:
        return []
    cost = sum(price * number for price, number in zip(program.costs, answer, strict=True))
    at_that_cost = _copy(program)
    row = at_that_cost.add_row(None, cost, range(len(program.costs)))
    row.coefficients[:] = program.costs
    at_that_cost.costs = [0] * len(program.costs)
    moves: _Moves = []
    rest = list(bounds)
    while cost > _cost_of(moves):
        place = _find_first_that_moves(at_that_cost, rest)
        bound = rest[place]
        for still in rest[:place]:
            at_that_cost.upper[still.column] = 0
        distance = _find_farthest(at_that_cost, bound)
        at_that_cost.lower[bound.column] = at_that_cost.upper[bound.column] = distance
        moves.append((bound, distance))
        rest = rest[place + 1 :]
    return moves


def _find_first_that_moves(program: Program, bounds: Sequence[_Bound]) -> int:
    asking = _copy(program)
    pointers = [asking.add_column(cost=rank) for rank in range(len(bounds))]
    for pointer, bound in zip(pointers, bounds, strict=True):
        asking.add_row(None, 0, [pointer]).add_term(bound.column, -1)
    asking.add_row(1, 1, pointers)
    answer = _solve_possible(asking)
    return next(rank for rank, pointer in enumerate(pointers) if answer[pointer])


def _find_farthest(program: Program, bound: _Bound) -> int:
    asking = _copy(program)
    asking.costs[bound.column] = -1
    return _solve_possible(asking)[bound.column]


def _solve_possible(program: Program) -> list[int]:
    answer = solve(program)
    if answer is None:
        raise SolverFailed(reason="no relaxation was found where there is one")
    return answer


def _copy(program: Program) -> Program:
    """Return a program that can get more columns and rows of its own; the rows so far are shared."""
    return replace(
        program,
        costs=list(program.costs),
        lower=list(program.lower),
        upper=list(program.upper),
        rows=list(program.rows),
    )


def _forbid(program: Program, moves: _Moves) -> None:
    """Demand that at least one bound moves less far than in `moves`."""
    less = []
    for bound, distance in moves:
        is_less = program.add_column()
        slack = bound.reach - distance + 1
        program.add_row(None, bound.reach, [bound.column]).add_term(is_less, slack)
        less.append(is_less)
    program.add_row(1, None, less)


def _read_relaxation(moves: _Moves) -> Relaxation:
    changes = []
    for bound, distance in moves:
        row = bound.row
        old = row.minimum if bound.side == "min" else row.maximum
        new = old - distance if bound.side == "min" else old + distance
        changes.append(Change(row.category, row.value, bound.side, old, new))
    return Relaxation(_cost_of(moves), tuple(changes))


def _cost_of(moves: _Moves) -> int:
    return sum(
        COST_OF_LOWER_MINIMUM * distance + COST_OF_NO_MINIMUM * (distance == bound.row.minimum)
        if bound.side == "min"
        else COST_OF_HIGHER_MAXIMUM * distance
        for bound, distance in moves
    )
