"""Selection of a panel: one request in, one result out, the same on every machine."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain

from forum.panels.errors import InvalidRequest, UnknownCandidate
from forum.panels.selection_canonical import sha256_of
from forum.panels.selection_chances import Chance, find_kind, simulate_chances
from forum.panels.selection_diagnosis import Diagnosis, diagnose
from forum.panels.selection_highs import solver_version
from forum.panels.selection_lottery import draw_panel
from forum.panels.selection_outcomes import (
    Outcome,
    judge_candidates,
    judge_without_panel,
    reserves_by_seat,
)
from forum.panels.selection_pool import Pool, make_pool
from forum.panels.selection_request import LOTTERIES, Mode, QuotaRow, Request, read_request
from forum.panels.selection_required import find_required_score
from forum.panels.selection_solver import fill_by_score, find_best_panel

ALGORITHM_VERSION = "selectie-v1"


class Status(StrEnum):
    """Whether there is a panel. `TOO_FEW` is for `top` alone; elsewhere too few people is `INFEASIBLE`."""

    OK = "ok"
    INFEASIBLE = "infeasible"
    TOO_FEW = "too_few"
    INVALID = "invalid"


@dataclass(frozen=True)
class QuotaCount:
    """A quota row with how many candidates it counts: all, those eligible, and those selected."""

    row: QuotaRow
    available: int
    eligible: int
    selected: int

    def as_document(self) -> dict[str, object]:
        """Return the row as JSON holds it."""
        return {
            "category": self.row.category,
            "value": self.row.value,
            "min": self.row.minimum,
            "max": self.row.maximum,
            "available": self.available,
            "eligible": self.eligible,
            "selected": self.selected,
        }


@dataclass(frozen=True)
class Result:
    """What a selection decided, and what is needed to repeat it.

    `panel` holds ids in canonical order; `objective` is the sum of their scores in centipunten, None
    without a panel. `snapshot_sha256` and `seed` are None when the request could not be read.
    """

    status: Status
    panel: tuple[str, ...] = ()
    objective: int | None = None
    quota_table: tuple[QuotaCount, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    first_reserve: Mapping[str, str | None] = field(default_factory=dict)
    diagnosis: Diagnosis | None = None
    snapshot_sha256: str | None = None
    seed: str | None = None

    def as_document(self) -> dict[str, object]:
        """Return the result as JSON holds it.

        `audit.result_sha256` is the SHA-256 of the canonical JSON of all the rest, `audit` left out.
        """
        document: dict[str, object] = {
            "status": str(self.status),
            "panel": list(self.panel),
            "objective": self.objective,
            "quota_table": [count.as_document() for count in self.quota_table],
            "outcomes": {key: outcome.as_document() for key, outcome in self.outcomes.items()},
            "first_reserve": dict(self.first_reserve),
        }
        if self.diagnosis is not None:
            document["diagnosis"] = self.diagnosis.as_document()
        document["audit"] = {
            "snapshot_sha256": self.snapshot_sha256,
            "seed": self.seed,
            "algorithm_version": ALGORITHM_VERSION,
            "solver": solver_version(),
            "result_sha256": sha256_of(document),
        }
        return document


@dataclass(frozen=True)
class Explanation:
    """What one candidate may ask: the outcome, and the score with which they would have been chosen.

    `required_score` is in centipunten. With exactly that score the lot decides; with more they are chosen.
    None for who was chosen, refused before the selection, or sits in no valid panel, and in a lottery: there
    `chance` says how likely people of the same profile and tickets were drawn.
    """

    id: str
    score: int
    outcome: Outcome
    required_score: int | None
    chance: Chance | None = None

    def as_document(self) -> dict[str, object]:
        """Return the explanation as JSON holds it."""
        document = {
            "id": self.id,
            "score": self.score,
            **self.outcome.as_document(),
            "required_score": self.required_score,
        }
        return document if self.chance is None else {**document, "chance": self.chance.as_document()}


def select_document(document: object) -> Result:
    """Return the result of a request as JSON holds it; one that cannot be read gives `invalid`."""
    try:
        return select(read_request(document))
    except InvalidRequest as refusal:
        return refuse(refusal)


def refuse(refusal: InvalidRequest) -> Result:
    """Return the result of a request that could not be read."""
    return Result(Status.INVALID, diagnosis=Diagnosis(reasons=((refusal.field, refusal.reason),)))


def select(request: Request) -> Result:
    """Return the panel that a request asks for, with an outcome for every candidate.

    Raises:
        SolverFailed: the solver's answer does not hold when counted again in whole numbers.
    """
    pool = make_pool(request)
    panel = _FILL[request.mode](pool)
    return _without_panel(request, pool) if panel is None else _with_panel(request, pool, panel)


def explain(request: Request, result: Result, candidate_id: str) -> Explanation:
    """Return what one candidate may know of a result: the required score, or the chance in a lottery.

    Required score = best total - best total of the others when this person must sit. Costs one more solve;
    in a lottery `DRAWS` simulated draws.

    Raises:
        UnknownCandidate: nobody of that id is in the request.
    """
    scores = {candidate.id: candidate.score for candidate in request.candidates}
    if candidate_id not in scores:
        raise UnknownCandidate(candidate=candidate_id)
    score, outcome = scores[candidate_id], result.outcomes[candidate_id]
    pool = make_pool(request)
    if request.mode in LOTTERIES:
        return Explanation(candidate_id, score, outcome, None, _chance(pool, request.seed, candidate_id))
    required = _required_score(pool, candidate_id, result.panel)
    return Explanation(candidate_id, score, outcome, required)


def _chance(pool: Pool, seed: str, candidate_id: str) -> Chance | None:
    kind = find_kind(pool, candidate_id)
    return None if kind is None else simulate_chances(pool, seed).get(kind)


def _required_score(pool: Pool, candidate_id: str, panel: Sequence[str]) -> int | None:
    places = {person.id: place for place, person in enumerate(pool.people)}
    if candidate_id not in places or candidate_id in panel or not panel:
        return None
    return find_required_score(pool, [places[key] for key in panel], places[candidate_id])


# One function per mode. `everyone` has a seat for everybody; for `application` the score is the rating.
_FILL: Mapping[Mode, Callable[[Pool], tuple[int, ...] | None]] = {
    Mode.TOP: fill_by_score,
    Mode.QUOTA_TOP: find_best_panel,
    Mode.WEIGHTED_LOTTERY: draw_panel,
    Mode.UNIFORM_LOTTERY: draw_panel,
    Mode.EVERYONE: fill_by_score,
    Mode.APPLICATION: find_best_panel,
}


def _with_panel(request: Request, pool: Pool, panel: Sequence[int]) -> Result:
    ids = [person.id for person in pool.people]
    reserves = reserves_by_seat(pool, panel)
    return Result(
        status=Status.OK,
        panel=tuple(ids[place] for place in panel),
        objective=pool.total(panel),
        quota_table=_count_quotas(request, pool, [ids[place] for place in panel]),
        outcomes=judge_candidates(request, pool, panel, reserves),
        first_reserve={
            ids[member]: None if reserve is None else ids[reserve] for member, reserve in reserves.items()
        },
        snapshot_sha256=request.snapshot_sha256,
        seed=request.seed,
    )


def _without_panel(request: Request, pool: Pool) -> Result:
    return Result(
        status=Status.TOO_FEW if request.mode == Mode.TOP else Status.INFEASIBLE,
        quota_table=_count_quotas(request, pool, []),
        outcomes=judge_without_panel(request, pool),
        diagnosis=diagnose(pool),
        snapshot_sha256=request.snapshot_sha256,
        seed=request.seed,
    )


def _count_quotas(request: Request, pool: Pool, panel: Sequence[str]) -> tuple[QuotaCount, ...]:
    """Count every quota row of the request, also in a mode where quotas do not bind."""
    everybody = {candidate.id for candidate in request.candidates}
    available, eligible, selected = (
        _count_values(request, ids) for ids in (everybody, {person.id for person in pool.people}, set(panel))
    )
    return tuple(
        QuotaCount(row, available[key], eligible[key], selected[key])
        for row in request.quotas
        for key in [(row.category, row.value)]
    )


def _count_values(request: Request, ids: set[str]) -> Counter[tuple[str, str | None]]:
    return Counter(
        chain.from_iterable(
            candidate.attrs.items() for candidate in request.candidates if candidate.id in ids
        )
    )
