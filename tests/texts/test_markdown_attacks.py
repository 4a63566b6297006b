"""Nothing that people type becomes script, style or a frame, and nothing that they type is lost."""

import re
from html import unescape

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.texts.markdown import ALLOWED_TAGS, LONGEST, plain_text, render, sanitise
from tests.texts.page_reader import HIDDEN, read_page
from tests.texts.test_markdown_stall import FRAGMENTS
from tests.texts.xss_vectors import VECTORS

SURROUNDINGS = {
    "alone": "{}",
    "in a sentence": "Zie {} hier",
    "in emphasis": "**{}**",
    "in a quote": "> {}",
    "in a list": "- {}",
    "in a heading": "# {}",
    "in a table": "a | b\n--|--\n{} | x",
    "in a link": "[{}](https://a.example)",
    "as a destination": "[x]({})",
    "in code": "`{}`",
    "in a fence": "```\n{}\n```",
    "after an unclosed fence": "```\n{}",
}


def test_the_corpus_is_large_and_has_no_doubles() -> None:
    assert len(VECTORS) == len(set(VECTORS))
    assert len(VECTORS) >= 150


@pytest.mark.parametrize("surrounding", SURROUNDINGS.values(), ids=SURROUNDINGS.keys())
def test_no_vector_survives_rendering(surrounding: str) -> None:
    for vector in VECTORS:
        page = read_page(render(surrounding.format(vector)).html)

        assert not HIDDEN.search(page.text)


def test_no_vector_survives_a_second_parser() -> None:
    for vector in VECTORS:
        soup = BeautifulSoup(render(vector).html, "html.parser")

        assert {tag.name for tag in soup.find_all()} <= ALLOWED_TAGS


def test_no_vector_survives_the_sanitiser_alone() -> None:
    """Should Markdown ever let HTML through, bleach and nh3 still stop it."""
    for vector in VECTORS:
        read_page(sanitise(vector), nesting=False)


def test_the_sanitiser_changes_nothing_the_second_time() -> None:
    for vector in VECTORS:
        once = sanitise(vector)

        assert sanitise(once) == once
        assert sanitise(render(vector).html) == render(vector).html


def test_every_word_of_a_vector_can_still_be_read() -> None:
    for vector in VECTORS:
        html = unescape(render(vector).html)

        for word in re.findall("[a-zA-Z]{4,}", _without_info_string(vector)):
            assert word in html


def _without_info_string(source: str) -> str:
    return re.sub(r"(?m)^(`{3,}|~{3,}) *[\w#.+-]*$", r"\1", re.sub("[\x00-\x08\u202e]", " ", source))


PIECES = st.sampled_from([*VECTORS, *FRAGMENTS])
MIXTURES = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=20).map(
    lambda parts: "".join(parts)[:LONGEST]
)


UNPAIRED = "*<i>*a*</i>**<i>*a*</i>*"
"""Marks on which the library fails, so that the text becomes plain paragraphs."""


@settings(max_examples=200, deadline=None)
@given(source=MIXTURES)
@example(source=f"a\xa0{UNPAIRED}")
@example(source=f"a\r{UNPAIRED}")
def test_any_mixture_gives_allowed_well_formed_html(source: str) -> None:
    rendered = render(source)
    page = read_page(rendered.html)

    assert not HIDDEN.search(page.text)
    assert sanitise(rendered.html) == rendered.html
    # Between two blocks the reader counts a space, which the HTML need not have
    assert 0 <= rendered.counted_chars <= len(page.text) + rendered.html.count("><")
    assert render(source) == rendered


@settings(max_examples=200, deadline=None)
@given(source=MIXTURES)
def test_any_mixture_through_the_sanitiser_alone_is_allowed(source: str) -> None:
    html = sanitise(source)

    read_page(html, nesting=False)


WORDS = st.text(alphabet="abcdefghijklmnop", min_size=3, max_size=9)
MARKED = st.lists(
    st.one_of(
        WORDS, st.sampled_from(["*", "_", "`", "#", "> ", "- ", "1. ", "\n", "\n\n", "[", "](", "<", "&"])
    )
)


@settings(max_examples=300, deadline=None)
@given(parts=MARKED)
def test_no_word_is_lost_between_marks(parts: list[str]) -> None:
    source = "".join(parts)

    text = plain_text(source)

    assert re.findall("[a-p]+", re.sub("[*_`]", "", text)) == re.findall(
        "[a-p]+", re.sub("[*_`]", "", source)
    )
