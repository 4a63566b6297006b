"""What is new below an opening post, and what is not new because it was taken from sight."""

from collections.abc import Sequence

import pytest
from flask import Flask

from forum.discussion.models import Post, Thread
from forum.discussion.rules import PostState
from forum.discussion.visits import find_first_new, get_read_so_far, mark_all, mark_shown
from forum.kernel.database import db
from forum.members.models import Member
from tests.conftest import ONE_DATABASE
from tests.discussion.test_visits import come, make_reader, marked, open_thread, stay, unread_on_front, write
from tests.support.browser import Browser
from tests.support.cast import actor_of
from tests.support.queries import counted_queries


def put(posts: Sequence[Post], state: PostState) -> None:
    for post in posts:
        db.session.get_one(Post, post.id).state = state
    db.session.commit()


def unread(thread: Thread, reader: Member) -> int:
    return get_read_so_far(thread.topic_id, reader.id).unread


@pytest.mark.parametrize("state", [PostState.HIDDEN, PostState.DELETED])
def test_a_post_that_went_from_sight_is_not_new(browser: Browser, state: PostState) -> None:
    thread = open_thread()
    browser.sign_in(make_reader())
    stay(browser, come(browser, thread))
    gone, seen = write(thread), write(thread, 2)
    put(gone, state)

    page = come(browser, thread)

    assert marked(page) == [post.id for post in seen]
    assert "2 nieuwe berichten sinds uw vorige bezoek" in page.text
    assert unread_on_front(browser) == "2 nieuw voor u"


def test_when_nothing_else_is_new_nothing_is_said(browser: Browser) -> None:
    thread = open_thread()
    browser.sign_in(make_reader())
    stay(browser, come(browser, thread))
    put(write(thread), PostState.HIDDEN)

    page = come(browser, thread)

    assert "sinds uw vorige bezoek" not in page.text
    assert unread_on_front(browser) == ""


def test_what_went_from_sight_holds_up_nobody_and_counts_once(database: Flask) -> None:
    thread, reader = open_thread(), make_reader()
    mark_all(thread, 0, actor_of(reader))
    before, gone, after = write(thread, 3)
    put([gone], PostState.HIDDEN)
    first = find_first_new(thread.topic_id, reader.id)

    mark_shown(thread, [before.id], after.id, actor_of(reader))
    counts = [unread(thread, reader)]
    mark_shown(thread, [after.id], after.id, actor_of(reader))
    counts.append(unread(thread, reader))
    put([gone], PostState.VISIBLE)
    counts.append(unread(thread, reader))

    assert first == before.id
    assert counts == [1, 0, 0]
    assert get_read_so_far(thread.topic_id, reader.id).read_to == after.id


def test_what_comes_back_before_it_was_passed_is_new(database: Flask) -> None:
    thread, reader = open_thread(), make_reader()
    mark_all(thread, 0, actor_of(reader))
    missed, gone = write(thread, 2)
    put([gone], PostState.HIDDEN)
    counts = [unread(thread, reader)]
    put([gone], PostState.VISIBLE)
    counts.append(unread(thread, reader))

    mark_shown(thread, [gone.id], gone.id, actor_of(reader))
    counts.append(unread(thread, reader))
    put([gone], PostState.HIDDEN)
    counts.append(unread(thread, reader))

    assert counts == [1, 2, 1, 1]
    assert find_first_new(thread.topic_id, reader.id) == missed.id


def test_all_read_up_to_a_post_leaves_what_went_from_sight_later_alone(database: Flask) -> None:
    thread, reader = open_thread(), make_reader()
    mark_all(thread, 0, actor_of(reader))
    first, gone, last = write(thread, 3)
    put([gone], PostState.HIDDEN)

    mark_all(thread, first.id, actor_of(reader))

    assert unread(thread, reader) == 1
    assert find_first_new(thread.topic_id, reader.id) == last.id


def test_the_button_below_a_post_says_how_many_of_its_replies_are_new(browser: Browser) -> None:
    thread = open_thread()
    old, other = write(thread, 2)
    write(thread, 4, reply_to=old.id)
    write(thread, 4, reply_to=other.id)
    browser.sign_in(make_reader())
    stay(browser, come(browser, thread))
    _seen, gone, _new = write(thread, 3, reply_to=old.id)
    put([gone], PostState.HIDDEN)

    buttons = [button.get_text() for button in come(browser, thread).soup.select(".post-more a")]

    assert ["nieuw" in button for button in buttons] == [True, False]
    assert "Toon alle 7 antwoorden" in buttons[0]
    assert "2 nieuw" in buttons[0]


def test_of_very_many_new_replies_the_button_says_more_than(browser: Browser) -> None:
    thread = open_thread()
    [root] = write(thread)
    browser.sign_in(make_reader())
    stay(browser, come(browser, thread))
    write(thread, 101, reply_to=root.id)

    button = come(browser, thread).soup.select_one(".post-more a")

    assert button
    assert "meer dan 99 nieuw" in button.get_text()


def test_new_replies_cost_one_query_and_only_who_has_some(browser: Browser) -> None:
    thread = open_thread()
    for root in write(thread, 3):
        write(thread, 4, reply_to=root.id)
    browser.sign_in(make_reader())
    stay(browser, come(browser, thread))
    costs = []
    for written in (0, 1, 3):
        for root in db.session.query(Post).filter_by(root_id=None)[:written]:
            write(thread, 2, reply_to=root.id)
        with counted_queries() as sent:
            come(browser, thread)
        costs.append(len(sent))

    assert costs[1] == costs[2] == costs[0] + 1


@ONE_DATABASE
def test_what_went_from_sight_is_found_by_an_index(database: Flask) -> None:
    thread, reader = open_thread(), make_reader()
    mark_all(thread, 0, actor_of(reader))
    with counted_queries() as sent:
        get_read_so_far(thread.topic_id, reader.id)

    values = (1,) * sent[-1].count("?")
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[-1]}", values).all()

    assert any("INDEX ix_post_not_visible" in row.detail for row in plan), plan
