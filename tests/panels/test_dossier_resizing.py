"""Other seats after the draw: the quotas follow by rule, and a replay notices when they do not."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.panels import dossier
from forum.panels.dossier_replay import replay
from forum.panels.dossier_resizing import may_return, resized_rules
from forum.panels.errors import InvalidDossier
from forum.panels.rules import ShowUp, extra_seats
from forum.panels.selection import select_document
from tests.panels.selection_cases import candidate
from tests.panels.test_dossier import LATER, record_rounds, rehash

Document = dict[str, Any]


@pytest.mark.parametrize(
    ("bounds", "before", "after", "expected"),
    [
        pytest.param([2, 3], 4, 6, [3, 5], id="more seats: in proportion, rounded apart"),
        pytest.param([2, 3], 4, 5, [2, 4], id="one more"),
        pytest.param([2, 3], 4, 3, [1, 3], id="fewer: who sits is never one too many"),
        pytest.param([0, 2], 4, 8, [0, 4], id="no least stays none"),
        pytest.param([2, 3], 4, 4, [2, 3], id="the frozen number: the frozen quotas"),
    ],
)
def test_bounds_follow_the_seats(bounds: list[int], before: int, after: int, expected: list[int]) -> None:
    rules = resized_rules({"seats": before, "quotas": {"wijk": {"Haven": bounds}}}, after)

    assert rules == {"seats": after, "quotas": {"wijk": {"Haven": expected}}}


def test_seats_of_a_group_stay_as_many_as_they_are() -> None:
    frozen = {"seats": 3, "quotas": {"group": {"Flat": [0, 2], "Woning": [0, 1]}}}

    assert resized_rules(frozen, 6)["quotas"] == frozen["quotas"]


@given(
    st.integers(1, 500),
    st.integers(1, 500),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)).map(sorted), min_size=1, max_size=8),
)
def test_quotas_that_could_be_filled_do_not_contradict_other_seats(
    before: int, after: int, rows: list[list[int]]
) -> None:
    if not sum(row[0] for row in rows) <= before <= sum(row[1] for row in rows):
        return
    frozen = {"seats": before, "quotas": {"wijk": {str(n): row for n, row in enumerate(rows)}}}

    resized = list(resized_rules(frozen, after)["quotas"]["wijk"].values())

    assert sum(row[0] for row in resized) <= after <= sum(row[1] for row in resized)
    assert all(0 <= least <= most for least, most in resized)


PEOPLE = [
    candidate("a", 9, "h1", wijk="Haven"),
    candidate("b", 8, "h2", wijk="Haven"),
    candidate("c", 7, "h1", wijk="Oost"),
    candidate("d", 6, None, wijk=None),
]


@pytest.mark.parametrize(
    ("sitting", "who", "may"),
    [
        pytest.param(["b"], "a", True, id="a free seat, and room in the group"),
        pytest.param(["b", "c", "d"], "a", False, id="no seat is free"),
        pytest.param(["c"], "a", False, id="a housemate sits"),
        pytest.param(["a"], "d", True, id="no group at all uses no room"),
    ],
)
def test_who_left_may_return_to_a_seat_that_fits(sitting: list[str], who: str, may: bool) -> None:
    rules = {"seats": 3, "candidates": PEOPLE, "quotas": {"wijk": {"Haven": [0, 2]}}}

    assert may_return(rules, sitting, who) is may


def test_nobody_returns_to_a_group_that_is_full() -> None:
    rules = {"seats": 3, "candidates": PEOPLE, "quotas": {"wijk": {"Haven": [0, 1]}}}

    assert not may_return(rules, ["b"], "a")


@pytest.mark.parametrize(
    ("show_up", "extra"),
    [
        pytest.param(ShowUp(19, 10), None, id="too few cases"),
        pytest.param(ShowUp(20, 20), 0, id="everybody came"),
        pytest.param(ShowUp(53, 41), 4, id="77 percent: 12 of 15.5"),
        pytest.param(ShowUp(40, 20), 12, id="half"),
        pytest.param(ShowUp(40, 0), 12, id="nobody: the floor"),
    ],
)
def test_overbooking_follows_who_came(show_up: ShowUp, extra: int | None) -> None:
    assert extra_seats(12, show_up) == extra


def _resized_document() -> Document:
    """A dossier of which the seats went from 4 to 6 after the first refill, and were filled."""
    record = record_rounds({"p0": "declined"})
    record = dossier.record_resize(record, seats=6, reason_code="show_up", party="tenants", at=LATER)
    rounds = record.bodies(dossier.EntryKind.ROUND)
    panel = rounds[-1]["result"]["panel"]  # type: ignore[index]
    request = {
        **dossier.frozen_request(record),
        "seed": record.bodies(dossier.EntryKind.REVEALED)[-1]["seed"],
        "fixed": sorted(panel),
        "excluded": {"p0": "declined"},
    }
    result = select_document(request).as_document()
    assert result["status"] == "ok"
    return json.loads(  # type: ignore[no-any-return]
        json.dumps(dossier.record_round(record, request, result, at=LATER).as_document())
    )


def test_a_dossier_with_other_seats_replays_and_is_of_the_second_version() -> None:
    document = _resized_document()

    report = replay(document)

    assert report.agrees, report.disagreements
    assert document["version"] == "dossier-v2"
    assert len(document["entries"][-1]["body"]["result"]["panel"]) == 6
    assert record_rounds().as_document()["version"] == "dossier-v1"


def choose_quotas(document: Document) -> None:
    document["entries"][-2]["body"]["quotas"]["wijk"]["Haven"] = [0, 6]


def give_no_reason(document: Document) -> None:
    document["entries"][-2]["body"]["reason_code"] = ""


def hide_the_resize(document: Document) -> None:
    del document["entries"][-2]


def _return(document: Document, who: str) -> None:
    entry = {"kind": "returned", "body": {"id": who, "at": LATER.isoformat()}, "sha256": ""}
    document["entries"].append(entry)


def return_who_sits(document: Document) -> None:
    _return(document, document["entries"][-1]["body"]["result"]["panel"][0])


def return_to_a_full_panel(document: Document) -> None:
    _return(document, "p0")


@pytest.mark.parametrize(
    ("tamper", "seen"),
    [
        pytest.param(choose_quotas, "the quotas follow the seats", id="quotas of one's own"),
        pytest.param(give_no_reason, "other seats have their reason", id="no reason"),
        pytest.param(hide_the_resize, "round 3 result", id="seats that rise in silence"),
        pytest.param(return_who_sits, "who returns had left", id="returns without leaving"),
        pytest.param(return_to_a_full_panel, "who returns takes a free seat", id="returns to no seat"),
    ],
)
def test_a_replay_notices_what_is_wrong_about_the_seats(
    tamper: Callable[[Document], None], seen: str
) -> None:
    document = _resized_document()
    tamper(document)
    rehash(document)

    assert seen in replay(document).disagreements


def test_entries_that_the_first_version_does_not_know_are_refused_under_its_name() -> None:
    document = _resized_document() | {"version": "dossier-v1"}

    with pytest.raises(InvalidDossier):
        replay(document)
