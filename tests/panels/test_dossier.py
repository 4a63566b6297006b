import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from forum.panels import dossier
from forum.panels.dossier import Dossier, hash_entry
from forum.panels.dossier_replay import replay
from forum.panels.errors import InvalidDossier
from forum.panels.file_cli import replay as replay_command
from forum.panels.selection import select_document
from forum.panels.selection_canonical import commit_to_secret
from forum.panels.selection_request import Mode
from tests.panels.selection_cases import candidate, request_of

SECRET = "7f" * 32
AT = datetime(2026, 4, 14, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=11)
Tampering = Callable[[dict[str, Any]], None]


def frozen_request() -> dict[str, Any]:
    people = [
        candidate(f"p{n}", 900 - 10 * n, f"h{n // 2}", wijk="Haven" if n % 3 else "Oost") for n in range(12)
    ]
    request = request_of(people, 4, quotas={"wijk": {"Haven": [1, 3], "Oost": [1, 2]}})
    del request["seed"]
    return request


def record_rounds(*leavers: dict[str, str]) -> Dossier:
    """A dossier from freeze to signature: a first round, and a refill for every group that left."""
    request = frozen_request()
    record = dossier.record_freeze(Dossier(), request, reason=None, at=AT)
    record = dossier.record_commitment(
        record,
        secret_sha256=commit_to_secret(SECRET),
        public_source="lottery of 2026-04-15",
        policy={"version": "activiteit-v1"},
        at=AT,
    )
    record = dossier.record_reveal(
        record, secret_hex=SECRET, public_value="281733", at=AT + timedelta(days=1)
    )
    request["seed"] = record.entries[-1].body["seed"]
    result = select_document(request).as_document()
    record = dossier.record_round(record, request, result, at=AT + timedelta(days=1))
    gone: dict[str, str] = {}
    for left in leavers:
        gone |= left
        request |= {"fixed": [key for key in result["panel"] if key not in gone], "excluded": dict(gone)}  # type: ignore[attr-defined]
        result = select_document(request).as_document()
        record = dossier.record_round(record, request, result, at=AT + timedelta(days=9))
    return dossier.record_signature(
        record,
        party="tenants",
        name="A. de Vries",
        result_sha256=result["audit"]["result_sha256"],  # type: ignore[index]
        at=AT + timedelta(days=10),
    )


def good_document() -> dict[str, Any]:
    return json.loads(json.dumps(record_rounds({"p0": "declined"}, {"p3": "withdrew"}).as_document()))  # type: ignore[no-any-return]


def rehash(document: dict[str, Any]) -> None:
    """What a careful forger does: make the chain fit again."""
    previous = "0" * 64
    for entry in document["entries"]:
        entry["sha256"] = previous = hash_entry(previous, entry["kind"], entry["body"])
    document["head_sha256"] = previous


def run_replay(document: object, tmp_path: Path, *options: str) -> Result:
    file = tmp_path / "dossier.json"
    file.write_text(json.dumps(document))
    return CliRunner().invoke(replay_command, [str(file), *options])


def change_score(document: dict[str, Any]) -> None:
    document["entries"][0]["body"]["snapshot"]["candidates"][5]["score"] += 400


def change_seed(document: dict[str, Any]) -> None:
    document["entries"][2]["body"]["seed"] = "00" * 32


def change_secret(document: dict[str, Any]) -> None:
    document["entries"][2]["body"]["secret_hex"] = "80" * 32


def change_public_value(document: dict[str, Any]) -> None:
    document["entries"][2]["body"]["public_value"] = "281734"


def change_result(document: dict[str, Any]) -> None:
    document["entries"][3]["body"]["result"]["panel"][0] = "p7"


def write_one_as_true(document: dict[str, Any]) -> None:
    document["entries"][3]["body"]["result"]["quota_table"][0]["min"] = True


def change_result_hash(document: dict[str, Any]) -> None:
    document["entries"][3]["body"]["result"]["audit"]["result_sha256"] = "00" * 32


def swap_rounds(document: dict[str, Any]) -> None:
    entries = document["entries"]
    entries[3], entries[4] = entries[4], entries[3]


def swap_and_renumber_rounds(document: dict[str, Any]) -> None:
    swap_rounds(document)
    document["entries"][3]["body"]["number"], document["entries"][4]["body"]["number"] = 1, 2


