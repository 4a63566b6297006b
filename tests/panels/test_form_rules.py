"""The rules of participation forms: what is read, what is refused, what follows."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.panels.errors import FormRulesRefused
from forum.panels.form_rules import (
    EndKind,
    FormRules,
    SeatGroup,
    fillable_seats,
    form_key,
    groups_from_lines,
    last_day_of,
    lines_of_groups,
    months_after,
    read_rules,
)
from forum.panels.rules import FillingMode
from forum.panels.shipped_forms import shipped_forms
from forum.texts.language import speaking

COUNCIL = {"mode": "application", "criteria": ["Motivatie"], "end": "date"}


@pytest.mark.parametrize("key", shipped_forms())
def test_a_shipped_form_is_the_same_after_it_was_stored(key: str) -> None:
    rules = shipped_forms()[key][1]

    assert read_rules(json.loads(json.dumps(rules.as_document()))) == rules


def test_a_shipped_form_is_stored_in_dutch_whoever_uses_it_first() -> None:
    in_dutch = shipped_forms()

    with speaking("en"):
        in_english = shipped_forms()

    assert in_english == in_dutch


def test_a_form_of_older_software_has_the_defaults() -> None:
    assert read_rules({"mode": "quota_top", "seats": 15}) == FormRules()


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        pytest.param({"votes": 1}, "votes", id="a name that is no rule"),
        pytest.param({"mode": "vote"}, "mode", id="no such mode"),
        pytest.param({"seats": True}, "seats", id="yes is no number"),
        pytest.param({"seats": 501}, "seats", id="too many seats"),
        pytest.param({"chair": "x" * 101}, "chair", id="too long"),
        pytest.param({"chair": None}, "chair", id="nothing is no text"),
        pytest.param({"has_survey": 1}, "has_survey", id="one is no yes"),
        pytest.param({"changeable": ["votes"]}, "changeable", id="cannot be changed"),
        pytest.param({"groups": [{"name": "A"}]}, "groups", id="a group without seats"),
        pytest.param({"groups": [{"name": "A", "seats": 15}]}, "groups", id="groups without applications"),
        pytest.param(
            {**COUNCIL, "seats": 4, "groups": [{"name": "A", "seats": 3}]}, "groups", id="seats left over"
        ),
        pytest.param(
            {**COUNCIL, "seats": 2, "groups": [{"name": "A", "seats": 1}] * 2}, "groups", id="a group twice"
        ),
        pytest.param({"mode": "application"}, "criteria", id="a committee without criteria"),
        pytest.param({"criteria": ["Motivatie"]}, "criteria", id="criteria without a committee"),
        pytest.param({"mode": "everyone", "categories": ["age"]}, "categories", id="everybody and a mix"),
        pytest.param({"area": "complex"}, "area", id="an area with points"),
        pytest.param({"mode": "everyone", "min_points": 3}, "min_points", id="points for everybody"),
        pytest.param({"rhythm_months": 3}, "rhythm_months", id="a rhythm for one meeting"),
        pytest.param({"end": "date", "changeable": []}, "term_months", id="a last day nobody can choose"),
    ],
)
def test_rules_that_cannot_be_are_refused_by_name(document: dict[str, Any], rule: str) -> None:
    with pytest.raises(FormRulesRefused) as refused:
        read_rules(document)

    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 5), 48, date(2030, 12, 5)),
    ],
)
def test_months_after_a_day(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


def test_a_typed_last_day_goes_before_the_term() -> None:
    rules, first = FormRules(end=EndKind.DATE, term_months=12), date(2026, 3, 1)

    days = [last_day_of(rules, typed, first) for typed in (date(2026, 5, 1), None)]

    assert days == [date(2026, 5, 1), date(2027, 3, 1)]
    assert last_day_of(FormRules(), None, first) is None


def test_a_seat_of_a_group_is_filled_by_that_group_only() -> None:
    rules = FormRules(
        mode=FillingMode.APPLICATION, groups=(SeatGroup("A", 3), SeatGroup("B", 2)), criteria=("x",), seats=5
    )

    assert fillable_seats(rules, 5, {"A": 1, "B": 7, "C": 4}) == 3
    assert fillable_seats(FormRules(), 5, {"": 7}) == 5


@given(
    st.lists(
        st.tuples(st.from_regex(r"[A-Za-z:][A-Za-z: ]{0,20}[a-z]", fullmatch=True), st.integers(1, 500)),
        max_size=20,
    )
)
def test_groups_read_back_as_they_were_written(groups: list[tuple[str, int]]) -> None:
    written = tuple(SeatGroup(*group) for group in groups)

    assert groups_from_lines(lines_of_groups(written)) == written


@pytest.mark.parametrize("line", ["Senioren", "Senioren: veel", ": 3", "Senioren: 0", "Senioren: 501"])
def test_a_line_that_is_no_group_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which of them it is does not matter
        groups_from_lines(line)


def test_a_new_form_gets_a_key_of_its_own() -> None:
    assert form_key("Leefbaarheid & groen", []) == "leefbaarheid-groen"
    assert form_key("Klantenraad", ["klantenraad", "klantenraad-2"]) == "klantenraad-3"
    assert form_key("???", []) == "form"
