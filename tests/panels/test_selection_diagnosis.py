import itertools
from typing import Any

import pytest
from hypothesis import assume, given

from forum.panels.selection import Status, select_document
from forum.panels.selection_diagnosis import Diagnosis
from tests.panels.selection_cases import (
    Document,
    brief,
    candidate,
    documents,
    is_impossible_sum,
    request_of,
    thorough,
    valid_panels,
)


def diagnosis_of(document: Document) -> Diagnosis:
    result = select_document(document)
    assert result.status is Status.INFEASIBLE
    assert result.diagnosis is not None
    return result.diagnosis


def assume_infeasible(document: Document) -> None:
    assume(not is_impossible_sum(document))
    assume(not is_possible(document, document["quotas"]))


def is_possible(document: Document, quotas: dict[str, Any]) -> bool:
    return any(True for _ in valid_panels({**document, "quotas": quotas}))


def bounds_of(document: Document) -> list[tuple[str, str, str]]:
    return [
        (category, value, side)
        for category, rows in document["quotas"].items()
        for value in rows
        for side in ("min", "max")
    ]


def only_bounds(document: Document, kept: set[tuple[str, str, str]]) -> dict[str, Any]:
    return {
        category: {
            value: [
                least if (category, value, "min") in kept else 0,
                most if (category, value, "max") in kept else document["seats"],
            ]
            for value, (least, most) in rows.items()
        }
        for category, rows in document["quotas"].items()
    }


Moves = tuple[int, ...]


def moves_of_panels(document: Document) -> set[Moves]:
    """How far each bound must move for each panel that is valid without quotas, in the order of the rows."""
    attrs = {person["id"]: person["attrs"] for person in document["candidates"]}
    moves = set()
    for panel in valid_panels({**document, "quotas": {}}):
        move: list[int] = []
        for category, rows in sorted(document["quotas"].items()):
            for value, (least, most) in sorted(rows.items()):
                count = sum(attrs[key].get(category) == value for key in panel)
                move += [max(0, least - count), max(0, count - most)]
        moves.add(tuple(move))
    return moves


def cost_of(document: Document, move: Moves) -> int:
    minimums = [
        least for _, rows in sorted(document["quotas"].items()) for _, (least, _) in sorted(rows.items())
    ]
    return sum(
        2 * lowered + (0 < lowered == least) + raised
        for least, lowered, raised in zip(minimums, move[::2], move[1::2], strict=True)
    )


def first_relaxations(document: Document) -> list[Moves]:
    """The three that come first: each the cheapest, then the one that moves the earliest bound farthest."""
    left, found = moves_of_panels(document), list[Moves]()
    while left and len(found) < 3:
        found.append(min(left, key=lambda move: (cost_of(document, move), [-step for step in move])))
        left = {m for m in left if any(step < was for step, was in zip(m, found[-1], strict=True) if was)}
    return found


@thorough
@given(documents())
def test_the_conflict_is_impossible_and_every_smaller_part_is_possible(document: Document) -> None:
    assume_infeasible(document)

    conflict: set[tuple[str, str, str]] = set(diagnosis_of(document).conflict)

    assert not is_possible(document, only_bounds(document, conflict))
    for bound in conflict:
        assert is_possible(document, only_bounds(document, conflict - {bound}))


@brief
@given(documents())
def test_the_relaxations_are_the_first_three_of_all_and_each_makes_a_panel_possible(
    document: Document,
) -> None:
    assume_infeasible(document)
    assume(is_possible(document, {}))

    relaxations = diagnosis_of(document).relaxations

    names = [
        (category, value, side)
        for category, rows in sorted(document["quotas"].items())
        for value in sorted(rows)
        for side in ("min", "max")
    ]
    assert [
        (r.cost, {(c.category, c.value, c.side): abs(c.new - c.old) for c in r.changes}) for r in relaxations
    ] == [
        (cost_of(document, move), {name: step for name, step in zip(names, move, strict=True) if step})
        for move in first_relaxations(document)
    ]
    for relaxation in relaxations:
        quotas = only_bounds(document, set(bounds_of(document)))
        for change in relaxation.changes:
            bounds = quotas[change.category][change.value]
            assert bounds[change.side == "max"] == change.old
            bounds[change.side == "max"] = change.new
        assert is_possible(document, quotas)


@brief
@given(documents())
def test_max_seats_is_the_largest_smaller_panel(document: Document) -> None:
    assume_infeasible(document)

    max_seats = diagnosis_of(document).max_seats

    possible = [
        seats
        for seats in range(1, document["seats"])
        if is_possible({**document, "seats": seats}, document["quotas"])
    ]
    assert max_seats == max(possible, default=None)


@brief
@given(documents())
def test_without_a_panel_nobody_is_selected_and_everybody_has_an_outcome(document: Document) -> None:
    assume(not is_impossible_sum(document))
    result = select_document(document)
    assume(result.status is not Status.OK)

    assert (result.panel, result.objective, result.first_reserve) == ((), None, {})
    assert set(result.outcomes) == {person["id"] for person in document["candidates"]}
    assert not any(outcome.code.startswith("selected") for outcome in result.outcomes.values())


def harbour() -> list[dict[str, Any]]:
    people = [candidate(f"o{number}", 50 + number, wijk="Oost", leeftijd="oud") for number in range(4)]
    return [
        *people,
        candidate("h1", 10, wijk="Haven", leeftijd="oud"),
        candidate("h2", 9, wijk="Haven", leeftijd="oud"),
    ]


