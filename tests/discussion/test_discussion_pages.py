"""The pages of a discussion, used through their real forms."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.discussion.models import Post, Reaction, StanceAnswer, Thread
from forum.discussion.rules import PAGE_SIZE, PostSource, PostState, Stance
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from tests.support.browser import Browser, Page
from tests.support.cast import make_delegate, make_post, make_staff, make_tenant, make_thread
from tests.support.queries import counted_queries

TEXT = "De lift is deze maand vier keer stuk geweest. Dat moet echt beter, vind ik."


def _open_thread() -> Thread:
    return make_thread(opens_at=now() - timedelta(days=2))


def _visit_thread(browser: Browser, thread: Thread) -> Page:
    """Open a thread, skipping the stance question when it is asked."""
    page = browser.visit(f"/onderwerpen/{thread.topic_id}")
    return browser.submit(page, "Overslaan") if page.has_button("Overslaan") else page


def test_a_visitor_is_sent_to_sign_in_and_comes_back(browser: Browser) -> None:
    thread = _open_thread()

    page = browser.visit(f"/onderwerpen/{thread.topic_id}")

    assert page.path.startswith("/inloggen?next=")


def test_the_stance_is_asked_before_the_posts_are_shown(browser: Browser) -> None:
    thread = _open_thread()
    make_post(thread, make_tenant(), TEXT, at=now())
    browser.sign_in(make_tenant("Anja V."))

    asked = browser.visit(f"/onderwerpen/{thread.topic_id}")
    page = browser.submit(asked, "Bewaar mijn antwoord", stance="against")

    assert TEXT not in asked.text
    assert TEXT in page.text
    assert "Uw antwoord: Tegen" in page.text
    assert db.session.scalars(select(StanceAnswer.first)).one() is Stance.AGAINST


def test_the_stance_question_can_be_skipped_and_is_not_asked_again(browser: Browser) -> None:
    thread = _open_thread()
    browser.sign_in(make_tenant())

    browser.submit(browser.visit(f"/onderwerpen/{thread.topic_id}"), "Overslaan")
    page = browser.visit(f"/onderwerpen/{thread.topic_id}")

    assert page.has_button("Plaats bericht")
    assert db.session.scalars(select(StanceAnswer)).all() == []


def test_a_tenant_writes_edits_and_withdraws(browser: Browser) -> None:
    thread = _open_thread()
    browser.sign_in(make_tenant("Anja V."))

    page = browser.submit(_visit_thread(browser, thread), "Plaats bericht", text=TEXT)
    assert "Uw bericht staat op het forum." in page.text
    page = browser.submit(
        browser.visit(page.link("Wijzigen")), "Bewaar wijziging", text=TEXT + " Graag snel."
    )
    assert "Graag snel." in page.text
    history = browser.visit(page.link("Bekijk wat er eerst stond"))
    assert "Versie 1" in history.text
    page = browser.submit(browser.visit(page.link("Intrekken")), "Ja, trek in")

    assert "De schrijver heeft dit bericht ingetrokken." in page.text
    assert "Graag snel." not in page.text


def edit_links(page: Page) -> list[str]:
    return [str(link["href"]) for link in page.soup.select("a[href$=wijzigen]")]


def test_what_is_too_old_to_change_is_not_offered_for_change(browser: Browser) -> None:
    thread, anja = _open_thread(), make_tenant("Anja V.")
    old = make_post(thread, anja, at=now() - timedelta(hours=2))
    new = make_post(thread, anja, at=now() - timedelta(minutes=50))
    reply = make_post(thread, anja, at=now() - timedelta(minutes=49), reply_to=old.id)
    browser.sign_in(anja)

    page = _visit_thread(browser, thread)
    replies = browser.visit(f"/berichten/{old.id}/antwoorden")
    refused = browser.visit(f"/berichten/{old.id}/wijzigen")

    assert edit_links(page) == [f"/berichten/{reply.id}/wijzigen", f"/berichten/{new.id}/wijzigen"]
    assert edit_links(replies) == [f"/berichten/{reply.id}/wijzigen"]
    assert len(page.soup.select("a[href$=intrekken]")) == 3
    assert refused.status == 409
    assert "Dit bericht is te oud om te wijzigen." in refused.text


@pytest.mark.parametrize(
    "text",
    [pytest.param("   ", id="white space"), pytest.param("\u200b \u2060", id="characters without width")],
)
def test_an_empty_post_is_refused_with_a_sentence(browser: Browser, text: str) -> None:
    thread = _open_thread()
    browser.sign_in(make_tenant())

    page = browser.submit(_visit_thread(browser, thread), "Plaats bericht", text=text)

    assert page.status == 422
    assert "Schrijf eerst uw bericht." in page.text


def test_a_too_long_post_is_refused_and_kept(browser: Browser) -> None:
    thread = _open_thread()
    browser.sign_in(make_tenant())
    long = "woord " * 2000

    page = browser.submit(_visit_thread(browser, thread), "Plaats bericht", text=long)

    assert page.status == 422
    assert "hooguit 10000 tekens" in page.text
    assert long.strip() in page.soup.find("textarea").get_text()  # type: ignore[union-attr]


def test_a_double_click_is_one_post(browser: Browser) -> None:
    thread = _open_thread()
    browser.sign_in(make_tenant())
    page = _visit_thread(browser, thread)

    for _ in range(2):
        browser.submit(page, "Plaats bericht", text=TEXT)

    assert len(db.session.scalars(select(Post)).all()) == 1


def test_a_reply_names_who_it_answers(browser: Browser) -> None:
    thread, joke = _open_thread(), make_tenant("Joke de W.")
    root = make_post(thread, make_tenant("Piet B."), at=now())
    make_post(thread, joke, at=now(), reply_to=root.id)
    browser.sign_in(make_tenant("Anja V."))
    page = _visit_thread(browser, thread)

    reply_form = browser.visit(str(page.soup.select(".post-links a[href$=antwoord]")[1]["href"]))
    page = browser.submit(reply_form, "Plaats antwoord", text=TEXT)

    assert "Antwoord aan Joke de W." in page.text


def test_waardevol_works_without_scripts_and_can_be_taken_back(browser: Browser) -> None:
    thread = _open_thread()
    make_post(thread, make_tenant(), at=now())
    browser.sign_in(make_tenant())

    pressed = browser.submit(_visit_thread(browser, thread), "Waardevol")
    released = browser.submit(pressed, "Waardevol")

    assert pressed.soup.find("button", attrs={"value": "valuable"})["aria-pressed"] == "true"  # type: ignore[index]
    assert released.soup.find("button", attrs={"value": "valuable"})["aria-pressed"] == "false"  # type: ignore[index]
    assert db.session.scalars(select(Reaction)).one().withdrawn_at is not None


def test_an_author_sees_no_buttons_on_their_own_post(browser: Browser) -> None:
    thread, anja = _open_thread(), make_tenant()
    make_post(thread, anja, at=now())
    browser.sign_in(anja)

    page = _visit_thread(browser, thread)

    assert not page.has_button("Waardevol")
    assert "Waardevol 0" in page.text


def test_staff_are_marked_with_party_and_role(browser: Browser) -> None:
    thread, delegate = _open_thread(), make_delegate(Party.LANDLORD)
    make_post(thread, delegate, at=now())
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = browser.visit(f"/onderwerpen/{thread.topic_id}")

    assert page.soup.select_one(".post-staff .tag-staff").get_text() == "de verhuurder"  # type: ignore[union-attr]


def test_staff_enter_a_post_for_somebody_who_phoned(browser: Browser) -> None:
    thread, tenant, moderator = (
        _open_thread(),
        make_tenant("Wim K."),
        make_staff(Role.MODERATOR, Party.TENANTS),
    )
    browser.sign_in(moderator)
    page = browser.visit(browser.visit(f"/onderwerpen/{thread.topic_id}").link("Bericht invoeren"))

    wrong = browser.submit(page, "Plaats bericht", number="H0", source="phone", text=TEXT)
    browser.submit(wrong, "Plaats bericht", number=tenant.number)

    post = db.session.scalars(select(Post)).one()
    assert "Er is geen huurder met nummer H0" in wrong.text
    assert (post.author_id, post.source, post.text) == (tenant.id, PostSource.PHONE, TEXT)
    assert "Verteld aan de telefoon" in browser.visit(f"/berichten/{post.id}").text


@pytest.mark.parametrize(
    ("order", "first", "page_of_first_post"),
    [("oud", 1, 1), ("nieuw", 45, 3), ("waardevol", 7, 3)],
)
def test_posts_are_sorted_and_paged(
    browser: Browser, order: str, first: int, page_of_first_post: int
) -> None:
    thread, author = _open_thread(), make_tenant()
    posts = [make_post(thread, author, at=now()) for _ in range(45)]
    posts[6].valuable_count = 3
    db.session.commit()
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = browser.visit(f"/onderwerpen/{thread.topic_id}/de-lift-is-vaak-stuk?sorteer={order}")
    last = browser.visit(f"/onderwerpen/{thread.topic_id}/de-lift-is-vaak-stuk?sorteer={order}&pagina=3")

    shown = [str(article["id"]) for article in page.soup.find_all("article")]
    assert (len(shown), shown[0]) == (PAGE_SIZE, f"bericht-{posts[first - 1].id}")
    assert f"bericht-{posts[0].id}" in str([last, page][page_of_first_post == 1].html)


def test_the_link_to_a_post_finds_it_on_its_page(browser: Browser) -> None:
    thread, author = _open_thread(), make_tenant()
    posts = [make_post(thread, author, at=now()) for _ in range(25)]
    replies = [make_post(thread, author, at=now(), reply_to=posts[21].id) for _ in range(5)]
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    places = [
        browser.visit(f"/berichten/{post.id}", follow=False) for post in (posts[24], replies[0], replies[4])
    ]
    pages = [browser.visit(f"/berichten/{post.id}") for post in (posts[24], replies[0], replies[4])]

    assert [page.headers["Location"].partition("#")[2] for page in places] == [
        f"bericht-{post.id}" for post in (posts[24], replies[0], replies[4])
    ]
    for page, post in zip(pages, (posts[24], replies[0], replies[4]), strict=True):
        assert page.soup.find(id=f"bericht-{post.id}") is not None


@pytest.mark.parametrize(
    "query", ["?pagina=0", "?pagina=-3", "?pagina=999999999999", "?pagina=x", "?sorteer=x"]
)
def test_a_nonsense_page_or_order_still_shows_posts(browser: Browser, query: str) -> None:
    thread = _open_thread()
    make_post(thread, make_tenant(), TEXT, at=now())
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = browser.visit(f"/onderwerpen/{thread.topic_id}/de-lift-is-vaak-stuk{query}")

    assert TEXT in page.text


def test_a_hidden_post_leaves_a_placeholder_and_keeps_its_replies(browser: Browser) -> None:
    thread = _open_thread()
    root = make_post(thread, make_tenant(), TEXT, at=now())
    make_post(
        thread,
        make_tenant(),
        "Dit antwoord blijft gewoon staan, ook al is het bericht weg.",
        at=now(),
        reply_to=root.id,
    )
    root.state = PostState.HIDDEN
    db.session.commit()
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = browser.visit(f"/onderwerpen/{thread.topic_id}")

    assert TEXT not in page.html
    assert "Dit bericht is verborgen door een moderator." in page.text
    assert "Dit antwoord blijft gewoon staan" in page.text
    assert browser.visit(f"/berichten/{root.id}/versies").status == 409


def test_a_thread_page_costs_the_same_number_of_queries_whatever_its_length(browser: Browser) -> None:
    short, long = _open_thread(), _open_thread()
    authors = [make_tenant() for _ in range(5)]
    for thread, posts in ((short, 2), (long, 60)):
        for place in range(posts):
            root = make_post(thread, authors[place % 5], at=now())
            for _ in range(4 if thread is long else 1):
                make_post(thread, authors[place % 4], at=now(), reply_to=root.id)
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    counts = []
    for path in [f"/onderwerpen/{thread.topic_id}/de-lift-is-vaak-stuk" for thread in (short, long)]:
        with counted_queries() as queries:
            browser.visit(path)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 3, [sql[:50] for sql in queries]


def test_reading_writes_nothing(browser: Browser) -> None:
    thread = _open_thread()
    make_post(thread, make_tenant(), at=now())
    browser.sign_in(make_tenant())
    _visit_thread(browser, thread)

    with counted_queries() as queries:
        for path in (
            "/",
            f"/onderwerpen/{thread.topic_id}",
            "/mijn/",
            f"/onderwerpen/{thread.topic_id}/regels",
        ):
            browser.visit(path)

    assert [sql for sql in queries if not sql.startswith(("SELECT", "WITH"))] == []


@pytest.mark.parametrize("number", ["9" * 23, "0", "een"])
def test_a_reply_to_a_number_that_no_post_can_have_keeps_the_text(browser: Browser, number: str) -> None:
    thread = _open_thread()
    page = _visit_thread(browser.sign_in(make_tenant()), thread)
    token = page.token

    page = browser.post(
        f"/onderwerpen/{thread.topic_id}/berichten", text=TEXT, reply_to=number, csrf_token=token
    )

    assert page.status == 422
    assert TEXT in page.text
    assert "Het bericht waarop u antwoordt, bestaat niet." in page.text
    assert "valid integer" not in page.text


@pytest.mark.parametrize("start", ["", "/een-oude-titel"])
def test_the_full_address_keeps_which_part_was_asked_for_and_nothing_else(
    browser: Browser, start: str
) -> None:
    thread = _open_thread()
    address = f"/onderwerpen/{thread.topic_id}"
    asked = "sorteer=nieuw&pagina=1&slug=x&topic_id=9&_method=POST&_scheme=ftp&_external=1&endpoint=x"
    _visit_thread(browser.sign_in(make_tenant()), thread)

    page = browser.visit(f"{address}{start}?{asked}")

    assert page.status == 200
    assert page.path.startswith(f"{address}/")
    assert page.path.endswith("?sorteer=nieuw&pagina=1")


def test_a_reply_to_a_reply_on_an_earlier_page_stands_under_what_it_answers(browser: Browser) -> None:
    thread, author = _open_thread(), make_tenant("Joke de W.")
    root = make_post(thread, author, at=now())
    replies = [make_post(thread, author, at=now(), reply_to=root.id) for _ in range(PAGE_SIZE)]
    answer = make_post(thread, author, at=now(), reply_to=replies[1].id)
    again = make_post(thread, author, at=now(), reply_to=replies[1].id)
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = browser.visit(f"/berichten/{answer.id}")
    first_page = browser.visit(f"/berichten/{replies[5].id}")

    shown = [article["id"] for article in page.soup.find_all("article")]
    assert shown == [f"bericht-{post.id}" for post in (root, replies[1], answer, again)]
    assert "Dit staat op een eerdere pagina." in page.text
    assert "Dit staat op een eerdere pagina." not in first_page.text


@pytest.mark.parametrize(
    ("days_ago", "answering", "sentence"),
    [
        pytest.param(-3, False, "Het gesprek begint op", id="planned"),
        pytest.param(60, False, "Het gesprek is voorbij. U kunt alles lezen.", id="panel"),
        pytest.param(60, True, "Wat u nu schrijft, telt niet meer voor punten.", id="answer"),
    ],
)
def test_a_member_reads_why_writing_is_different_now(
    browser: Browser, days_ago: int, answering: bool, sentence: str
) -> None:
    thread = make_thread(opens_at=now() - timedelta(days=days_ago))
    thread.answering_at = now() - timedelta(days=1) if answering else None
    db.session.commit()

    page = browser.sign_in(make_tenant()).visit(f"/onderwerpen/{thread.topic_id}")

    assert sentence in page.text


def test_a_link_above_the_posts_leads_to_the_field_to_write_in(browser: Browser) -> None:
    thread = _open_thread()

    page = _visit_thread(browser.sign_in(make_tenant()), thread)

    assert page.link("Schrijf een bericht") == "#schrijven"
    assert page.soup.find(id="schrijven")


def test_who_skipped_the_question_and_read_on_is_not_asked_again(browser: Browser) -> None:
    thread, tenant = _open_thread(), make_tenant()
    make_post(thread, make_tenant(), TEXT, at=now())
    page = _visit_thread(browser.sign_in(tenant), thread)
    browser.submit(page, "Alles gelezen")

    page = browser.another().sign_in(tenant).visit(f"/onderwerpen/{thread.topic_id}")

    assert TEXT in page.text
    assert not page.has_button("Overslaan")
