"""The public record says why people were kept out, and of no small group."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kernel.actor import SYSTEM
from forum.panels.burden_rules import RestReason
from forum.panels.candidates import EXCLUSIONS
from forum.panels.choosing import refill_panel
from forum.panels.dossier_record import (
    ALL_ROUNDS,
    RECORD_VERSION,
    REST,
    SMALLEST_SHOWN,
    WITHOUT_REASONS,
    is_record_of,
    make_record,
    shown_reasons,
)
from forum.panels.entries import load_dossier
from forum.panels.result_queries import get_result
from forum.texts.catalogue import has_text
from tests.panels.test_draw_page import as_json
from tests.support.panels import OVER, make_confirmed_panel, make_debate, make_proposed_panel


def _excluded(**counts: int) -> dict[str, str]:
    codes = [code for code, count in counts.items() for _ in range(count)]
    return {f"m-{place}": code for place, code in enumerate(codes)}


@pytest.mark.parametrize(
    ("counts", "shown", "mostly"),
    [
        pytest.param({}, {}, None, id="nobody"),
        pytest.param({"flags": 4}, {}, None, id="under five in all"),
        pytest.param({"no_post": 5}, {"no_post": 5}, None, id="five of one reason"),
        pytest.param({"no_post": 9, "flags": 5}, {"no_post": 9, "flags": 5}, None, id="all large"),
        pytest.param({"no_post": 9, "flags": 3, "staff": 2}, {"no_post": 9, REST: 5}, None, id="small"),
        pytest.param(
            {"no_post": 9, "min_score": 6, "flags": 1}, {"no_post": 9, REST: 7}, None, id="one small"
        ),
        pytest.param({"no_post": 40, "flags": 1}, {}, "no_post", id="one small beside one"),
        pytest.param({"no_post": 2, "flags": 1, "staff": 3}, {REST: 6}, None, id="only small ones"),
    ],
)
def test_reasons_of_few_people_are_counted_together(
    counts: dict[str, int], shown: dict[str, int], mostly: str | None
) -> None:
    assert shown_reasons(_excluded(**counts)) == (shown, mostly)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 12)))
def test_no_number_under_five_is_shown_nor_follows_from_the_total(counts: dict[str, int]) -> None:
    shown = shown_reasons(_excluded(**counts)).counts

    told = {code: count for code, count in shown.items() if code != REST}
    together = [code for code in counts if code not in told]
    assert all(count >= SMALLEST_SHOWN for count in shown.values())
    assert Counter(told) <= Counter(counts)
    assert sum(shown.values()) in (0, sum(counts.values()))
    assert len(together) != 1 or not shown, "what is hidden alone follows from the total"
    assert sum(counts[code] for code in together) == shown.get(REST, 0) or not shown


def test_every_reason_of_a_first_round_has_words() -> None:
    codes = [*EXCLUSIONS.values(), *RestReason, "opted_out", "suspended", "staff", REST]

    assert [code for code in codes if not has_text(f"kept-out-{code}")] == []


@pytest.mark.usefixtures("database")
def test_a_record_of_before_is_still_of_its_dossier() -> None:
    dossier = load_dossier(make_proposed_panel(make_debate()[0]))
    document: dict[str, Any] = as_json(dossier.as_document())

    now, before, oldest = (
        as_json(make_record(dossier, version)) for version in (RECORD_VERSION, ALL_ROUNDS, WITHOUT_REASONS)
    )

    assert "kept_out_because" in now["rounds"][0]
    assert "kept_out_because" not in oldest["rounds"][0]
    assert [is_record_of(record, document) for record in (now, before, oldest)] == [True] * 3
    assert not is_record_of({**now, "version": WITHOUT_REASONS}, document)
    assert not is_record_of({**oldest, "version": "openbaar-v4"}, document)


@pytest.mark.usefixtures("database")
def test_of_later_rounds_no_number_tells_in_which_groups_somebody_left() -> None:
    panel = make_confirmed_panel(make_debate()[0])
    [leaving, *sitting] = get_result(panel)["panel"]
    refill_panel(panel, sitting=sitting, left={leaving: "declined"}, actor=SYSTEM, at=OVER)
    dossier = load_dossier(panel)

    first, later = as_json(make_record(dossier))["rounds"]

    assert first["quota_table"]
    assert set(later) == {"number", "at", "status", "selected", "result_sha256"}
    for version in (RECORD_VERSION, ALL_ROUNDS, WITHOUT_REASONS):
        kept = as_json(make_record(dossier, version))
        assert is_record_of(kept, as_json(dossier.as_document()))
        assert ("quota_table" in kept["rounds"][1]) is (version != RECORD_VERSION)
