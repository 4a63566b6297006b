import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forum.panels import selection_solver
from forum.panels.selection import Result, Status, explain, select_document
from forum.panels.selection_pool import Pool, Standing, make_pool
from forum.panels.selection_request import read_request
from tests.panels.selection_cases import (
    Document,
    brief,
    candidate,
    documents,
    eligible_ids,
    first_best_panel,
    is_impossible_sum,
    is_valid_panel,
    request_of,
    thorough,
    total_of,
    valid_panels,
)


def selected(document: Document) -> Result:
    result = select_document(document)
    assume(result.status is Status.OK)
    return result


@thorough
@given(documents())
def test_the_panel_is_the_first_of_all_best_panels(document: Document) -> None:
    expected = first_best_panel(document)

    result = select_document(document)

    if is_impossible_sum(document):
        assert result.status is Status.INVALID
        assert expected is None
    elif expected is None:
        assert result.status is Status.INFEASIBLE
    else:
        assert (result.status, result.panel) == (Status.OK, expected)
        assert result.objective == total_of(document, expected)


@thorough
@given(documents(most_people=13, top_score=1))
def test_of_many_equals_the_first_panel_is_taken(document: Document) -> None:
    assume(not is_impossible_sum(document))

    assert select_document(document).panel == (first_best_panel(document) or ())


@thorough
@given(documents(most_people=8, top_score=10**9))
def test_large_scores_are_added_exactly(document: Document) -> None:
    expected = first_best_panel(document)
    assume(not is_impossible_sum(document))

    assert select_document(document).panel == (expected or ())


@brief
@given(documents(), st.randoms(use_true_random=False))
def test_the_panel_is_the_first_of_the_best_with_fixed_and_excluded_people(
    document: Document, choice: Any
) -> None:
    assume(not is_impossible_sum(document))
    ids = [person["id"] for person in document["candidates"]]
    choice.shuffle(ids)
    document |= {"fixed": sorted(ids[:1]), "excluded": dict.fromkeys(ids[1:3], "declined")}

    result = select_document(document)

    assert result.panel == (first_best_panel(document) or ())


@thorough
@given(documents())
def test_somebody_is_called_impossible_exactly_when_no_valid_panel_has_them(document: Document) -> None:
    result = selected(document)

    possible = set(itertools.chain.from_iterable(valid_panels(document)))

    codes = {key: result.outcomes[key] for key in eligible_ids(document)}
    called = {
        key for key, outcome in codes.items() if "not_in_any_valid_panel" in (outcome.code, outcome.otherwise)
    }
    assert called == set(codes) - possible


@brief
@given(documents())
def test_every_reserve_is_the_first_who_can_take_the_seat(document: Document) -> None:
    result = selected(document)

    for member, reserve in result.first_reserve.items():
        others = [key for key in result.panel if key != member]
        able = [
            key
            for key in eligible_ids(document)
            if key not in result.panel and is_valid_panel(document, [*others, key])
        ]
        assert reserve == (able[0] if able else None)


@brief
@given(documents())
def test_the_required_score_is_the_best_total_less_that_of_the_others(document: Document) -> None:
    result = selected(document)
    request = read_request(document)

    for key in set(eligible_ids(document)) - set(result.panel):
        with_them = [total_of(document, panel) for panel in valid_panels(document) if key in panel]
        explanation = explain(request, result, key)
        if with_them:
            others = max(with_them) - explanation.score
            assert explanation.required_score == (result.objective or 0) - others
        else:
            assert explanation.required_score is None


@brief
@given(documents(), st.data())
def test_one_point_above_the_required_score_wins_a_seat(document: Document, data: st.DataObject) -> None:
    result = selected(document)
    left_out = sorted(set(eligible_ids(document)) - set(result.panel))
    assume(left_out)
    key = data.draw(st.sampled_from(left_out))
    required = explain(read_request(document), result, key).required_score
    assume(required is not None)

    person = next(person for person in document["candidates"] if person["id"] == key)
    person["score"] = (required or 0) + 1

    assert key in select_document(document).panel


@brief
@given(documents(), st.data())
def test_a_higher_score_never_loses_a_seat(document: Document, data: st.DataObject) -> None:
    member = data.draw(st.sampled_from(selected(document).panel))

    person = next(person for person in document["candidates"] if person["id"] == member)
    person["score"] += data.draw(st.integers(1, 5))

    assert member in select_document(document).panel


