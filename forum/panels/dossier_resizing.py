"""Other numbers of seats after the draw: how the quotas follow them, and who may take a free seat again.

The seed is known by then, so nobody may choose quotas: they follow from the frozen ones alone.
"""

from collections.abc import Collection, Mapping
from typing import Any

from forum.panels.form_rules import GROUP


def resized_rules(frozen: Mapping[str, Any], seats: int) -> dict[str, Any]:
    """Return frozen rules and candidates for another number of seats.

    Seats that are tied to a group stay as many as they are: a council of 13 never gets a fourteenth.

    Args:
        frozen: as it was frozen; always that, however often the seats changed since.
        seats: 1 or more.
    """
    quotas = {
        category: {
            value: list(bounds) if category == GROUP else _resized_bounds(bounds, frozen["seats"], seats)
            for value, bounds in values.items()
        }
        for category, values in frozen.get("quotas", {}).items()
    }
    return {**frozen, "seats": seats, "quotas": quotas}


def _resized_bounds(bounds: tuple[int, int], before: int, after: int) -> list[int]:
    """Return the least and most of one group in proportion to the seats, with the room that rounding gives.

    With fewer seats the most stays as it was: who sits already never becomes one too many.
    """
    least, most = bounds
    return [least * after // before, most if after <= before else -(-most * after // before)]


def may_return(rules: Mapping[str, Any], sitting: Collection[str], candidate_id: str) -> bool:
    """Tell whether somebody who left may take a free seat again: a seat nobody else could be found for.

    A seat is free, no group passes its most, and nobody of the household sits where one of it may.

    Args:
        rules: the frozen rules and candidates, for the number of seats that stands.
        sitting: ids of who accepted or may still answer.
        candidate_id: who left.
    """
    if len(sitting) >= rules["seats"]:
        return False
    people = {row["id"]: row for row in rules["candidates"]}
    person, others = people[candidate_id], [people[key] for key in sitting]
    home = person.get("household") if rules.get("max_per_household", 1) else None
    if home is not None and any(other.get("household") == home for other in others):
        return False
    return all(
        _count(others, category, value) < values[value][1]
        for category, values in rules.get("quotas", {}).items()
        if (value := person.get("attrs", {}).get(category)) in values
    )


def _count(people: Collection[Mapping[str, Any]], category: str, value: str) -> int:
    return sum(person.get("attrs", {}).get(category) == value for person in people)
