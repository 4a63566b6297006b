"""The record that lets the other party repeat a selection: entries, each hashed with the one before.

A chain shows that something was changed inside, and not that its end was cut off: for that, publish
`head_sha256` with every round and give it to the replay.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forum.panels.dossier_resizing import resized_rules
from forum.panels.errors import InvalidDossier
from forum.panels.selection_canonical import canonical_json, derive_seed, freeze_request, sha256_of

FIRST_VERSION, DOSSIER_VERSION = "dossier-v1", "dossier-v2"
"""Without entries of a new kind a dossier is still of the first version, that older software replays."""
FIRST_PREVIOUS = "0" * 64
ROUND_FIELDS = ("fixed", "excluded", "tickets")


class EntryKind(StrEnum):
    """What an entry records."""

    FROZEN = "frozen"
    COMMITTED = "committed"
    REVEALED = "revealed"
    TRIAL = "trial"
    ROUND = "round"
    CHANGED = "changed"
    SIGNED = "signed"
    RESIZED = "resized"
    RETURNED = "returned"


NEW_KINDS = frozenset({EntryKind.RESIZED, EntryKind.RETURNED})


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `sha256` is that of the hash before it, in hex, and its own canonical JSON."""

    kind: EntryKind
    body: Mapping[str, object]
    sha256: str

    def as_document(self) -> dict[str, object]:
        """Return the entry as JSON holds it."""
        return {"kind": str(self.kind), "body": dict(self.body), "sha256": self.sha256}


@dataclass(frozen=True)
class Dossier:
    """Entries in the order in which they happened."""

    entries: tuple[Entry, ...] = ()

    @property
    def head_sha256(self) -> str:
        """The hash of the last entry, which stands for all before it."""
        return self.entries[-1].sha256 if self.entries else FIRST_PREVIOUS

    def bodies(self, kind: EntryKind) -> list[Mapping[str, object]]:
        """Return what was recorded of one kind, oldest first."""
        return [entry.body for entry in self.entries if entry.kind is kind]

    @property
    def version(self) -> str:
        """The oldest version of the format that has all its kinds of entries."""
        has_new = any(entry.kind in NEW_KINDS for entry in self.entries)
        return DOSSIER_VERSION if has_new else FIRST_VERSION

    def as_document(self) -> dict[str, object]:
        """Return the dossier as JSON holds it."""
        return {
            "version": self.version,
            "entries": [entry.as_document() for entry in self.entries],
            "head_sha256": self.head_sha256,
        }


def hash_entry(previous_sha256: str, kind: str, body: Mapping[str, object]) -> str:
    """Return the hash that ties an entry to the one before it."""
    return hashlib.sha256(
        previous_sha256.encode() + canonical_json({"kind": kind, "body": dict(body)})
    ).hexdigest()


def record_freeze(
    dossier: Dossier, document: Mapping[str, object], *, reason: str | None, at: datetime
) -> Dossier:
    """Add the frozen rules and candidates of a request; a correction is a new freeze with its reason."""
    snapshot = freeze_request(document)
    return _append(
        dossier,
        EntryKind.FROZEN,
        at,
        {"snapshot": snapshot, "snapshot_sha256": sha256_of(snapshot), "reason": reason},
    )


def record_commitment(
    dossier: Dossier,
    *,
    secret_sha256: str,
    public_source: str,
    policy: Mapping[str, object],
    at: datetime,
) -> Dossier:
    """Add what is published beforehand: frozen hash, hashed secret and which public value will count.

    Args:
        policy: versions and settings that made the scores and rules; `tickets` of a weighted lottery, for
            they are no part of what is frozen.
    """
    return _append(
        dossier,
        EntryKind.COMMITTED,
        at,
        {
            "snapshot_sha256": _last(dossier, EntryKind.FROZEN)["snapshot_sha256"],
            "secret_sha256": secret_sha256,
            "public_source": public_source,
            "policy": dict(policy),
        },
    )


def record_reveal(dossier: Dossier, *, secret_hex: str, public_value: str, at: datetime) -> Dossier:
    """Add the secret, the public value and the seed they make."""
    snapshot_hash = str(_last(dossier, EntryKind.COMMITTED)["snapshot_sha256"])
    return _append(
        dossier,
        EntryKind.REVEALED,
        at,
        {
            "secret_hex": secret_hex,
            "public_value": public_value,
            "seed": derive_seed(secret_hex, snapshot_hash, public_value),
        },
    )


def record_trial(
    dossier: Dossier, request: Mapping[str, object], result: Mapping[str, object], *, at: datetime
) -> Dossier:
    """Add a trial run: its own seed and the result, which never invites."""
    body = {**_round_fields(dossier, request), "seed": request["seed"], "result": dict(result)}
    return _append(dossier, EntryKind.TRIAL, at, body)


def record_round(
    dossier: Dossier, request: Mapping[str, object], result: Mapping[str, object], *, at: datetime
) -> Dossier:
    """Add a run that counts: the first selection, or a refill with people fixed and excluded.

    Raises:
        InvalidDossier: the request does not have the frozen candidates and rules, or the revealed seed.
    """
    if request["seed"] != _last(dossier, EntryKind.REVEALED)["seed"]:
        raise InvalidDossier("the request has another seed than the revealed one")
    number = len(dossier.bodies(EntryKind.ROUND)) + 1
    body = {"number": number, **_round_fields(dossier, request), "result": dict(result)}
    return _append(dossier, EntryKind.ROUND, at, body)