def drop_round(document: dict[str, Any]) -> None:
    del document["entries"][4]


def drop_round_and_renumber(document: dict[str, Any]) -> None:
    drop_round(document)
    document["entries"][4]["body"]["number"] = 2


def drop_all_rounds(document: dict[str, Any]) -> None:
    del document["entries"][3:]


def sign_something_else(document: dict[str, Any]) -> None:
    document["entries"][-1]["body"]["result_sha256"] = "00" * 32


def let_a_member_vanish(document: dict[str, Any]) -> None:
    document["entries"][4]["body"]["fixed"].remove("p2")


def reveal_again(document: dict[str, Any]) -> None:
    document["entries"].insert(3, copy.deepcopy(document["entries"][2]))


def commit_again(document: dict[str, Any]) -> None:
    document["entries"].insert(2, copy.deepcopy(document["entries"][1]))


def freeze_after_the_reveal(document: dict[str, Any]) -> None:
    document["entries"].insert(3, copy.deepcopy(document["entries"][0]))


def correct_without_a_reason(document: dict[str, Any]) -> None:
    document["entries"].insert(1, copy.deepcopy(document["entries"][0]))


def announce_no_public_value(document: dict[str, Any]) -> None:
    document["entries"][1]["body"]["public_source"] = ""


def reveal_without_a_public_value(document: dict[str, Any]) -> None:
    document["entries"][2]["body"]["public_value"] = " "


def sign_twice(document: dict[str, Any]) -> None:
    document["entries"].append(copy.deepcopy(document["entries"][-1]))


def sign_as_nobody(document: dict[str, Any]) -> None:
    document["entries"][-1]["body"]["party"] = "nobody"


def go_back_in_time(document: dict[str, Any]) -> None:
    document["entries"][-1]["body"]["at"] = "2026-04-01T09:00:00+00:00"


RETRIES = [
    pytest.param(reveal_again, "one reveal", id="revealed again"),
    pytest.param(commit_again, "one commitment for a list", id="committed again"),
    pytest.param(
        freeze_after_the_reveal, "nothing is fixed anew after the reveal", id="fixed anew after the reveal"
    ),
    pytest.param(
        correct_without_a_reason, "a corrected list has its reason", id="corrected without a reason"
    ),
    pytest.param(announce_no_public_value, "the public value was announced", id="nothing announced"),
    pytest.param(reveal_without_a_public_value, "there is a public value", id="no public value"),
    pytest.param(sign_twice, "tenants is a party and signs a list once", id="signed twice by one party"),
    pytest.param(sign_as_nobody, "nobody is a party and signs a list once", id="signed by no party"),
    pytest.param(
        go_back_in_time, "entry 7 (signed) is not before the entry above it", id="a moment in the past"
    ),
]


@pytest.mark.parametrize(("tamper", "seen"), RETRIES)
def test_a_chain_that_fits_does_not_hide_that_somebody_tried_again(
    tamper: Tampering, seen: str, tmp_path: Path
) -> None:
    forged = good_document()
    tamper(forged)
    rehash(forged)

    result = run_replay(forged, tmp_path)

    assert result.exit_code == 1
    assert seen in json.loads(result.stdout)["disagreements"]


