"""A post as the beginning of an answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.texts.markdown import plain_text
from forum.texts.quoting import QUOTE_LONGEST, quote_of


@pytest.mark.parametrize(
    ("source", "quote"),
    [
        pytest.param("De lift is stuk.", "> De lift is stuk.\n\n", id="one line"),
        pytest.param("Een.\n\nTwee.", "> Een.\n>\n> Twee.\n\n", id="paragraphs"),
        pytest.param("**Nu** *graag*", "> Nu graag\n\n", id="without its marks"),
        pytest.param("- lift\n- deur", "> - lift\n> - deur\n\n", id="a list"),
        pytest.param("> Wat een ander zei.\n\nEens.", "> Eens.\n\n", id="without what it quotes itself"),
        pytest.param("> Alleen een ander.", "", id="nothing of its own"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_every_own_line_becomes_a_quote(source: str, quote: str) -> None:
    assert quote_of(source) == quote


def test_a_long_post_is_cut_after_a_word() -> None:
    quote = quote_of("woorden " * 500)

    assert len(quote) <= QUOTE_LONGEST + len("> \n\n")
    assert quote.endswith("woorden …\n\n")


def test_a_word_that_does_not_end_is_cut_anyway() -> None:
    assert quote_of("a" * 5_000).endswith("a …\n\n")


@settings(max_examples=30)
@given(st.text(max_size=200))
def test_a_quote_is_nothing_but_a_quote(source: str) -> None:
    assert all(not line or line.startswith(">") for line in plain_text(quote_of(source)).splitlines())
