"""The most valued posts of each stance, side by side."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.discussion import reacting
from forum.discussion.models import Post, Thread
from forum.discussion.opinions import COUNTED_MOST, SHOWN_MOST
from forum.discussion.rules import PostState, Stance
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.members.models import Member
from tests.support.browser import Browser, Page
from tests.support.cast import actor_of, make_post, make_staff, make_tenant, make_thread
from tests.support.queries import counted_queries


@pytest.fixture
def thread(database: Flask) -> Thread:
    """Return an open thread."""
    return make_thread(opens_at=now() - timedelta(days=2))


def take(thread: Thread, member: Member, stance: Stance, *, is_findable: bool = True) -> None:
    reacting.take_stance(thread, stance, actor_of(member), at=now(), is_findable=is_findable)
    db.session.commit()


def make_valued(thread: Thread, author: Member, count: int, reply_to: int | None = None) -> Post:
    post = make_post(thread, author, at=now(), reply_to=reply_to)
    post.valuable_count = count
    db.session.commit()
    return post


def visit(browser: Browser, thread: Thread) -> Page:
    return browser.visit(f"/onderwerpen/{thread.topic_id}/meningen")


def column(page: Page, stance: Stance) -> tuple[list[int], str]:
    """Return the posts of a column, and the words on it."""
    part = page.soup.find("section", attrs={"aria-labelledby": f"mening-{stance}"})
    assert part
    posts = [int(str(post["id"]).removeprefix("bericht-")) for post in part.select("article")]  # type: ignore[union-attr]
    return posts, " ".join(part.get_text(" ").split())


@pytest.fixture
def reader(browser: Browser) -> Browser:
    """Return somebody whom the stance question is not asked."""
    return browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))


def test_the_five_most_valued_of_each_stance_stand_in_their_column(reader: Browser, thread: Thread) -> None:
    by_stance = {}
    for stance in Stance:
        author = make_tenant()
        take(thread, author, stance)
        posts = [make_valued(thread, author, count) for count in (1, 3, 2, 7, 5, 4, 0)]
        best = sorted(posts, key=lambda post: -post.valuable_count)
        by_stance[stance] = [post.id for post in best[:SHOWN_MOST]]
    nobody = make_valued(thread, make_tenant(), 99)

    page = visit(reader, thread)

    assert {stance: column(page, stance)[0] for stance in Stance} == by_stance
    assert "5 van 7 berichten" in column(page, Stance.FOR)[1]
    assert "3 huurders gaven antwoord. Daarvan zijn er nu 1 voor en 1 tegen." in page.text
    assert f"bericht-{nobody.id}" not in page.html


def test_the_first_stance_counts_also_for_what_was_written_before_it(reader: Browser, thread: Thread) -> None:
    author = make_tenant()
    before = make_valued(thread, author, 2)
    take(thread, author, Stance.AGAINST)
    after = make_valued(thread, author, 1, reply_to=before.id)
    take(thread, author, Stance.FOR)
    last = make_valued(thread, author, 3)

    page = visit(reader, thread)

    assert column(page, Stance.AGAINST)[0] == [last.id, before.id, after.id]
    assert column(page, Stance.FOR)[0] == []
    assert "nog geen bericht dat anderen waardevol vinden" in column(page, Stance.FOR)[1]


@pytest.mark.parametrize("state", [PostState.HIDDEN, PostState.DELETED])
def test_what_cannot_be_read_is_not_there_and_does_not_count(
    reader: Browser, thread: Thread, state: PostState
) -> None:
    author = make_tenant()
    take(thread, author, Stance.FOR)
    gone, stays = make_valued(thread, author, 5), make_valued(thread, author, 1)
    gone.state = state
    db.session.commit()

    posts, words = column(visit(reader, thread), Stance.FOR)

    assert posts == [stays.id]
    assert "1 van 1 bericht" in words


def test_the_thread_leads_to_it_and_without_a_stance_question_there_is_none(
    reader: Browser, thread: Thread
) -> None:
    linked = reader.visit(f"/onderwerpen/{thread.topic_id}").link("Lees de meningen naast elkaar")
    thread.stance_question = ""
    db.session.commit()

    page = reader.visit(f"/onderwerpen/{thread.topic_id}")

    assert linked == f"/onderwerpen/{thread.topic_id}/meningen"
    assert not page.has_link("meningen naast elkaar")
    assert visit(reader, thread).status == 404


def test_it_costs_the_same_however_long_the_thread_is(reader: Browser, thread: Thread) -> None:
    author = make_tenant()
    take(thread, author, Stance.FOR)
    costs = []
    for posts in (1, 20):
        for _ in range(posts):
            make_valued(thread, author, 1)
        with counted_queries() as sent:
            visit(reader, thread)
        costs.append(len(sent))

    assert costs[0] == costs[1]
    if db.engine.dialect.name == "sqlite":
        plans = [
            str(row.detail)
            for sql in sent
            if "author_stance" in sql
            for row in db.session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")
            )
        ]
        assert sum("ix_post_stance_valued (thread_id=? AND author_stance=?" in step for step in plans) == 6
        assert not [step for step in plans if "FOR ORDER BY" in step or step.startswith("SCAN post")]
    assert COUNTED_MOST == 1_000


def test_a_stance_without_posts_has_no_count(reader: Browser, thread: Thread) -> None:
    author = make_tenant()
    take(thread, author, Stance.FOR)
    make_valued(thread, author, 1)

    page = visit(reader, thread)

    assert "1 van 1 bericht" in column(page, Stance.FOR)[1]
    assert column(page, Stance.AGAINST) == (
        [],
        "Tegen Hier is nog geen bericht dat anderen waardevol vinden.",
    )


def test_only_who_allows_it_stands_with_their_stance(reader: Browser, thread: Thread) -> None:
    anja = make_tenant()
    take(thread, anja, Stance.FOR, is_findable=False)
    before, after = make_valued(thread, anja, 5), make_valued(thread, anja, 4)
    hidden = visit(reader, thread)

    take(thread, anja, Stance.AGAINST)
    allowed = visit(reader, thread)
    take(thread, anja, Stance.AGAINST, is_findable=False)
    again = visit(reader, thread)

    assert column(hidden, Stance.FOR)[0] == column(again, Stance.FOR)[0] == []
    assert column(allowed, Stance.FOR)[0] == [before.id, after.id]
    assert column(allowed, Stance.AGAINST)[0] == []
