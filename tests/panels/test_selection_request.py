import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest

from forum.panels.errors import InvalidRequest
from forum.panels.selection import Status, select_document
from forum.panels.selection_canonical import (
    canonical_json,
    commit_to_secret,
    derive_seed,
    freeze_request,
    lot,
    snapshot_sha256,
)
from forum.panels.selection_request import QuotaRow, read_request
from tests.panels.selection_cases import SEED, Document, candidate, request_of


def good_request() -> Document:
    people = [
        candidate("anna", 900, "h1", wijk="Haven"),
        candidate("bram", 800, "h2", wijk="Oost"),
        candidate("cees", 700, wijk=None),
    ]
    return request_of(people, 2, quotas={"wijk": {"Haven": [0, 2], "Oost": [0, 2]}})


def changed(**fields: Any) -> Callable[[Document], None]:
    return lambda document: document.update(fields)


def without(field: str) -> Callable[[Document], None]:
    return lambda document: document.pop(field) and None


def person(**fields: Any) -> Callable[[Document], None]:
    return lambda document: document["candidates"][1].update(fields)


@pytest.mark.parametrize(
    ("spoil", "field", "reason"),
    [
        pytest.param(changed(colour="red"), "colour", "unknown field", id="unknown field"),
        pytest.param(changed(mode="best"), "mode", "unknown mode", id="unknown mode"),
        pytest.param(changed(mode=["top"]), "mode", "text", id="mode of the wrong type"),
        pytest.param(without("mode"), "mode", "missing", id="no mode"),
        pytest.param(without("seats"), "seats", "missing", id="no seats"),
        pytest.param(changed(seats=0), "seats", "between", id="no seat at all"),
        pytest.param(changed(seats=True), "seats", "whole number", id="boolean seats"),
        pytest.param(changed(seats=2.0), "seats", "whole number", id="seats as a fraction"),
        pytest.param(changed(seats="2"), "seats", "whole number", id="seats as text"),
        pytest.param(without("seed"), "seed", "missing", id="no seed"),
        pytest.param(changed(seed="ab"), "seed", "64 hex", id="short seed"),
        pytest.param(changed(seed="z" * 64), "seed", "64 hex", id="seed with other letters"),
        pytest.param(changed(seed=" " + "a" * 63), "seed", "64 hex", id="seed with a space"),
        pytest.param(changed(max_per_household=2), "max_per_household", "between", id="two per household"),
        pytest.param(changed(min_score=None), "min_score", "whole number", id="empty threshold"),
        pytest.param(changed(min_score=False), "min_score", "whole number", id="boolean threshold"),
        pytest.param(changed(tickets=[[300]]), "tickets[0]", "two whole", id="half a ticket band"),
        pytest.param(changed(quotas=[]), "quotas", "object", id="quotas as a list"),
        pytest.param(changed(quotas={"wijk": {"Haven": [2, 1]}}), "quotas.wijk.Haven", "above", id="crossed"),
        pytest.param(
            changed(quotas={"wijk": {"Haven": [-1, 1]}}), "quotas.wijk.Haven", "between", id="negative"
        ),
        pytest.param(changed(quotas={"wijk": {"Haven": 1}}), "quotas.wijk.Haven", "list", id="one bound"),
        pytest.param(
            changed(quotas={"wijk": {"Haven": [2, 2], "Oost": [1, 2]}}),
            "quotas.wijk",
            "minimums add up to 3",
            id="minimums above the seats",
        ),
        pytest.param(changed(fixed=["dirk"]), "fixed", "unknown id 'dirk'", id="unknown fixed id"),
        pytest.param(changed(fixed=["anna", "anna"]), "fixed", "twice", id="fixed twice"),
        pytest.param(changed(fixed=["anna", "bram", "cees"]), "fixed", "2 seats", id="more fixed than seats"),
        pytest.param(changed(excluded={"dirk": "staff"}), "excluded", "'dirk'", id="unknown excluded id"),
        pytest.param(changed(excluded={"anna": "Nee!"}), "excluded.anna", "reason code", id="no reason code"),
        pytest.param(changed(excluded=["anna"]), "excluded", "object", id="excluded without reasons"),
        pytest.param(
            changed(fixed=["anna"], excluded={"anna": "staff"}), "fixed", "excluded", id="fixed and excluded"
        ),
        pytest.param(without("candidates"), "candidates", "missing", id="no candidates"),
        pytest.param(changed(candidates={}), "candidates", "list", id="candidates as an object"),
        pytest.param(person(id="anna"), "candidates", "'anna' occurs twice", id="same id twice"),
        pytest.param(person(id=7), "candidates[1].id", "text", id="id a number"),
        pytest.param(person(id=""), "candidates[1].id", "empty", id="empty id"),
        pytest.param(person(id="\ud800"), "request", "Unicode", id="half a character"),
        pytest.param(person(score=1.5), "candidates[1].score", "whole", id="score a fraction"),
        pytest.param(person(score=True), "candidates[1].score", "whole", id="score a boolean"),
        pytest.param(person(score=10**9 + 1), "candidates[1].score", "between", id="huge"),
        pytest.param(person(household=3), "candidates[1].household", "text", id="household a number"),
        pytest.param(person(attrs=None), "candidates[1].attrs", "object", id="no attributes"),
        pytest.param(person(attrs={"wijk": 4}), "candidates[1].attrs.wijk", "text", id="attribute a number"),
        pytest.param(person(name="B"), "candidates[1].name", "unknown field", id="candidate's name"),
        pytest.param(changed(mode="weighted_lottery"), "tickets", "missing", id="lottery without tickets"),
        pytest.param(changed(tickets=[[0, 1001]]), "tickets[0]", "more than 1000", id="endless tickets"),
        pytest.param(changed(tickets=[[3, 1], [3, 2]]), "tickets[1]", "occurs twice", id="a band twice"),
    ],
)
def test_a_wrong_request_is_invalid_and_names_the_field(
    spoil: Callable[[Document], None], field: str, reason: str
) -> None:
    document = good_request()
    spoil(document)

    result = select_document(document).as_document()

    assert (result["status"], result["panel"]) == ("invalid", [])
    (refusal,) = result["diagnosis"]["reasons"]  # type: ignore[index]
    assert refusal["field"] == field
    assert reason in refusal["reason"]


