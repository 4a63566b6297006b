"""The whole forum in English: every page opens, and says nothing in Dutch but what people wrote."""

import tomllib
from collections.abc import Collection, Iterator
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from sqlalchemy import String, Text, select

from forum.kernel.database import db
from forum.texts.language import DUTCH
from tests.journeys.conftest import Walkers
from tests.journeys.inspection import read_page
from tests.journeys.page_examples import WHO
from tests.journeys.test_every_page import examples, is_for
from tests.journeys.walked_demo import WalkedDemo
from tests.texts.renew import TEXTS, forms_of, texts_of

pytestmark = pytest.mark.timeout(300)
SHORTEST = 12
"""Shorter texts may be words of both languages, or a name."""
WRITTEN_BY_PEOPLE = {"demo.toml", "panel_forms.toml"}
"""What these say is stored as if somebody had written it."""


def dutch_only() -> Iterator[str]:
    """Give the texts of the catalogues that are said otherwise in English and hold no value."""
    for file in sorted((TEXTS / "en").glob("*.po")):
        for message in read_po(BytesIO(file.read_bytes()), locale="en"):
            if message.id and not set(texts_of(message)) & set(forms_of(message)):
                yield from (text for text in texts_of(message) if "%" not in text and "<" not in text)
    for file in sorted((TEXTS / DUTCH).glob("*.toml")):
        if file.name in WRITTEN_BY_PEOPLE:
            continue
        dutch, english = (
            tomllib.loads((TEXTS / code / file.name).read_text("utf-8")) for code in (DUTCH, "en")
        )
        yield from (text for key, text in dutch.items() if text != english[key] and "{" not in text)


def pages_in_english(walkers: Walkers, who: str) -> Iterator[tuple[str, BeautifulSoup]]:
    """Give every page that somebody may open, with its address, as they read it in English."""
    visitor = walkers.visitor(who)
    visitor.context.add_cookies([{"name": "taal", "value": "en", "url": visitor.address}])
    for endpoint, example in examples():
        if is_for(who, endpoint, example):
            page = read_page(visitor.context.request.get(walkers.path(example)), example)
            if "text/html" in page.headers["Content-Type"]:
                yield example, page.soup


@pytest.mark.parametrize("who", WHO)
def test_every_page_is_in_english(walkers: Walkers, who: str) -> None:
    dutch = {text for text in dutch_only() if len(text) >= SHORTEST}
    assert len(dutch) > 1000

    faults = [
        f"{example}: {text}"
        for example, soup in pages_in_english(walkers, who)
        for text in read_in_dutch(soup)
        if text in dutch
    ]

    assert not faults, f"{len(faults)} faults for the {who}\n" + "\n".join(sorted(set(faults)))


NOT_WRITTEN = frozenset(
    "account audit_entry complex district household member outbox_message panel_guest site".split()
)
"""Tables with names, and with words of the forum itself."""


def written_by_people(demo: WalkedDemo) -> frozenset[str]:
    """Return what people wrote that fits on a line: titles, questions, reasons, names of places."""
    with demo.forum.inside():
        return frozenset(
            " ".join(text.split())
            for table in db.metadata.sorted_tables
            if table.name not in NOT_WRITTEN
            for column in table.columns
            if type(column.type) in (String, Text)
            for text in db.session.scalars(select(column).distinct())
            if text and len(text) >= SHORTEST and " " in text.strip()
        )


@pytest.mark.parametrize("who", WHO)
def test_what_people_wrote_is_said_to_be_dutch(walkers: Walkers, who: str) -> None:
    written = written_by_people(walkers.demo)
    assert len(written) > 500

    faults = [
        f"{example}: {text[:150]}"
        for example, soup in pages_in_english(walkers, who)
        for text in said_to_be_english(soup, written)
    ]

    assert not faults, f"{len(faults)} faults for the {who}\n" + "\n".join(sorted(set(faults)))


def said_to_be_english(soup: BeautifulSoup, written: Collection[str]) -> Iterator[str]:
    """Give the texts with words of people that the page does not say to be Dutch.

    The title of a page has one language. Programs that read aloud know none for an option, or for what is
    typed in a field.
    """
    for element in soup.select("[lang=nl], head, option, textarea"):
        element.decompose()
    for text in soup.find_all(string=True):
        line = " ".join(text.split())
        if any(words in line for words in written):
            yield line


def read_in_dutch(soup: BeautifulSoup) -> Iterator[str]:
    """Give what is read on a page in English, and whether the page says so."""
    assert soup.html is not None
    if soup.html["lang"] != "en":
        yield f"lang={soup.html['lang']}"
    for element in soup.select("[lang=nl]"):
        element.decompose()
    for text in soup.find_all(string=True):
        yield " ".join(text.split())
    for name in ("aria-label", "placeholder", "alt", "title", "data-label"):
        yield from (" ".join(str(element[name]).split()) for element in soup.find_all(attrs={name: True}))
