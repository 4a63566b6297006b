"""Any text is a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.query_text import TERMS_MOST, Wanted, read_query


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("Lift stuk", Wanted(("lift", "stuk")), id="words"),
        pytest.param("de lift", Wanted(("lift",)), id="a word that says nothing"),
        pytest.param("de het", Wanted(("de", "het")), id="only such words"),
        pytest.param("lift Lift", Wanted(("lift",)), id="twice"),
        pytest.param('"de lift" stuk', Wanted(("stuk",), (("de", "lift"),)), id="a phrase"),
        pytest.param("„de lift” stuk", Wanted(("stuk",), (("de", "lift"),)), id="other quotes"),
        pytest.param('"de lift', Wanted(("lift",)), id="a quote too few"),
        pytest.param('"" ""', Wanted(), id="nothing quoted"),
        pytest.param("verhog*", Wanted((), (), ("verhog",)), id="a beginning"),
        pytest.param("ve*", Wanted(("ve",)), id="too short for a beginning"),
        pytest.param("* ** *a", Wanted(("a",)), id="stars"),
        pytest.param("NOT NOT a", Wanted(("not", "a")), id="no operators"),
        pytest.param(
            "lift AND (stuk OR [a TO z])", Wanted(("lift", "and", "stuk", "or", "a", "to")), id="none"
        ),
        pytest.param("topic:3 ^2 ~ ?", Wanted(("topic", "3", "2")), id="no fields either"),
        pytest.param("?!. 😀", Wanted(), id="no words"),
    ],
)
def test_a_text_asks_for_this(text: str, wanted: Wanted) -> None:
    assert read_query(text) == wanted


@given(st.text(max_size=400))
def test_any_text_is_a_bounded_question(text: str) -> None:
    wanted = read_query(text)

    assert len(wanted.words) + len(wanted.phrases) + len(wanted.beginnings) <= TERMS_MOST
    assert all(wanted.phrases)
