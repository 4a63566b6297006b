"""Selection of a panel: one request in, one result out, the same on every machine."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain

from forum.panels.errors import InvalidRequest, UnknownCandidate
from forum.panels.selection_canonical import sha256_of
from forum.panels.selection_diagnosis import Diagnosis, diagnose
from forum.panels.selection_highs import solver_version
from forum.panels.selection_outcomes import (
    Outcome,
    find_reserves,
    judge_candidates,
    judge_without_panel,
)
from forum.panels.selection_pool import Pool, Standing, make_pool
from forum.panels.selection_request import Mode, QuotaRow, Request, read_request
from forum.panels.selection_solver import fill_by_score, find_best_panel, find_greatest_total

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
    None for who was chosen, refused before the selection, or sits in no valid panel.
    """

    id: str
    score: int
    outcome: Outcome
    required_score: int | None

    def as_document(self) -> dict[str, object]:
        """Return the explanation as JSON holds it."""
        return {
            "id": self.id,
            "score": self.score,
            **self.outcome.as_document(),
            "required_score": self.required_score,
        }


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
        InvalidRequest: the mode is not available yet.
        SolverFailed: the solver's answer does not hold when counted again in whole numbers.
    """
    fill = _FILL.get(request.mode)
    if fill is None:
        raise InvalidRequest("mode", f"mode not available yet: {request.mode}")
    pool = make_pool(request)
    panel = fill(pool)
    return _without_panel(request, pool) if panel is None else _with_panel(request, pool, panel)


def explain(request: Request, result: Result, candidate_id: str) -> Explanation:
    """Return what one candidate may know of a result, with the required score; costs one more solve.

    Required score = best total - best total of the others when this person must sit.

    Raises:
        UnknownCandidate: nobody of that id is in the request.
    """
    scores = {candidate.id: candidate.score for candidate in request.candidates}
    if candidate_id not in scores:
        raise UnknownCandidate(candidate=candidate_id)
    score, outcome = scores[candidate_id], result.outcomes[candidate_id]
    return Explanation(candidate_id, score, outcome, _required_score(request, result, candidate_id, score))


def _required_score(request: Request, result: Result, candidate_id: str, score: int) -> int | None:
    if result.objective is None or candidate_id in result.panel:
        return None
    if result.outcomes[candidate_id].rank is None or _has_fixed_housemate(request, candidate_id):
        return None
    seated = make_pool(replace(request, fixed=request.fixed | {candidate_id}))
    greatest = find_greatest_total(seated)
    return None if greatest is None else result.objective - (greatest - score)


def _has_fixed_housemate(request: Request, candidate_id: str) -> bool:
    return any(
        person.id == candidate_id and person.standing is Standing.BLOCKED
        for person in make_pool(request).people
    )


# One function per mode; a mode that is not here is not available yet. `everyone` has a seat for everybody.
_FILL: Mapping[Mode, Callable[[Pool], tuple[int, ...] | None]] = {
    Mode.TOP: fill_by_score,
    Mode.QUOTA_TOP: find_best_panel,
    Mode.EVERYONE: fill_by_score,
}


def _with_panel(request: Request, pool: Pool, panel: Sequence[int]) -> Result:
    ids = [person.id for person in pool.people]
    reserves = find_reserves(pool, panel)
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