@pytest.mark.parametrize("odd", [float("nan"), "\ud800"], ids=["not a number", "half a character"])
def test_an_entry_with_what_cannot_be_hashed_is_named(odd: object, tmp_path: Path) -> None:
    document = good_document()
    document["entries"][1]["body"]["policy"]["odd"] = odd

    result = run_replay(document, tmp_path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "entry 2 holds NaN, infinity or half a character" in result.stderr


def test_a_hash_with_half_a_character_is_named(tmp_path: Path) -> None:
    document = good_document()
    document["entries"][1]["sha256"] = "\ud800"

    result = run_replay(document, tmp_path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "entry 2 holds NaN, infinity or half a character" in result.stderr


def select_before_reveal(document: dict[str, Any]) -> None:
    entries = document["entries"]
    entries[2], entries[3] = entries[3], entries[2]


def test_an_honest_dossier_agrees(tmp_path: Path) -> None:
    result = run_replay(good_document(), tmp_path)

    printed = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (printed["agrees"], printed["disagreements"], printed["rounds"]) == (True, [], 3)
    assert {"seed", "snapshot hash", "secret", "round 1 result", "round 3 result_sha256"} <= {
        check["what"] for check in printed["checks"]
    }


@pytest.mark.parametrize(
    ("tamper", "seen", "seen_after_rehash"),
    [
        pytest.param(change_score, "entry 1 (frozen) hash", "committed snapshot", id="a score"),
        pytest.param(change_seed, "entry 3 (revealed) hash", "seed", id="the seed"),
        pytest.param(change_secret, "entry 3 (revealed) hash", "secret", id="the secret"),
        pytest.param(change_public_value, "seed", "seed", id="the public value"),
        pytest.param(change_result, "entry 4 (round) hash", "round 1 result", id="the result"),
        pytest.param(write_one_as_true, "entry 4 (round) hash", "round 1 result", id="one written as true"),
        pytest.param(
            change_result_hash, "entry 4 (round) hash", "round 1 result_sha256", id="the result hash"
        ),
        pytest.param(swap_rounds, "entry 4 (round) hash", "round 1 number", id="rounds swapped"),
        pytest.param(
            swap_and_renumber_rounds,
            "entry 5 (round) hash",
            "round 2 excluded people stay excluded",
            id="renumbered",
        ),
        pytest.param(drop_round, "entry 5 (round) hash", "round 2 number", id="a round dropped"),
        pytest.param(
            drop_round_and_renumber,
            "entry 5 (round) hash",
            "round 2 fixed members sat before",
            id="dropped, renumbered",
        ),
        pytest.param(
            sign_something_else, "entry 7 (signed) hash", "signature of tenants", id="a signature moved"
        ),
        pytest.param(
            let_a_member_vanish, "entry 5 (round) hash", "round 2 says who left", id="a member vanished"
        ),
        pytest.param(drop_all_rounds, "last hash", "at least one round", id="no rounds left"),
        pytest.param(
            select_before_reveal, "entry 3 (round) hash", "round 1 after the reveal", id="too early"
        ),
    ],
)
def test_a_tampered_dossier_is_refused_with_what_disagrees(
    tamper: Tampering, seen: str, seen_after_rehash: str, tmp_path: Path
) -> None:
    document = good_document()
    tamper(document)
    forged = copy.deepcopy(document)
    rehash(forged)

    result, forged_result = run_replay(document, tmp_path), run_replay(forged, tmp_path)

    assert (result.exit_code, forged_result.exit_code) == (1, 1)
    assert seen in json.loads(result.stdout)["disagreements"]
    assert seen_after_rehash in json.loads(forged_result.stdout)["disagreements"]
    assert seen_after_rehash in forged_result.stderr
    assert forged_result.stderr.count("\n") == 1


def test_a_forger_who_recomputes_everything_is_caught_by_the_published_hash(tmp_path: Path) -> None:
    published = record_rounds({"p0": "declined"}).head_sha256
    forged = record_rounds({"p1": "declined"}).as_document()

    assert run_replay(forged, tmp_path).exit_code == 0
    result = run_replay(forged, tmp_path, "--head", published)

    assert result.exit_code == 1
    assert json.loads(result.stdout)["disagreements"] == ["published hash"]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        pytest.param([], "no dossier of version", id="a list"),
        pytest.param({"version": "dossier-v1", "entries": []}, "no entries", id="empty"),
        pytest.param({"version": "dossier-v1", "extra": 1}, "unknown field 'extra'", id="a field of its own"),
        pytest.param({"version": "dossier-v1", "entries": [{}]}, "entry 1 must have", id="an empty entry"),
        pytest.param(
            {"version": "dossier-v1", "entries": [{"kind": "gift", "body": {}, "sha256": ""}]},
            "unknown kind 'gift'",
            id="an unknown kind",
        ),
        pytest.param(
            {"version": "dossier-v1", "entries": [{"kind": "frozen", "body": {}, "sha256": ""}]},
            "entry 1 (frozen) lacks 'snapshot'",
            id="an entry without its fields",
        ),
        pytest.param(
            {"version": "dossier-v1", "entries": [{"kind": "frozen", "body": {"snapshot": 1}, "sha256": ""}]},
            "something else",
            id="a snapshot of the wrong type",
        ),
    ],
)
def test_what_is_no_dossier_is_refused_in_one_line(document: object, reason: str, tmp_path: Path) -> None:
    result = run_replay(document, tmp_path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert reason in result.stderr


def test_a_round_must_use_the_frozen_candidates_and_the_revealed_seed() -> None:
    record = record_rounds()
    request = {**frozen_request(), "seed": record.entries[2].body["seed"]}
    result = select_document(request).as_document()

    with pytest.raises(InvalidDossier, match="another seed"):
        dossier.record_round(record, {**request, "seed": "11" * 32}, result, at=AT)
    with pytest.raises(InvalidDossier, match="frozen candidates"):
        dossier.record_round(record, {**request, "seats": 5}, result, at=AT)


def test_nothing_is_revealed_before_it_is_committed() -> None:
    record = dossier.record_freeze(Dossier(), frozen_request(), reason=None, at=AT)

    with pytest.raises(InvalidDossier, match="nothing was committed yet"):
        dossier.record_reveal(record, secret_hex=SECRET, public_value="1", at=AT)


def test_a_trial_is_repeated_and_never_counts_as_a_round() -> None:
    trial = {**frozen_request(), "seed": "0a" * 32}
    record = record_rounds()
    record = dossier.record_trial(record, trial, select_document(trial).as_document(), at=LATER)

    report = replay(record.as_document())

    assert (report.agrees, report.rounds) == (True, 1)
    assert "trial result" in {check.what for check in report.checks}


@pytest.mark.parametrize("mode", list(Mode))
def test_a_selection_and_its_refill_are_repeated_in_every_mode(mode: Mode) -> None:
    tickets = [[0, 1], [850, 4]]
    request = {**frozen_request(), "mode": str(mode)}
    record = dossier.record_freeze(Dossier(), request, reason=None, at=AT)
    record = dossier.record_commitment(
        record,
        secret_sha256=commit_to_secret(SECRET),
        public_source="six digits",
        policy={"tickets": tickets},
        at=AT,
    )
    record = dossier.record_reveal(record, secret_hex=SECRET, public_value="1", at=AT)
    request |= {"seed": record.entries[-1].body["seed"], "tickets": tickets}
    first = select_document(request)
    record = dossier.record_round(record, request, first.as_document(), at=AT)
    request |= {"fixed": list(first.panel[1:]), "excluded": {first.panel[0]: "declined"}}
    refill = select_document(request)
    record = dossier.record_round(record, request, refill.as_document(), at=AT)

    report = replay(json.loads(json.dumps(record.as_document())))

    assert report.agrees, report.disagreements
    assert (report.rounds, first.status) == (2, "ok")
    assert not refill.panel or set(first.panel[1:]) <= set(refill.panel)


def test_other_tickets_than_committed_are_seen() -> None:
    request = {**frozen_request(), "mode": "weighted_lottery"}
    record = dossier.record_freeze(Dossier(), request, reason=None, at=AT)
    record = dossier.record_commitment(
        record,
        secret_sha256=commit_to_secret(SECRET),
        public_source="six digits",
        policy={"tickets": [[0, 1], [850, 2]]},
        at=AT,
    )
    record = dossier.record_reveal(record, secret_hex=SECRET, public_value="1", at=AT)
    request |= {"seed": record.entries[-1].body["seed"], "tickets": [[0, 1], [850, 900]]}
    record = dossier.record_round(record, request, select_document(request).as_document(), at=AT)

    assert replay(record.as_document()).disagreements == ("round 1 committed tickets",)


def test_somebody_added_by_a_party_may_be_fixed_in_the_next_round() -> None:
    record = record_rounds()
    request = {**frozen_request(), "seed": record.entries[2].body["seed"]}
    panel = list(select_document(request).panel)
    request |= {"fixed": [*panel[1:], "p8"], "excluded": {panel[0]: "withdrew"}}
    result = select_document(request).as_document()

    unannounced = dossier.record_round(record, request, result, at=LATER)
    record = dossier.record_change(
        record, kind="add", candidate_id="p8", reason_code="expertise", party="tenants", at=LATER
    )
    announced = dossier.record_round(record, request, result, at=LATER)

    assert replay(unannounced.as_document()).disagreements == ("round 2 fixed members sat before",)
    assert replay(announced.as_document()).agrees
