"""The posts that a member keeps to find them again."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from forum.discussion.kept_posts import keep_post
from forum.discussion.models import KeptPost, Post, Thread
from forum.discussion.rules import PAGE_SIZE, PostState
from forum.discussion.thread_page import post_html
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from tests.support.browser import Browser, Page
from tests.support.cast import actor_of, make_post, make_staff, make_tenant, make_thread
from tests.support.queries import counted_queries
from tests.support.together import at_once

TEXT = "De lift is deze maand vier keer stuk geweest."


@pytest.fixture
def thread(database: Flask) -> Thread:
    """Return an open thread."""
    return make_thread(opens_at=now() - timedelta(days=2))


def make_reader() -> Member:
    """Return somebody whom the stance question is not asked."""
    return make_staff(Role.MODERATOR, Party.TENANTS)


def visit_thread(browser: Browser, thread: Thread) -> Page:
    return browser.visit(f"/onderwerpen/{thread.topic_id}/de-lift-is-vaak-stuk")


def keep(member: Member, *posts: Post) -> None:
    for post in posts:
        keep_post(post, actor_of(member), at=now())
    db.session.commit()


def listed(page: Page) -> list[int]:
    """Return the posts in the list."""
    parts = page.soup.select("section[aria-labelledby^=bewaard-]")
    return [int(str(part["aria-labelledby"]).removeprefix("bewaard-")) for part in parts]


def test_a_post_is_kept_found_again_and_let_go_without_scripts(browser: Browser, thread: Thread) -> None:
    post = make_post(thread, make_tenant("Anja V."), TEXT, at=now())
    browser.sign_in(make_reader())

    kept = browser.submit(visit_thread(browser, thread), "Bewaren")
    found = browser.visit(browser.visit("/mijn/").link("Bewaarde berichten"))
    empty = browser.submit(found, "Niet meer bewaren")

    assert "Dit bericht is bewaard." in kept.text
    assert listed(found) == [post.id]
    assert TEXT in found.text
    assert "Anja V." in found.text
    assert f"bericht-{post.id}" in browser.visit(found.link("Lees het in het gesprek")).html
    assert "U heeft nog niets bewaard" in empty.text


def test_the_button_on_the_post_lets_it_go_too(browser: Browser, thread: Thread) -> None:
    make_post(thread, make_tenant(), at=now())
    browser.sign_in(make_reader())

    kept = browser.submit(visit_thread(browser, thread), "Bewaren")
    gone = browser.submit(kept, "Niet meer bewaren")

    assert not kept.has_button("Bewaren")
    assert gone.has_button("Bewaren")
    assert db.session.query(KeptPost).count() == 0


def test_a_post_can_be_kept_when_the_debate_is_over_and_when_it_is_ones_own(browser: Browser) -> None:
    over, author = make_thread(opens_at=now() - timedelta(days=90)), make_tenant()
    post = make_post(over, author)
    browser.sign_in(author)

    browser.submit(visit_thread(browser, over), "Bewaren")

    assert db.session.query(KeptPost.post_id).scalar() == post.id


def test_of_what_is_gone_the_list_says_so_and_lets_it_go(browser: Browser, thread: Thread) -> None:
    post, reader = make_post(thread, make_tenant(), TEXT, at=now()), make_reader()
    keep(reader, post)
    browser.sign_in(reader)
    page = visit_thread(browser, thread)
    post.state = PostState.HIDDEN
    db.session.commit()

    found = browser.visit("/mijn/bewaard")
    again = browser.submit(page, "Niet meer bewaren")
    refused = browser.post(
        f"/berichten/{post.id}/bewaren",
        follow=True,
        keep="1",
        csrf_token=found.token,
    )

    assert TEXT not in found.text
    assert "verborgen door een moderator" in found.text
    assert again.status == 200
    assert refused.status == 409
    assert db.session.query(KeptPost).count() == 0


def test_the_list_is_paged_last_kept_first_and_shows_nobody_elses(browser: Browser, thread: Thread) -> None:
    author, reader, other = make_tenant(), make_reader(), make_reader()
    posts = [make_post(thread, author, at=now()) for _ in range(PAGE_SIZE + 2)]
    keep(reader, *posts)
    keep(other, posts[0])
    browser.sign_in(reader)
    first = browser.visit("/mijn/bewaard")
    with counted_queries() as sent:
        second = browser.visit(first.link("Toon eerdere"))

    assert listed(first) == [post.id for post in reversed(posts[2:])]
    assert listed(second) == [posts[1].id, posts[0].id]
    assert not second.has_link("Toon eerdere")
    assert len([sql for sql in sent if "kept_post" in sql]) == 1


@pytest.mark.parametrize("query", ["?voor=x", "?voor=-1", "?voor=99999999999999", "?voor="])
def test_an_odd_place_in_the_list_is_a_page_too(browser: Browser, thread: Thread, query: str) -> None:
    browser.sign_in(make_reader())

    assert browser.visit(f"/mijn/bewaard{query}").status == 200


def test_members_who_keep_nothing_share_the_html_of_a_post(browser: Browser, thread: Thread) -> None:
    make_post(thread, make_tenant(), TEXT, at=now())
    readers = [browser.another().sign_in(make_reader()) for _ in range(3)]
    visit_thread(readers[0], thread)
    misses = post_html.cache_info().misses
    visit_thread(readers[1], thread)
    shared = post_html.cache_info().misses

    kept = readers[2].submit(visit_thread(readers[2], thread), "Bewaren")

    assert shared == misses
    assert kept.has_button("Niet meer bewaren")
    assert visit_thread(readers[1], thread).has_button("Bewaren")


def test_two_clicks_at_once_keep_a_post_once(database: Flask, thread: Thread) -> None:
    post, actor = make_post(thread, make_tenant(), at=now()), actor_of(make_reader())
    post_id = post.id
    db.session.rollback()

    def click() -> None:
        with unit_of_work():
            keep_post(db.session.get_one(Post, post_id), actor, at=now())

    acts: list[Callable[[], None]] = [partial(click) for _ in range(3)]
    raised = at_once(database, acts)

    db.session.rollback()
    assert raised == [None] * 3
    assert db.session.query(KeptPost).count() == 1