@brief
@given(documents())
def test_nobody_alike_with_a_higher_score_stays_out_unless_a_housemate_is_in(document: Document) -> None:
    panel = selected(document).panel
    people = {person["id"]: person for person in document["candidates"]}
    taken = {people[key]["household"] for key in panel} - {None}
    if document.get("max_per_household", 1) is None:
        taken = set()

    for key, member in itertools.product(set(eligible_ids(document)) - set(panel), panel):
        if people[key]["attrs"] == people[member]["attrs"] and people[key]["household"] not in taken:
            assert people[key]["score"] <= people[member]["score"]


@brief
@given(documents())
def test_no_single_exchange_makes_the_panel_better(document: Document) -> None:
    result = selected(document)

    for key, member in itertools.product(set(eligible_ids(document)) - set(result.panel), result.panel):
        exchanged = [key, *(other for other in result.panel if other != member)]
        if is_valid_panel(document, exchanged):
            assert total_of(document, exchanged) <= (result.objective or 0)


@brief
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(document: Document, choice: Any) -> None:
    before = select_document(document).as_document()

    choice.shuffle(document["candidates"])
    document["quotas"] = {
        category: dict(reversed(rows.items())) for category, rows in reversed(document["quotas"].items())
    }

    assert select_document(document).as_document() == before


@brief
@given(documents(), st.integers(2, 1000))
def test_scaling_all_scores_changes_nobody(document: Document, factor: int) -> None:
    before = select_document(document)

    for person in document["candidates"]:
        person["score"] *= factor
    document["min_score"] = document.get("min_score", 0) * factor

    after = select_document(document)
    assert after.panel == before.panel
    assert after.outcomes == before.outcomes


@brief
@given(documents(), st.data())
def test_leaving_out_somebody_unselected_changes_no_member(document: Document, data: st.DataObject) -> None:
    result = selected(document)
    left_out = sorted(set(result.outcomes) - set(result.panel))
    assume(left_out)
    gone = data.draw(st.sampled_from(left_out))

    document["candidates"] = [person for person in document["candidates"] if person["id"] != gone]
    # Without the last person of no group a category can become closed, which makes the request invalid.
    assume(not is_impossible_sum(document))

    assert select_document(document).panel == result.panel


@brief
@given(documents(), st.data())
def test_after_one_withdrawal_the_first_reserve_is_who_comes_in(
    document: Document, data: st.DataObject
) -> None:
    result = selected(document)
    gone = data.draw(st.sampled_from(result.panel))
    staying = [key for key in result.panel if key != gone]

    refill = select_document({**document, "fixed": staying, "excluded": {gone: "withdrew"}})

    reserve = result.first_reserve[gone]
    assert set(refill.panel) == (set() if reserve is None else {*staying, reserve})


@thorough
@given(documents(top_score=30))
def test_nobody_is_ruled_out_who_sits_on_a_panel_of_that_total(document: Document) -> None:
    assume(not is_impossible_sum(document))
    pool = make_pool(read_request(document))
    place_of = {person.id: place for place, person in enumerate(pool.people)}
    priced = selection_solver.price_places(pool, range(len(pool.people)))

    for panel in valid_panels(document):
        assert priced is not None
        assert {place_of[key] for key in panel} <= set(priced.who_can_reach(total_of(document, panel)))


def crowd(step: int) -> list[dict[str, Any]]:
    return [
        candidate(
            f"p{number:03d}",
            number * step % 97,
            f"h{number % 61}" if number % 3 else None,
            wijk=f"w{number * step // 5 % 4}",
            leeftijd=f"l{number * step // 11 % 5}",
        )
        for number in range(200)
    ]


@pytest.mark.parametrize("step", [7919, 7927, 7933, 7937, 7951, 7963, 7993])
@pytest.mark.parametrize("fixed", [[], ["p199", "p017"]], ids=["nobody fixed", "two fixed"])
def test_leaving_people_out_early_changes_no_member(
    step: int, fixed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quotas = {
        "wijk": {"w0": [4, 5], "w1": [2, 2], "w2": [0, 1], "w3": [1, 3]},
        "leeftijd": {"l0": [3, 3], "l1": [1, 1], "l2": [2, 4], "l3": [0, 2], "l4": [1, 2]},
    }
    document = request_of(crowd(step), 9, quotas=quotas, fixed=fixed)
    result = select_document(document)
    assert result.status is Status.OK

    monkeypatch.setattr(selection_solver, "keep_useful", keep_everybody)
    monkeypatch.setattr(selection_solver.PricedPlaces, "who_can_reach", lambda self, total: self.places)
    monkeypatch.setattr(selection_solver, "list_first_of_profiles", lambda pool, places: list(places))

    assert select_document(document).panel == result.panel


def keep_everybody(pool: Pool, maxima: Sequence[int], order: Sequence[int] | None = None) -> list[int]:
    return [place for place, person in enumerate(pool.people) if person.standing is not Standing.BLOCKED]
