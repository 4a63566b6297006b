"""The parts of a selection that another program must be able to repeat byte for byte."""

import hashlib
import hmac
import json
from collections.abc import Mapping

FIELD_SEPARATOR = "\x1f"
SEED_PURPOSE = "huurderspanel-seed-v1"
FROZEN_FIELDS = ("mode", "seats", "max_per_household", "min_score", "quotas", "candidates")


def canonical_json(value: object) -> bytes:
    """Return the one JSON text of `value` that is hashed: sorted keys, no spaces, UTF-8.

    Raises:
        ValueError: `value` holds a number or text that JSON in UTF-8 cannot carry.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def sha256_of(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, in hex."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def freeze_request(document: Mapping[str, object]) -> dict[str, object]:
    """Return the part of a request that is frozen: rules and candidates, sorted by id.

    Only fields that the request holds are copied, so a default that is written out gives another snapshot.
    Seed, fixed and excluded stay out: one snapshot serves the first round and every refill.
    """
    frozen = {field: document[field] for field in FROZEN_FIELDS if field in document}
    candidates = frozen.get("candidates")
    if isinstance(candidates, list | tuple):
        frozen["candidates"] = sorted(candidates, key=lambda candidate: str(candidate["id"]))
    return frozen


def snapshot_sha256(document: Mapping[str, object]) -> str:
    """Return the hash to publish when the candidates are frozen."""
    return sha256_of(freeze_request(document))


def commit_to_secret(secret_hex: str) -> str:
    """Return the hash of the secret to publish before the public value is known.

    Args:
        secret_hex: the secret as lower-case hex; its text is hashed, so it can be checked with `sha256sum`.
    """
    return hashlib.sha256(secret_hex.encode()).hexdigest()


def derive_seed(secret_hex: str, snapshot_hash: str, public_value: str) -> str:
    """Return the seed that neither party could choose, as 64 hex digits.

    SHA-256 over purpose, secret, snapshot and public value, joined by the byte 0x1f.
    """
    parts = (SEED_PURPOSE, secret_hex, snapshot_hash, public_value)
    return hashlib.sha256(FIELD_SEPARATOR.join(parts).encode()).hexdigest()


def lot(seed: str, candidate_id: str, ticket: int = 0) -> int:
    """Return the lot of one ticket: of equals, the lowest lot goes first.

    Args:
        seed: 64 hex digits.
        ticket: 0 for ties; a lottery with several tickets takes the best of 0, 1, 2, …
    """
    message = f"{candidate_id}{FIELD_SEPARATOR}{ticket}".encode()
    return int.from_bytes(hmac.digest(bytes.fromhex(seed), message, "sha256"), "big")
