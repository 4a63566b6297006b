"""Slips: entering many in a row, receipts, and taking a text back."""

from dataclasses import replace

import pytest
from flask import Flask

from forum.discussion.errors import ThreadNotOpen
from forum.discussion.models import Post, StanceAnswer, Thread
from forum.discussion.queries import get_thread_row
from forum.discussion.rules import PostSource, PostState, Stance
from forum.discussion.service import Body
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden, NotFound
from forum.mail.models import OutboxMessage
from forum.members.errors import UnknownTenant
from forum.members.models import Member
from forum.paper.errors import EmptySlip, NoConsent
from forum.paper.models import Slip
from forum.paper.service import SlipText, enter_slip, new_code, withdraw_slip
from tests.support.browser import Browser
from tests.support.cast import (
    T0,
    actor_of,
    make_delegate,
    make_household,
    make_site,
    make_staff,
    make_tenant,
    make_thread,
)
from tests.support.together import at_once

WORDS = "De lift was vorige maand drie keer stuk. Ik kwam een week niet buiten."


def text_of(tenant: Member, form_key: str = "een") -> SlipText:
    return SlipText(
        code=new_code(),
        number=tenant.number or "",
        body=Body.of(WORDS),
        stance=Stance.FOR,
        question_id=None,
        has_consent=True,
        form_key=form_key,
    )


def moderator() -> Member:
    return make_staff(Role.MODERATOR, Party.TENANTS)


@pytest.mark.usefixtures("database")
def test_a_slip_is_a_post_and_a_stance_of_its_tenant() -> None:
    thread, tenant = make_thread(), make_tenant()

    slip = enter_slip(thread, text_of(tenant), actor_of(moderator()), at=T0)

    assert slip.post is not None
    assert (slip.post.author_id, slip.post.source, slip.post.text) == (tenant.id, PostSource.LETTER, WORDS)
    answer = db.session.query(StanceAnswer).one()
    assert (answer.member_id, answer.first, answer.first_at) == (tenant.id, Stance.FOR, T0)
    assert get_thread_row(thread.topic_id).for_count == 1


@pytest.mark.usefixtures("database")
def test_a_first_answer_given_on_the_forum_stays_the_first() -> None:
    thread, tenant, staff = make_thread(), make_tenant(), actor_of(moderator())
    enter_slip(thread, replace(text_of(tenant), stance=Stance.AGAINST, body=None), staff, at=T0)

    enter_slip(thread, text_of(tenant, "twee"), staff, at=T0)

    answer = db.session.query(StanceAnswer).one()
    assert (answer.first, answer.current) == (Stance.AGAINST, Stance.FOR)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"has_consent": False}, NoConsent, id="no tick for consent"),
        pytest.param({"body": None, "stance": None}, EmptySlip, id="nothing on it"),
        pytest.param({"number": "bestaat-niet"}, UnknownTenant, id="no tenant with this number"),
        pytest.param({"question_id": 999_999}, NotFound, id="a question of no topic"),
    ],
)
@pytest.mark.usefixtures("database")
def test_a_slip_that_will_not_do_leaves_nothing(change: dict[str, object], error: type[Exception]) -> None:
    thread, slip = make_thread(), text_of(make_tenant())
    staff = actor_of(moderator())

    with pytest.raises(error), unit_of_work():
        enter_slip(get_thread_row(thread.topic_id), replace(slip, **change), staff, at=T0)  # type: ignore[arg-type]

    assert not db.session.query(Slip).count()
    assert not db.session.query(Post).count()
    assert not db.session.query(StanceAnswer).count()


@pytest.mark.usefixtures("database")
def test_a_tenant_or_coordinator_enters_no_slips() -> None:
    thread, tenant = make_thread(), make_tenant()

    for actor in (actor_of(tenant), actor_of(make_staff(Role.COORDINATOR))):
        with pytest.raises(Forbidden):
            enter_slip(thread, text_of(tenant), actor, at=T0)


@pytest.mark.usefixtures("database")
def test_no_slip_is_entered_before_the_debate() -> None:
    thread = make_thread(opens_at=now().replace(year=2090))

    with pytest.raises(ThreadNotOpen):
        enter_slip(thread, text_of(make_tenant()), actor_of(moderator()), at=T0)


