"""With which score somebody would have been chosen: best total less the best of the others beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from forum.panels.selection_pool import Person, Pool, Standing
from forum.panels.selection_solver import find_some_best_panel


def find_required_score(pool: Pool, panel: Sequence[int], place: int) -> int | None:
    """Return the score with which an unselected person ties with the panel, in centipunten.

    With more they are chosen. None when no valid panel has them, or a fixed housemate bars them.
    """
    if pool.people[place].standing is not Standing.OPEN:
        return None
    best = find_some_best_panel(_seat(pool, place))
    if best is None:
        return None
    return pool.total(panel) - pool.total(member for member in best if member != place)


def required_scores(
    pool: Pool, panel: Sequence[int], *, go_on: Callable[[], bool] = lambda: True
) -> dict[int, int | None]:
    """Return the required score of everybody who was not selected, by place.

    Of one profile the best others beside somebody without housemates are looked for once. They are the best
    others of everybody of the profile who is not among them and has no housemate there.

    Args:
        pool: where score decides; in a lottery no score would have been enough.
        panel: the one that was selected.
        go_on: asked before each profile; when it says no, who is left is not in the answer.
    """
    total = pool.total(panel)
    others: dict[tuple[int, ...], _Others | None] = {}
    required: dict[int, int | None] = {}
    for place in sorted(set(range(len(pool.people))).difference(panel)):
        person = pool.people[place]
        if person.standing is not Standing.OPEN:
            required[place] = None
            continue
        if person.profile not in others:
            if not go_on():
                break
            others[person.profile] = _find_others(pool, person.profile)
        beside = others[person.profile]
        if beside is None:
            required[place] = None
        elif beside.leaves_room_for(place, person):
            required[place] = total - beside.total
        else:
            required[place] = find_required_score(pool, panel, place)
    return required


@dataclass(frozen=True)
class _Others:
    """The best people beside somebody of a profile."""

    total: int
    places: frozenset[int]
    households: frozenset[str]

    def leaves_room_for(self, place: int, person: Person) -> bool:
        return place not in self.places and person.household not in self.households


def _find_others(pool: Pool, profile: tuple[int, ...]) -> _Others | None:
    """Return the best others beside one more person of the profile, who has no housemates and no points."""
    extra = Person(id="", score=0, household=None, profile=profile, standing=Standing.FIXED)
    best = find_some_best_panel(Pool(pool.seats, pool.rows, (*pool.people, extra)))
    if best is None:
        return None
    places = [place for place in best if place != len(pool.people)]
    households: Mapping[int, str | None] = {place: pool.people[place].household for place in places}
    return _Others(
        pool.total(places), frozenset(places), frozenset(name for name in households.values() if name)
    )


def _seat(pool: Pool, place: int) -> Pool:
    """Return the pool with somebody fixed, and so their housemates blocked."""
    chosen = pool.people[place]

    def standing(person: Person) -> Standing:
        if person is chosen:
            return Standing.FIXED
        is_housemate = chosen.household is not None and person.household == chosen.household
        return Standing.BLOCKED if is_housemate else person.standing

    return replace(pool, people=tuple(replace(person, standing=standing(person)) for person in pool.people))
