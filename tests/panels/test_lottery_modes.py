"""The lotteries and the application by named cases: who takes part, who is told what, who comes in."""

from typing import Any

import pytest

from forum.panels.selection import Status, explain, select, select_document
from forum.panels.selection_canonical import lot
from forum.panels.selection_pool import make_pool
from forum.panels.selection_request import read_request
from tests.panels.lottery_cases import drawn_list
from tests.panels.selection_cases import SEED, Document, candidate, request_of

BANDS = [[300, 1], [1000, 3]]


def people() -> list[dict[str, Any]]:
    return [
        candidate("anna", 1200, "h1", wijk="Oost"),
        candidate("bram", 900, "h1", wijk="Oost"),
        candidate("cees", 700, wijk="Oost"),
        candidate("dora", 300, wijk="Haven"),
        candidate("eva", 200, wijk="Haven"),
        candidate("finn", 500, wijk="Oost"),
    ]


def lottery(**fields: Any) -> Document:
    return request_of(people(), 2, mode="weighted_lottery", tickets=BANDS) | fields


@pytest.mark.parametrize(
    ("fields", "tickets"),
    [
        pytest.param(
            {}, {"anna": 3, "bram": 1, "cees": 1, "finn": 1, "dora": 1}, id="by band, none below the lowest"
        ),
        pytest.param(
            {"mode": "uniform_lottery"},
            {"anna": 1, "bram": 1, "cees": 1, "finn": 1, "dora": 1, "eva": 1},
            id="one each",
        ),
        pytest.param({"min_score": 600}, {"anna": 3, "bram": 1, "cees": 1}, id="the threshold holds too"),
        pytest.param(
            {"tickets": [[0, 1], [800, 0]]},
            dict.fromkeys(["cees", "finn", "dora", "eva"], 1),
            id="a band of none",
        ),
        pytest.param(
            {"tickets": BANDS[::-1], "excluded": {"cees": "staff"}, "fixed": ["eva"]},
            {"anna": 3, "bram": 1, "finn": 1, "dora": 1, "eva": 1},
            id="fixed without a ticket",
        ),
    ],
)
def test_who_takes_part_with_how_many_tickets(fields: dict[str, Any], tickets: dict[str, int]) -> None:
    pool = make_pool(read_request(lottery(**fields)))

    assert {person.id: person.tickets for person in pool.people} == tickets


def test_of_several_tickets_the_best_lot_counts() -> None:
    crowd = [candidate(f"p{number}", 1000) for number in range(6)]
    document = request_of(crowd, 1, mode="weighted_lottery", tickets=[[0, 4]])

    [winner] = select_document(document).panel

    assert winner == min(
        (person["id"] for person in crowd), key=lambda key: min(lot(SEED, key, ticket) for ticket in range(4))
    )


def test_the_panel_is_given_in_canonical_order_whatever_the_lots() -> None:
    result = select_document(lottery(seats=4))

    scores = {person["id"]: person["score"] for person in people()}
    assert [scores[key] for key in result.panel] == sorted(
        (scores[key] for key in result.panel), reverse=True
    )
    assert result.objective == sum(scores[key] for key in result.panel)


@pytest.mark.parametrize(
    ("fields", "key", "code"),
    [
        pytest.param({}, "eva", "not_eligible_min_score", id="no ticket"),
        pytest.param(
            {"excluded": {"cees": "recent_panel"}}, "cees", "not_eligible_recent_panel", id="refused"
        ),
        pytest.param(
            {"quotas": {"wijk": {"Haven": [0, 0]}}}, "dora", "not_in_any_valid_panel", id="no room ever"
        ),
    ],
)
def test_what_a_candidate_is_told(fields: dict[str, Any], key: str, code: str) -> None:
    assert select_document(lottery(**fields)).outcomes[key].code == code


def test_chosen_by_lot_and_not_chosen_by_lot() -> None:
    document = lottery(mode="uniform_lottery", max_per_household=None)
    order = drawn_list(document)

    outcomes = select_document(document).outcomes

    assert {key: outcomes[key].code for key in order} == {
        **dict.fromkeys(order[:2], "selected_lot"),
        order[2]: "reserve",
        **dict.fromkeys(order[3:], "not_lot"),
    }
    assert (outcomes[order[2]].otherwise, set(outcomes[order[2]].reserve_for)) == ("not_lot", set(order[:2]))


def test_whom_the_walk_passes_for_the_mix_is_told_which_group_was_full() -> None:
    quotas = {"wijk": {"Haven": [1, 1], "Oost": [1, 1]}}
    told = set()

    for number in range(40):
        document = lottery(mode="uniform_lottery", seed=f"{number:064x}", quotas=quotas)
        order, outcomes = drawn_list(document), select_document(document).outcomes
        last = max(order.index(key) for key in order if outcomes[key].code == "selected_lot")
        passed = [key for key in order[:last] if outcomes[key].code != "selected_lot"]
        told |= {
            (outcomes[key].otherwise or outcomes[key].code, outcomes[key].full[0].value) for key in passed
        }

    assert told == {("not_quota_full", "Haven"), ("not_quota_full", "Oost")}


def test_a_housemate_of_who_stood_for_the_household_is_told_so() -> None:
    document = lottery(mode="uniform_lottery", excluded={"eva": "staff"})
    [waiting] = {"anna", "bram"} - set(drawn_list(document))

    outcome = select_document(document).outcomes[waiting]

    assert "not_household" in (outcome.code, outcome.otherwise)


def test_a_lottery_has_no_required_score_and_a_chance_instead() -> None:
    request = read_request(lottery())
    result = select(request)

    explained = {key: explain(request, result, key) for key in result.outcomes}

    assert {explanation.required_score for explanation in explained.values()} == {None}
    assert explained["eva"].chance is None
    assert explained["cees"].chance is not None
    assert explained["anna"].as_document()["chance"]["draws"] == 1000  # type: ignore[index]


def test_without_enough_tickets_the_shortage_is_named() -> None:
    result = select_document(lottery(seats=5))

    assert (result.status, result.panel) == (Status.INFEASIBLE, ())
    assert result.diagnosis is not None
    assert [(s.households_available, s.minimum) for s in result.diagnosis.shortages] == [(4, 5)]
    assert result.diagnosis.max_seats == 4


def test_an_application_is_filled_by_rating_like_a_panel_on_score() -> None:
    quotas = {"wijk": {"Haven": [1, 2]}}
    rated = select_document(request_of(people(), 2, mode="application", quotas=quotas))
    scored = select_document(request_of(people(), 2, quotas=quotas))

    assert rated.panel == scored.panel == ("anna", "dora")
    assert rated.outcomes == scored.outcomes
    assert select_document(request_of(people(), 2, mode="application")).panel == ("anna", "cees")
