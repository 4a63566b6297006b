"""Searching more precisely: by author, period, stance and answer, with the real form."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from forum.discussion.models import Post, Thread
from forum.discussion.rules import Stance
from forum.kernel.actor import Party
from forum.kernel.clock import AMSTERDAM, local_day, now
from forum.search import views
from forum.search.forms import Asked
from tests.search.conftest import IndexNow
from tests.support.browser import Browser, Page
from tests.support.cast import make_delegate, make_post, make_site, make_tenant, make_thread


@pytest.fixture
def reader(browser: Browser, searching: Flask) -> Browser:
    """Return a tenant who signed in, on a forum with names."""
    make_site()
    return browser.sign_in(make_tenant())


def open_thread() -> Thread:
    return make_thread(opens_at=now() - timedelta(days=40), days=80)


def found_on(page: Page) -> list[str]:
    """Return the addresses of the posts on a page of results."""
    return [str(link["href"]) for link in page.soup.select(".results h3 a")]


def addresses(*posts: Post) -> set[str]:
    return {f"/berichten/{post.id}" for post in posts}


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        pytest.param("Piet B.", {"Piet B."}, id="as it stands beside the post"),
        pytest.param("  piet b. ", {"Piet B."}, id="in other capitals"),
        pytest.param("Piet", {"Piet B.", "Piet K."}, id="the first name only"),
        pytest.param("Pi", set(), id="a piece of a name"),
        pytest.param("Piet%", set(), id="a mark that means something in the database"),
        pytest.param("Özlem Ç.", {"Özlem Ç."}, id="with accents"),
        pytest.param("Wim", set(), id="somebody who wrote nothing"),
    ],
)
def test_posts_of_an_author(reader: Browser, index_now: IndexNow, typed: str, named: set[str]) -> None:
    thread = open_thread()
    make_tenant("Wim")
    posts = {
        name: make_post(thread, make_tenant(name), f"De lift van {number}.", at=now())
        for number, name in enumerate(("Piet B.", "Piet K.", "Özlem Ç.", "Pieter"))
    }
    index_now()

    page = reader.submit(reader.visit("/zoeken"), "Zoek", q="lift", schrijver=typed)

    assert set(found_on(page)) == addresses(*(posts[name] for name in named))
    assert str(page.soup.find(id="schrijver")["value"]) == typed.strip()  # type: ignore[index]


def test_a_name_that_too_many_have_is_refused_and_stays(
    reader: Browser, index_now: IndexNow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AUTHORS_MOST", 1)
    thread = open_thread()
    for number in range(2):
        make_post(thread, make_tenant("Piet"), f"De lift van {number}.", at=now())
    index_now()

    page = reader.visit("/zoeken?q=lift&schrijver=Piet")

    assert page.status == 422
    assert "Meer dan 1 mensen heten zo" in page.text
    assert not found_on(page)


def test_posts_of_a_period(reader: Browser, index_now: IndexNow) -> None:
    thread, author = open_thread(), make_tenant()
    days = (0, 5, 20, 35)
    today, this_week, this_month, before = (
        make_post(thread, author, f"De lift op dag {ago}.", at=now() - timedelta(days=ago)) for ago in days
    )
    index_now()

    def found(**typed: Any) -> set[str]:
        return set(found_on(reader.submit(reader.visit("/zoeken"), "Zoek", q="lift", **typed)))

    def day(ago: int) -> str:
        return local_day(now() - timedelta(days=ago)).isoformat()

    assert found() == addresses(today, this_week, this_month, before)
    assert found(periode="week") == addresses(today, this_week)
    assert found(periode="maand") == addresses(today, this_week, this_month)
    assert found(van=day(20), tot=day(5)) == addresses(this_week, this_month)
    assert found(van=day(20), periode="week") == addresses(today, this_week)
    assert found(tot=day(21)) == addresses(before)


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ("van=gisteren", "van", "Deze datum begrijpen wij niet"),
        ("tot=31-02-2026", "tot", "Deze datum begrijpen wij niet"),
        ("van=2026-05-02&tot=2026-05-01", "tot", "De laatste dag ligt voor de eerste dag"),
        ("van=0001-01-01", "van", "Deze datum begrijpen wij niet"),
        (f"schrijver={'x' * 61}", "schrijver", "Gebruik hooguit 60 tekens"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_stays(
    reader: Browser, typed: str, field: str, reason: str
) -> None:
    page = reader.visit(f"/zoeken?q=lift&{typed}")

    assert page.status == 422
    assert reason in page.soup.find(id=f"{field}-error").get_text()  # type: ignore[union-attr]
    assert f"{field}=" + str(page.soup.find(id=field)["value"]) in typed  # type: ignore[index]
    assert str(page.soup.find(id="q")["value"]) == "lift"  # type: ignore[index]
    assert page.soup.find("details", open=True)


def test_a_day_is_whole_and_that_of_amsterdam() -> None:
    asked = Asked.from_address({"van": "2026-03-29", "tot": "29-03-2026"})

    filters = asked.filters(None, now())

    assert filters.since == datetime(2026, 3, 29, tzinfo=AMSTERDAM)
    assert filters.until == datetime(2026, 3, 30, tzinfo=AMSTERDAM)
    assert filters.until.timestamp() - filters.since.timestamp() == 23 * 3600  # summer time began


def test_this_year_begins_on_new_years_day_in_amsterdam() -> None:
    at = datetime(2026, 1, 1, 0, 30, tzinfo=AMSTERDAM)

    filters = Asked.from_address({"periode": "jaar"}).filters(None, at)

    assert filters.since == datetime.combine(date(2026, 1, 1), datetime.min.time(), AMSTERDAM)


def test_posts_by_the_stance_of_who_lets_them_be_found(browser: Browser, index_now: IndexNow) -> None:
    make_site()
    thread = open_thread()
    thread.stance_question = "Moet de lift weg?"
    open_, silent = make_tenant("Anja"), make_tenant("Piet")
    posts = [
        make_post(thread, author, f"De lift, {author.display_name}.", at=now()) for author in (open_, silent)
    ]
    index_now()
    address = f"/onderwerpen/{thread.topic_id}/mening"

    def answer(browser: Browser, stance: Stance, **fields: Any) -> None:
        browser.submit(browser.visit(address), "Bewaar mijn antwoord", stance=stance.value, **fields)
        index_now()

    def found(stance: Stance) -> set[str]:
        page = browser.submit(browser.visit("/zoeken"), "Zoek", q="lift", mening=stance.value)
        return set(found_on(page))

    answer(browser.another().sign_in(silent), Stance.FOR)
    answer(browser.sign_in(open_), Stance.FOR, is_findable="y")
    assert found(Stance.FOR) == addresses(posts[0])

    answer(browser, Stance.AGAINST, is_findable="y")
    assert found(Stance.FOR) == addresses(posts[0])  # the first answer counts
    assert found(Stance.AGAINST) == set()

    answer(browser, Stance.AGAINST)
    assert found(Stance.FOR) == set()


def test_posts_with_an_answer_of_staff(reader: Browser, index_now: IndexNow) -> None:
    thread, delegate = open_thread(), make_delegate(Party.LANDLORD)
    answered, talked_about, alone = (
        make_post(thread, make_tenant(), f"De lift, zin {number}.", at=now()) for number in range(3)
    )
    make_post(thread, delegate, "Wij bellen de monteur.", at=now(), reply_to=answered.id)
    make_post(thread, make_tenant(), "Bij ons ook.", at=now(), reply_to=talked_about.id)
    index_now()

    page = reader.submit(reader.visit("/zoeken"), "Zoek", q="lift", antwoord="ja")

    assert set(found_on(page)) == addresses(answered)
    assert page.soup.find("input", id="antwoord", checked=True)
    everything = reader.visit("/zoeken?q=lift")
    assert set(found_on(everything)) == addresses(answered, talked_about, alone)


def test_without_words_all_posts_of_an_author_are_found(reader: Browser, index_now: IndexNow) -> None:
    thread, piet = open_thread(), make_tenant("Piet")
    older, newer = (make_post(thread, piet, f"Zin {ago}.", at=now() - timedelta(days=ago)) for ago in (2, 1))
    make_post(thread, make_tenant("Anja"), "Iets anders.", at=now())
    index_now()

    page = reader.submit(reader.visit("/zoeken"), "Zoek", schrijver="Piet")

    assert found_on(page) == [f"/berichten/{post.id}" for post in (newer, older)]


def test_a_filter_stays_on_the_next_page_and_in_another_order(reader: Browser, index_now: IndexNow) -> None:
    thread, piet = open_thread(), make_tenant("Piet")
    for number in range(25):
        make_post(thread, piet, f"De lift, zin {number}.", at=now())
    make_post(thread, make_tenant("Anja"), "De lift, zin 99.", at=now())
    index_now()

    page = reader.visit("/zoeken?q=lift&schrijver=Piet&periode=maand")
    assert "25 berichten gevonden" in page.text
    page = reader.visit(page.link("Volgende"))

    assert len(found_on(page)) == 5
    assert "25 berichten gevonden" in reader.visit(page.link("Nieuwste eerst")).text
