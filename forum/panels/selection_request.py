"""Untrusted selection requests to typed values. Nothing is repaired and nothing unknown is skipped."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from forum.panels.errors import InvalidRequest
from forum.panels.selection_canonical import FROZEN_FIELDS, snapshot_sha256

SCORE_LIMIT = 10**9
SEATS_LIMIT = 10_000
TICKETS_LIMIT = 1_000

_FIELDS = frozenset((*FROZEN_FIELDS, "seed", "tickets", "fixed", "excluded"))
_CANDIDATE_FIELDS = frozenset({"id", "score", "household", "attrs"})
_SEED = re.compile(r"[0-9a-fA-F]{64}")
_REASON_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class Mode(StrEnum):
    """How the seats are filled."""

    TOP = "top"
    QUOTA_TOP = "quota_top"
    WEIGHTED_LOTTERY = "weighted_lottery"
    UNIFORM_LOTTERY = "uniform_lottery"
    EVERYONE = "everyone"
    APPLICATION = "application"


MODES_WITH_QUOTAS = frozenset(Mode) - {Mode.TOP, Mode.EVERYONE}
LOTTERIES = frozenset({Mode.WEIGHTED_LOTTERY, Mode.UNIFORM_LOTTERY})


@dataclass(frozen=True, slots=True)
class RequestedCandidate:
    """One person as frozen: a pseudonymous id, the score in centipunten, household and attributes."""

    id: str
    score: int
    household: str | None
    attrs: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """How many seats at least and at most go to one value of a category."""

    category: str
    value: str
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Request:
    """A selection request that was read and checked.

    `quotas` are sorted by category and value, `tickets` by the score from which a band holds.
    """

    mode: Mode
    seats: int
    seed: str
    max_per_household: int | None
    min_score: int
    tickets: tuple[tuple[int, int], ...]
    quotas: tuple[QuotaRow, ...]
    fixed: frozenset[str]
    excluded: Mapping[str, str]
    candidates: tuple[RequestedCandidate, ...]
    snapshot_sha256: str


def read_request(document: object) -> Request:
    """Return the request that a JSON document holds.

    Left out, `max_per_household` is 1, `min_score` 0, `household` null, and lists and tables are empty.
    `seats` may be left out for `everyone` only. Scores lie between -SCORE_LIMIT and SCORE_LIMIT: the
    solver counts in floating point, and up to there its answers were checked to be exact.

    Raises:
        InvalidRequest: names the first field that is wrong and what is wrong with it.
    """
    fields = _table(document, "request")
    _refuse_unknown(fields, _FIELDS, "")
    request = Request(
        mode=_read_mode(fields),
        seats=_read_seats(fields),
        seed=_read_seed(fields),
        max_per_household=_read_household_limit(fields),
        min_score=_whole_number(fields.get("min_score", 0), "min_score"),
        tickets=_read_tickets(fields.get("tickets", [])),
        quotas=_read_quotas(fields.get("quotas", {})),
        fixed=_read_fixed(fields.get("fixed", [])),
        excluded=_read_excluded(fields.get("excluded", {})),
        candidates=_read_candidates(_required(fields, "candidates")),
        snapshot_sha256=_hash_snapshot(fields),
    )
    _refuse_contradictions(request)
    return request


def _read_mode(fields: Mapping[str, object]) -> Mode:
    mode = _text(_required(fields, "mode"), "mode")
    if mode not in frozenset(Mode):
        raise InvalidRequest("mode", f"unknown mode {mode!r}")
    return Mode(mode)


def _read_seats(fields: Mapping[str, object]) -> int:
    if fields.get("mode") == Mode.EVERYONE and "seats" not in fields:
        return 0
    return _whole_number(_required(fields, "seats"), "seats", least=1, most=SEATS_LIMIT)


def _read_seed(fields: Mapping[str, object]) -> str:
    seed = _text(_required(fields, "seed"), "seed")
    if not _SEED.fullmatch(seed):
        raise InvalidRequest("seed", "must be 64 hex digits")
    return seed


def _read_household_limit(fields: Mapping[str, object]) -> int | None:
    limit = fields.get("max_per_household", 1)
    if limit is None:
        return None
    return _whole_number(limit, "max_per_household", least=1, most=1)


def _read_tickets(value: object) -> tuple[tuple[int, int], ...]:
    bands = [_pair(band, f"tickets[{index}]") for index, band in enumerate(_sequence(value, "tickets"))]
    for index, (least, tickets) in enumerate(bands):
        if tickets > TICKETS_LIMIT:
            raise InvalidRequest(f"tickets[{index}]", f"more than {TICKETS_LIMIT} tickets")
        if least in {other for other, _ in bands[:index]}:
            raise InvalidRequest(f"tickets[{index}]", f"a band from {least} occurs twice")
    return tuple(sorted(bands))


def _read_quotas(value: object) -> tuple[QuotaRow, ...]:
    rows = []
    for category, values in _table(value, "quotas").items():
        for name, bounds in _table(values, f"quotas.{category}").items():
            minimum, maximum = _pair(bounds, f"quotas.{category}.{name}")
            if minimum > maximum:
                raise InvalidRequest(
                    f"quotas.{category}.{name}", f"the minimum {minimum} is above the maximum {maximum}"
                )
            rows.append(QuotaRow(category, name, minimum, maximum))
    return tuple(sorted(rows, key=lambda row: (row.category, row.value)))


def _read_fixed(value: object) -> frozenset[str]:
    ids = [_text(item, f"fixed[{index}]") for index, item in enumerate(_sequence(value, "fixed"))]
    _refuse_doubles(ids, "fixed")
    return frozenset(ids)


def _read_excluded(value: object) -> dict[str, str]:
    excluded = {}
    for candidate_id, reason in _table(value, "excluded").items():
        field = f"excluded.{candidate_id}"
        excluded[candidate_id] = _text(reason, field)
        if not _REASON_CODE.fullmatch(excluded[candidate_id]):
            raise InvalidRequest(field, f"{reason!r} is no reason code (lower-case letters, digits, - and _)")
    return excluded


def _read_candidates(value: object) -> tuple[RequestedCandidate, ...]:
    candidates = tuple(
        _read_candidate(item, f"candidates[{index}]")
        for index, item in enumerate(_sequence(value, "candidates"))
    )
    _refuse_doubles((candidate.id for candidate in candidates), "candidates")
    return candidates


def _read_candidate(value: object, field: str) -> RequestedCandidate:
    fields = _table(value, field)
    _refuse_unknown(fields, _CANDIDATE_FIELDS, f"{field}.")
    household = fields.get("household")
    attrs = _table(fields.get("attrs", {}), f"{field}.attrs")
    for category, attribute in attrs.items():
        if attribute is not None:
            _text(attribute, f"{field}.attrs.{category}")
    return RequestedCandidate(
        id=_text(_required(fields, "id", field), f"{field}.id"),
        score=_whole_number(_required(fields, "score", field), f"{field}.score", -SCORE_LIMIT, SCORE_LIMIT),
        household=None if household is None else _text(household, f"{field}.household"),
        attrs=cast("Mapping[str, str | None]", attrs),
    )


def _hash_snapshot(fields: Mapping[str, object]) -> str:
    try:
        return snapshot_sha256(fields)
    except UnicodeEncodeError:
        raise InvalidRequest("request", "a text holds half a Unicode character") from None


def _refuse_contradictions(request: Request) -> None:
    known = {candidate.id for candidate in request.candidates}
    _refuse_unknown_ids(request.fixed, known, "fixed")
    _refuse_unknown_ids(request.excluded, known, "excluded")
    for candidate_id in sorted(request.fixed & request.excluded.keys()):
        raise InvalidRequest("fixed", f"{candidate_id!r} is excluded as well")
    if request.mode == Mode.EVERYONE:
        return
    if request.mode == Mode.WEIGHTED_LOTTERY and not request.tickets:
        raise InvalidRequest("tickets", "is missing")
    if len(request.fixed) > request.seats:
        raise InvalidRequest("fixed", f"{len(request.fixed)} fixed members for {request.seats} seats")
    if request.max_per_household is not None:
        _refuse_fixed_housemates(request)
    if request.mode in MODES_WITH_QUOTAS:
        _refuse_impossible_sums(request)


def _refuse_fixed_housemates(request: Request) -> None:
    members: dict[str, str] = {}
    for candidate in sorted(request.candidates, key=lambda candidate: candidate.id):
        if candidate.id in request.fixed and candidate.household is not None:
            other = members.setdefault(candidate.household, candidate.id)
            if other != candidate.id:
                raise InvalidRequest(
                    "fixed",
                    f"{other!r} and {candidate.id!r} share household {candidate.household!r};"
                    " release one or set max_per_household to null",
                )


def _refuse_impossible_sums(request: Request) -> None:
    for category in sorted({row.category for row in request.quotas}):
        rows = [row for row in request.quotas if row.category == category]
        least, most = sum(row.minimum for row in rows), sum(row.maximum for row in rows)
        if least > request.seats:
            raise InvalidRequest(
                f"quotas.{category}", f"the minimums add up to {least}, above the {request.seats} seats"
            )
        if most < request.seats and _is_closed(category, {row.value for row in rows}, request.candidates):
            raise InvalidRequest(
                f"quotas.{category}", f"the maximums add up to {most}, below the {request.seats} seats"
            )


def _is_closed(category: str, values: set[str], candidates: Iterable[RequestedCandidate]) -> bool:
    # Whoever has no value, or one without a row, uses no maximum and can still fill the panel.
    return all(candidate.attrs.get(category) in values for candidate in candidates)


def _refuse_unknown(fields: Mapping[str, object], known: frozenset[str], prefix: str) -> None:
    if not fields.keys() <= known:
        raise InvalidRequest(f"{prefix}{min(fields.keys() - known)}", "unknown field")


def _refuse_unknown_ids(ids: Collection[str], known: set[str], field: str) -> None:
    for candidate_id in sorted(candidate_id for candidate_id in ids if candidate_id not in known):
        raise InvalidRequest(field, f"unknown id {candidate_id!r}")


def _refuse_doubles(ids: Iterable[str], field: str) -> None:
    seen: set[str] = set()
    for candidate_id in ids:
        if candidate_id in seen:
            raise InvalidRequest(field, f"id {candidate_id!r} occurs twice")
        seen.add(candidate_id)


def _required(fields: Mapping[str, object], name: str, of: str = "") -> object:
    if name not in fields:
        raise InvalidRequest(f"{of}.{name}" if of else name, "is missing")
    return fields[name]


def _table(value: object, field: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidRequest(field, "must be an object")
    return value


def _sequence(value: object, field: str) -> list[object]:
    if not isinstance(value, list):
        raise InvalidRequest(field, "must be a list")
    return value


def _text(value: object, field: str) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidRequest(field, "must be a text that is not empty")
    return value


def _whole_number(value: object, field: str, least: int = -SCORE_LIMIT, most: int = SCORE_LIMIT) -> int:
    # A boolean is an int in Python, and no number in JSON.
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidRequest(field, "must be a whole number")
    if not least <= value <= most:
        raise InvalidRequest(field, f"must lie between {least} and {most}")
    return value


def _pair(value: object, field: str) -> tuple[int, int]:
    numbers = _sequence(value, field)
    if len(numbers) != 2:
        raise InvalidRequest(field, "must be a list of two whole numbers")
    first, second = (_whole_number(number, field, least=0) for number in numbers)
    return first, second