@pytest.mark.parametrize(
    ("fields", "diagnosis"),
    [
        pytest.param(
            {"seats": 4, "quotas": {"wijk": {"Haven": [3, 4]}}},
            {
                "reasons": [],
                "shortages": [
                    {"category": "wijk", "value": "Haven", "households_available": 2, "minimum": 3}
                ],
                "conflict": [["wijk", "Haven", "min"]],
                "relaxations": [{"cost": 2, "changes": [["wijk", "Haven", "min", 3, 2]]}],
                "max_seats": None,
            },
            id="too few people of one value, and fewer seats do not help",
        ),
        pytest.param(
            {"seats": 3, "quotas": {"leeftijd": {"jong": [1, 3]}}},
            {
                "reasons": [],
                "shortages": [
                    {"category": "leeftijd", "value": "jong", "households_available": 0, "minimum": 1}
                ],
                "conflict": [["leeftijd", "jong", "min"]],
                "relaxations": [{"cost": 3, "changes": [["leeftijd", "jong", "min", 1, 0]]}],
                "max_seats": None,
            },
            id="nobody of a value: the minimum becomes nothing, which costs one more",
        ),
        pytest.param(
            {"seats": 5, "quotas": {"leeftijd": {"oud": [0, 5]}, "wijk": {"Oost": [0, 2], "Haven": [0, 3]}}},
            {
                "reasons": [],
                "shortages": [],
                "conflict": [["wijk", "Oost", "max"]],
                "relaxations": [{"cost": 1, "changes": [["wijk", "Oost", "max", 2, 3]]}],
                "max_seats": 4,
            },
            id="a maximum too low: one seat fewer helps",
        ),
        pytest.param(
            {"seats": 7},
            {
                "reasons": [],
                "shortages": [{"category": None, "value": None, "households_available": 6, "minimum": 7}],
                "conflict": [],
                "relaxations": [],
                "max_seats": 6,
            },
            id="fewer people than seats",
        ),
        pytest.param(
            {
                "seats": 2,
                "fixed": ["o1", "o2"],
                "quotas": {"wijk": {"Oost": [0, 1]}, "leeftijd": {"oud": [0, 2]}},
            },
            {
                "reasons": [],
                "shortages": [],
                "conflict": [["wijk", "Oost", "max"]],
                "relaxations": [{"cost": 1, "changes": [["wijk", "Oost", "max", 1, 2]]}],
                "max_seats": None,
            },
            id="fixed members above a maximum",
        ),
    ],
)
def test_the_diagnosis_says(fields: dict[str, Any], diagnosis: dict[str, Any]) -> None:
    result = select_document(request_of(harbour(), 1) | fields).as_document()

    assert result["status"] == "infeasible"
    assert result["diagnosis"] == diagnosis


def test_two_minimums_that_no_three_people_meet_are_one_conflict_with_three_ways_out() -> None:
    people = [candidate(f"a{number}", 5, wijk="Haven", leeftijd="jong") for number in range(3)]
    people += [candidate(f"b{number}", 5, wijk="Oost", leeftijd="oud") for number in range(3)]
    document = request_of(people, 3, quotas={"wijk": {"Haven": [2, 3]}, "leeftijd": {"oud": [2, 3]}})

    diagnosis = diagnosis_of(document).as_document()

    assert diagnosis["conflict"] == [["leeftijd", "oud", "min"], ["wijk", "Haven", "min"]]
    assert [relaxation["changes"] for relaxation in diagnosis["relaxations"]] == [  # type: ignore[attr-defined]
        [["leeftijd", "oud", "min", 2, 1]],
        [["wijk", "Haven", "min", 2, 1]],
    ]


def test_top_with_fewer_people_than_seats_is_too_few() -> None:
    result = select_document(request_of(harbour(), 7, mode="top"))

    assert result.status is Status.TOO_FEW
    assert result.diagnosis is not None
    assert [shortage.households_available for shortage in result.diagnosis.shortages] == [6]


def test_a_household_counts_once_for_a_shortage() -> None:
    people = [candidate("anna", 3, "h1", wijk="Haven"), candidate("bram", 2, "h1", wijk="Haven")]
    people += [candidate("cees", 1, wijk="Oost"), candidate("dora", 1, wijk="Oost")]

    diagnosis = diagnosis_of(request_of(people, 2, quotas={"wijk": {"Haven": [2, 2]}}))

    assert [shortage.households_available for shortage in diagnosis.shortages] == [1]


def test_a_housemate_of_a_fixed_member_is_not_available() -> None:
    people = [candidate("anna", 3, "h1", wijk="Oost"), candidate("bram", 2, "h1", wijk="Haven")]
    people += [candidate("cees", 1, wijk="Oost")]

    diagnosis = diagnosis_of(request_of(people, 2, fixed=["anna"], quotas={"wijk": {"Haven": [1, 2]}}))

    assert [(s.value, s.households_available) for s in diagnosis.shortages] == [("Haven", 0)]


def test_every_status_but_ok_has_a_diagnosis_and_ok_has_none() -> None:
    documents_by_status = {
        "ok": request_of(harbour(), 2),
        "infeasible": request_of(harbour(), 9),
        "too_few": request_of(harbour(), 9, mode="top"),
        "invalid": request_of(harbour(), 0),
    }

    results = {
        status: select_document(document).as_document() for status, document in documents_by_status.items()
    }

    assert {status: result["status"] for status, result in results.items()} == {key: key for key in results}
    assert {status for status, result in results.items() if "diagnosis" in result} == set(results) - {"ok"}
    for one, other in itertools.pairwise(results.values()):
        assert set(one) - {"diagnosis"} == set(other) - {"diagnosis"}
