"""The piece of a post that shows why it was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.excerpts import BEFORE_LONGEST, EXCERPT_LONGEST, excerpt
from forum.search.query_text import read_query


def marked(text: str, query: str) -> str:
    """Return the excerpt with found words in brackets."""
    pieces = excerpt(text, read_query(query))
    return "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        pytest.param("De lift is stuk.", "lift", "De [lift] is stuk.", id="the word"),
        pytest.param("Drie liften.", "lift", "Drie [liften].", id="another form"),
        pytest.param("De huurverhoging.", "verhoging", "De [huurverhoging].", id="a part of a compound"),
        pytest.param("Verhoging van de huur", "huurverhoging", "[Verhoging] van de [huur]", id="all parts"),
        pytest.param("Een Café", "cafe", "Een [Café]", id="accents stay"),
        pytest.param("Ik verhuis", "verh*", "Ik [verhuis]", id="a beginning"),
        pytest.param("de lift in de hal", '"de lift"', "[de] [lift] in de hal", id="a phrase"),
        pytest.param(
            "Op de muur, de muur", '"op de muur" deur', "[Op] [de] [muur], de muur", id="all of a phrase"
        ),
        pytest.param(
            "de trap de trap op", '"de trap op"', "de trap [de] [trap] [op]", id="a phrase begun twice"
        ),
        pytest.param("<b>lift</b> & co", "lift", "<b>[lift]</b> & co", id="marks are text"),
        pytest.param("Iets\n\nanders", "lift", "Iets anders", id="nothing found: how it begins"),
        pytest.param("", "lift", "", id="empty"),
    ],
)
def test_an_excerpt_marks_the_words(text: str, query: str, shown: str) -> None:
    assert marked(text, query) == shown


def test_a_long_text_is_cut_at_words_around_the_first_that_is_found() -> None:
    shown = marked("voor " * 100 + "lift " + "achter " * 100, "lift")

    assert shown.startswith("… voor voor")
    assert "[lift]" in shown
    assert shown.endswith("achter …")


def test_a_long_text_is_cut_around_the_phrase_and_not_around_one_of_its_words() -> None:
    shown = marked("de trap " * 100 + "op de muur " + "de hal " * 100, '"op de muur"')

    assert "trap [op] [de] [muur] de hal" in shown


@given(st.text(max_size=2000), st.text(max_size=20))
def test_an_excerpt_is_a_part_of_the_text(text: str, query: str) -> None:
    line = " ".join(text.split())

    shown = "".join(piece.text for piece in excerpt(text, read_query(query)))

    assert shown.removeprefix("… ").removesuffix(" …").strip() in line
    assert len(shown) <= EXCERPT_LONGEST + BEFORE_LONGEST + 4
