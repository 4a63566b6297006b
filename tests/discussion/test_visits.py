"""What is new to a member since they were in a thread before, and how the forum hears what they read."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from forum.discussion import visits
from forum.discussion.heads import ReadSoFar
from forum.discussion.models import Post, Thread, ThreadVisit
from forum.discussion.rules import PAGE_SIZE
from forum.discussion.service import Body, Placement, write_post
from forum.discussion.thread_page import post_html, thread_html
from forum.discussion.visits import (
    LaterPost,
    find_first_new,
    get_read_so_far,
    mark_all,
    mark_shown,
    read_without_gap,
)
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from tests.support.browser import Browser, Page
from tests.support.cast import actor_of, make_post, make_staff, make_tenant, make_thread
from tests.support.queries import counted_queries
from tests.support.together import at_once

OTHER, OWN = False, True


@pytest.mark.parametrize(
    ("later", "beyond", "over"),
    [
        pytest.param([], [], [], id="nothing came later"),
        pytest.param([(4, OTHER), (5, OTHER)], [4, 5], [4, 5], id="all of it was read"),
        pytest.param([(4, OTHER), (5, OTHER)], [5], [], id="the first was not read"),
        pytest.param([(4, OTHER), (5, OTHER), (6, OTHER)], [4, 6], [4], id="up to the first gap"),
        pytest.param([(4, OWN), (5, OTHER), (6, OWN)], [5], [4, 5, 6], id="a member knows what they wrote"),
        pytest.param([(4, OTHER)], [1, 2, 3], [], id="only others were read"),
    ],
)
def test_the_place_read_so_far_is_before_the_first_post_that_was_not_read(
    later: Sequence[tuple[int, bool]], beyond: Sequence[int], over: Sequence[int]
) -> None:
    assert read_without_gap([LaterPost(*post) for post in later], beyond) == over


def open_thread() -> Thread:
    return make_thread(opens_at=now() - timedelta(days=2))


def write(thread: Thread, count: int = 1, reply_to: int | None = None) -> list[Post]:
    author = make_tenant()
    return [make_post(thread, author, at=now(), reply_to=reply_to) for _ in range(count)]


def make_reader() -> Member:
    """Return somebody whom the stance question is not asked."""
    return make_staff(Role.MODERATOR, Party.TENANTS)


def come(browser: Browser, thread: Thread, query: str = "") -> Page:
    return browser.visit(f"/onderwerpen/{thread.topic_id}/de-lift-is-vaak-stuk{query}")


def stay(browser: Browser, page: Page) -> Page:
    """Look at a page for a while: send what the script sends."""
    form = page.soup.select_one("form[data-read]")
    assert form, "the page has nothing to tell"
    fields = {str(field["name"]): str(field["value"]) for field in form.find_all("input")}
    answer = browser.post(str(form["action"]), follow=True, **fields)
    assert answer.status == 204
    return answer


def marked(page: Page) -> list[int]:
    """Return the posts with a mark before them."""
    marks = page.soup.select(".post-new")
    assert all("Nieuw" in mark.get_text() for mark in marks)
    return [int(str(mark.find_next(class_="post")["id"]).removeprefix("bericht-")) for mark in marks]  # type: ignore[index]


def unread_on_front(browser: Browser) -> str:
    tags = browser.visit("/").soup.select(".card .tag-info")
    return " ".join(tag.get_text() for tag in tags)


def test_nothing_is_new_to_who_comes_first_and_later_posts_are(browser: Browser) -> None:
    thread = open_thread()
    write(thread, 3)
    browser.sign_in(make_reader())
    first = come(browser, thread)
    stay(browser, first)
    later = write(thread, 2)

    second = come(browser, thread)

    assert marked(first) == []
    assert marked(second) == [post.id for post in later]
    assert "2 nieuwe berichten sinds uw vorige bezoek" in second.text


def test_what_is_new_is_said_in_the_language_of_who_reads(browser: Browser) -> None:
    thread = open_thread()
    english = browser.another().sign_in(make_reader())
    english.submit(english.visit("/taal"), "English")
    browser.sign_in(make_reader())
    for reader in (browser, english):
        stay(reader, come(reader, thread))
    write(thread)

    pages = [come(reader, thread) for reader in (browser, english)]

    marks = [page.soup.select_one(".post-new") for page in pages]
    assert [mark and mark.get_text().strip() for mark in marks] == ["Nieuw", "New"]


def test_what_was_shown_for_a_moment_is_not_new_any_more(browser: Browser) -> None:
    thread = open_thread()
    browser.sign_in(make_reader())
    stay(browser, come(browser, thread))
    write(thread, 2)
    page = come(browser, thread)
    unsent = come(browser, thread)
    stay(browser, page)
    stay(browser, page)

    after = come(browser, thread)

    assert len(marked(unsent)) == 2
    assert marked(after) == []
    assert "sinds uw vorige bezoek" not in after.text


def test_the_link_to_the_first_new_post_leads_through_all_of_them(browser: Browser) -> None:
    thread = open_thread()
    roots = write(thread, PAGE_SIZE)
    write(thread, 3, reply_to=roots[0].id)
    browser.sign_in(make_reader())
    stay(browser, come(browser, thread))
    [hidden_reply] = write(thread, 1, reply_to=roots[0].id)
    [on_page_two] = write(thread, 1)
    start = come(browser, thread)

    first = browser.visit(start.link("eerste nieuwe bericht"))
    stay(browser, first)
    second = browser.visit(come(browser, thread).link("eerste nieuwe bericht"))
    stay(browser, second)
    last = browser.visit(f"/onderwerpen/{thread.topic_id}/nieuw")

    assert marked(start) == []
    assert marked(first) == [hidden_reply.id]
    assert "1 nieuw bericht sinds" in come(browser, thread).text or marked(second) == [on_page_two.id]
    assert marked(second) == [on_page_two.id]
    assert marked(last) == []


def test_a_page_in_between_that_was_skipped_stays_new(browser: Browser) -> None:
    thread, reader = open_thread(), make_reader()
    browser.sign_in(reader)
    stay(browser, come(browser, thread))
    posts = write(thread, PAGE_SIZE + 2)
    stay(browser, come(browser, thread, "?pagina=2"))

    first, second = come(browser, thread), come(browser, thread, "?pagina=2")
    stay(browser, first)

    assert marked(first) == [post.id for post in posts[:PAGE_SIZE]]
    assert marked(second) == []
    assert "20 nieuwe berichten" in first.text
    assert "sinds uw vorige bezoek" not in come(browser, thread).text
    assert get_read_so_far(thread.topic_id, reader.id) == ReadSoFar(posts[-1].id, posts[-1].id, 0)


def test_without_scripts_a_button_says_that_all_was_read(browser: Browser) -> None:
    thread = open_thread()
    write(thread, PAGE_SIZE + 2)
    browser.sign_in(make_reader())
    done = browser.submit(come(browser, thread), "Alles gelezen")
    later = write(thread)
    page = come(browser, thread, "?pagina=2")
    [meanwhile] = write(thread)

    browser.submit(page, "Alles gelezen")

    assert "U bent helemaal bij." in done.text
    assert marked(page) == [post.id for post in later]
    assert marked(come(browser, thread, "?pagina=2")) == [meanwhile.id]


def test_own_posts_are_never_new(browser: Browser) -> None:
    thread, reader = open_thread(), make_reader()
    browser.sign_in(reader)
    stay(browser, come(browser, thread))
    [other] = write(thread)
    browser.submit(come(browser, thread), "Plaats bericht", text="Dit schrijf ik zelf over de lift.")

    page = come(browser, thread)
    stay(browser, page)

    assert "1 nieuw bericht sinds" in page.text
    assert marked(page) == [other.id]
    assert get_read_so_far(thread.topic_id, reader.id).unread == 0


def test_who_writes_without_scripts_was_there(browser: Browser) -> None:
    thread = open_thread()
    write(thread, 2)
    browser.sign_in(make_reader())
    browser.submit(come(browser, thread), "Plaats bericht", text="Dit schrijf ik zelf over de lift.")
    later = write(thread)

    page = come(browser, thread)

    assert marked(page) == [post.id for post in later]


def test_the_front_page_counts_what_is_new_in_each_thread(browser: Browser) -> None:
    thread = open_thread()
    write(thread)
    browser.sign_in(make_reader())
    before = unread_on_front(browser)
    stay(browser, come(browser, thread))
    write(thread, 2)

    assert before == ""
    assert unread_on_front(browser) == "2 nieuw voor u"
    assert unread_on_front(browser.another().sign_in(make_tenant())) == ""


def test_members_to_whom_the_same_is_new_share_the_kept_html(browser: Browser) -> None:
    thread = open_thread()
    readers = [browser.another().sign_in(make_reader()) for _ in range(3)]
    for reader, written in zip(readers, (0, 1, 0), strict=True):
        stay(reader, come(reader, thread))
        write(thread, written)
    page_misses, post_misses = thread_html.cache_info().misses, post_html.cache_info().misses

    pages = [come(reader, thread) for reader in readers]

    assert [len(marked(page)) for page in pages] == [1, 1, 0]
    assert thread_html.cache_info().misses == page_misses + 1
    assert post_html.cache_info().misses == post_misses


def test_what_is_new_costs_a_member_no_query_of_its_own(browser: Browser) -> None:
    thread = open_thread()
    write(thread, 3)
    browser.sign_in(make_reader())
    costs = []
    for _ in range(2):
        with counted_queries() as sent:
            page = come(browser, thread)
        costs.append(len(sent))
        if page.soup.select_one("form[data-read]"):
            stay(browser, page)
        write(thread)

    assert costs[0] == costs[1] <= 4, sent


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"newest": "x"},
        {"newest": "-1"},
        {"newest": "1", "shown": "1;2"},
        {"newest": "1", "shown": "1," * 1001},
    ],
)
def test_what_no_page_sends_is_refused(browser: Browser, fields: dict[str, str]) -> None:
    thread = open_thread()
    browser.sign_in(make_reader())
    form = come(browser, thread).soup.select_one("form[data-read]")
    assert form
    token = form.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]

    page = browser.post(f"/onderwerpen/{thread.topic_id}/gelezen", follow=True, csrf_token=token, **fields)

    assert page.status == 400
    assert db.session.query(ThreadVisit).count() == 0


def test_a_number_of_another_thread_marks_nothing_as_read(database: Flask) -> None:
    thread, other, reader = open_thread(), open_thread(), make_reader()
    mark_all(thread, 0, actor_of(reader))
    [post], [later] = write(thread), write(other)

    mark_shown(thread, {later.id}, later.id, actor_of(reader))

    assert get_read_so_far(thread.topic_id, reader.id) == ReadSoFar(post.id, 0, 1)


def test_of_much_that_was_skipped_the_oldest_counts_as_read(
    database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "BEYOND_MOST", 3)
    thread, reader = open_thread(), make_reader()
    mark_all(thread, 0, actor_of(reader))
    posts = [post.id for post in write(thread, 8)]

    mark_shown(thread, posts[1::2], posts[-1], actor_of(reader))

    beyond = frozenset({posts[5], posts[7]})
    assert get_read_so_far(thread.topic_id, reader.id) == ReadSoFar(posts[7], posts[3], 2, beyond)
    assert find_first_new(thread.topic_id, reader.id) == posts[4]


def test_all_read_up_to_a_post_keeps_what_was_read_beyond_it(database: Flask) -> None:
    thread, reader = open_thread(), make_reader()
    mark_all(thread, 0, actor_of(reader))
    posts = [post.id for post in write(thread, 5)]
    mark_shown(thread, [posts[4]], posts[4], actor_of(reader))

    mark_all(thread, posts[1], actor_of(reader))

    so_far = ReadSoFar(posts[4], posts[1], 2, frozenset({posts[4]}))
    assert get_read_so_far(thread.topic_id, reader.id) == so_far


def test_two_windows_and_a_writer_at_once_keep_the_count_right(database: Flask) -> None:
    thread, reader = open_thread(), make_reader()
    topic_id, actor, others = thread.topic_id, reader.as_actor(now()), [make_tenant() for _ in range(2)]
    first = write(thread, 3)
    newest = first[-1].id
    numbers = [other.id for other in others]
    db.session.rollback()

    def read_all() -> None:
        with unit_of_work():
            mark_shown(db.session.get_one(Thread, topic_id), set(), newest, actor)

    def write_one(member_id: int) -> None:
        with unit_of_work():
            writer = db.session.get_one(Member, member_id).as_actor(now())
            body = Body.of(f"Bericht van huurder {member_id} over de lift.")
            write_post(topic_id, body, Placement(), writer, at=now())

    acts: list[Callable[[], None]] = [read_all, read_all, *(partial(write_one, number) for number in numbers)]
    raised = at_once(database, acts)

    db.session.rollback()
    assert raised == [None] * 4
    assert get_read_so_far(topic_id, reader.id).unread == 2
