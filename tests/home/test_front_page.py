"""The front page tells what is going on: new posts, debates that end soon, panels that will meet."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import Tag
from flask import Flask

from forum.agenda.rules import AgendaState, TopicState
from forum.discussion.fronts import YEARS_BACK
from forum.discussion.models import Post, Thread
from forum.discussion.queries import get_thread
from forum.discussion.rules import PostSource, PostState
from forum.discussion.service import open_threads
from forum.home.queries import HTML_READ, LOOKED_BACK, NEWS_MOST, beginning_of, list_news
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.panels.models import Meeting
from forum.panels.rules import PanelState
from forum.texts.markdown import render
from forum.web.times import show_day, show_weekday
from tests.conftest import make_settings
from tests.support.browser import Browser, Page
from tests.support.cast import make_agenda, make_agreed_topic, make_post, make_site, make_tenant
from tests.support.panels import PLAN, make_panel
from tests.support.queries import counted_queries

pytestmark = pytest.mark.usefixtures("database")

TEXT = "De lift is deze maand vier keer stuk geweest."
DAY = timedelta(days=1)


@pytest.fixture
def visitor(database: Flask, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Return a visitor of a forum in which everybody may read."""
    settings = make_settings(database.config["SETTINGS"].instance_path, PUBLIC_READING="yes")
    monkeypatch.setitem(database.config, "SETTINGS", settings)
    make_site()
    return Browser(database)


def make_year(year: int, *threads: tuple[str, int, int]) -> list[Thread]:
    """Return the threads of a published year: title, and in how many days each opens and closes."""
    agenda = make_agenda(year, topics_wanted=len(threads))
    topics = [make_agreed_topic(agenda, title=title) for title, _, _ in threads]
    for topic, (_, opens, closes) in zip(topics, threads, strict=True):
        topic.opens_at, topic.closes_at = now() + opens * DAY, now() + closes * DAY
        topic.state = TopicState.PUBLISHED
    agenda.state, agenda.published_at = AgendaState.PUBLISHED, now()
    open_threads(topics)
    db.session.commit()
    return [get_thread(topic.id) for topic in topics]


def make_open_thread(year: int = 2026) -> Thread:
    [thread] = make_year(year, ("De lift", -10, 60))
    return thread


def news_of(page: Page) -> Tag:
    """Return the part of the front page about what is going on."""
    part = page.soup.find("section", attrs={"aria-labelledby": "nu"})
    assert isinstance(part, Tag), page.text
    return part


