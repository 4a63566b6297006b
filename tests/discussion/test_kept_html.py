"""HTML that is kept: never older than the database, and nothing in it of one reader gets to another."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, session

from forum.app import assets_path
from forum.discussion import service
from forum.discussion.models import Post, Thread
from forum.discussion.rules import PAGE_SIZE, PostState
from forum.discussion.thread_page import post_html, thread_html, writing_html
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from forum.settings.models import Site
from forum.web.templating import _page_for_visitors
from tests.conftest import make_settings
from tests.support.browser import Browser, Page
from tests.support.cast import make_post, make_site, make_staff, make_tenant, make_thread
from tests.support.queries import counted_queries

TEXT = "De lift is deze maand vier keer stuk geweest. Dat moet echt beter, vind ik."


@pytest.fixture
def visitor(database: Flask, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Return a visitor of a forum in which everybody may read."""
    settings = make_settings(database.config["SETTINGS"].instance_path, PUBLIC_READING="yes")
    monkeypatch.setitem(database.config, "SETTINGS", settings)
    return Browser(database)


def _open_thread() -> Thread:
    return make_thread(opens_at=now() - timedelta(days=2))


def _read(browser: Browser, thread: Thread, query: str = "") -> Page:
    return _read_path(browser, _path_of(thread) + query)


def _path_of(thread: Thread) -> str:
    return f"/onderwerpen/{thread.topic_id}/de-lift-is-vaak-stuk"


def _read_path(browser: Browser, path: str) -> Page:
    page = browser.visit(path)
    return browser.submit(page, "skip") if page.soup.find("button", attrs={"name": "skip"}) else page


def _hide(post: Post) -> None:
    post.state = PostState.HIDDEN


def _withdraw(post: Post) -> None:
    service.withdraw_post(post, post.author.as_actor(now()), at=now())


def _edit(post: Post) -> None:
    body = service.Body.of("Er staat nu iets anders over de lift dan eerst.")
    service.edit_post(post, 1, body, post.author.as_actor(now()), window=timedelta(days=1), at=now())


@pytest.mark.parametrize("change", [_hide, _withdraw, _edit])
@pytest.mark.parametrize("is_reply", [False, True], ids=["opening post", "reply"])
def test_what_is_gone_or_changed_is_read_by_nobody_after_the_commit(
    visitor: Browser, change: Callable[[Post], None], is_reply: bool
) -> None:
    thread, author = _open_thread(), make_tenant()
    post = make_post(thread, author, TEXT if not is_reply else "", at=now())
    if is_reply:
        post = make_post(thread, author, TEXT, at=now(), reply_to=post.id)
    member = visitor.another().sign_in(make_tenant())
    before = [_read(browser, thread) for browser in (visitor, visitor, member, member)]

    with unit_of_work():
        change(db.session.get_one(Post, post.id))

    after = [_read(browser, thread) for browser in (visitor, member)]
    assert all(TEXT in page.text for page in before)
    assert not any(TEXT in page.html for page in after)


def test_a_page_that_stayed_the_same_is_made_once(visitor: Browser) -> None:
    thread = _open_thread()
    make_post(thread, make_tenant(), TEXT, at=now())
    _read(visitor, thread)
    hits = _page_for_visitors.cache_info().hits

    page = _read(visitor.another(), thread)

    assert TEXT in page.text
    assert _page_for_visitors.cache_info().hits == hits + 1


def test_what_is_kept_is_kept_by_language(visitor: Browser) -> None:
    thread = _open_thread()
    make_post(thread, make_tenant(), TEXT, at=now())
    dutch, english = visitor.another(), visitor.another()
    english.submit(english.visit("/taal"), "English")
    members = [dutch.another().sign_in(make_tenant()), english.another().sign_in(make_tenant())]
    members[1].submit(members[1].visit("/taal"), "English")

    for _ in range(2):
        pages = [_read(browser, thread) for browser in (dutch, english, *members)]

        assert ["Waardevol" in page.text for page in pages] == [True, False, True, False]
        assert ["Valuable" in page.text for page in pages] == [False, True, False, True]
        assert all(TEXT in page.text for page in pages)


def test_members_of_whom_nothing_is_on_a_page_share_its_html(visitor: Browser) -> None:
    thread, author = _open_thread(), make_tenant()
    make_post(thread, author, TEXT, at=now())
    readers = [visitor.another().sign_in(make_tenant()) for _ in range(2)]
    for reader in readers:
        _read(reader, thread)
    misses = thread_html.cache_info().misses

    pages = [_read(reader, thread) for reader in readers]
    own = _read(visitor.another().sign_in(author), thread)

    assert thread_html.cache_info().misses == misses + 1
    assert all(TEXT in page.text and not page.has_link("Intrekken") for page in pages)
    assert own.has_link("Intrekken")


