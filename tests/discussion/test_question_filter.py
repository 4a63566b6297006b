"""The sub-questions of a thread as filters on its page."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.discussion.heads import get_thread_head
from forum.discussion.models import Post, Thread
from forum.discussion.rules import PAGE_SIZE
from forum.discussion.service import Body, Placement, write_post
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from tests.support.browser import Browser, Page
from tests.support.cast import make_post, make_staff, make_tenant, make_thread
from tests.support.queries import counted_queries
from tests.support.together import at_once

POSTS = 25
"""On the first sub-question: more than one page."""


@pytest.fixture
def thread(database: Flask) -> Thread:
    """Return an open thread in which every other post is on the first sub-question."""
    thread, author = make_thread(opens_at=now() - timedelta(days=2)), make_tenant()
    for place in range(2 * POSTS):
        make_post(thread, author, at=now(), question_id=thread.questions[0].id if place % 2 else None)
    return thread


def visit(browser: Browser, thread: Thread, query: str) -> Page:
    return browser.visit(f"/onderwerpen/{thread.topic_id}/de-lift-is-vaak-stuk?{query}")


def posts_on(page: Page) -> list[int]:
    return [int(str(article["id"]).removeprefix("bericht-")) for article in page.soup.find_all("article")]


def moderator(browser: Browser) -> Browser:
    return browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))


@pytest.mark.parametrize("order", ["oud", "nieuw", "waardevol"])
def test_a_filter_shows_only_posts_on_its_question_in_every_order(
    browser: Browser, thread: Thread, order: str
) -> None:
    question = thread.questions[0].id
    on_question = db.session.query(Post).filter_by(question_id=question).order_by(Post.number).all()
    on_question[3].valuable_count = 2
    db.session.commit()
    wanted = {
        "oud": [post.id for post in on_question],
        "nieuw": [post.id for post in reversed(on_question)],
        "waardevol": [post.id for post in sorted(on_question, key=lambda p: (-p.valuable_count, -p.number))],
    }[order]
    moderator(browser)

    first = visit(browser, thread, f"vraag={question}&sorteer={order}")
    last = browser.visit(first.link("Volgende"))

    assert posts_on(first) == wanted[:PAGE_SIZE]
    assert posts_on(last) == wanted[PAGE_SIZE:]


def test_each_filter_says_how_many_posts_it_has_with_their_replies(browser: Browser, thread: Thread) -> None:
    root = db.session.query(Post).filter_by(question_id=thread.questions[0].id).first()
    assert root
    make_post(thread, make_tenant(), reply_to=root.id, at=now())
    moderator(browser)

    page = visit(browser, thread, f"vraag={thread.questions[0].id}")

    filters = [" ".join(item.get_text(" ").split()) for item in page.soup.select(".filters li")]
    assert filters == [
        "Alle berichten 51 berichten",
        "Hoe snel moet er iemand zijn? 26 berichten",
        "Wie moet bericht krijgen? 0 berichten",
    ]
    chosen = page.soup.select_one(".filters [aria-current]")
    assert chosen
    assert chosen.get_text() == "Hoe snel moet er iemand zijn?"


def test_sorting_and_paging_keep_the_filter(browser: Browser, thread: Thread) -> None:
    question = thread.questions[0].id
    moderator(browser)

    page = visit(browser, thread, f"vraag={question}&sorteer=nieuw")

    for link in ("Oudste eerst", "Meest waardevol", "Volgende"):
        assert f"vraag={question}&" in page.link(link)
    assert "vraag=" not in page.link("Alle berichten")
    chosen = page.soup.select_one("#question option[selected]")
    assert chosen
    assert chosen["value"] == str(question)


@pytest.mark.parametrize("query", ["vraag=0", "vraag=987654", "vraag=x", "vraag="])
def test_a_question_that_is_not_of_the_thread_filters_nothing(
    browser: Browser, thread: Thread, query: str
) -> None:
    moderator(browser)

    page = visit(browser, thread, query)

    assert page.status == 200
    assert "Alle berichten" in str(page.soup.select_one(".filters [aria-current]"))
    assert len(posts_on(page)) == PAGE_SIZE


def test_a_question_without_posts_says_so_and_leads_back(browser: Browser, thread: Thread) -> None:
    moderator(browser)

    page = visit(browser, thread, f"vraag={thread.questions[1].id}")

    assert "Over deze vraag zijn er nog geen berichten" in page.text
    assert posts_on(browser.visit(page.link("Toon alle berichten")))


def test_a_page_of_a_filter_costs_the_queries_of_a_page_of_all(browser: Browser, thread: Thread) -> None:
    chosen = f"vraag={thread.questions[0].id}"
    moderator(browser)
    costs = []
    for query in ("", chosen, f"{chosen}&pagina=2", f"{chosen}&sorteer=nieuw"):
        with counted_queries() as sent:
            visit(browser, thread, query)
        costs.append(len(sent))

    assert costs == [costs[0]] * 4, sent


@pytest.mark.parametrize("order", ["oud", "nieuw", "waardevol"])
def test_no_query_of_a_filtered_page_reads_through_all_posts(
    browser: Browser, thread: Thread, order: str
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the plan is told in other words elsewhere")
    moderator(browser)
    with counted_queries() as sent:
        visit(browser, thread, f"vraag={thread.questions[0].id}&sorteer={order}")

    [sql] = [sql for sql in sent if "WITH roots" in sql]
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?"))
    steps = [str(row.detail) for row in plan]
    assert any("question_id=?" in step and "USING" in step for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN post") or "FOR ORDER BY" in step]


def test_two_who_write_on_one_question_at_once_get_two_numbers(database: Flask) -> None:
    thread = make_thread(opens_at=now() - timedelta(days=2))
    topic_id, question_id = thread.topic_id, thread.questions[0].id
    actors = [make_tenant().as_actor(now()) for _ in range(3)]
    db.session.rollback()

    def write(place: int) -> None:
        with unit_of_work():
            body = Body.of(f"Dit is bericht {place} over de snelheid van de monteur.")
            write_post(topic_id, body, Placement(question_id=question_id), actors[place], at=now())

    raised = at_once(database, [lambda place=place: write(place) for place in range(3)])  # type: ignore[misc]

    assert raised == [None, None, None]
    db.session.rollback()
    numbers = db.session.scalars(select(Post.question_number).order_by(Post.question_number)).all()
    [first, _] = get_thread_head(topic_id).questions
    assert numbers == [1, 2, 3]
    assert (first.root_count, first.post_count) == (3, 3)
