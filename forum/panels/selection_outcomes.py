"""What each candidate is told, and who stands ready for each member."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forum.panels.selection_lottery import list_impossible_by_lot
from forum.panels.selection_pool import (
    REFILL_REASONS,
    Person,
    Pool,
    Standing,
    sort_canonically,
    why_not_eligible,
)
from forum.panels.selection_request import LOTTERIES, Mode, QuotaRow, Request
from forum.panels.selection_solver import keep_useful, make_program, order_alone_first, solve_panel


class Code(StrEnum):
    """What became of a candidate; a refused one has `not_eligible_` and the reason code instead."""

    SELECTED_TOP = "selected_top"
    SELECTED_QUOTA = "selected_quota"
    SELECTED_LOT = "selected_lot"
    SELECTED_ALL = "selected_all"
    SELECTED_REFILL = "selected_refill"
    RESERVE = "reserve"
    NOT_SCORE = "not_score"
    NOT_QUOTA_FULL = "not_quota_full"
    NOT_IN_ANY_VALID_PANEL = "not_in_any_valid_panel"
    NOT_HOUSEHOLD = "not_household"
    NOT_LOT = "not_lot"


NOT_ELIGIBLE = "not_eligible_"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one candidate.

    `rank` is the place on score alone, counted from 1, among everybody who was eligible in the first round.
    `full` names the quota rows without room; `reserve_for` the members whom a reserve would replace, and
    `otherwise` why a reserve does not sit now.
    """

    code: str
    rank: int | None = None
    full: tuple[QuotaRow, ...] = ()
    reserve_for: tuple[str, ...] = ()
    otherwise: str | None = None

    def as_document(self) -> dict[str, object]:
        """Return the outcome as JSON holds it, without what does not apply."""
        document: dict[str, object] = {"code": self.code}
        if self.rank is not None:
            document["rank"] = self.rank
        if self.full:
            document["full"] = [[row.category, row.value] for row in self.full]
        if self.reserve_for:
            document["reserve_for"] = list(self.reserve_for)
            document["otherwise"] = self.otherwise
        return document


class Exchange:
    """Which single exchanges a valid panel allows: a member leaves, somebody of a profile comes in."""

    def __init__(self, pool: Pool, panel: Sequence[int]) -> None:
        self._pool = pool
        self._counts = pool.count_rows(panel)
        self._members_for: dict[tuple[int, ...], tuple[int, ...]] = {}
        self.panel = tuple(panel)
        self.member_of = {
            household: place for place in panel if (household := pool.people[place].household) is not None
        }

    def members_for(self, profile: tuple[int, ...]) -> tuple[int, ...]:
        """Return the members whose seat somebody of `profile` can take while every quota holds."""
        if profile not in self._members_for:
            self._members_for[profile] = tuple(
                place for place in self.panel if self._keeps_quotas(self._pool.people[place].profile, profile)
            )
        return self._members_for[profile]

    def housemate_of(self, person: Person) -> int | None:
        """Return the member who shares the person's household, or None."""
        return None if person.household is None else self.member_of.get(person.household)

    def can_take_seat(self, person: Person, member: int) -> bool:
        """Say whether the panel stays valid when `person` takes the seat of `member`."""
        return self.housemate_of(person) in (None, member) and member in self.members_for(person.profile)

    def can_come_in(self, place: int, member: int) -> bool:
        """Say whether somebody may be next for the seat: who is blocked, only for that of their housemate."""
        person = self._pool.people[place]
        if person.standing is Standing.BLOCKED and self.housemate_of(person) != member:
            return False
        return self.can_take_seat(person, member)

    def full_rows(self, profile: tuple[int, ...]) -> tuple[QuotaRow, ...]:
        """Return the quota rows of a profile that have no room left."""
        rows = (
            self._pool.rows[number]
            for number in profile
            if self._counts[number] >= self._pool.rows[number].maximum
        )
        return tuple(rows)

    def _keeps_quotas(self, leaving: tuple[int, ...], coming: tuple[int, ...]) -> bool:
        rows, counts = self._pool.rows, self._counts
        return all(counts[n] < rows[n].maximum for n in coming if n not in leaving) and all(
            counts[n] > rows[n].minimum for n in leaving if n not in coming
        )


def reserves_by_seat(pool: Pool, panel: Sequence[int]) -> dict[int, int | None]:
    """Return for each member the first who can take the seat alone, or None.

    In canonical order, and in a lottery by lot: whoever comes in when the walk goes on.
    """
    exchange = Exchange(pool, panel)
    sitting = set(panel)
    waiting = [
        place
        for place in pool.come_in_order
        if place not in sitting and (pool.people[place].standing is Standing.OPEN or place in pool.stand_ins)
    ]
    return {
        member: next((place for place in waiting if exchange.can_come_in(place, member)), None)
        for member in panel
    }


def judge_candidates(
    request: Request, pool: Pool, panel: Sequence[int], reserves: Mapping[int, int | None]
) -> dict[str, Outcome]:
    """Return what became of every candidate, by id in the order of ids."""
    ranks = rank_eligible(request, pool)
    exchange = Exchange(pool, panel)
    why_not = _why_not_by_lot if request.mode in LOTTERIES else _why_not
    impossible = (list_impossible_by_lot if request.mode in LOTTERIES else list_impossible)(pool, panel)
    reserve_for: defaultdict[int, list[str]] = defaultdict(list)
    for member, reserve in reserves.items():
        if reserve is not None:
            reserve_for[reserve].append(pool.people[member].id)
    outcomes = judge_refused(request)
    sitting = set(panel)
    for place, person in enumerate(pool.people):
        rank = ranks[person.id]
        if place in sitting:
            outcomes[person.id] = Outcome(_why_selected(request, pool, person, rank), rank)
            continue
        code = Code.NOT_IN_ANY_VALID_PANEL if place in impossible else why_not(pool, exchange, place)
        full = exchange.full_rows(person.profile) if code is Code.NOT_QUOTA_FULL else ()
        if place in reserve_for:
            outcomes[person.id] = Outcome(Code.RESERVE, rank, full, tuple(reserve_for[place]), code)
        else:
            outcomes[person.id] = Outcome(code, rank, full)
    return dict(sorted(outcomes.items()))


