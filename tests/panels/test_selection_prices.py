"""What quotas cost, among the few people who can matter."""

from hypothesis import given
from hypothesis import strategies as st

from forum.panels.selection_pool import make_pool
from forum.panels.selection_prices import Bounds, take_stock
from forum.panels.selection_request import read_request
from forum.panels.selection_solver import find_best_panel
from tests.panels.selection_cases import Document, brief, documents, is_impossible_sum

VALUES = [("leeftijd", "jong"), ("leeftijd", "oud"), ("wijk", "Haven"), ("wijk", "Oost")]


@brief
@given(documents(most_people=13), st.integers(0, 2))
def test_the_best_total_among_the_few_is_that_among_all_and_slack_never_lowers_it(
    document: Document, slack: int
) -> None:
    if is_impossible_sum(document):
        return
    request = read_request(document)
    stock = take_stock(
        request.candidates,
        VALUES,
        seats=request.seats,
        max_per_household=request.max_per_household,
        min_score=request.min_score,
    )
    bounds: Bounds = {(row.category, row.value): (row.minimum, row.maximum) for row in request.quotas}
    wider = {key: (max(0, least - slack), most + slack) for key, (least, most) in bounds.items()}

    pool = make_pool(request)
    best, mix, slacker = find_best_panel(pool), stock.find_mix(bounds), stock.find_mix(wider)

    assert (mix is None) is (best is None)
    if best is not None and mix is not None:
        assert mix.total == pool.total(best)
        assert slacker is not None
        assert slacker.total >= mix.total
        assert {stock.ranks[place] for place in mix.places} <= set(range(1, len(pool.people) + 1))


def test_a_minimum_for_a_value_that_nobody_has_is_impossible() -> None:
    request = read_request(
        {"mode": "quota_top", "seats": 1, "seed": "0" * 64, "candidates": [{"id": "a", "score": 3}]}
    )
    stock = take_stock(request.candidates, [], seats=1, max_per_household=1, min_score=0)

    assert stock.find_mix({("wijk", "Oost"): (1, 1)}) is None
    assert stock.diagnose({("wijk", "Oost"): (1, 1)}).conflict == (("wijk", "Oost", "min"),)
