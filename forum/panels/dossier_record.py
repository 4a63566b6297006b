"""What everybody may know of a selection: its rules, hashes, seed and numbers, and no person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from forum.panels.dossier import Dossier, EntryKind, read_dossier

WITHOUT_REASONS = "openbaar-v1"
ALL_ROUNDS = "openbaar-v2"
RECORD_VERSION = "openbaar-v3"
"""The form of records now; those of the forms before, kept by whoever took one, are still recognised."""
OLDER_VERSIONS = frozenset({WITHOUT_REASONS, ALL_ROUNDS})
SMALLEST_SHOWN = 5
"""People who share a reason: fewer are never told apart."""
REST = "rest"
RULES = ("mode", "seats", "max_per_household", "min_score", "quotas")
REVEALED = ("secret_hex", "public_value", "seed")
QUOTA = ("category", "value", "min", "max", "selected")

Document = dict[str, Any]


def make_record(dossier: Dossier, version: str = RECORD_VERSION) -> Document:
    """Return the public record of a dossier in which something was committed.

    The hash of every entry ties the dossier to it: who is given the dossier later sees that it is the same.
    """
    chosen = dossier.bodies(EntryKind.ROUND)
    rounds = [_round(body) for body in chosen]
    for place, body in enumerate(chosen):
        # Of later rounds no numbers: from one to the next they tell the groups of one person
        if place == 0 or version in OLDER_VERSIONS:
            rounds[place] |= _numbers(body)
    if rounds and version != WITHOUT_REASONS:
        reasons = shown_reasons(_table(chosen[0]["excluded"]))
        rounds[0] |= {"kept_out_because": dict(reasons.counts), "kept_out_mostly": reasons.mostly}
    frozen = dossier.bodies(EntryKind.FROZEN)[-1]
    committed = dossier.bodies(EntryKind.COMMITTED)[-1]
    revealed = dossier.bodies(EntryKind.REVEALED)
    snapshot: Mapping[str, Any] = _table(frozen["snapshot"])
    return {
        "version": version,
        "rules": {**_fields(snapshot, RULES), "policy": committed["policy"]},
        "candidates": len(snapshot["candidates"]),
        "snapshot_sha256": frozen["snapshot_sha256"],
        "secret_sha256": committed["secret_sha256"],
        "public_source": committed["public_source"],
        "reveal": _fields(revealed[-1], REVEALED) if revealed else None,
        "rounds": rounds,
        "entries": [
            {"kind": str(entry.kind), "at": entry.body["at"], "sha256": entry.sha256}
            for entry in dossier.entries
        ],
        "head_sha256": dossier.head_sha256,
    }


class ShownReasons(NamedTuple):
    """Why people were kept out: how many by which reason, or only by which reason most of them were."""

    counts: Mapping[str, int]
    mostly: str | None = None


def shown_reasons(excluded: Mapping[str, object]) -> ShownReasons:
    """Return how many people were kept out by which reason, the most first; nothing when they are under five.

    Reasons of under five people are counted together as `rest`, with the next smallest for as long as those
    are under five, so that no small number follows from the total. When that leaves no reason apart, only
    the largest is named, without a number.

    Args:
        excluded: the code of the reason of each candidate.
    """
    counted = Counter(str(code) for code in excluded.values())
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(count for _, count in ordered if count < SMALLEST_SHOWN)
    large = [(code, count) for code, count in ordered if count >= SMALLEST_SHOWN]
    shown = list(large)
    while shown and 0 < rest < SMALLEST_SHOWN:
        rest += shown.pop()[1]
    if large and not shown:
        return ShownReasons({}, large[0][0])
    if rest >= SMALLEST_SHOWN:
        shown.append((REST, rest))
    return ShownReasons(dict(shown))


def _round(body: Mapping[str, Any]) -> Document:
    result = body["result"]
    return {
        "number": body["number"],
        "at": body["at"],
        "status": result["status"],
        "selected": len(result["panel"]),
        "result_sha256": result["audit"]["result_sha256"],
    }


def _numbers(body: Mapping[str, Any]) -> Document:
    """Return how many people were kept out of a round, and how many of each group were chosen in it."""
    table = body["result"]["quota_table"]
    return {"kept_out": len(body["excluded"]), "quota_table": [_fields(row, QUOTA) for row in table]}


def is_record_of(record: object, document: object) -> bool:
    """Tell whether a public record is of this dossier, which may have gone on since.

    Raises:
        InvalidDossier: the dossier does not have the agreed form.
    """
    dossier = read_dossier(document)
    if not isinstance(record, dict):
        return False
    entries = record.get("entries")
    if not isinstance(entries, list) or not 0 < len(entries) <= len(dossier.entries):
        return False
    so_far = Dossier(dossier.entries[: len(entries)])
    if not so_far.bodies(EntryKind.FROZEN) or not so_far.bodies(EntryKind.COMMITTED):
        return False
    claimed = record.get("version")
    return record == make_record(so_far, claimed if claimed in OLDER_VERSIONS else RECORD_VERSION)


def _fields(document: Mapping[str, Any], names: Sequence[str]) -> Document:
    return {name: document[name] for name in names if name in document}


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