@pytest.mark.usefixtures("database")
def test_the_same_form_twice_and_the_same_words_again_are_one_slip() -> None:
    thread, tenant, staff = make_thread(), make_tenant(), actor_of(moderator())
    first = enter_slip(thread, text_of(tenant), staff, at=T0)

    again = enter_slip(thread, text_of(tenant), staff, at=T0)
    retyped = enter_slip(thread, text_of(tenant, "twee"), staff, at=T0)

    assert first.id == again.id == retyped.id
    assert db.session.query(Post).count() == 1


def test_one_form_sent_by_two_at_once_is_one_slip(database: Flask) -> None:
    thread, tenant, staff = make_thread(), make_tenant(), actor_of(moderator())
    topic_id, slip = thread.topic_id, text_of(tenant)

    def enter() -> None:
        with unit_of_work():
            enter_slip(get_thread_row(topic_id), slip, staff, at=T0)

    raised = at_once(database, [enter, enter])

    db.session.rollback()
    assert raised == [None, None]

    assert db.session.query(Slip).count() == 1
    assert get_thread_row(topic_id).post_count == 1


@pytest.mark.usefixtures("database")
def test_who_has_e_mail_gets_the_receipt_by_mail_and_only_once() -> None:
    thread, staff = make_thread(), actor_of(moderator())
    with_mail, without = make_tenant(), make_tenant(email=None)

    for _ in range(2):
        enter_slip(thread, text_of(with_mail), staff, at=T0)
    enter_slip(thread, text_of(without, "twee"), staff, at=T0)

    messages = db.session.query(OutboxMessage).all()
    assert [message.member_id for message in messages] == [with_mail.id]
    assert messages[0].details["text"] == WORDS


@pytest.mark.usefixtures("database")
def test_a_text_is_taken_back_for_its_tenant_and_the_stance_stays() -> None:
    thread, staff = make_thread(), actor_of(moderator())
    slip = enter_slip(thread, text_of(make_tenant()), staff, at=T0)

    for _ in range(2):
        withdraw_slip(slip, staff, at=T0)

    assert slip.post is not None
    assert slip.post.state is PostState.DELETED
    assert db.session.query(StanceAnswer).count() == 1


@pytest.mark.usefixtures("database")
def test_a_slip_with_only_a_stance_has_no_text_to_take_back() -> None:
    thread, staff = make_thread(), actor_of(moderator())
    slip = enter_slip(thread, replace(text_of(make_tenant()), body=None), staff, at=T0)

    with pytest.raises(NotFound):
        withdraw_slip(slip, staff, at=T0)


def open_thread() -> Thread:
    make_site()
    return make_thread(opens_at=now())


NEXT = "Bewaar, en naar het volgende"


def test_ten_slips_in_a_row_are_ten_posts(browser: Browser) -> None:
    thread = open_thread()
    tenants = [make_tenant(f"Huurder {letter}") for letter in "ABCDEFGHIJ"]
    page = browser.sign_in(make_delegate(Party.TENANTS)).visit(f"/onderwerpen/{thread.topic_id}/strookjes")

    for tenant in tenants:
        text = f"Ik ben {tenant.display_name} en ik vind dat de lift sneller gemaakt moet worden."
        page = browser.submit(page, NEXT, number=tenant.number or "", text=text, stance="for", consent="y")

    assert "Het strookje van Huurder J is bewaard" in page.text
    assert get_thread_row(thread.topic_id).post_count == 10
    assert len(page.soup.select("table tbody tr")) == 10


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        pytest.param("Noor Bakker", True, id="first and last name"),
        pytest.param("mevr. BAKKER", False, id="two of one family, and no first name"),
        pytest.param("el Amrani", True, id="the last name of one"),
        pytest.param("Rachid", False, id="no last name"),
    ],
)
def test_a_slip_without_a_number_is_of_who_lives_there(
    browser: Browser, typed: str, *, is_found: bool
) -> None:
    thread, home = open_thread(), make_household()
    for first, last in (("Noor", "Bakker"), ("Jan", "Bakker"), ("Rachid", "El Amrani")):
        make_tenant(first, household=home).last_name = last
    db.session.commit()
    postcode, house_number = home.postcode.replace(" ", "").lower(), home.house_number
    page = browser.sign_in(moderator()).visit(f"/onderwerpen/{thread.topic_id}/strookjes")

    page = browser.submit(
        page, NEXT, name=typed, postcode=postcode, house_number=house_number, text=WORDS, consent="y"
    )

    assert page.status == (200 if is_found else 422)
    assert ("Het strookje van" in page.text) is is_found
    assert ("Wij vinden niet één huurder" in page.text) is not is_found
    assert home.street not in page.text