def words_of(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def headings_of(page: Page) -> list[str]:
    return [words_of(heading) for heading in news_of(page).find_all("h3")]


def post_links(page: Page) -> list[str]:
    links = news_of(page).find_all("a")
    return [str(link["href"]) for link in links if str(link["href"]).startswith("/berichten/")]


def hide(post: Post) -> None:
    post.state = PostState.HIDDEN


def withdraw(post: Post) -> None:
    post.state = PostState.DELETED


def bring_along(post: Post) -> None:
    post.source = PostSource.IMPORT


def test_the_newest_posts_of_all_threads_come_first(visitor: Browser) -> None:
    lift, garden = make_year(2026, ("De lift", -10, 60), ("De tuin", -10, 60))
    author = make_tenant("Anja V.")
    posts = [
        make_post(thread, author, at=now() - days * DAY)
        for thread, days in ((lift, 5), (garden, 4), (lift, 3), (garden, 2))
    ]
    newest = make_post(lift, author, TEXT, at=now() - DAY)

    page = visitor.visit("/")

    wanted = [newest, *reversed(posts)][:NEWS_MOST]
    assert post_links(page) == [f"/berichten/{post.id}" for post in wanted]
    first = words_of(news_of(page).find_all("li")[0])
    assert first == f"Anja V. schreef op {show_day(newest.at)}: {TEXT} Over: De lift"
    assert TEXT in visitor.visit(f"/berichten/{newest.id}").text


@pytest.mark.parametrize("change", [hide, withdraw, bring_along])
def test_what_cannot_be_read_or_was_said_elsewhere_is_no_news(
    visitor: Browser, change: Callable[[Post], None]
) -> None:
    post = make_post(make_open_thread(), make_tenant(), TEXT, at=now())
    before = visitor.visit("/")

    change(post)
    db.session.commit()
    after = visitor.visit("/")

    assert TEXT in before.text
    assert TEXT not in after.html
    assert f"/berichten/{post.id}" not in after.html
    assert not after.soup.find(id="nu")


def test_publishing_the_next_agenda_leaves_the_debates_that_go_on_in_sight(visitor: Browser) -> None:
    lift, over = make_year(2026, ("De lift", -10, 9), ("De tuin", -90, -9))
    over.closed_at = now() - DAY
    post = make_post(lift, make_tenant(), TEXT, at=now())
    panel = make_panel(lift)
    panel.state = PanelState.CONFIRMED
    panel.meetings[0].starts_at, panel.meetings[0].ends_at = now() + 9 * DAY, now() + 10 * DAY
    db.session.commit()

    make_year(2027, ("De stoep", 30, 60))
    page = visitor.visit("/")

    headings = [words_of(heading) for heading in page.soup.select("h2, h3.card-title")]
    assert headings == [
        "Onderwerpen van 2026",
        "De lift",
        "Onderwerpen van 2027",
        "De stoep",
        "Wat er nu speelt",
    ]
    assert headings_of(page) == ["Bijna voorbij", "Panel", "Nieuwe berichten"]
    assert post_links(page) == [f"/berichten/{post.id}"]


def test_the_debates_of_the_next_agenda_come_first_once_they_have_begun(visitor: Browser) -> None:
    make_year(2026, ("De lift", -10, 9))
    make_year(2027, ("De stoep", -1, 60), ("De tuin", 30, 60))

    page = visitor.visit("/")

    assert [words_of(heading) for heading in page.soup.select("h2")][:2] == [
        "Onderwerpen van 2027",
        "Onderwerpen van 2026",
    ]


def test_debates_of_long_ago_leave_the_front_page(visitor: Browser) -> None:
    make_post(make_open_thread(2026 - YEARS_BACK - 1), make_tenant(), TEXT, at=now())
    make_year(2026, ("De stoep", -1, 60))

    page = visitor.visit("/")

    assert "De lift" not in page.text
    assert TEXT not in page.text


def test_posts_of_closed_debates_of_other_years_are_no_news(visitor: Browser) -> None:
    old, new = make_open_thread(2025), make_open_thread(2026)
    make_post(old, make_tenant(), "Van vorig jaar, dus geen nieuws.", at=now())
    old.closed_at = now()
    make_post(new, make_tenant(), TEXT, at=now() - DAY)

    page = visitor.visit("/")

    assert TEXT in page.text
    assert "Van vorig jaar" not in page.text


def test_without_public_reading_a_visitor_sees_no_posts(browser: Browser) -> None:
    make_post(make_open_thread(), make_tenant(), TEXT, at=now())

    page = browser.visit("/")

    assert page.path.startswith("/inloggen")
    assert TEXT not in page.html
    assert TEXT in browser.sign_in(make_tenant()).visit("/").text


def test_what_people_type_stays_text(visitor: Browser) -> None:
    typed = 'Kijk: <script>alert("x")</script> **dit** is [mijn flat](https://voorbeeld.nl/flat) & meer.'
    make_post(make_open_thread(), make_tenant("<b>Piet</b>"), typed, at=now())

    page = visitor.visit("/")

    item = news_of(page).find("li")
    assert isinstance(item, Tag)
    assert {tag.name for tag in item.find_all(True)} == {"span", "a"}
    assert 'Kijk: <script>alert("x")</script> dit is mijn flat & meer.' in words_of(item)
    assert "<b>Piet</b> schreef" in words_of(item)


def test_a_long_post_is_cut_without_leaving_half_a_mark() -> None:
    cuts = set()
    for length in range(HTML_READ):
        html = render(f"Zie [de foto](https://voorbeeld.nl/{'a' * length}) & **zo**, verder niets.").html
        cuts.add(beginning_of(html[:HTML_READ]))

    assert cuts == {
        "",
        "Zie …",
        "Zie de …",
        "Zie de foto …",
        "Zie de foto & …",
        "Zie de foto & zo …",
        "Zie de foto & zo, verder …",
        "Zie de foto & zo, verder niets.",
    }


def test_a_post_without_words_can_still_be_opened(visitor: Browser) -> None:
    post = make_post(make_open_thread(), make_tenant(), "---", at=now())

    page = visitor.visit("/")

    assert page.link("Lees het bericht") == f"/berichten/{post.id}"


def test_debates_that_end_soon_stand_there_with_their_last_day(visitor: Browser) -> None:
    threads = make_year(
        2026, ("Over een maand", -30, 31), ("Over een week", -30, 7), ("Morgen", -30, 1), ("Voorbij", -30, -1)
    )

    page = visitor.visit("/")

    items = [words_of(item) for item in news_of(page).find_all("li")]
    assert headings_of(page) == ["Bijna voorbij"]
    assert items == [
        f"{title} Meepraten kan tot en met {show_day(thread.closes_at)}"
        for title, thread in (("Morgen", threads[2]), ("Over een week", threads[1]))
    ]


@pytest.mark.parametrize("state", PanelState)
def test_a_panel_that_goes_on_stands_there_until_it_meets(visitor: Browser, state: PanelState) -> None:
    thread = make_open_thread()
    make_post(thread, make_tenant(), at=now())
    panels = [make_panel(thread), make_panel(thread)]
    for panel, days in zip(panels, (9, -1), strict=True):
        panel.state = state
        panel.meetings[0].starts_at = now() + days * DAY
        panel.meetings[0].ends_at = now() + days * DAY + timedelta(hours=2)
    db.session.commit()

    page = visitor.visit("/")

    is_shown = state is PanelState.CONFIRMED
    assert headings_of(page) == (["Panel"] if is_shown else []) + ["Nieuwe berichten"]
    if is_shown:
        assert page.link(PLAN.title) == f"/panels/{panels[0].id}"
        assert f"Bijeenkomst op {show_weekday(panels[0].meetings[0].starts_at)} Over: De lift" in page.text


def test_a_panel_is_named_once_with_the_meeting_that_comes_first(visitor: Browser) -> None:
    thread = make_open_thread()
    panel = make_panel(thread)
    panel.state = PanelState.CONFIRMED
    for place, days in enumerate((-3, 4, 8)):
        starts_at = now() + days * DAY
        panel.meetings.append(
            Meeting(starts_at=starts_at, ends_at=starts_at + DAY, place="Zaal", uid=f"meeting-{place}")
        )
    panel.meetings[0].starts_at, panel.meetings[0].ends_at = now() + 90 * DAY, now() + 91 * DAY
    db.session.commit()

    news = list_news([thread.topic_id], at=now())

    assert [(ahead.panel_id, show_day(ahead.meets_at)) for ahead in news.panels] == [
        (panel.id, show_day(now() + 4 * DAY))
    ]


@pytest.mark.parametrize(
    ("opens", "sentence"),
    [
        pytest.param(-1, "Kies een onderwerp en schrijf als eerste wat u vindt.", id="open"),
        pytest.param(3, "Het eerste gesprek begint op {day}.", id="still planned"),
    ],
)
def test_a_year_without_posts_says_what_to_do(visitor: Browser, opens: int, sentence: str) -> None:
    [thread] = make_year(2026, ("De lift", opens, 60))

    page = visitor.visit("/")

    assert "Er zijn nog geen berichten." in words_of(news_of(page))
    assert sentence.format(day=show_day(thread.opens_at)) in words_of(news_of(page))
    assert headings_of(page) == []


def test_a_year_without_topics_has_no_news(visitor: Browser) -> None:
    make_agenda()

    with counted_queries() as sent:
        page = visitor.visit("/")

    assert "De onderwerpen staan nog niet vast" in page.text
    assert "kozen samen" not in page.text
    assert not page.soup.find(id="nu")
    assert len(sent) == 1


def test_what_is_read_does_not_grow_with_the_threads() -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the plan is told in other words elsewhere")
    topic_ids = [thread.topic_id for thread in make_year(2026, ("De lift", -1, 9), ("De tuin", -1, 9))]
    with counted_queries() as sent:
        list_news(topic_ids, at=now())
    [sql] = sent

    values = (None,) * sql.count("?")
    plan = [
        str(row.detail)
        for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
    ]

    assert any(step.startswith("SEARCH post USING") and "number>?" in step for step in plan), plan
    assert not [step for step in plan if step.startswith(("SCAN post", "SCAN panel", "SCAN member"))], plan


def test_only_the_last_opening_posts_of_a_thread_are_looked_at(visitor: Browser) -> None:
    thread, author = make_open_thread(), make_tenant()
    make_post(thread, author, TEXT, at=now() - DAY)
    for _ in range(LOOKED_BACK):
        make_post(thread, author, at=now()).state = PostState.HIDDEN
    db.session.commit()

    page = visitor.visit("/")

    assert TEXT not in page.text
    assert "Er zijn nog geen berichten" not in page.text


def test_the_agenda_says_how_far_each_debate_is_as_the_front_page_does(visitor: Browser) -> None:
    threads = make_year(
        2026, ("Later", 3, 9), ("Nu", -3, 9), ("Panel", -9, -3), ("Antwoord", -9, -3), ("Klaar", -9, -3)
    )
    threads[3].answering_at = threads[4].answering_at = threads[4].closed_at = now() - DAY
    db.session.commit()

    front, agenda = visitor.visit("/"), visitor.visit("/agenda/2026")

    for page in (front, agenda):
        tags = [words_of(card.select(".tag")[0]) for card in page.soup.select("article.card")]
        assert tags == ["Gepland", "Open", "Panel", "Antwoord", "Gesloten"]
    assert "Gepubliceerd" not in agenda.text
