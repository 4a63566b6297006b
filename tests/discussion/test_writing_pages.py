"""Writing with the real forms, without scripts: a preview, a hint, a quote, and mentioning somebody."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.discussion.models import Mention, Post, Thread
from forum.discussion.rules import PostState
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.members.models import Member
from tests.support.browser import Browser, Page
from tests.support.cast import make_post, make_staff, make_tenant, make_thread, path_of

TEXT = "De lift is **deze maand** vier keer stuk geweest. Dat moet echt beter, vind ik."
PRIVATE = "De lift is weer stuk. Bel mij op 06-12345678 als u er meer van weet."


def texts() -> list[str]:
    """Return what all posts say."""
    return list(db.session.scalars(select(Post.text).order_by(Post.id)))


def shown(page: Page, selector: str) -> str:
    """Return the words of the first element on a page that a selector finds."""
    found = page.soup.select_one(selector)
    return " ".join(found.get_text(" ").split()) if found else ""


def test_a_preview_shows_the_text_as_it_will_be_and_places_nothing(browser: Browser, thread: Thread) -> None:
    question = thread.questions[0].id
    page = browser.visit(path_of(thread))

    page = browser.submit(page, "Bekijk voorbeeld", text=TEXT, question=str(question))

    assert page.status == 200
    assert page.title.startswith("Voorbeeld: De lift is vaak stuk")
    assert page.soup.select_one(".preview strong").get_text() == "deze maand"  # type: ignore[union-attr]
    assert page.soup.select_one("textarea").get_text().strip() == TEXT  # type: ignore[union-attr]
    assert page.soup.select_one(f"option[value='{question}'][selected]")
    assert texts() == []

    page = browser.submit(page, "Plaats bericht")

    assert "Uw bericht staat op het forum." in page.text
    assert texts() == [TEXT]


def test_a_preview_is_made_safe_like_a_post(browser: Browser, thread: Thread) -> None:
    attack = "<img src=x onerror=alert(1)> [klik](javascript:alert(1)) <script>alert(1)</script>"

    page = browser.submit(browser.visit(path_of(thread)), "Bekijk voorbeeld", text=attack)
    answer = browser.post(f"{path_of(thread)}/voorbeeld", text=attack, csrf_token=page.token)

    assert not page.soup.select(".preview :is(img, script, a)")
    assert answer.status == 200


def test_the_preview_of_a_script_is_the_html_of_the_post(browser: Browser, thread: Thread) -> None:
    page = browser.visit(path_of(thread))

    answer = browser.client.post(
        f"{path_of(thread)}/voorbeeld", data={"text": TEXT, "csrf_token": page.token}
    )
    browser.submit(page, "Plaats bericht", text=TEXT)

    assert answer.json == {"html": db.session.scalars(select(Post.html)).one()}


@pytest.mark.parametrize(
    ("text", "status"),
    [pytest.param("", 200, id="nothing"), pytest.param("a" * 10_001, 200, id="too much")],
)
def test_a_text_that_cannot_be_placed_has_no_preview(
    browser: Browser, thread: Thread, text: str, status: int
) -> None:
    page = browser.visit(path_of(thread))

    answer = browser.client.post(
        f"{path_of(thread)}/voorbeeld", data={"text": text, "csrf_token": page.token}
    )

    assert (answer.status_code, answer.json) == (status, {"html": ""})


def test_a_private_detail_brings_the_form_back_once(browser: Browser, thread: Thread) -> None:
    page = browser.submit(browser.visit(path_of(thread)), "Plaats bericht", text=PRIVATE)

    assert page.status == 422
    assert page.title.startswith("Let op: De lift is vaak stuk")
    assert "Een telefoonnummer: 06-12345678" in shown(page, "[role=alert]")
    assert page.soup.select_one("textarea").get_text().strip() == PRIVATE  # type: ignore[union-attr]
    assert texts() == []

    page = browser.submit(page, "Toch plaatsen")

    assert "Uw bericht staat op het forum." in page.text
    assert texts() == [PRIVATE]


def test_sending_the_hinted_form_twice_places_one_post(browser: Browser, thread: Thread) -> None:
    page = browser.submit(browser.visit(path_of(thread)), "Plaats bericht", text=PRIVATE)

    browser.submit(page, "Toch plaatsen")
    browser.submit(page, "Toch plaatsen")

    assert texts() == [PRIVATE]


def test_a_preview_after_the_hint_does_not_hint_again(browser: Browser, thread: Thread) -> None:
    page = browser.submit(browser.visit(path_of(thread)), "Plaats bericht", text=PRIVATE)

    page = browser.submit(page, "Bekijk voorbeeld")
    browser.submit(page, "Plaats bericht")

    assert texts() == [PRIVATE]


def test_a_reply_and_a_change_are_hinted_at_too(browser: Browser, thread: Thread) -> None:
    post = make_post(thread, make_tenant("Joke de W."), at=now())
    reply = browser.visit(f"/berichten/{post.id}/antwoord")

    reply = browser.submit(reply, "Plaats antwoord", text=PRIVATE)
    assert "Antwoord aan Joke de W." in reply.title
    page = browser.submit(reply, "Toch plaatsen", text=TEXT)
    change = browser.submit(browser.visit(page.link("Wijzigen")), "Bewaar wijziging", text=PRIVATE)
    assert "06-12345678" in shown(change, "[role=alert]")
    browser.submit(change, "Toch plaatsen")

    assert texts()[1:] == [PRIVATE]


def test_staff_who_enter_a_post_are_hinted_at_too(browser: Browser) -> None:
    thread, tenant = make_thread(opens_at=now() - timedelta(days=2)), make_tenant()
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.visit(f"{path_of(thread)}/namens")

    page = browser.submit(page, "Plaats bericht", number=tenant.number, source="phone", text=PRIVATE)
    assert page.soup.select_one("[value=phone][checked]")
    browser.submit(page, "Toch plaatsen")

    assert texts() == [PRIVATE]


def test_a_quote_begins_the_answer(browser: Browser, thread: Thread) -> None:
    make_post(thread, make_tenant("Joke de W."), "> Oud.\n\nDe *lift* is stuk.\n\nAlweer.", at=now())

    reply = browser.visit(browser.visit(path_of(thread)).link("Citeren"))

    assert reply.soup.select_one("textarea").get_text().strip() == "> De lift is stuk.\n>\n> Alweer."  # type: ignore[union-attr]


def test_a_withdrawn_post_is_not_quoted(browser: Browser, thread: Thread) -> None:
    post = make_post(thread, make_tenant(), at=now())
    post.state = PostState.DELETED
    db.session.commit()

    page = browser.visit(f"/berichten/{post.id}/antwoord?citaat=ja")

    assert page.status == 409
    assert post.text not in page.text


def mentioned() -> set[str]:
    """Return the names of those whom posts mention."""
    rows = select(Member.display_name).join(Mention, Mention.member_id == Member.id)
    return set(db.session.scalars(rows))


def test_a_mention_is_marked_and_remembered_until_it_is_edited_away(browser: Browser, thread: Thread) -> None:
    for name in ("Joke de W.", "Joke", "Piet B."):
        make_post(thread, make_tenant(name), at=now())
    make_tenant("Niemand")

    page = browser.submit(
        browser.visit(path_of(thread)),
        "Plaats bericht",
        text="Eens met @joke de w. en met @Niemand en @Anja V.",
    )
    assert shown(page, ".prose mark") == "@joke de w."
    assert mentioned() == {"Joke de W."}
    browser.submit(browser.visit(page.link("Wijzigen")), "Bewaar wijziging", text="Eens met @Piet B. dus.")

    assert mentioned() == {"Piet B."}


def test_names_are_offered_of_those_who_take_part(browser: Browser, thread: Thread) -> None:
    for name in ("Joke de W.", "Marjo_lein", "Piet B.", "Joke de W."):
        make_post(thread, make_tenant(name), at=now())
    make_post(make_thread(opens_at=now()), make_tenant("Jozef"), at=now())
    make_tenant("Johan")

    def offered(words: str) -> object:
        return json.loads(browser.client.get(f"{path_of(thread)}/deelnemers?q={words}").data)["names"]

    assert offered("jo") == ["Joke de W.", "Marjo_lein"]
    assert offered("o_l") == ["Marjo_lein"]
    assert offered("%25") == []
    assert offered("anja") == []


def test_no_more_than_a_handful_of_names_is_offered(browser: Browser, thread: Thread) -> None:
    for number in range(10):
        make_post(thread, make_tenant(f"Kees {number}"), at=now())

    answer = browser.client.get(f"{path_of(thread)}/deelnemers?q=kees")

    assert len(answer.json["names"]) == 8  # type: ignore[index]
