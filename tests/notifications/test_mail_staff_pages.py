"""What staff see of mail that does not arrive."""

from datetime import timedelta

import pytest

from forum.accounts.emails import password_changed
from forum.audit.models import AuditEntry
from forum.discussion.mailed_answers import record_return
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.mail.incoming import Incoming, IncomingKind
from forum.mail.jobs import deliver_mail
from forum.mail.models import UnreachableAddress, UnreachableCause
from forum.mail.reachability import mark_unreachable
from forum.mail.rules import says_address_is_dead
from forum.notifications.jobs import mail_at_once
from forum.web.times import show_day
from tests.mail.mail_server import Postbox
from tests.notifications.cast import outbox, tell
from tests.support.browser import Browser
from tests.support.cast import T0, make_staff, make_tenant

SOON = T0 + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param("550 No such user", True, id="no such user"),
        pytest.param("550 5.1.1 No such user", True, id="with a status"),
        pytest.param("553-5.1.2 No such host", True, id="no such host"),
        pytest.param("551 5.2.1 Closed", True, id="mailbox closed"),
        pytest.param("552 5.2.2 Full", False, id="mailbox full"),
        pytest.param("550 5.7.1 Relaying denied", False, id="about the sender"),
        pytest.param("554 Looks like spam", False, id="about the message"),
        pytest.param("450 Try later", False, id="for now"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_server_says_that_an_address_is_dead(answer: str, expected: bool) -> None:
    assert says_address_is_dead(answer) is expected


def test_a_refused_address_gets_no_more_news_and_staff_see_so_and_let_it_go(
    post: Postbox, browser: Browser
) -> None:
    anja = make_tenant("Anja V.", email="weg@voorbeeld.nl")
    post.recipient_answers["weg@voorbeeld.nl"] = "550 5.1.1 weg@voorbeeld.nl is unknown"
    tell(anja)
    mail_at_once(at=SOON)
    deliver_mail(at=SOON)
    tell(anja, key="b")
    mail_at_once(at=SOON)
    deliver_mail(at=SOON)
    assert [row.state for row in outbox()] == ["failed", "dropped"]
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = browser.visit(browser.visit("/beheer/").link("Post"))

    assert "Anja V." in page.text
    assert str(anja.number) in page.text
    page = browser.visit(page.link("Anja V."))
    assert "De mailserver kent het adres niet." in page.text
    assert "Niet gelukt (code 550)" in page.text
    assert "weg@voorbeeld.nl" not in page.html
    page = browser.submit(page, "Stuur weer e-mail")
    assert "Er gaan weer e-mails naar dit adres." in page.text
    assert db.session.query(UnreachableAddress).count() == 0
    assert db.session.query(AuditEntry).filter_by(action="mail.let_go").count() == 1
    post.recipient_answers.clear()
    tell(anja, key="c")
    mail_at_once(at=SOON)
    deliver_mail(at=SOON)
    assert post.recipients == ["weg@voorbeeld.nl"]


def test_a_message_that_is_refused_says_nothing_of_the_address(post: Postbox) -> None:
    post.message_answer = "554 Looks like spam"
    tell(make_tenant())

    mail_at_once(at=SOON)
    deliver_mail(at=SOON)

    assert db.session.query(UnreachableAddress).count() == 0


def test_letting_mail_go_twice_is_recorded_once(browser: Browser) -> None:
    anja = make_tenant()
    with unit_of_work():
        mark_unreachable(str(anja.email), UnreachableCause.BOUNCED, at=T0)
        mark_unreachable(str(anja.email), UnreachableCause.COMPLAINED, at=SOON)
    browser.sign_in(make_staff(Role.ADMIN))
    page = browser.visit(f"/beheer/post/{anja.id}")
    assert "Een e-mail kwam terug." in page.text

    for _ in range(2):
        browser.submit(page, "Stuur weer e-mail")

    assert db.session.query(AuditEntry).filter_by(action="mail.let_go").count() == 1


def test_staff_find_what_was_sent_to_a_tenant_by_number(browser: Browser) -> None:
    anja = make_tenant("Anja V.")
    tell(anja)
    mail_at_once(at=SOON)
    browser.sign_in(make_staff(Role.ADMIN))
    page = browser.visit("/beheer/post")
    assert "Alle adressen werken" in page.text

    found = browser.submit(page, "Toon de post", nummer=str(anja.number))
    unknown = browser.submit(page, "Toon de post", nummer="is er niet")

    assert found.path == f"/beheer/post/{anja.id}"
    assert "Attendering" in found.text
    assert "Wacht op versturen" in found.text
    assert "Er is geen huurder met nummer is er niet." in unknown.text


def test_a_link_that_somebody_asks_for_is_tried_again_and_staff_see_that_it_was_refused_again(
    post: Postbox, browser: Browser
) -> None:
    anja, gone = make_tenant(email="weg@voorbeeld.nl"), "niemand@voorbeeld.nl"
    post.recipient_answers["weg@voorbeeld.nl"] = "550 5.1.1 unknown"
    with unit_of_work():
        mark_unreachable("weg@voorbeeld.nl", UnreachableCause.REFUSED, at=now() - timedelta(days=30))
    moderator = Browser(browser.app).sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    before = moderator.visit(f"/beheer/post/{anja.id}")

    asked = [
        browser.submit(browser.visit("/activeren"), "Stuur mij een link", email=email)
        for email in (str(anja.email), gone)
    ]
    deliver_mail(at=now())

    after = moderator.visit(f"/beheer/post/{anja.id}")
    assert asked[0].text == asked[1].text
    assert [(row.state, row.template) for row in outbox("accounts/")] == [("failed", "accounts/activation")]
    assert "Ook die kwamen niet aan" not in before.text
    assert f"Ook die kwamen niet aan, het laatst op {show_day(now())}." in after.text
    assert "Niet gelukt (code 550)" in after.text


def test_a_link_that_somebody_asks_for_arrives_in_a_mailbox_that_was_mended(
    post: Postbox, browser: Browser
) -> None:
    anja = make_tenant(email="weg@voorbeeld.nl")
    with unit_of_work():
        mark_unreachable("weg@voorbeeld.nl", UnreachableCause.BOUNCED, at=now() - timedelta(days=30))

    browser.submit(browser.visit("/activeren"), "Stuur mij een link", email=str(anja.email))
    deliver_mail(at=now())
    with unit_of_work():
        password_changed(anja, at=now())
    deliver_mail(at=now())

    page = browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS)).visit(f"/beheer/post/{anja.id}")
    assert post.recipients == ["weg@voorbeeld.nl"] * 2
    assert "Ook die kwamen niet aan" not in page.text


def test_a_message_that_came_back_later_does_not_stand_there_as_sent(post: Postbox, browser: Browser) -> None:
    anja = make_tenant()
    browser.submit(browser.visit("/activeren"), "Stuur mij een link", email=str(anja.email))
    deliver_mail(at=now())
    with unit_of_work():
        [mail] = outbox("accounts/")
        bounce = Incoming(IncomingKind.BOUNCE, "", (), "<b@x>", "", str(mail.message_id), "5.1.1")
        record_return(bounce, at=now())

    page = browser.sign_in(make_staff(Role.ADMIN)).visit(f"/beheer/post/{anja.id}")

    assert "Kwam terug (code 550)" in page.text
    assert "Verstuurd" not in page.text
