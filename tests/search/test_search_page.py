"""The page on which people search, used through its real form."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from forum.discussion.models import Post, Thread
from forum.discussion.rules import PostState
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.search import results
from forum.search.engines import engine_at
from tests.conftest import make_settings
from tests.search.conftest import IndexNow
from tests.support.browser import Browser, Page
from tests.support.cast import make_post, make_site, make_tenant, make_thread
from tests.support.queries import counted_queries
from tests.texts.xss_vectors import VECTORS


@pytest.fixture
def reader(browser: Browser, searching: Flask) -> Browser:
    """Return a tenant who signed in, on a forum with names."""
    make_site()
    return browser.sign_in(make_tenant())


@pytest.fixture
def public_reading(searching: Flask) -> Iterator[None]:
    """Let everybody read."""
    before = searching.config["SETTINGS"]
    searching.config["SETTINGS"] = make_settings(
        before.instance_path,
        DATABASE_URL=before.database_url,
        SEARCH_URL=before.search_url,
        PUBLIC_READING="yes",
    )
    yield
    searching.config["SETTINGS"] = before


def open_thread(title: str = "De lift is vaak stuk") -> Thread:
    return make_thread(title, opens_at=now() - timedelta(days=2))


def search(browser: Browser, text: str) -> Page:
    """Search with the field that stands on every page."""
    return browser.submit(browser.visit("/"), "Zoek", q=text)


def results_on(page: Page) -> list[str]:
    """Return the addresses of the posts on a page of results."""
    return [str(link["href"]) for link in page.soup.select(".results h3 a")]


def hide(post: Post) -> None:
    """Hide a post behind the back of the index."""
    with unit_of_work():
        db.session.execute(update(Post).where(Post.id == post.id).values(state=PostState.HIDDEN))


def test_a_post_is_found_from_any_page_with_its_words_marked(reader: Browser, index_now: IndexNow) -> None:
    thread = open_thread()
    post = make_post(thread, make_tenant("Piet"), "Wat vindt u van de **huurverhoging** van juli?", at=now())
    index_now()

    page = search(reader, "verhoging")

    assert page.status == 200
    assert "1 bericht gevonden" in page.text
    assert results_on(page) == [f"/berichten/{post.id}"]
    assert [mark.get_text() for mark in page.soup.find_all("mark")] == ["huurverhoging"]
    assert "Piet" in page.text
    assert thread.topic.title in page.text
    assert reader.visit(results_on(page)[0]).status == 200


def test_without_a_question_there_is_only_the_form(reader: Browser) -> None:
    page = reader.visit("/zoeken")

    assert page.status == 200
    assert page.soup.find("input", attrs={"name": "q"})
    assert "gevonden" not in page.text


def test_nothing_found_says_what_to_do(reader: Browser, index_now: IndexNow) -> None:
    index_now()

    page = reader.visit("/zoeken?q=bestaatniet&periode=jaar")

    assert page.status == 200
    assert "Geen berichten gevonden" in page.text
    assert "met een ander woord" in page.text
    assert "U zoekt nu niet in alle berichten" in page.text


def test_the_form_keeps_what_was_asked_and_filters(reader: Browser, index_now: IndexNow) -> None:
    posts = [make_post(open_thread(), make_tenant(), "De lift.", at=now()) for _ in range(2)]
    index_now()
    last = posts[1].thread_id  # of the latest agenda, so that it is among the choices

    page = reader.submit(reader.visit("/zoeken"), "Zoek", q="lift", onderwerp=str(last), periode="jaar")

    assert results_on(page) == [f"/berichten/{posts[1].id}"]
    again = reader.submit(page, "Zoek")
    assert results_on(again) == results_on(page)
    everything = reader.submit(page, "Zoek", onderwerp="", periode="")
    assert len(results_on(everything)) == 2


def test_the_newest_can_stand_first(reader: Browser, index_now: IndexNow) -> None:
    thread, author = open_thread(), make_tenant()
    old = make_post(thread, author, "lift lift", at=now() - timedelta(days=1))
    new = make_post(thread, author, "Deze zin gaat zijdelings ook over liften.", at=now())
    index_now()

    page = reader.visit("/zoeken?q=lift")

    assert results_on(page) == [f"/berichten/{old.id}", f"/berichten/{new.id}"]
    newest = reader.visit(page.link("Nieuwste eerst"))
    assert results_on(newest) == [f"/berichten/{new.id}", f"/berichten/{old.id}"]


def test_twenty_stand_on_a_page(reader: Browser, index_now: IndexNow) -> None:
    thread, author = open_thread(), make_tenant()
    for number in range(23):
        make_post(thread, author, f"De lift, zin {number}.", at=now())
    index_now()

    first = reader.visit("/zoeken?q=lift&volgorde=nieuw")
    second = reader.visit(first.link("Volgende"))

    assert "23 berichten gevonden" in first.text
    assert len(results_on(first)) == 20
    assert len(results_on(second)) == 3
    assert not set(results_on(first)) & set(results_on(second))
    assert results_on(reader.visit(second.link("Vorige"))) == results_on(first)
    assert results_on(reader.visit("/zoeken?q=lift&volgorde=nieuw&pagina=50")) == results_on(second)


def test_what_is_counted_is_bounded(
    reader: Browser, index_now: IndexNow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "COUNTED_MOST", 3)
    thread, author = open_thread(), make_tenant()
    for number in range(5):
        make_post(thread, author, f"De lift, zin {number}.", at=now())
    index_now()

    page = reader.visit("/zoeken?q=lift")

    assert "Meer dan 3 berichten gevonden" in page.text
    assert len(results_on(page)) == 3


def test_a_hidden_post_is_neither_shown_nor_counted_though_the_index_has_it(
    reader: Browser, index_now: IndexNow
) -> None:
    thread, author = open_thread(), make_tenant()
    hidden = make_post(thread, author, "De geheime lift.", at=now())
    shown = make_post(thread, author, "De lift.", at=now())
    index_now()
    hide(hidden)

    page = reader.visit("/zoeken?q=lift")
    secret = reader.visit("/zoeken?q=geheime")

    assert results_on(page) == [f"/berichten/{shown.id}"]
    assert "1 bericht gevonden" in page.text
    assert "Geen berichten gevonden" in secret.text


def test_a_withdrawn_post_is_not_shown(reader: Browser, index_now: IndexNow) -> None:
    post = make_post(open_thread(), make_tenant(), "De lift.", at=now())
    index_now()
    with unit_of_work():
        post.state = PostState.DELETED

    assert not results_on(reader.visit("/zoeken?q=lift"))


def test_what_a_post_said_before_is_not_shown(reader: Browser, index_now: IndexNow) -> None:
    post = make_post(open_thread(), make_tenant(), "Bel mij op 06 12345678 over de lift.", at=now())
    index_now()
    with unit_of_work():
        post.html = "<p>Bel mij over de lift.</p>"

    page = reader.visit("/zoeken?q=lift")

    assert "Bel mij over de" in page.text
    assert "12345678" not in page.text


def test_a_closed_forum_shows_a_visitor_nothing(browser: Browser, index_now: IndexNow) -> None:
    make_site()
    make_post(open_thread(), make_tenant(), "De lift.", at=now())
    index_now()

    page = browser.visit("/zoeken?q=lift")

    assert page.path.startswith("/inloggen?next=")
    assert "/zoeken?q%3Dlift" in page.path
    assert not results_on(page)


@pytest.mark.usefixtures("public_reading")
def test_an_open_forum_lets_a_visitor_search(browser: Browser, index_now: IndexNow) -> None:
    make_site()
    post = make_post(open_thread(), make_tenant(), "De lift.", at=now())
    index_now()

    assert results_on(search(browser, "lift")) == [f"/berichten/{post.id}"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        '"',
        '"lift',
        '""""',
        "*",
        "a*",
        "lift*",
        "NOT NOT a",
        "AND OR NOT",
        "lift AND",
        "((((",
        "title:[a TO",
        "lift~2^5",
        "\\",
        "😀",
        "%00",
        "\x00lift\x00",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "\u202e\ufeff\u200b",
        "é" * 200,
        "1" * 200,
    ],
)
def test_any_question_gets_a_page(reader: Browser, index_now: IndexNow, text: str) -> None:
    make_post(open_thread(), make_tenant(), "De lift.", at=now())
    index_now()

    page = reader.submit(reader.visit("/zoeken"), "Zoek", q=text)

    assert page.status == 200
    assert not page.soup.select("main script")


