"""The lottery that looks ahead: from the best lot on, whoever still leaves a valid panel possible."""

from collections import Counter
from collections.abc import Iterable, Sequence

from forum.panels.errors import SolverFailed
from forum.panels.selection_completion import Completion
from forum.panels.selection_pool import Pool, Standing


def draw_panel(pool: Pool) -> tuple[int, ...] | None:
    """Return fixed members and whom the lot chose, or None when the drawn list gives no valid panel.

    Walks from the best lot. Somebody is accepted when the chosen and they can still be completed to a
    valid panel; a profile once refused stays refused, for with more people chosen it only gets harder.

    Raises:
        SolverFailed: the panel does not hold when counted again in whole numbers.
    """
    completion = _start_completion(pool, [])
    if completion is None:
        return None
    panel = list(pool.fixed)
    for place in pool.draw_order:
        if completion.free_seats == 0:
            break
        person = pool.people[place]
        if person.standing is Standing.OPEN and completion.accept(person.profile):
            panel.append(place)
    panel.sort()
    if not pool.is_valid(panel):
        raise SolverFailed(reason="the drawn panel does not hold when counted again")
    return tuple(panel)


def list_impossible_by_lot(pool: Pool, panel: Sequence[int]) -> frozenset[int]:
    """Return the places of people on the drawn list who sit in no valid panel: of a profile all or none.

    Args:
        panel: a valid one.
    """
    completion = _start_completion(pool, panel)
    impossible = {
        profile
        for profile in _count_profiles(pool, range(len(pool.people)))
        if completion is None or not completion.can_accept(profile)
    }
    return frozenset(
        place
        for place, person in enumerate(pool.people)
        if person.standing is Standing.OPEN and person.profile in impossible
    )


def _start_completion(pool: Pool, panel: Iterable[int]) -> Completion | None:
    available = _count_profiles(pool, range(len(pool.people)))
    counts = pool.count_rows(pool.fixed)
    plan = _count_profiles(pool, panel)
    return Completion.start(pool.rows, pool.free_seats, counts, available, plan=plan)


def _count_profiles(pool: Pool, places: Iterable[int]) -> Counter[tuple[int, ...]]:
    """Return how many of these people who may be drawn have each profile."""
    people = (pool.people[place] for place in places)
    return Counter(person.profile for person in people if person.standing is Standing.OPEN)
