"""The public value of a draw: what it can be, and how it is written, so that all make the same seed of it."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from forum.panels.errors import PublicValueNeeded, PublicValueTooEarly


class PublicKind(StrEnum):
    """Which value, that nobody knows yet, makes the seed together with the secret."""

    SIX_DIGITS = "six_digits"
    LOTTERY = "lottery"
    OTHER = "other"


def announcement(kind: PublicKind, drawn_on: date | None) -> dict[str, str]:
    """Return what the dossier holds of the value beside its description."""
    if drawn_on is None:
        return {"public_kind": kind.value}
    return {"public_kind": kind.value, "public_on": drawn_on.isoformat()}


def kind_of(committed: Mapping[str, object]) -> PublicKind:
    """Return the kind that was announced; dossiers from before there were kinds allow any value."""
    return PublicKind(str(_policy(committed).get("public_kind", PublicKind.OTHER)))


def tidy_public_value(kind: PublicKind, typed: str) -> str | None:
    """Return a value as it goes into the seed, `None` when it is none of its kind.

    Six digits stand together; the numbers of a lottery go up, with one space between them.
    """
    if kind is PublicKind.SIX_DIGITS:
        digits = re.sub(r"[\s.-]", "", typed)
        return digits if re.fullmatch(r"[0-9]{6}", digits) else None
    if kind is PublicKind.LOTTERY:
        numbers = re.findall(r"[0-9]+", typed)
        is_all = re.fullmatch(r"[0-9\s.,;+-]*", typed) is not None
        return " ".join(map(str, sorted(map(int, numbers)))) if is_all and len(numbers) > 1 else None
    return typed.strip() or None


def read_public_value(committed: Mapping[str, object], typed: str, on: date) -> str:
    """Return the value that was typed as it goes into the seed.

    Args:
        committed: what was announced when the list was fixed.
        typed: the value.
        on: today.

    Raises:
        PublicValueTooEarly: the lottery was not drawn yet.
        PublicValueNeeded: it is empty, or none of the announced kind.
    """
    drawn_on = _policy(committed).get("public_on")
    if drawn_on is not None and on < date.fromisoformat(str(drawn_on)):
        raise PublicValueTooEarly(source=committed["public_source"])
    value = tidy_public_value(kind_of(committed), typed)
    if value is None:
        raise PublicValueNeeded(source=committed["public_source"])
    return value


def _policy(committed: Mapping[str, object]) -> Mapping[str, object]:
    policy = committed["policy"]
    assert isinstance(policy, dict), "this software wrote it"
    return policy