@pytest.mark.parametrize("text", ["?!.,", "😀", "*", '""'])
def test_a_question_without_a_word_is_told_so(reader: Browser, text: str) -> None:
    assert (
        "Typ een woord met letters of cijfers" in reader.submit(reader.visit("/zoeken"), "Zoek", q=text).text
    )


def test_a_question_that_is_too_long_is_refused_and_stays(reader: Browser) -> None:
    text = "lift " * 2000

    page = reader.visit(f"/zoeken?q={text.replace(' ', '+')}")

    assert page.status == 422
    assert "Gebruik hooguit 200 tekens" in page.text
    assert str(page.soup.find(id="q")["value"]) == text.strip()  # type: ignore[index]


@pytest.mark.parametrize(
    "address",
    [
        "/zoeken?q=lift&pagina=-1&onderwerp=x&periode=nooit&volgorde=willekeurig",
        "/zoeken?q=lift&pagina=99999999999999999999&onderwerp=99999999999999999999",
        "/zoeken?q=lift&pagina=\u0663&onderwerp=0",
        "/zoeken?q=%ff%fe&q=lift",
    ],
)
def test_an_address_that_was_made_by_hand_gets_a_page(
    reader: Browser, index_now: IndexNow, address: str
) -> None:
    index_now()

    assert reader.visit(address).status == 200