def test_a_slip_needs_a_number_or_a_name_and_an_address(browser: Browser) -> None:
    thread = open_thread()
    page = browser.sign_in(moderator()).visit(f"/onderwerpen/{thread.topic_id}/strookjes")

    page = browser.submit(page, NEXT, name="Bakker", postcode="1234 AB", text=WORDS, consent="y")

    assert page.status == 422
    assert "Vul het huurdersnummer in, of naam, postcode en huisnummer." in page.text


def test_a_wrong_number_keeps_what_was_typed(browser: Browser) -> None:
    thread = open_thread()
    page = browser.sign_in(moderator()).visit(f"/onderwerpen/{thread.topic_id}/strookjes")

    page = browser.submit(page, NEXT, number="H-bestaat-niet", text=WORDS, stance="against", consent="y")

    assert page.status == 422
    assert "Er is geen huurder met nummer H-bestaat-niet" in page.text
    assert WORDS in page.text
    assert page.soup.find("input", {"value": "against", "checked": True})


def test_private_details_on_a_slip_are_named_once_before_it_is_kept(browser: Browser) -> None:
    thread, tenant = open_thread(), make_tenant()
    page = browser.sign_in(moderator()).visit(f"/onderwerpen/{thread.topic_id}/strookjes")
    private = f"{WORDS} Bel mij op 06-12345678."

    hinted = browser.submit(page, NEXT, number=tenant.number or "", text=private, stance="for", consent="y")
    kept_before = db.session.query(Slip).count()
    page = browser.submit(hinted, "Toch bewaren, en naar het volgende")

    assert (hinted.status, kept_before) == (422, 0)
    assert "Een telefoonnummer: 06-12345678" in hinted.text
    assert "is bewaard" in page.text
    assert db.session.query(Post).one().text == private


def test_a_code_on_a_receipt_finds_its_slip_and_the_text_is_taken_back(browser: Browser) -> None:
    thread, tenant = open_thread(), make_tenant(email=None)
    path = f"/onderwerpen/{thread.topic_id}/strookjes"
    page = browser.sign_in(moderator()).visit(path)
    page = browser.submit(page, NEXT, number=tenant.number or "", text=WORDS, consent="y")
    code = db.session.query(Slip).one().code

    page = browser.submit(page, "Zoek strookje", code=f" {code[:4].lower()}-{code[4:].lower()} ")
    page = browser.submit(page, "Haal de tekst weg")

    assert "De tekst is weggehaald" in page.text
    assert WORDS not in page.text
    assert "geen strookje met deze code" in browser.visit(f"{path}?code=XXXX").text


def test_receipts_are_printed_for_who_has_no_e_mail(browser: Browser) -> None:
    thread, staff = open_thread(), moderator()
    with unit_of_work():
        for number, email in enumerate(["wel@voorbeeld.nl", None]):
            tenant = make_tenant(f"Naam {number}", email=email)
            enter_slip(thread, text_of(tenant, f"sleutel {number}"), staff.as_actor(now()), at=now())

    browser.submit(browser.sign_in(staff).visit("/taal"), "English")
    page = browser.visit(f"/onderwerpen/{thread.topic_id}/strookjes/ontvangst")

    assert "met de naam Naam 1" in page.text, "a letter is Dutch, whatever the one who prints it reads"
    assert "Met vriendelijke groet" in page.text
    assert "Naam 0" not in page.text
