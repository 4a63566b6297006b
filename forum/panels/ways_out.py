"""The three ways out when no panel is possible, in words: other quotas, fewer seats, more candidates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forum.panels.group_names import name_group
from forum.texts.catalogue import say

Change = tuple[str, str, str, int, int]
"""Category, value, "min" or "max", from, to."""


@dataclass(frozen=True, slots=True)
class WaysOut:
    """What can be done. Nothing of it is applied by itself.

    Attributes:
        relaxations: for each cheapest change of quotas its sentences.
        seats: the largest panel that is possible with these quotas, None when fewer seats do not help.
        recruits: whom to look for.
    """

    relaxations: Sequence[Sequence[str]]
    seats: int | None
    recruits: Sequence[str]


def ways_out_of(diagnosis: Mapping[str, Any]) -> WaysOut:
    """Return the ways out of a diagnosis as the dossier holds it."""
    relaxations = [relaxation["changes"] for relaxation in diagnosis.get("relaxations", [])]
    return WaysOut(
        relaxations=[[_change_in_words(change) for change in changes] for changes in relaxations],
        seats=diagnosis.get("max_seats"),
        recruits=_recruits(diagnosis, relaxations),
    )


def get_relaxation(diagnosis: Mapping[str, Any], number: int) -> Sequence[Change]:
    """Return the changes of one relaxation, counted from 1; none when there is no such one."""
    relaxations = diagnosis.get("relaxations", [])
    return relaxations[number - 1]["changes"] if 1 <= number <= len(relaxations) else []


def _change_in_words(change: Change) -> str:
    category, value, side, old, new = change
    return say(f"way-out-{side}", group=name_group(category, value), old=old, new=new)


def _recruits(diagnosis: Mapping[str, Any], relaxations: Sequence[Sequence[Change]]) -> list[str]:
    """Return whom to look for: who is short, else those for whom the cheapest change would give up seats."""
    lines = [
        say("recruit-all", more=shortage["minimum"] - shortage["households_available"])
        if shortage["category"] is None
        else say(
            "recruit",
            more=shortage["minimum"] - shortage["households_available"],
            group=name_group(shortage["category"], shortage["value"]),
        )
        for shortage in diagnosis.get("shortages", [])
    ]
    if lines or not relaxations:
        return lines
    return [
        say("recruit", more=old - new, group=name_group(category, value))
        if side == "min"
        else say("recruit-others", more=new - old, group=name_group(category, value))
        for category, value, side, old, new in relaxations[0]
    ]