def record_change(
    dossier: Dossier, *, kind: str, candidate_id: str, reason_code: str, party: str, at: datetime
) -> Dossier:
    """Add a party's removal or addition of one person; the round after it shows what it led to."""
    body = {"kind": kind, "id": candidate_id, "reason_code": reason_code, "party": party}
    return _append(dossier, EntryKind.CHANGED, at, body)


def record_signature(dossier: Dossier, *, party: str, name: str, result_sha256: str, at: datetime) -> Dossier:
    """Add that a named person of a party confirms the list of one result."""
    body = {"party": party, "name": name, "result_sha256": result_sha256}
    return _append(dossier, EntryKind.SIGNED, at, body)


def record_resize(dossier: Dossier, *, seats: int, reason_code: str, party: str, at: datetime) -> Dossier:
    """Add another number of seats; the quotas follow from the frozen ones, so nobody chooses them anew."""
    quotas = resized_rules(_frozen(dossier), seats)["quotas"]
    body = {"seats": seats, "quotas": quotas, "reason_code": reason_code, "party": party}
    return _append(dossier, EntryKind.RESIZED, at, body)


def record_return(dossier: Dossier, *, candidate_id: str, at: datetime) -> Dossier:
    """Add that somebody who left takes a seat again that nobody else could fill."""
    return _append(dossier, EntryKind.RETURNED, at, {"id": candidate_id})


def frozen_request(dossier: Dossier) -> dict[str, object]:
    """Return what a request on this dossier has now: rules and candidates, committed tickets."""
    policy = _last(dossier, EntryKind.COMMITTED)["policy"]
    assert isinstance(policy, dict), "this software wrote it"
    return {**standing_snapshot(dossier), **copy_fields(policy, ["tickets"])}


def standing_snapshot(dossier: Dossier) -> dict[str, object]:
    """Return the frozen rules and candidates, for the number of seats that was chosen last."""
    frozen, resized = _frozen(dossier), dossier.bodies(EntryKind.RESIZED)
    return resized_rules(frozen, int(str(resized[-1]["seats"]))) if resized else frozen


def _frozen(dossier: Dossier) -> dict[str, object]:
    snapshot = _last(dossier, EntryKind.FROZEN)["snapshot"]
    assert isinstance(snapshot, dict), "this software wrote it"
    return snapshot


def read_dossier(document: object) -> Dossier:
    """Return the dossier that a JSON document holds, its hashes as they stand: `replay` judges them.

    Raises:
        InvalidDossier: says what is not of the agreed form.
    """
    if not isinstance(document, dict) or document.get("version") not in (FIRST_VERSION, DOSSIER_VERSION):
        raise InvalidDossier(f"no dossier of version {FIRST_VERSION} or {DOSSIER_VERSION}")
    if others := sorted(document.keys() - {"version", "entries", "head_sha256"}):
        raise InvalidDossier(f"the dossier has an unknown field {others[0]!r}")
    entries = document.get("entries")
    if not isinstance(entries, list) or not entries:
        raise InvalidDossier("the dossier has no entries")
    dossier = Dossier(tuple(_read_entry(number, entry) for number, entry in enumerate(entries, start=1)))
    if document["version"] == FIRST_VERSION != dossier.version:
        raise InvalidDossier(f"the dossier has entries that {FIRST_VERSION} does not know")
    return dossier


def _read_entry(number: int, entry: object) -> Entry:
    if not isinstance(entry, dict) or entry.keys() != {"kind", "body", "sha256"}:
        raise InvalidDossier(f"entry {number} must have kind, body and sha256")
    kind, body, sha256 = entry["kind"], entry["body"], entry["sha256"]
    if kind not in list(EntryKind):
        raise InvalidDossier(f"entry {number} is of the unknown kind {kind!r}")
    if not isinstance(body, dict) or not isinstance(sha256, str):
        raise InvalidDossier(f"entry {number} has a body or hash of the wrong type")
    try:
        canonical_json([body, sha256])
    except ValueError:
        raise InvalidDossier(f"entry {number} holds NaN, infinity or half a character") from None
    return Entry(EntryKind(kind), body, sha256)


def _round_fields(dossier: Dossier, request: Mapping[str, object]) -> dict[str, object]:
    if freeze_request(request) != standing_snapshot(dossier):
        raise InvalidDossier("the request does not have the frozen candidates and rules")
    return copy_fields(request, ROUND_FIELDS)


def copy_fields(document: Mapping[str, object], fields: Iterable[str]) -> dict[str, object]:
    """Return those of the fields that the document has."""
    return {field: document[field] for field in fields if field in document}


def _last(dossier: Dossier, kind: EntryKind) -> Mapping[str, object]:
    bodies = dossier.bodies(kind)
    if not bodies:
        raise InvalidDossier(f"nothing was {kind} yet")
    return bodies[-1]


def _append(dossier: Dossier, kind: EntryKind, at: datetime, body: Mapping[str, object]) -> Dossier:
    dated = {**body, "at": at.isoformat()}
    entry = Entry(kind, dated, hash_entry(dossier.head_sha256, kind, dated))
    return Dossier((*dossier.entries, entry))
