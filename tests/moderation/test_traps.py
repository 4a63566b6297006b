"""A field that people neither see nor reach: who fills it in gets an ordinary refusal, and can try again."""

from datetime import timedelta

import pytest
from bs4 import Tag
from sqlalchemy import func, select

from forum.discussion.models import Post
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.mail.models import OutboxMessage
from tests.support.browser import PASSWORD, Browser, Page
from tests.support.cast import make_tenant, make_thread

TEXT = "De lift is deze maand vier keer stuk geweest. Dat moet echt beter, vind ik."
SPAM = "https://goedkoop.example"


def count(model: type[Post] | type[OutboxMessage]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_post_with_something_in_the_trap_is_asked_for_again_with_its_text(browser: Browser) -> None:
    thread = make_thread(opens_at=now() - timedelta(days=1))
    browser.sign_in(make_tenant())
    page = browser.submit(browser.visit(f"/onderwerpen/{thread.topic_id}"), "Overslaan")

    caught = browser.submit(page, "Plaats bericht", text=TEXT, website=SPAM)
    before = count(Post)
    again = browser.submit(caught, "Plaats bericht")

    assert caught.status == 422
    assert "Verstuur het nog een keer." in caught.text
    assert before == 0
    assert TEXT in again.text
    assert count(Post) == 1


def test_signing_in_is_refused_as_with_a_wrong_password_and_works_after(browser: Browser) -> None:
    member = make_tenant()
    browser.another().sign_in(member)
    email = str(member.email)
    form = browser.visit("/inloggen")

    wrong = browser.submit(form, "Inloggen", email=email, password="een-ander-wachtwoord")
    caught = browser.submit(form, "Inloggen", email=email, password=PASSWORD, website=SPAM)
    page = browser.submit(caught, "Inloggen", password=PASSWORD)

    assert alert(caught) == alert(wrong)
    assert caught.status == wrong.status
    assert page.has_button("Uitloggen")


def alert(page: Page) -> str:
    found = page.soup.find(attrs={"role": "alert"})
    assert isinstance(found, Tag)
    return found.get_text()


@pytest.mark.parametrize(("website", "mails"), [("", 1), (SPAM, 0)], ids=["a person", "a program"])
def test_asking_for_a_link_is_answered_the_same_whoever_asks(
    browser: Browser, website: str, mails: int
) -> None:
    email = str(make_tenant().email)

    page = browser.submit(browser.visit("/activeren"), "Stuur mij een link", email=email, website=website)

    assert "Kijk in uw e-mail" in page.text
    assert count(OutboxMessage) == mails


@pytest.mark.parametrize("path", ["/inloggen", "/activeren"])
def test_the_trap_is_not_there_for_whoever_listens_or_tabs(browser: Browser, path: str) -> None:
    field = browser.visit(path).soup.find("input", attrs={"name": "website"})

    assert isinstance(field, Tag)
    assert field["tabindex"] == "-1"
    assert field.find_parent(attrs={"aria-hidden": "true"}) is not None