def test_a_new_name_of_an_author_a_party_or_a_role_shows_at_once(visitor: Browser) -> None:
    make_site()
    thread, author = _open_thread(), make_staff(Role.MODERATOR, Party.TENANTS, "Els K.")
    make_post(thread, author, TEXT, at=now())
    before = _read(visitor, thread)

    with unit_of_work():
        db.session.get_one(Member, author.id).display_name = "Els de Groot"
        db.session.query(Site).one().tenants_name = "Bewonersraad"
    after = _read(visitor, thread)

    assert "Els K." in before.text
    assert "Huurdersbelang" in before.text
    assert "Els de Groot" in after.text
    assert "Moderator, Bewonersraad" in after.text
    assert not any(word in after.html for word in ("Els K.", "Huurdersbelang"))


def test_nothing_of_a_member_gets_to_another_reader(visitor: Browser) -> None:
    thread, anja = _open_thread(), make_tenant("Anja V.")
    make_post(thread, anja, TEXT, at=now())
    make_post(thread, make_tenant("Piet B."), at=now())
    author, other = visitor.another().sign_in(anja), visitor.another().sign_in(make_tenant("Wil K."))
    own = author.submit(_read(author, thread), "Waardevol")

    pages = [_read(other, thread), _read(visitor, thread)]

    token = own.token
    assert own.soup.find("button", attrs={"name": "remove", "aria-pressed": "true"})
    assert own.has_link("Intrekken")
    for page in pages:
        assert token not in page.html
        assert "Ingelogd als Anja" not in page.text
        assert not page.has_link("Intrekken")
        assert not page.soup.find("button", attrs={"name": "remove", "aria-pressed": "true"})
    assert not pages[1].has_button("Waardevol")


def test_a_visitor_with_a_notice_gets_a_page_of_their_own(visitor: Browser) -> None:
    thread = _open_thread()
    with visitor.client.session_transaction() as kept:
        kept["_flashes"] = [("message", "Alleen voor u.")]

    first, second = _read(visitor, thread), _read(visitor.another(), thread)

    assert "Alleen voor u." in first.text
    assert "Alleen voor u." not in second.text


def test_a_page_that_starts_a_session_is_not_kept(database: Flask) -> None:
    def values(_shown: int) -> dict[str, object]:
        session["secret"] = "of this visitor"
        return {"agenda": None, "fronts": ()}

    with database.test_request_context("/"), pytest.raises(RuntimeError):
        _page_for_visitors("home/front.html", "/", "nl", ("", "", "", False), 1, values)


def test_kept_html_knows_nothing_of_who_asks() -> None:
    for name in ("components/post.html", "discussion/thread_part.html", "panels/of_topic.html"):
        source = (assets_path() / "templates" / name).read_text(encoding="utf-8")
        for word in ("csrf_token()", "session", "request", "current_user", "signed_in_name", "get_flashed"):
            assert word not in source, f"{name} is kept, and asks for {word}"


def test_what_is_kept_is_bounded() -> None:
    assert post_html.cache_info().maxsize
    assert thread_html.cache_info().maxsize
    assert writing_html.cache_info().maxsize
    assert _page_for_visitors.cache_info().maxsize


def test_a_page_reads_the_same_number_of_rows_whatever_the_length_of_its_thread(visitor: Browser) -> None:
    short, long = _open_thread(), _open_thread()
    author = make_tenant()
    for thread, posts in ((short, PAGE_SIZE), (long, 3 * PAGE_SIZE)):
        for _ in range(posts):
            root = make_post(thread, author, at=now())
            for _ in range(4 if thread is long else 3):
                make_post(thread, author, at=now(), reply_to=root.id)

    costs = []
    first, second = _path_of(short), _path_of(long)
    for path in (first, second, f"{second}?pagina=3", f"{second}?sorteer=nieuw&pagina=2"):
        with counted_queries() as sent:
            page = _read_path(visitor, path)
        costs.append((len(sent), len(page.soup.select("article.post"))))

    assert costs == [(len(sent), 4 * PAGE_SIZE)] * 4, sent
    assert len(sent) <= 2, [sql[:60] for sql in sent]


@pytest.mark.parametrize("order", ["oud", "nieuw", "waardevol"])
def test_no_query_of_a_page_reads_through_all_posts(visitor: Browser, order: str) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the plan is told in other words elsewhere")
    thread = _open_thread()
    root = make_post(thread, make_tenant(), at=now())
    make_post(thread, make_tenant(), at=now(), reply_to=root.id)
    path = f"{_path_of(thread)}?sorteer={order}"
    with counted_queries() as sent:
        _read_path(visitor, path)

    steps = [
        str(row.detail)
        for sql in sent
        if "FROM post" in sql
        for row in db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")
        )
    ]

    assert any("SEARCH post USING" in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN post") or "FOR ORDER BY" in step]


def test_the_front_page_asks_the_same_however_many_rent_here(visitor: Browser) -> None:
    _open_thread()
    counts = []
    for tenants in (1, 30):
        for _ in range(tenants):
            make_tenant()
        with counted_queries() as sent:
            visitor.visit("/")
        counts.append(len(sent))

    assert counts == [2, 2]
