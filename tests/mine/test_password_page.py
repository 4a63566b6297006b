"""Changing the password on one's own page, and signing out in every other browser."""

import pytest
from sqlalchemy import select

from forum.accounts.rules import ATTEMPTS_PER_NAME
from forum.audit.models import AuditEntry
from forum.kernel.database import db
from forum.mail.composing import draft_message
from forum.mail.models import OutboxMessage
from forum.members.models import Member
from tests.support.browser import PASSWORD, Browser, Page
from tests.support.cast import make_site, make_tenant

NEW = "vier rode boten"
CHANGED = "accounts/password_changed"


def change(browser: Browser, current: str, new: str) -> Page:
    return browser.submit(browser.visit("/mijn/wachtwoord"), "Bewaar", current=current, password=new)


def is_signed_in(browser: Browser) -> bool:
    return browser.visit("/mijn/").path == "/mijn/"


def signs_in(browser: Browser, member: Member, password: str) -> bool:
    page = browser.submit(browser.visit("/inloggen"), "Inloggen", email=str(member.email), password=password)
    return page.status == 200


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action)))


def mails() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == CHANGED)))


def test_the_password_is_changed_and_other_sign_ins_end(browser: Browser) -> None:
    anja = make_tenant()
    phone = browser.another().sign_in_with_form(anja)
    browser.sign_in_with_form(anja)
    assert browser.visit("/mijn/").has_link("Wachtwoord veranderen")

    page = change(browser, PASSWORD, NEW)

    assert (page.path, page.status) == ("/mijn/", 200)
    assert "Uw nieuwe wachtwoord is bewaard. Overal anders bent u uitgelogd." in page.text
    assert is_signed_in(browser)
    assert not is_signed_in(phone)
    assert not signs_in(browser.another(), anja, PASSWORD)
    assert signs_in(browser.another(), anja, NEW)
    assert "account.password_changed" in actions()


def test_a_mail_tells_that_the_password_is_new_and_what_to_do(browser: Browser) -> None:
    make_site()
    anja = make_tenant("Anja")
    browser.sign_in_with_form(anja)

    change(browser, PASSWORD, NEW)

    [mail] = mails()
    draft = draft_message(mail.template, mail.details, anja)
    assert mail.member_id == anja.id
    for text in (draft.text, draft.html):
        assert "U heeft een nieuw wachtwoord" in text
        assert "Heeft u dit niet gedaan?" in text
        assert "/activeren" in text
        assert "010 000 00 00" in text
        assert NEW not in text


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        pytest.param("", NEW, "Vul uw huidige wachtwoord in.", id="no old one"),
        pytest.param(PASSWORD, "", "Vul een wachtwoord in.", id="no new one"),
        pytest.param("mis mis mis mis", NEW, "Uw huidige wachtwoord klopt niet.", id="wrong old one"),
        pytest.param(PASSWORD, "kort", "Uw wachtwoord is te kort.", id="too short"),
        pytest.param(PASSWORD, "wachtwoord123", "Dit wachtwoord is te makkelijk.", id="too common"),
        pytest.param("x" * 201, NEW, "Uw wachtwoord is te lang.", id="an old one that cannot be"),
    ],
)
def test_a_change_that_cannot_be_says_why_and_changes_nothing(
    browser: Browser, current: str, new: str, sentence: str
) -> None:
    anja = make_tenant()
    phone = browser.another().sign_in_with_form(anja)
    browser.sign_in_with_form(anja)

    page = change(browser, current, new)

    assert page.status == 422
    assert sentence in page.text
    assert page.title.startswith("Fout:")
    assert is_signed_in(phone)
    assert mails() == []


def test_guessing_the_old_password_is_limited(browser: Browser) -> None:
    browser.sign_in_with_form(make_tenant())
    statuses = [change(browser, "mis mis mis mis", NEW).status for _ in range(ATTEMPTS_PER_NAME)]

    page = change(browser, PASSWORD, NEW)

    assert statuses == [422] * ATTEMPTS_PER_NAME
    assert page.status == 429
    assert "U heeft het te vaak geprobeerd." in page.text
    assert mails() == []


def test_signing_out_everywhere_else_leaves_only_this_browser(browser: Browser) -> None:
    anja, bert = make_tenant(), make_tenant()
    phone, library = browser.another().sign_in_with_form(anja), browser.another().sign_in(anja)
    other = browser.another().sign_in_with_form(bert)
    browser.sign_in_with_form(anja)

    page = browser.submit(browser.visit("/mijn/"), "Log overal anders uit")

    assert "U bent nu overal anders uitgelogd. Hier blijft u ingelogd." in page.text
    assert is_signed_in(browser)
    assert not is_signed_in(phone)
    assert not is_signed_in(library)
    assert is_signed_in(other)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "account.signed_out_elsewhere")
    ).one()
    assert (entry.member_id, entry.details["closed"]) == (anja.id, 2)