def judge_without_panel(request: Request, pool: Pool) -> dict[str, Outcome]:
    """Return what became of every candidate when no panel is valid, by id in the order of ids."""
    ranks = rank_eligible(request, pool)
    outcomes = judge_refused(request)
    for person in pool.people:
        outcomes[person.id] = Outcome(Code.NOT_IN_ANY_VALID_PANEL, ranks[person.id])
    return dict(sorted(outcomes.items()))


def judge_refused(request: Request) -> dict[str, Outcome]:
    """Return the outcome of everybody who was kept out before the selection, by id."""
    return {
        candidate.id: Outcome(f"{NOT_ELIGIBLE}{reason}")
        for candidate in request.candidates
        if (reason := why_not_eligible(request, candidate)) is not None
    }


def is_refill(request: Request) -> bool:
    """Say whether this round fills seats that became free, since people stay or left again."""
    return bool(request.fixed) or not REFILL_REASONS.isdisjoint(request.excluded.values())


def rank_eligible(request: Request, pool: Pool) -> dict[str, int]:
    """Return the rank on score alone by id: who declined later still counts, so ranks never change."""
    if REFILL_REASONS.isdisjoint(request.excluded.values()):
        return {person.id: rank for rank, person in enumerate(pool.people, start=1)}
    first_round = sort_canonically(
        request,
        (c for c in request.candidates if why_not_eligible(request, c) in (None, *REFILL_REASONS)),
    )
    return {candidate.id: rank for rank, candidate in enumerate(first_round, start=1)}


def list_impossible(pool: Pool, panel: Sequence[int]) -> frozenset[int]:
    """Return the places of people who may be chosen and sit in no valid panel.

    Every valid panel found proves one exchange for many people at once. The solver only looks for a panel
    with somebody who is still in doubt: beside people of panels found before, which is quick, and else
    beside anybody; when there is none, they all are impossible.
    """
    doubtful = [place for place, person in enumerate(pool.people) if person.standing is Standing.OPEN]
    maxima = [row.maximum for row in pool.rows]
    known: set[int] = set()
    found: Sequence[int] | None = panel
    while found is not None:
        known.update(found)
        exchange = Exchange(pool, found)
        doubtful = [place for place in doubtful if not _can_join(pool, exchange, place)]
        if not doubtful:
            break
        wanted = keep_useful(pool, maxima, doubtful)
        found = _find_panel_with(pool, wanted, known) or _find_panel_with(
            pool, wanted, keep_useful(pool, maxima, order_alone_first(pool))
        )
    return frozenset(doubtful)


def _can_join(pool: Pool, exchange: Exchange, place: int) -> bool:
    person = pool.people[place]
    return place in exchange.panel or any(
        pool.people[member].standing is Standing.OPEN and exchange.can_take_seat(person, member)
        for member in exchange.panel
    )


def _find_panel_with(pool: Pool, doubtful: Sequence[int], others: Iterable[int]) -> tuple[int, ...] | None:
    """Return a valid panel with as many as possible of `doubtful`, or None when none of them can sit."""
    wanted = set(doubtful).difference(pool.fixed)
    places = sorted(wanted.union(others))
    program = make_program(pool, places, pool.fixed, [-int(place in wanted) for place in places])
    panel = solve_panel(pool, places, program)
    return panel if panel is not None and not wanted.isdisjoint(panel) else None


def _why_selected(request: Request, pool: Pool, person: Person, rank: int) -> Code:
    if request.mode == Mode.EVERYONE:
        return Code.SELECTED_ALL
    if is_refill(request) and person.standing is not Standing.FIXED:
        return Code.SELECTED_REFILL
    if request.mode in LOTTERIES:
        return Code.SELECTED_LOT
    return Code.SELECTED_TOP if rank <= pool.seats or not pool.rows else Code.SELECTED_QUOTA


def _why_not(pool: Pool, exchange: Exchange, place: int) -> Code:
    """Return what kept somebody out who could have been chosen.

    The household, when a single exchange would make the panel better and only a housemate on it bars that;
    a full group, when somebody lower in canonical order was chosen instead; else the score.
    """
    person = pool.people[place]
    if person.standing is Standing.BLOCKED:
        return Code.NOT_HOUSEHOLD
    lower = [m for m in exchange.panel if m > place and pool.people[m].standing is Standing.OPEN]
    if not lower:
        return Code.NOT_SCORE
    takes = exchange.members_for(person.profile)
    if exchange.housemate_of(person) is not None and not set(lower).isdisjoint(takes):
        return Code.NOT_HOUSEHOLD
    return Code.NOT_QUOTA_FULL if exchange.full_rows(person.profile) else Code.NOT_SCORE


def _why_not_by_lot(pool: Pool, exchange: Exchange, place: int) -> Code:
    """Return what kept somebody out of a lottery: a housemate, the quotas where the walk passed, or lot.

    The walk passed whoever has a better lot than somebody it chose.
    """
    if pool.people[place].standing is Standing.BLOCKED:
        return Code.NOT_HOUSEHOLD
    drawn = [member for member in exchange.panel if pool.people[member].standing is Standing.OPEN]
    is_passed = any(pool.draw_rank[member] > pool.draw_rank[place] for member in drawn)
    return Code.NOT_QUOTA_FULL if is_passed else Code.NOT_LOT
