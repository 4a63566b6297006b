"""Reading what was chosen for a panel: the list that stands, who signed it, what parties asked to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forum.kernel.actor import Party
from forum.kernel.errors import NotFound
from forum.panels.dossier import EntryKind
from forum.panels.dossier_record import Document
from forum.panels.entries import find_last, list_entries_after_last_round, load_dossier
from forum.panels.models import Panel
from forum.panels.rules import CONFIRMED_STATES, ChangeKind
from forum.panels.selection import Status

CHANGE_ASKED = "panel.change_asked"
"""What the logbook calls a change that a party asked for; it alone holds the words of who asked."""


def hash_of(result: Mapping[str, Any]) -> str:
    """Return the hash of a result, in hex; who confirms a list confirms this."""
    return str(result["audit"]["result_sha256"])


def find_result(panel: Panel) -> Document | None:
    """Return the result that stands now, `None` before the selection.

    That is the last one with a panel: a refill that finds nobody leaves the list as it was.
    """
    last = find_last(panel, EntryKind.ROUND)
    if last is None:
        return None
    results = [last["result"]]
    if not has_panel(last["result"]):
        results = [body["result"] for body in _rounds(panel)]
    return dict(next((result for result in reversed(results) if has_panel(result)), last["result"]))


def find_result_with(panel: Panel, pseudonym: str) -> Document | None:
    """Return the last result in which somebody was on the list, `None` when they never were."""
    results = [body["result"] for body in _rounds(panel)]
    return next((result for result in reversed(results) if pseudonym in result["panel"]), None)


def has_panel(result: Mapping[str, Any]) -> bool:
    """Tell whether a result has members: there was a panel that keeps the quotas."""
    return bool(result["status"] == Status.OK)


def _rounds(panel: Panel) -> Sequence[Mapping[str, Any]]:
    return load_dossier(panel).bodies(EntryKind.ROUND)


@dataclass(frozen=True, slots=True)
class EmptySeats:
    """Seats that came free and nobody can fill: how many, and why not."""

    count: int
    diagnosis: Mapping[str, Any]


def find_empty_seats(panel: Panel) -> EmptySeats | None:
    """Return the seats that the last refill could not fill within the quotas; `None` when there are none."""
    last = find_last(panel, EntryKind.ROUND)
    if last is None or panel.state not in CONFIRMED_STATES or has_panel(last["result"]):
        return None
    returned = list_entries_after_last_round(panel, EntryKind.RETURNED)
    count = panel.seats - len(last["fixed"]) - len(returned)
    return EmptySeats(count, last["result"]["diagnosis"]) if count > 0 else None


def get_result(panel: Panel) -> Document:
    """Return the result that stands now.

    Raises:
        NotFound: nothing was selected yet.
    """
    result = find_result(panel)
    if result is None:
        raise NotFound(panel_id=panel.id)
    return result


def signed_by(panel: Panel) -> frozenset[Party]:
    """Return the parties that confirmed the list that stands now; a refill needs no new confirmations."""
    return frozenset(signatures(panel))


def signatures(panel: Panel) -> Mapping[Party, Mapping[str, Any]]:
    """Return what was signed of the list that stands now, by party; a refill needs no new signatures."""
    if panel.state in CONFIRMED_STATES:
        bodies: Sequence[Mapping[str, Any]] = load_dossier(panel).bodies(EntryKind.SIGNED)
    else:
        bodies = list_entries_after_last_round(panel, EntryKind.SIGNED)
    return {Party(body["party"]): body for body in bodies}


def asked_changes(panel: Panel) -> tuple[dict[str, str], set[str]]:
    """Return who was taken off the list so far, with the reason, and who was put on; the last word counts."""
    removed: dict[str, str] = {}
    added: set[str] = set()
    for body in load_dossier(panel).bodies(EntryKind.CHANGED):
        candidate = str(body["id"])
        removed.pop(candidate, None)
        added.discard(candidate)
        if body["kind"] == ChangeKind.REMOVE:
            removed[candidate] = str(body["reason_code"])
        else:
            added.add(candidate)
    return removed, added
