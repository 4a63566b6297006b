"""Repeating a selection from its dossier alone: no database, no clock, any machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from forum.kernel.actor import Party
from forum.panels.dossier import (
    FIRST_PREVIOUS,
    ROUND_FIELDS,
    Dossier,
    EntryKind,
    copy_fields,
    hash_entry,
    read_dossier,
)
from forum.panels.dossier_resizing import may_return, resized_rules
from forum.panels.errors import InvalidDossier
from forum.panels.rules import LEFT_CODES
from forum.panels.selection import select_document
from forum.panels.selection_canonical import commit_to_secret, derive_seed, sha256_of
from forum.panels.selection_request import SEATS_LIMIT

# The solver may be newer on the other party's machine; its answer may not differ.
_REPEATED_AUDIT = ("snapshot_sha256", "seed", "algorithm_version", "result_sha256")


@dataclass(frozen=True)
class Check:
    """One thing that was computed again, and whether the dossier says the same."""

    what: str
    agrees: bool

    def as_document(self) -> dict[str, object]:
        """Return the check as JSON holds it."""
        return {"what": self.what, "agrees": self.agrees}


@dataclass(frozen=True)
class ReplayReport:
    """What was computed again, in the order of the dossier. `rounds` counts the runs that count."""

    checks: tuple[Check, ...]
    rounds: int
    head_sha256: str

    @property
    def agrees(self) -> bool:
        """Whether every check agrees."""
        return all(check.agrees for check in self.checks)

    @property
    def disagreements(self) -> tuple[str, ...]:
        """What does not agree."""
        return tuple(check.what for check in self.checks if not check.agrees)

    def with_check(self, what: str, agrees: bool) -> "ReplayReport":
        """Return the report with one more comparison."""
        return replace(self, checks=(*self.checks, Check(what, agrees)))

    def as_document(self) -> dict[str, object]:
        """Return the report as JSON holds it."""
        return {
            "agrees": self.agrees,
            "disagreements": list(self.disagreements),
            "rounds": self.rounds,
            "head_sha256": self.head_sha256,
            "checks": [check.as_document() for check in self.checks],
        }


def replay(document: object, published_head: str | None = None) -> ReplayReport:
    """Compute everything in a dossier again and say what agrees.

    Args:
        document: the dossier as JSON holds it.
        published_head: the `head_sha256` that was published or signed; without it, entries cut off at the
            end cannot be noticed.

    Raises:
        InvalidDossier: the dossier does not have the agreed form.
    """
    dossier = read_dossier(document)
    replaying = _Replay()
    _check_chain(replaying, dossier)
    if isinstance(document, dict):
        replaying.check("last hash", document.get("head_sha256") == dossier.head_sha256)
    if published_head is not None:
        replaying.check("published hash", published_head == dossier.head_sha256)
    for number, entry in enumerate(dossier.entries, start=1):
        try:
            _REPLAY[entry.kind](replaying, entry.body)
            _check_moment(replaying, f"entry {number} ({entry.kind})", entry.body)
        except KeyError as missing:
            raise InvalidDossier(f"entry {number} ({entry.kind}) lacks {missing}") from None
    replaying.check("at least one round", replaying.rounds > 0)
    return ReplayReport(tuple(replaying.checks), replaying.rounds, dossier.head_sha256)


@dataclass
class _Replay:
    """What the entries so far say."""

    frozen: Mapping[str, object] = field(default_factory=dict)
    snapshot: Mapping[str, object] = field(default_factory=dict)
    snapshot_sha256: str = ""
    secret_sha256: str = ""
    tickets: object = None
    seed: str = ""
    at: datetime | None = None
    is_revealed: bool = False
    signed: set[tuple[str, str]] = field(default_factory=set)
    rounds: int = 0
    sitting: frozenset[str] = frozenset()
    excluded: Mapping[str, object] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)
    is_changed: bool = False
    results: set[str] = field(default_factory=set)
    checks: list[Check] = field(default_factory=list)

    def check(self, what: str, agrees: bool) -> None:
        """Note one comparison."""
        self.checks.append(Check(what, agrees))


def _check_chain(replaying: _Replay, dossier: Dossier) -> None:
    previous = FIRST_PREVIOUS
    for number, entry in enumerate(dossier.entries, start=1):
        replaying.check(
            f"entry {number} ({entry.kind}) hash",
            hash_entry(previous, entry.kind, entry.body) == entry.sha256,
        )
        previous = entry.sha256


def _check_moment(replaying: _Replay, name: str, body: Mapping[str, object]) -> None:
    try:
        at = datetime.fromisoformat(str(body["at"]))
    except ValueError:
        raise InvalidDossier(f"{name} has no moment") from None
    if at.tzinfo is None:
        raise InvalidDossier(f"{name} has a moment without a time zone")
    replaying.check(f"{name} is not before the entry above it", replaying.at is None or replaying.at <= at)
    replaying.at = at


def _replay_freeze(replaying: _Replay, body: Mapping[str, object]) -> None:
    # One run counts: a list that is corrected after its seed was known could be drawn again until it suits.
    replaying.check("nothing is fixed anew after the reveal", not replaying.is_revealed)
    if replaying.snapshot_sha256:
        replaying.check("a corrected list has its reason", bool(body["reason"]))
    replaying.frozen = replaying.snapshot = _table(body["snapshot"])
    replaying.snapshot_sha256 = sha256_of(body["snapshot"])
    replaying.secret_sha256 = replaying.seed = ""
    replaying.check("snapshot hash", body["snapshot_sha256"] == replaying.snapshot_sha256)


def _replay_commitment(replaying: _Replay, body: Mapping[str, object]) -> None:
    replaying.check("one commitment for a list", replaying.secret_sha256 == "")
    replaying.check("the public value was announced", bool(body["public_source"]))
    replaying.secret_sha256 = str(body["secret_sha256"])
    replaying.tickets = _table(body.get("policy", {})).get("tickets")
    replaying.check("committed snapshot", body["snapshot_sha256"] == replaying.snapshot_sha256)


def _replay_reveal(replaying: _Replay, body: Mapping[str, object]) -> None:
    secret, public_value = str(body["secret_hex"]), str(body["public_value"])
    replaying.check("one reveal", not replaying.is_revealed)
    replaying.check("there is a public value", bool(public_value.strip()))
    replaying.is_revealed = True
    replaying.seed = derive_seed(secret, replaying.snapshot_sha256, public_value)
    replaying.check("secret", commit_to_secret(secret) == replaying.secret_sha256)
    replaying.check("seed", body["seed"] == replaying.seed)


def _replay_trial(replaying: _Replay, body: Mapping[str, object]) -> None:
    replaying.check("trial is not the run that counts", body["seed"] != replaying.seed)
    _check_result(replaying, "trial", {**body, "seed": body["seed"]})


def _replay_round(replaying: _Replay, body: Mapping[str, object]) -> None:
    number = replaying.rounds + 1
    name = f"round {number}"
    replaying.check(f"{name} number", body["number"] == number)
    replaying.check(f"{name} after the reveal", replaying.seed != "")
    _check_members(replaying, name, body)
    _check_result(replaying, name, {**body, "seed": replaying.seed})
    result = _table(body["result"])
    replaying.results.add(sha256_of({key: value for key, value in result.items() if key != "audit"}))
    replaying.rounds = number
    replaying.sitting = _ids(result["panel"]) or replaying.sitting  # without a panel nobody lost a seat


def _check_members(replaying: _Replay, name: str, body: Mapping[str, object]) -> None:
    """Check that a round follows from the one before.

    In a refill the members stay, or left with a reason. After a change that a party asked for, before both
    confirmed, everybody is chosen anew but for who was put on the list.
    """
    fixed, excluded = _ids(body.get("fixed", [])), _table(body.get("excluded", {}))
    if replaying.rounds:
        before = replaying.sitting
        replaying.check(f"{name} fixed members sat before", fixed - replaying.added <= before)
        replaying.check(f"{name} says who left", replaying.is_changed or before <= fixed | excluded.keys())
        replaying.check(
            f"{name} excluded people stay excluded", replaying.excluded.keys() <= excluded.keys() | fixed
        )
    replaying.excluded, replaying.is_changed = excluded, False


def _check_result(replaying: _Replay, name: str, body: Mapping[str, object]) -> None:
    if replaying.tickets is not None:
        replaying.check(f"{name} committed tickets", body.get("tickets") == replaying.tickets)
    recorded = dict(_table(body["result"]))
    audit = copy_fields(_table(recorded.pop("audit")), _REPEATED_AUDIT)
    again = select_document(
        {**replaying.snapshot, **copy_fields(body, ROUND_FIELDS), "seed": body["seed"]}
    ).as_document()
    audit_again = copy_fields(_table(again.pop("audit")), _REPEATED_AUDIT)
    replaying.check(f"{name} result", sha256_of(recorded) == sha256_of(again))  # in Python 1 equals true
    for what in _REPEATED_AUDIT:
        replaying.check(f"{name} {what}", audit.get(what) == audit_again[what])


def _replay_change(replaying: _Replay, body: Mapping[str, object]) -> None:
    replaying.is_changed = True
    if body["kind"] == "add":
        replaying.added.add(str(body["id"]))


def _replay_resize(replaying: _Replay, body: Mapping[str, object]) -> None:
    seats = body["seats"]
    if not isinstance(seats, int) or isinstance(seats, bool) or not 1 <= seats <= SEATS_LIMIT:
        raise InvalidDossier("another number of seats is no number of seats")
    if not replaying.rounds:
        raise InvalidDossier("the seats change before anybody was selected")
    replaying.check("other seats have their reason", bool(body["reason_code"]))
    replaying.snapshot = resized_rules(replaying.frozen, seats)
    replaying.check("the quotas follow the seats", body["quotas"] == replaying.snapshot["quotas"])


def _replay_return(replaying: _Replay, body: Mapping[str, object]) -> None:
    returned = str(body["id"])
    sitting = replaying.sitting - replaying.excluded.keys()
    replaying.check("who returns had left", replaying.excluded.get(returned) in LEFT_CODES)
    replaying.check("who returns takes a free seat", may_return(replaying.snapshot, sitting, returned))
    replaying.sitting |= {returned}
    replaying.excluded = {key: code for key, code in replaying.excluded.items() if key != returned}


def _replay_signature(replaying: _Replay, body: Mapping[str, object]) -> None:
    party, result = str(body["party"]), str(body["result_sha256"])
    replaying.check(f"signature of {party}", result in replaying.results)
    is_once = party in set(Party) and (party, result) not in replaying.signed
    replaying.check(f"{party} is a party and signs a list once", is_once)
    replaying.signed.add((party, result))


_REPLAY: Mapping[EntryKind, Callable[[_Replay, Mapping[str, object]], None]] = {
    EntryKind.FROZEN: _replay_freeze,
    EntryKind.COMMITTED: _replay_commitment,
    EntryKind.REVEALED: _replay_reveal,
    EntryKind.TRIAL: _replay_trial,
    EntryKind.ROUND: _replay_round,
    EntryKind.CHANGED: _replay_change,
    EntryKind.SIGNED: _replay_signature,
    EntryKind.RESIZED: _replay_resize,
    EntryKind.RETURNED: _replay_return,
}


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidDossier("an entry holds something else where a table should stand")
    return value


def _ids(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise InvalidDossier("an entry holds something else where a list of ids should stand")
    return frozenset(str(item) for item in value)
