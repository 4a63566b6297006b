"""Whether people already chosen can be completed to a valid panel, exactly, on counts of profiles.

Where at most one of a household may be drawn, people of one profile are alike: only their number matters.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from forum.panels.errors import SolverFailed
from forum.panels.selection_highs import Program, solve
from forum.panels.selection_request import QuotaRow

Profile = tuple[int, ...]


class Completion:
    """The seats that are free, who is left, and always one plan that fills those seats validly.

    The plan proves that a panel is possible. Accepting somebody who is in it, or can take a place in it,
    needs no solver; only what neither the plan nor plain counting decides is solved.
    """

    def __init__(
        self,
        rows: Sequence[QuotaRow],
        counts: Sequence[int],
        available: Mapping[Profile, int],
        plan: Mapping[Profile, int],
    ) -> None:
        self._rows = rows
        self._counts = list(counts)
        self._available = Counter(available)
        self._plan = Counter(plan)
        self._totals = _add(counts, plan)
        self._refused: set[Profile] = set()
        self._categories = _list_categories(rows)
        self.free_seats = sum(plan.values())

    @classmethod
    def start(
        cls,
        rows: Sequence[QuotaRow],
        free_seats: int,
        counts: Sequence[int],
        available: Mapping[Profile, int],
        *,
        plan: Mapping[Profile, int],
    ) -> "Completion | None":
        """Return a completion of nobody but the fixed members, or None when no panel is valid.

        Args:
            rows: the quotas.
            free_seats: how many people must come in.
            counts: how many fixed members each row counts.
            available: how many people of each profile there are to choose from.
            plan: may be a good one, such as that of a draw before; when it is not, one is looked for.
        """
        is_good = all(available.get(profile, 0) >= number for profile, number in plan.items())
        if is_good and _is_valid(rows, free_seats, counts, plan):
            return cls(rows, counts, available, plan)
        found = _find_plan(rows, free_seats, counts, available)
        return None if found is None else cls(rows, counts, available, found)

    def can_accept(self, profile: Profile) -> bool:
        """Say whether a valid panel with somebody of this profile is possible; one refused stays refused."""
        if profile in self._refused:
            return False
        if not (self._plan[profile] or self._change_plan(profile) or self._plan_anew(profile)):
            self._refused.add(profile)
            self._available[profile] = 0
            return False
        return True

    def accept(self, profile: Profile) -> bool:
        """Take somebody of this profile if a valid panel stays possible, and say whether it does."""
        if not self.can_accept(profile):
            return False
        self._plan[profile] -= 1
        self._available[profile] -= 1
        self.free_seats -= 1
        for row in profile:
            self._counts[row] += 1
        return True

    def _change_plan(self, coming: Profile) -> bool:
        """Put the profile in the plan instead of another, with at most one more change for each category."""
        if self.free_seats == 0 or self._is_ruled_out(coming):
            return False
        for leaving in [profile for profile, number in self._plan.items() if number]:
            changed = self._exchange(leaving, coming)
            if changed is not None:
                self._use(changed)
                return True
        return False

    def _exchange(self, leaving: Profile, coming: Profile) -> Counter[Profile] | None:
        """Return the plan with one profile instead of another, or None when that breaks a quota.

        Where a group gets too full or too small by it, somebody else of the plan changes group the other way.
        """
        others = self._plan - Counter([leaving])
        totals = self._totals.copy()
        for row in leaving:
            totals[row] -= 1
        for row in coming:
            totals[row] += 1
        for category in self._categories:
            left, entered = _row_in(category, leaving), _row_in(category, coming)
            if left == entered or self._is_within(totals, left, entered):
                continue
            if not self._move_one(others, category, (entered, left), coming):
                return None
        others[coming] += 1
        return others

    def _is_within(self, totals: Sequence[int], *rows: int | None) -> bool:
        return all(
            row is None or self._rows[row].minimum <= totals[row] <= self._rows[row].maximum for row in rows
        )

    def _move_one(
        self, plan: Counter[Profile], category: range, move: tuple[int | None, int | None], coming: Profile
    ) -> bool:
        """Let one of the plan be of another value of a category, if there are such people left."""
        source, target = move
        for profile, number in plan.items():
            if not number or _row_in(category, profile) != source:
                continue
            kept = [row for row in profile if row != source]
            moved = tuple(sorted(kept if target is None else [*kept, target]))
            if self._available[moved] > plan[moved] + (moved == coming):
                plan[profile] -= 1
                plan[moved] += 1
                return True
        return False

    def _use(self, plan: Counter[Profile]) -> None:
        self._plan, self._totals = plan, _add(self._counts, plan)

    def _plan_anew(self, profile: Profile) -> bool:
        """Find another plan that has the profile in it."""
        if self.free_seats <= 1 or self._is_ruled_out(profile):
            return False
        plan = _find_plan(
            self._rows,
            self.free_seats - 1,
            _add(self._counts, {profile: 1}),
            self._available - Counter([profile]),
        )
        if plan is None:
            return False
        plan[profile] += 1
        self._use(plan)
        return True

    def _is_ruled_out(self, profile: Profile) -> bool:
        """Say whether a group is full, or some category needs more seats than this profile would leave."""
        if any(self._counts[n] >= self._rows[n].maximum for n in profile):
            return True
        lacking: Counter[str] = Counter()
        helped = {self._rows[n].category for n in profile if self._counts[n] < self._rows[n].minimum}
        for row, count in zip(self._rows, self._counts, strict=True):
            lacking[row.category] += max(0, row.minimum - count)
        return any(
            number - (category in helped) > self.free_seats - 1 for category, number in lacking.items()
        )


def _list_categories(rows: Sequence[QuotaRow]) -> list[range]:
    """Return the numbers of the rows of each category; rows are sorted by category."""
    starts = [n for n, row in enumerate(rows) if n == 0 or row.category != rows[n - 1].category]
    return [range(start, end) for start, end in pairwise([*starts, len(rows)])]


def _row_in(category: range, profile: Profile) -> int | None:
    return next((row for row in profile if row in category), None)


def _add(counts: Sequence[int], plan: Mapping[Profile, int]) -> list[int]:
    totals = list(counts)
    for profile, number in plan.items():
        for row in profile:
            totals[row] += number
    return totals


def _find_plan(
    rows: Sequence[QuotaRow], seats: int, counts: Sequence[int], available: Mapping[Profile, int]
) -> Counter[Profile] | None:
    """Return how many of each profile fill the seats within all quotas, or None when nothing does.

    Raises:
        SolverFailed: the solver's answer does not hold when counted again in whole numbers.
    """
    profiles = sorted(profile for profile, number in available.items() if number)
    if seats == 0 or not profiles:
        plan: Counter[Profile] = Counter()
        return plan if _is_valid(rows, seats, counts, plan) else None
    program = Program()
    members: list[list[int]] = [[] for _ in rows]
    for profile in profiles:
        column = program.add_column(upper=min(seats, available[profile]))
        for row in profile:
            members[row].append(column)
    program.add_row(seats, seats, range(len(profiles)))
    for quota, count, columns in zip(rows, counts, members, strict=True):
        program.add_row(quota.minimum - count, quota.maximum - count, columns)
    answer = solve(program)
    if answer is None:
        return None
    plan = Counter({profile: number for profile, number in zip(profiles, answer, strict=True) if number})
    if not _is_valid(rows, seats, counts, plan):
        raise SolverFailed(reason="the plan does not hold when counted again")
    return plan


def _is_valid(
    rows: Sequence[QuotaRow], seats: int, counts: Sequence[int], plan: Mapping[Profile, int]
) -> bool:
    return sum(plan.values()) == seats and all(
        row.minimum <= total <= row.maximum for row, total in zip(rows, _add(counts, plan), strict=True)
    )