def test_without_an_index_the_page_says_so(reader: Browser) -> None:
    page = reader.visit("/zoeken?q=lift")

    assert page.status == 503
    assert "Zoeken kan nu even niet" in page.text


def test_no_text_of_a_post_becomes_html(reader: Browser, index_now: IndexNow) -> None:
    thread, author = open_thread(), make_tenant()
    for vector in VECTORS[:60]:
        make_post(thread, author, f"zoekwoord {vector}"[:9000].replace("\x00", ""), at=now())
    index_now()

    for number in range(1, 4):
        page = reader.visit(f"/zoeken?q=zoekwoord&pagina={number}")

        inside = {tag.name for tag in page.soup.select(".results *")}
        assert inside <= {"li", "h3", "a", "span", "p", "mark"}
        assert results_on(page)


def test_a_page_of_results_costs_a_fixed_number_of_queries(reader: Browser, index_now: IndexNow) -> None:
    thread, author = open_thread(), make_tenant()
    for place in ("hier", "daar", "boven"):  # with fewer the page looks for another spelling
        make_post(thread, author, f"De lift {place}.", at=now())
    index_now()
    reader.visit("/zoeken?q=lift")
    with counted_queries() as few:
        reader.visit("/zoeken?q=lift")
    for number in range(25):
        make_post(thread, author, f"De lift, zin {number}.", at=now())
    index_now()

    with counted_queries() as many:
        reader.visit("/zoeken?q=lift")

    assert len(many) == len(few)
    assert len([sql for sql in many if "FROM post" in sql]) == 2


def test_the_index_of_this_forum_is_where_the_setting_says(searching: Flask, index_now: IndexNow) -> None:
    index_now()

    folder = Path(searching.config["SETTINGS"].search_url.removeprefix("whoosh:"))

    assert (folder / "current").exists()
    assert engine_at(f"whoosh:{folder}") is engine_at(f"whoosh:{folder}")