@pytest.mark.parametrize("document", [None, [], "mode", 3, {}])
def test_what_is_no_request_at_all_is_invalid(document: object) -> None:
    assert select_document(document).status is Status.INVALID


def test_maximums_below_the_seats_are_invalid_when_everybody_falls_under_them() -> None:
    document = good_request()
    document["quotas"] = {"wijk": {"Haven": [0, 1], "Oost": [0, 0]}}
    document["candidates"].pop()

    with pytest.raises(InvalidRequest, match="maximums add up to 1"):
        read_request(document)


@pytest.mark.parametrize(
    "wijk", [pytest.param(None, id="no value"), pytest.param("Centrum", id="a value without a row")]
)
def test_who_falls_under_no_maximum_can_fill_the_seats_above_them(wijk: str | None) -> None:
    document = good_request()
    document["quotas"] = {"wijk": {"Haven": [0, 1], "Oost": [0, 0]}}
    document["candidates"][2]["attrs"]["wijk"] = wijk

    assert select_document(document).panel == ("anna", "cees")


def test_two_fixed_members_of_one_household_are_refused_by_name() -> None:
    document = good_request() | {"fixed": ["anna", "bram"]}
    document["candidates"][1]["household"] = "h1"

    with pytest.raises(InvalidRequest, match="'anna' and 'bram' share household 'h1'"):
        read_request(document)


def test_what_is_left_out_gets_its_default() -> None:
    request = read_request(
        {"mode": "quota_top", "seats": 1, "seed": SEED, "candidates": [{"id": "a", "score": 1}]}
    )

    assert (request.max_per_household, request.min_score, request.quotas) == (1, 0, ())
    assert (request.candidates[0].household, dict(request.candidates[0].attrs)) == (None, {})


def test_quotas_are_sorted() -> None:
    rows = {"wijk": {"Oost": [0, 2], "Haven": [0, 2]}, "leeftijd": {"oud": [0, 2]}}

    quotas = read_request(good_request() | {"quotas": rows}).quotas

    assert quotas == (
        QuotaRow("leeftijd", "oud", 0, 2),
        QuotaRow("wijk", "Haven", 0, 2),
        QuotaRow("wijk", "Oost", 0, 2),
    )


def test_the_lot_is_the_hmac_of_id_and_ticket() -> None:
    digest = hmac.new(bytes.fromhex(SEED), b"anna\x1f0", hashlib.sha256).hexdigest()

    assert lot(SEED, "anna") == int(digest, 16)
    assert lot(SEED, "anna", 1) != lot(SEED, "anna")


def test_the_seed_joins_purpose_secret_snapshot_and_public_value() -> None:
    joined = b"\x1f".join([b"huurderspanel-seed-v1", b"aa", b"bb", b"123456"])

    assert derive_seed("aa", "bb", "123456") == hashlib.sha256(joined).hexdigest()
    assert commit_to_secret("aa") == hashlib.sha256(b"aa").hexdigest()


def test_the_snapshot_is_the_canonical_json_of_rules_and_sorted_candidates() -> None:
    document = {
        "seed": SEED,
        "mode": "top",
        "seats": 1,
        "fixed": ["b"],
        "candidates": [{"score": 2, "id": "b"}, {"id": "a", "score": 1, "attrs": {"wijk": "Ée"}}],
    }
    text = (
        '{"candidates":[{"attrs":{"wijk":"Ée"},"id":"a","score":1},{"id":"b","score":2}],'
        '"mode":"top","seats":1}'
    )

    assert canonical_json(freeze_request(document)) == text.encode()
    assert snapshot_sha256(document) == hashlib.sha256(text.encode()).hexdigest()
    assert read_request(document).snapshot_sha256 == snapshot_sha256(document)


@pytest.mark.parametrize("field", ["seed", "fixed", "excluded", "tickets"])
def test_seed_and_refill_do_not_change_the_snapshot(field: str) -> None:
    document = good_request()

    assert snapshot_sha256(document | {field: "other"}) == snapshot_sha256(document)


def test_the_result_hash_covers_all_but_the_audit() -> None:
    result = select_document(good_request()).as_document()
    audit = result.pop("audit")

    text = json.dumps(result, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert audit["result_sha256"] == hashlib.sha256(text.encode()).hexdigest()  # type: ignore[index]
