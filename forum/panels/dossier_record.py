"""What everybody may know of a selection: its rules, hashes, seed and numbers, and no person."""

from collections.abc import Mapping, Sequence
from typing import Any

from forum.panels.dossier import Dossier, EntryKind, read_dossier

RECORD_VERSION = "openbaar-v1"
RULES = ("mode", "seats", "max_per_household", "min_score", "quotas")
REVEALED = ("secret_hex", "public_value", "seed")
QUOTA = ("category", "value", "min", "max", "selected")

Document = dict[str, Any]


def make_record(dossier: Dossier) -> Document:
    """Return the public record of a dossier in which something was committed.

    The hash of every entry ties the dossier to it: who is given the dossier later sees that it is the same.
    """
    frozen = dossier.bodies(EntryKind.FROZEN)[-1]
    committed = dossier.bodies(EntryKind.COMMITTED)[-1]
    revealed = dossier.bodies(EntryKind.REVEALED)
    snapshot: Mapping[str, Any] = _table(frozen["snapshot"])
    return {
        "version": RECORD_VERSION,
        "rules": {**_fields(snapshot, RULES), "policy": committed["policy"]},
        "candidates": len(snapshot["candidates"]),
        "snapshot_sha256": frozen["snapshot_sha256"],
        "secret_sha256": committed["secret_sha256"],
        "public_source": committed["public_source"],
        "reveal": _fields(revealed[-1], REVEALED) if revealed else None,
        "rounds": [_round(body) for body in dossier.bodies(EntryKind.ROUND)],
        "entries": [
            {"kind": str(entry.kind), "at": entry.body["at"], "sha256": entry.sha256}
            for entry in dossier.entries
        ],
        "head_sha256": dossier.head_sha256,
    }


def _round(body: Mapping[str, Any]) -> Document:
    result = body["result"]
    return {
        "number": body["number"],
        "at": body["at"],
        "status": result["status"],
        "selected": len(result["panel"]),
        "kept_out": len(body["excluded"]),
        "quota_table": [_fields(row, QUOTA) for row in result["quota_table"]],
        "result_sha256": result["audit"]["result_sha256"],
    }


def is_record_of(record: object, document: object) -> bool:
    """Tell whether a public record is of this dossier, which may have gone on since.

    Raises:
        InvalidDossier: the dossier does not have the agreed form.
    """
    dossier = read_dossier(document)
    entries = record.get("entries") if isinstance(record, dict) else None
    if not isinstance(entries, list) or not 0 < len(entries) <= len(dossier.entries):
        return False
    so_far = Dossier(dossier.entries[: len(entries)])
    if not so_far.bodies(EntryKind.FROZEN) or not so_far.bodies(EntryKind.COMMITTED):
        return False
    return record == make_record(so_far)


def _fields(document: Mapping[str, Any], names: Sequence[str]) -> Document:
    return {name: document[name] for name in names if name in document}


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
