from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from forum.panels.selection import Status, select_document
from tests.panels.selection_cases import Document, candidate, documents, request_of, thorough

QUOTAS = {"wijk": {"Haven": [1, 1], "Oost": [1, 2]}}


def people() -> list[dict[str, Any]]:
    return [
        candidate("anna", 900, wijk="Oost"),
        candidate("bram", 800, wijk="Oost"),
        candidate("cees", 700, wijk="Oost"),
        candidate("dora", 300, wijk="Haven"),
        candidate("eva", 200, "h9", wijk="Haven"),
        candidate("finn", 100, "h9", wijk="Haven"),
    ]


def test_the_next_on_the_list_would_break_the_mix_so_the_next_of_the_group_comes() -> None:
    document = request_of(people(), 3, quotas=QUOTAS)
    first = select_document(document)
    assert first.panel == ("anna", "bram", "dora")

    refill = select_document(document | {"fixed": ["anna", "bram"], "excluded": {"dora": "declined"}})

    assert refill.panel == ("anna", "bram", "eva")
    assert {key: refill.outcomes[key].code for key in refill.panel} == {
        "anna": "selected_top",
        "bram": "selected_top",
        "eva": "selected_refill",
    }
    assert refill.outcomes["dora"].code == "not_eligible_declined"
    assert refill.snapshot_sha256 == first.snapshot_sha256


def test_the_reserves_are_shown_in_advance() -> None:
    result = select_document(request_of(people(), 3, quotas=QUOTAS))

    assert result.first_reserve == {"anna": "cees", "bram": "cees", "dora": "eva"}
    assert result.outcomes["cees"].as_document() == {
        "code": "reserve",
        "rank": 3,
        "full": [["wijk", "Oost"]],
        "reserve_for": ["anna", "bram"],
        "otherwise": "not_quota_full",
    }


def test_there_may_be_no_reserve() -> None:
    document = request_of(people()[:4], 3, quotas=QUOTAS)

    assert select_document(document).first_reserve["dora"] is None


def test_ranks_stay_when_somebody_declines() -> None:
    document = request_of(people(), 3, quotas=QUOTAS)

    refill = select_document(document | {"fixed": ["bram", "dora"], "excluded": {"anna": "no_answer"}})

    assert {key: outcome.rank for key, outcome in refill.outcomes.items()} == {
        "anna": None,
        "bram": 2,
        "cees": 3,
        "dora": 4,
        "eva": 5,
        "finn": 6,
    }
    assert refill.outcomes["dora"].code == "selected_quota"


def test_a_round_in_which_everybody_declined_is_a_refill_too() -> None:
    declined = dict.fromkeys(["anna", "bram", "dora"], "declined")

    refill = select_document(request_of(people(), 2, excluded=declined, quotas={"wijk": {"Haven": [1, 1]}}))

    assert refill.panel == ("cees", "eva")
    assert {refill.outcomes[key].code for key in refill.panel} == {"selected_refill"}


def test_when_nobody_can_take_the_seat_the_members_who_stay_are_not_touched() -> None:
    document = request_of(people()[:4], 3, quotas=QUOTAS)

    refill = select_document(document | {"fixed": ["anna", "bram"], "excluded": {"dora": "declined"}})

    assert refill.status is Status.INFEASIBLE
    assert refill.diagnosis is not None
    assert [shortage.value for shortage in refill.diagnosis.shortages] == ["Haven"]


@thorough
@given(documents(), st.data())
def test_nobody_who_stays_is_ever_removed(document: Document, data: st.DataObject) -> None:
    first = select_document(document)
    assume(first.status is Status.OK)
    gone = data.draw(st.sets(st.sampled_from(first.panel), min_size=1))
    staying = [key for key in first.panel if key not in gone]

    refill = select_document(document | {"fixed": staying, "excluded": dict.fromkeys(gone, "declined")})

    assert refill.snapshot_sha256 == first.snapshot_sha256
    if refill.status is Status.OK:
        assert set(staying) <= set(refill.panel)
        assert gone.isdisjoint(refill.panel)
