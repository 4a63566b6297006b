"""The lottery that looks ahead, against a reference that tries every panel, and what must always hold."""

import itertools
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forum.panels import selection_tickets
from forum.panels.selection import Result, Status, select_document
from tests.panels.lottery_cases import drawn_list, lottery_documents, walk
from tests.panels.selection_cases import (
    Document,
    brief,
    candidate,
    is_impossible_sum,
    is_valid_panel,
    request_of,
    thorough,
)


def drawn(document: Document) -> Result:
    result = select_document(document)
    assume(result.status is Status.OK)
    return result


@thorough
@given(lottery_documents())
def test_the_panel_is_who_the_walk_accepts(document: Document) -> None:
    assume(not is_impossible_sum(document))
    expected = walk(document, drawn_list(document))

    result = select_document(document)

    if expected is None:
        assert result.status is Status.INFEASIBLE
    else:
        assert (result.status, set(result.panel)) == (Status.OK, expected)


@brief
@given(lottery_documents())
def test_every_reserve_is_who_comes_in_when_the_walk_goes_on(document: Document) -> None:
    result = drawn(document)

    for member, reserve in result.first_reserve.items():
        staying = [key for key in result.panel if key != member]
        excluded = {**document.get("excluded", {}), member: "withdrew"}
        refill = select_document({**document, "fixed": staying, "excluded": excluded})

        assert set(refill.panel) == (set() if reserve is None else {*staying, reserve})


@brief
@given(lottery_documents(), st.data())
def test_nobody_who_stays_is_ever_removed_by_a_refill(document: Document, data: st.DataObject) -> None:
    first = drawn(document)
    gone = data.draw(st.sets(st.sampled_from(first.panel), min_size=1))
    staying = [key for key in first.panel if key not in gone]
    excluded = {**document.get("excluded", {}), **dict.fromkeys(gone, "declined")}

    refill = select_document({**document, "fixed": staying, "excluded": excluded})

    assert refill.snapshot_sha256 == first.snapshot_sha256
    if refill.status is Status.OK:
        assert set(staying) <= set(refill.panel)
        assert gone.isdisjoint(refill.panel)


@brief
@given(lottery_documents())
def test_what_each_is_told_fits_what_happened(document: Document) -> None:
    result = drawn(document)
    on_the_list = drawn_list(document)
    possible = {
        key
        for panel in itertools.combinations([*document.get("fixed", []), *on_the_list], document["seats"])
        if is_valid_panel(document, panel)
        for key in panel
    }
    last = max((on_the_list.index(key) for key in result.panel if key in on_the_list), default=-1)

    for key, outcome in result.outcomes.items():
        code = outcome.otherwise or outcome.code
        if key in result.panel:
            assert code in ("selected_lot", "selected_refill")
        elif key not in on_the_list:
            assert code == "not_household" or code.startswith("not_eligible_")
        elif key not in possible:
            assert code == "not_in_any_valid_panel"
        else:
            assert code == ("not_quota_full" if on_the_list.index(key) < last else "not_lot")


@brief
@given(lottery_documents(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(document: Document, choice: Any) -> None:
    before = select_document(document).as_document()

    choice.shuffle(document["candidates"])
    choice.shuffle(document["tickets"])
    document["quotas"] = {
        category: dict(reversed(rows.items())) for category, rows in reversed(document["quotas"].items())
    }

    assert select_document(document).as_document() == before


@brief
@given(lottery_documents(), st.integers(2, 1000))
def test_scaling_all_scores_and_bands_changes_nobody(document: Document, factor: int) -> None:
    before = select_document(document)

    for person in document["candidates"]:
        person["score"] *= factor
    document["min_score"] = document.get("min_score", 0) * factor
    document["tickets"] = [[least * factor, tickets] for least, tickets in document["tickets"]]

    after = select_document(document)
    assert (after.panel, after.outcomes) == (before.panel, before.outcomes)


@brief
@given(lottery_documents(), st.data())
def test_leaving_out_somebody_unselected_changes_no_member(document: Document, data: st.DataObject) -> None:
    result = drawn(document)
    households = Counter(person["household"] for person in document["candidates"])
    # Where somebody stood for a household and was not chosen, a housemate stands when they are gone.
    alone = {p["id"] for p in document["candidates"] if households[p["household"]] == 1 or not p["household"]}
    left_out = sorted(
        (set(result.outcomes) - set(result.panel) - document.get("excluded", {}).keys()) & alone
    )
    assume(left_out)
    gone = data.draw(st.sampled_from(left_out))

    document["candidates"] = [person for person in document["candidates"] if person["id"] != gone]
    assume(not is_impossible_sum(document))

    assert select_document(document).panel == result.panel


@pytest.mark.parametrize(
    ("tickets", "seats", "quotas"),
    [
        pytest.param((1, 1, 1, 1), 2, {}, id="one ball each"),
        pytest.param((2, 1, 1), 1, {}, id="two balls for one of them"),
        pytest.param((2, 1, 2), 2, {"wijk": {"Haven": [1, 1]}}, id="quotas that refuse"),
    ],
)
def test_the_draw_equals_balls_out_of_an_urn(
    tickets: tuple[int, ...], seats: int, quotas: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [
        candidate(f"p{number}", count, wijk="Haven" if number < 2 else "Oost")
        for number, count in enumerate(tickets)
    ]
    balls = [(f"p{number}", ball) for number, count in enumerate(tickets) for ball in range(count)]
    document = request_of(people, seats, mode="weighted_lottery", tickets=[[1, 1], [2, 2]], quotas=quotas)
    from_urn, by_lot = Counter[frozenset[str]](), Counter[frozenset[str]]()

    for order in itertools.permutations(balls):
        place_of = {ball: place for place, ball in enumerate(order)}
        monkeypatch.setattr(
            selection_tickets, "lot", lambda _seed, key, ticket, place_of=place_of: place_of[key, ticket]
        )
        from_urn[frozenset(walk(document, list(dict.fromkeys(key for key, _ in order))) or ())] += 1
        by_lot[frozenset(select_document(document).panel)] += 1

    assert by_lot == from_urn
    assert len(by_lot) > 1


def test_of_a_household_the_best_lot_stands_and_that_is_decided_first() -> None:
    people = [candidate("anna", 1, "h1", wijk="Oost"), candidate("bram", 1, "h1", wijk="Haven")]
    people += [candidate("cees", 1, wijk="Oost"), candidate("dora", 1, wijk="Oost")]
    document = request_of(people, 2, mode="uniform_lottery", quotas={"wijk": {"Haven": [1, 1]}})

    statuses = {}
    for number in range(20):
        drawing = document | {"seed": f"{number:064x}"}
        result = select_document(drawing)
        statuses["bram" in drawn_list(drawing)] = result.status

    assert statuses == {True: Status.OK, False: Status.INFEASIBLE}
