"""What somebody may have meant: only words of posts that readers may see, and only when little was found."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from forum.discussion.models import Post
from forum.discussion.rules import PostState
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.search.suggestions import near_words
from tests.search.conftest import IndexNow
from tests.support.browser import Browser
from tests.support.cast import make_post, make_site, make_tenant, make_thread


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("schimel", "schimmel"),
        ("schimmmel", "schimmel"),
        ("shcimmel", "schimmel"),
        ("schimmol", "schimmel"),
        ("lekage", "lekkage"),
        ("tijl", "teil"),
        ("kouzijn", "kozijn"),
        ("verwarmink", "verwarming"),
        ("onderhout", "onderhoud"),
        ("fentilatie", "ventilatie"),
    ],
)
def test_words_with_one_mistake_less(typed: str, meant: str) -> None:
    assert meant in set(near_words(typed))


@pytest.mark.parametrize("word", ["a" * 24, "huurverhogingsbrieven", "ij" * 12])
def test_near_words_are_bounded(word: str) -> None:
    assert len(set(near_words(word))) < 3_000


@pytest.fixture
def posts(browser: Browser, searching: Flask, index_now: IndexNow) -> list[Post]:
    """Return posts on an indexed forum that a tenant reads."""
    make_site()
    browser.sign_in(make_tenant())
    thread = make_thread(opens_at=now() - timedelta(days=2))
    texts = (
        "Er zit schimmel in de badkamer.",
        "De verwarming is koud.",
        "Weer schimmel op de muur.",
        "Onze lift is stuk.",
        "Onze lift piept.",
        "De lift staat stil.",
    )
    made = [make_post(thread, make_tenant(), text, at=now()) for text in texts]
    index_now()
    return made


@pytest.mark.parametrize(
    ("text", "meant", "found"),
    [
        pytest.param("schimel", "schimmel", 2, id="a word"),
        pytest.param("Schimel badkamer", "schimmel badkamer", 1, id="one of two words"),
        pytest.param("schimel in de batkamer!", "schimmel in de badkamer!", 1, id="two words"),
        pytest.param("verwaming", "verwarming", 1, id="a word of one post"),
    ],
)
def test_a_better_spelling_is_offered(
    browser: Browser, posts: list[Post], text: str, meant: str, found: int
) -> None:
    page = browser.submit(browser.visit("/zoeken"), "Zoek", q=text)

    assert f"Bedoelde u {meant} ?" in page.text
    page = browser.visit(page.link(meant))
    assert f"{found} bericht" in page.text
    assert "Bedoelde u" not in page.text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("lift", id="enough is found"),
        pytest.param("schimmel", id="well spelled"),
        pytest.param("xqzwv", id="nothing is near"),
        pytest.param("schimel parkeren", id="it would find nothing either"),
        pytest.param("4444", id="a number"),
        pytest.param('"schimel"', id="these very words were asked for"),
    ],
)
def test_nothing_is_offered(browser: Browser, posts: list[Post], text: str) -> None:
    assert "Bedoelde u" not in browser.submit(browser.visit("/zoeken"), "Zoek", q=text).text


def test_a_filter_stays_with_what_is_offered(browser: Browser, posts: list[Post]) -> None:
    page = browser.visit("/zoeken?q=schimel&periode=maand")

    assert "periode=maand" in page.link("schimmel")
    assert "Bedoelde u" not in browser.visit("/zoeken?q=schimel&tot=2020-01-01").text


def test_a_word_that_only_hidden_posts_had_is_never_offered(browser: Browser, posts: list[Post]) -> None:
    with unit_of_work():  # behind the back of the index
        ids = [posts[0].id, posts[2].id]
        db.session.execute(update(Post).where(Post.id.in_(ids)).values(state=PostState.HIDDEN))

    assert "Bedoelde u" not in browser.visit("/zoeken?q=schimel").text
