"""What quotas cost: the best total among the same people under one set of quotas and another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from forum.panels.selection_diagnosis import Diagnosis, diagnose
from forum.panels.selection_pool import Person, Pool, Standing, make_pool
from forum.panels.selection_request import Mode, QuotaRow, Request, RequestedCandidate
from forum.panels.selection_solver import find_some_best_panel, keep_useful

Bounds = Mapping[tuple[str, str], tuple[int, int]]
"""Least and most seats by category and value; a value that is not in it has no limits."""

MIXES_KEPT = 64
_ANY_SEED = "0" * 64
"""It only settles ties, and those change no total."""


@dataclass(frozen=True)
class Mix:
    """One best panel: its total in centipunten, its places in the pool, how many each quota row counts."""

    total: int
    places: tuple[int, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Stock:
    """The people who can matter to a panel of so many seats, whatever the bounds of its quotas are.

    `ranks` is the place of each on score alone among everybody, counted from 1.
    """

    pool: Pool
    ranks: tuple[int, ...]

    def as_document(self) -> dict[str, Any]:
        """Return the stock as JSON holds it: ranks, scores, shared households and groups."""
        return {
            "seats": self.pool.seats,
            "groups": [[row.category, row.value] for row in self.pool.rows],
            "people": [
                [rank, person.score, person.household, list(person.profile)]
                for rank, person in zip(self.ranks, self.pool.people, strict=True)
            ],
        }

    def with_bounds(self, bounds: Bounds) -> Pool:
        """Return the pool under these bounds; values that nobody has come after the others."""
        known = [(row.category, row.value) for row in self.pool.rows]
        unknown = sorted(bounds.keys() - set(known))
        rows = tuple(
            QuotaRow(category, value, *bounds.get((category, value), (0, self.pool.seats)))
            for category, value in [*known, *unknown]
        )
        return replace(self.pool, rows=rows)

    def find_mix(self, bounds: Bounds) -> Mix | None:
        """Return a panel with the greatest total under these bounds, or None when none is valid."""
        return _find_mix(self.with_bounds(bounds))

    def diagnose(self, bounds: Bounds) -> Diagnosis:
        """Return why no panel is valid under these bounds."""
        return _diagnose(self.with_bounds(bounds))


def take_stock(
    candidates: Sequence[RequestedCandidate],
    values: Sequence[tuple[str, str]],
    *,
    seats: int,
    max_per_household: int | None,
    min_score: int,
) -> Stock:
    """Return the few of many candidates who can matter to a panel; exact, as `keep_useful` is.

    Args:
        candidates: who may be chosen.
        values: category and value of every quota that may be set.
        seats: of the panel.
        max_per_household: 1, or None for no limit.
        min_score: in centipunten; who has less may not be chosen.
    """
    request = Request(
        mode=Mode.QUOTA_TOP,
        seats=seats,
        seed=_ANY_SEED,
        max_per_household=max_per_household,
        min_score=min_score,
        tickets=(),
        quotas=tuple(QuotaRow(category, value, 0, seats) for category, value in sorted(values)),
        fixed=frozenset(),
        excluded={},
        candidates=tuple(candidates),
        snapshot_sha256="",
    )
    pool = make_pool(request)
    kept = keep_useful(pool, [seats] * len(pool.rows))
    return Stock(
        Pool(seats, pool.rows, tuple(replace(pool.people[place], id="") for place in kept)),
        tuple(place + 1 for place in kept),
    )


def read_stock(document: Mapping[str, Any]) -> Stock:
    """Return the stock that `as_document` wrote."""
    seats, people = document["seats"], document["people"]
    rows = tuple(QuotaRow(category, value, 0, seats) for category, value in document["groups"])
    persons = tuple(
        Person("", score, household, tuple(profile), Standing.OPEN) for _, score, household, profile in people
    )
    return Stock(Pool(seats, rows, persons), tuple(rank for rank, *_ in people))


@lru_cache(maxsize=MIXES_KEPT)
def _find_mix(pool: Pool) -> Mix | None:
    places = find_some_best_panel(pool)
    if places is None:
        return None
    return Mix(pool.total(places), places, tuple(pool.count_rows(places)))


@lru_cache(maxsize=MIXES_KEPT)
def _diagnose(pool: Pool) -> Diagnosis:
    return diagnose(pool)
