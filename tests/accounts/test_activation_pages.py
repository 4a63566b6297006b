"""Setting a first password, by e-mail link or by the code of a letter."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts import service
from forum.accounts.errors import CodeRefused
from forum.accounts.models import Account, ActivationChannel, ActivationCode
from forum.accounts.queries import find_account, find_code
from forum.accounts.rules import ATTEMPTS_PER_NAME, shown_code
from forum.audit.models import AuditEntry
from forum.kernel.actor import SYSTEM
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.mail.models import OutboxMessage
from forum.members.models import Member, MemberState
from tests.support.browser import PASSWORD, Browser, Page
from tests.support.cast import make_household, make_tenant
from tests.support.together import at_once

NEW = "vier rode boten"
NOT_THIS_LINK = "Een link uit een e-mail werkt twee dagen, en maar één keer."
NOT_THIS_CODE = "De code of de postcode klopt niet. Of de code is al gebruikt of te oud."
SENT = "Kennen wij dit adres? Dan krijgt u binnen een paar minuten een e-mail."


def _ask_link(browser: Browser, email: str) -> Page:
    return browser.submit(browser.visit("/activeren"), "Stuur mij een link", email=email)


def _mailed_codes() -> list[str]:
    mails = (
        select(OutboxMessage)
        .where(OutboxMessage.template == "accounts/activation")
        .order_by(OutboxMessage.id)
    )
    return [str(row.details["code"]) for row in db.session.scalars(mails)]


def _mailed_link(browser: Browser, member: Member) -> str:
    _ask_link(browser, str(member.email))
    return "/activeren/" + _mailed_codes()[-1]


def _letter_code(member: Member) -> str:
    with unit_of_work():
        return service.make_letter_code(db.session.get_one(Member, member.id), SYSTEM, at=now())


def _postcode(member: Member) -> str:
    assert member.household is not None
    return member.household.postcode


def _type_code(browser: Browser, code: str, postcode: str) -> Page:
    return browser.submit(browser.visit("/code"), "Ga verder", code=code, postcode=postcode)


# By e-mail


def test_a_tenant_activates_with_the_link_of_the_email(browser: Browser) -> None:
    anja = make_tenant("Anja V.")
    link = _mailed_link(browser, anja)

    page = browser.submit(browser.visit(link), "Bewaar en log in", password=NEW)

    assert "Welkom! Uw wachtwoord is bewaard en u bent ingelogd." in page.text
    assert "Ingelogd als Anja V." in page.text
    assert "account.password_set" in db.session.scalars(select(AuditEntry.action)).all()
    assert "accounts/password_changed" in db.session.scalars(select(OutboxMessage.template)).all()


def test_opening_the_link_changes_nothing(browser: Browser) -> None:
    """A mail scanner opens every link, some of them more than once."""
    link = _mailed_link(browser, make_tenant())
    for _ in range(3):
        assert browser.another().visit(link).status == 200

    assert db.session.scalars(select(Account)).all() == []
    assert browser.submit(browser.visit(link), "Bewaar en log in", password=NEW).status == 200


def test_a_link_works_once(browser: Browser) -> None:
    link = _mailed_link(browser, make_tenant())
    form = browser.visit(link)
    browser.submit(form, "Bewaar en log in", password=NEW)

    other = browser.another()

    assert other.visit(link).status == 404
    assert NOT_THIS_LINK in other.visit(link).text
    token = other.visit("/inloggen").token
    assert other.post(link, csrf_token=token, password="een heel ander").status == 404


def test_a_link_works_two_days(browser: Browser) -> None:
    with time_machine.travel(datetime(2026, 5, 1, 9, 0, tzinfo=UTC), tick=False) as clock:
        link = _mailed_link(browser, make_tenant())
        clock.shift(timedelta(days=2, seconds=-1))
        assert browser.visit(link).status == 200
        clock.shift(timedelta(seconds=1))

        page = browser.visit(link)

    assert page.status == 404
    assert NOT_THIS_LINK in page.text


def test_wrong_used_and_expired_links_are_one_and_the_same_page(browser: Browser) -> None:
    with time_machine.travel(datetime(2026, 5, 1, 9, 0, tzinfo=UTC), tick=False) as clock:
        expired = _mailed_link(browser, make_tenant())
        clock.shift(timedelta(days=3))
        used = _mailed_link(browser, make_tenant())
        browser.submit(browser.visit(used), "Bewaar en log in", password=NEW)
        stranger = browser.another()

        pages = [stranger.visit(link) for link in (expired, used, "/activeren/verzonnen")]

    assert {page.status for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert pages[0].link("Vraag een nieuwe link aan") == "/activeren"
    assert "postcode" not in pages[0].text


def test_asking_for_a_link_says_the_same_for_every_address(browser: Browser) -> None:
    gone = make_tenant()
    gone.state = MemberState.GONE
    anja = make_tenant()
    db.session.commit()

    pages = [
        _ask_link(browser, email) for email in (str(anja.email), str(gone.email), "niemand@voorbeeld.nl")
    ]

    assert {page.status for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert SENT in pages[0].text
    assert [row.member_id for row in db.session.scalars(select(OutboxMessage))] == [anja.id]


def test_housemates_with_one_address_each_get_a_link(browser: Browser) -> None:
    home = make_household()
    for name in ("Anja", "Bert"):
        make_tenant(name, household=home, email="thuis@voorbeeld.nl")
    _ask_link(browser, "Thuis@Voorbeeld.nl")
    codes = _mailed_codes()
    assert len(codes) == 2

    for code, password in zip(codes, ("drie gele fietsen", "vier rode boten"), strict=True):
        door = browser.another()
        page = door.submit(door.visit(f"/activeren/{code}"), "Bewaar en log in", password=password)
        assert page.status == 200

    first = find_account("thuis@voorbeeld.nl")
    assert first is not None
    assert first.member.display_name == "Anja", "the second one signs in by number"


def test_asking_for_links_is_limited_for_every_address_alike(browser: Browser) -> None:
    anja = make_tenant()
    for email in (str(anja.email), "niemand@voorbeeld.nl"):
        statuses = [_ask_link(browser, email).status for _ in range(ATTEMPTS_PER_NAME + 1)]

        assert statuses == [200] * ATTEMPTS_PER_NAME + [429]
    assert len(_mailed_codes()) == ATTEMPTS_PER_NAME


def test_a_mailed_code_stays_unique_when_rows_are_removed(browser: Browser) -> None:
    """SQLite gives the number of a removed row to the next one; the key of the message may not repeat."""
    anja = make_tenant()
    for _ in range(3):
        _ask_link(browser, str(anja.email))
        for row in db.session.scalars(select(ActivationCode)):
            db.session.delete(row)
        db.session.commit()

    assert len(_mailed_codes()) == 3


def test_only_the_hash_of_a_code_is_stored(browser: Browser) -> None:
    link = _mailed_link(browser, make_tenant())

    assert db.session.scalars(select(ActivationCode.code_hash)).one() not in link


# By letter


def test_a_tenant_without_email_activates_with_a_letter_and_stays_without(browser: Browser) -> None:
    anja = make_tenant("Anja V.", email=None)
    code = shown_code(_letter_code(anja))

    password = _type_code(browser, f" {code.lower()} ", _postcode(anja).lower().replace("ab", " ab"))
    page = browser.submit(password, "Bewaar en log in", password=NEW)

    assert "Ingelogd als Anja V." in page.text
    again = browser.another()
    signed_in = again.submit(again.visit("/inloggen"), "Inloggen", email=str(anja.number), password=NEW)
    assert "Ingelogd als Anja V." in signed_in.text


def test_the_code_of_a_scanned_letter_is_filled_in(browser: Browser) -> None:
    page = browser.visit("/code?code=BCDF-GHJK-LMNP")

    assert page.soup.select_one("#code")["value"] == "BCDF-GHJK-LMNP"  # type: ignore[index]


@pytest.mark.parametrize("wrong", ["postcode", "code", "used", "expired", "gone"])
def test_every_wrong_code_reads_the_same(browser: Browser, wrong: str) -> None:
    with time_machine.travel(datetime(2026, 5, 1, 9, 0, tzinfo=UTC), tick=False) as clock:
        anja = make_tenant()
        code, postcode = _letter_code(anja), _postcode(anja)
        if wrong == "used":
            password = _type_code(browser, code, postcode)
            browser.submit(password, "Bewaar en log in", password=NEW)
        elif wrong == "expired":
            clock.shift(timedelta(days=60, seconds=1))
        elif wrong == "gone":
            anja.state = MemberState.GONE
            db.session.commit()
        typed = {"postcode": (code, "9999ZZ"), "code": ("BCDFGHJKLMNP", postcode)}

        page = _type_code(browser.another(), *typed.get(wrong, (code, postcode)))

    assert page.status == 404
    assert NOT_THIS_CODE in page.text
    assert not page.has_button("Bewaar en log in")


def test_the_code_of_a_link_is_no_code_of_a_letter_and_the_other_way_round(browser: Browser) -> None:
    anja = make_tenant()
    letter, link = _letter_code(anja), _mailed_link(browser, anja).rpartition("/")[2]

    assert find_code(link, ActivationChannel.LETTER, now()) is None
    assert browser.visit(f"/activeren/{letter}").status == 404


def test_a_new_letter_makes_the_old_one_worthless(browser: Browser) -> None:
    anja = make_tenant()
    old, new = _letter_code(anja), _letter_code(anja)

    assert _type_code(browser, old, _postcode(anja)).status == 404
    assert _type_code(browser, new, _postcode(anja)).has_button("Bewaar en log in")


def test_guessing_codes_at_a_postcode_is_stopped_however_it_is_typed(
    browser: Browser, second_server: Flask
) -> None:
    anja = make_tenant()
    code, postcode = _letter_code(anja), _postcode(anja)
    doors = [browser, Browser(second_server)]
    spellings = [postcode, postcode.lower(), f"{postcode[:4]} {postcode[4:]}", f" {postcode} "]

    for guess in range(ATTEMPTS_PER_NAME):
        page = _type_code(doors[guess % 2], "BCDFGHJKLMNP", spellings[guess % 4])
        assert page.status == 404
    refused = _type_code(browser, code, postcode)

    assert refused.status == 429
    assert "U heeft het te vaak geprobeerd." in refused.text


def test_a_whole_block_of_flats_activates_in_one_evening(browser: Browser) -> None:
    """One postcode for all: who types the right code must not count as an attempt."""
    home = make_household()
    neighbours = [make_tenant(f"Buur {number}", household=home) for number in range(ATTEMPTS_PER_NAME + 2)]

    for neighbour in neighbours:
        door = browser.another()
        password = _type_code(door, _letter_code(neighbour), home.postcode)
        assert "Welkom!" in door.submit(password, "Bewaar en log in", password=NEW).text


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Vul een wachtwoord in."),
        ("kort", "Uw wachtwoord is te kort."),
        ("wachtwoord123", "Dit wachtwoord is te makkelijk."),
        ("x1y2" * 51, "Uw wachtwoord is te lang."),
        ("EMAIL", "Dit wachtwoord is te makkelijk."),
    ],
)
@pytest.mark.parametrize("way", ["email", "letter"])
def test_a_password_that_will_not_do_is_told_and_the_code_stays_good(
    browser: Browser, way: str, password: str, sentence: str
) -> None:
    anja = make_tenant()
    if way == "email":
        form = browser.visit(_mailed_link(browser, anja))
    else:
        form = _type_code(browser, _letter_code(anja), _postcode(anja))

    refused = browser.submit(form, "Bewaar en log in", password=password.replace("EMAIL", str(anja.email)))
    assert refused.status == 422
    assert sentence in refused.text
    page = browser.submit(refused, "Bewaar en log in", password=NEW)

    assert "Welkom!" in page.text


def test_a_new_password_closes_other_sign_ins_and_other_codes(browser: Browser) -> None:
    """Somebody who forgot a password may also have lost a phone, and the letter lies in the bin."""
    anja = make_tenant()
    phone = browser.another().sign_in(anja)
    letter, link = _letter_code(anja), _mailed_link(browser, anja)
    second_link = _mailed_link(browser, anja)

    browser.submit(browser.visit(link), "Bewaar en log in", password=NEW)

    assert phone.visit("/mijn").path.startswith("/inloggen")
    assert browser.visit(second_link).status == 404
    assert find_code(letter, ActivationChannel.LETTER, now()) is None
    old = browser.another()
    page = old.submit(old.visit("/inloggen"), "Inloggen", email=str(anja.email), password=PASSWORD)
    assert page.status == 400


def test_one_code_that_is_used_twice_at_once_sets_one_password(database: Flask) -> None:
    anja = make_tenant()
    code = _letter_code(anja)
    postcode = _postcode(anja)
    db.session.rollback()

    def activate() -> None:
        with unit_of_work():
            row = service.check_letter_code(code, postcode, at=now())
            service.activate(row, NEW, at=now())

    raised = at_once(database, [activate] * 4)

    assert raised.count(None) == 1
    assert sum(type(error) is CodeRefused for error in raised) == 3


def test_a_letter_and_a_link_at_once_set_one_password(database: Flask) -> None:
    anja = make_tenant()
    letter, postcode = _letter_code(anja), _postcode(anja)
    with unit_of_work():
        service.request_activation(str(anja.email), at=now())
    link = _mailed_codes()[0]
    db.session.rollback()

    def by_letter() -> None:
        with unit_of_work():
            service.activate(service.check_letter_code(letter, postcode, at=now()), NEW, at=now())

    def by_link() -> None:
        with unit_of_work():
            service.activate(service.check_email_code(link, at=now()), NEW, at=now())

    raised = at_once(database, [by_letter, by_link])

    assert sorted(str(type(error).__name__) for error in raised) == ["CodeRefused", "NoneType"]


def test_housemates_who_share_an_address_and_activate_at_once_both_can(database: Flask) -> None:
    home = make_household()
    for turn in range(5):
        email = f"thuis{turn}@voorbeeld.nl"
        members = [make_tenant(household=home, email=email) for _ in range(4)]
        codes = [_letter_code(member) for member in members]
        postcode = _postcode(members[0])
        db.session.rollback()

        def activating(code: str, postcode: str = postcode) -> Callable[[], None]:
            def activate() -> None:
                with unit_of_work():
                    row = service.check_letter_code(code, postcode, at=now())
                    service.sign_in(service.activate(row, NEW, at=now()), at=now())

            return activate

        raised = at_once(database, [activating(code) for code in codes])

        db.session.rollback()
        assert raised == [None] * 4
        assert find_account(email) is not None, "one by address"
        assert all(find_account(str(member.number)) for member in members), "the rest by number"
