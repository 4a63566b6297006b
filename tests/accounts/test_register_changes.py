"""What the tenant register says decides who signs in with which address, and who no longer does."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import service
from forum.accounts.errors import CodeRefused, SignInRefused
from forum.accounts.models import Account, ActivationCode, SignInSession
from forum.accounts.queries import find_account
from forum.accounts.rules import ATTEMPTS_PER_NAME
from forum.kernel.actor import SYSTEM, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.mail.composing import draft_message
from forum.mail.delivery import claim
from forum.mail.models import OutboxMessage
from forum.members.import_service import import_register
from forum.members.models import Member, MemberState
from tests.members.register_files import ANJA, register_of, tenant
from tests.members.register_runs import member, run_import
from tests.support.browser import PASSWORD, Browser, Page
from tests.support.cast import T0, make_staff
from tests.support.together import at_once

OLD, NEW = "anja@voorbeeld.nl", "anja.nieuw@voorbeeld.nl"
BERT = tenant("H1002", first_name="Bert")
REFUSED = "Uw e-mailadres of wachtwoord klopt niet."
OTHER = "vier rode boten"
NOTICES = ("accounts/address_changed", "accounts/address_new")


def _import(*rows: dict[str, str]) -> None:
    run_import(register_of(*rows))
    db.session.rollback()


def _with_password(number: str, password: str = PASSWORD, *, days: int = 0) -> Member:
    tenant_ = member(number)
    service.set_password(tenant_, password, at=T0 + timedelta(days=days))
    db.session.commit()
    return tenant_


def _try(browser: Browser, name: str, password: str = PASSWORD) -> Page:
    door = browser.another()
    return door.submit(door.visit("/inloggen"), "Inloggen", email=name, password=password)


def _notices() -> list[OutboxMessage]:
    mails = select(OutboxMessage).where(OutboxMessage.template.in_(NOTICES))
    return list(db.session.scalars(mails.order_by(OutboxMessage.id)))


def _link_to(email: str) -> str:
    with unit_of_work():
        service.request_activation(email, at=now())
    mails = select(OutboxMessage).where(OutboxMessage.template == "accounts/activation")
    return str(db.session.scalars(mails.order_by(OutboxMessage.id.desc())).first().details["code"])  # type: ignore[union-attr]


# The address is that of the register


def test_the_next_tenant_signs_in_with_the_address_of_one_who_left(browser: Browser) -> None:
    _import(ANJA, BERT)
    _with_password("H1001", OTHER)

    _import(BERT | {"email": OLD})
    link = _link_to(OLD)
    page = browser.submit(browser.visit(f"/activeren/{link}"), "Bewaar en log in", password=PASSWORD)

    assert "Ingelogd als Bert V." in page.text
    assert "Ingelogd als Bert V." in _try(browser, OLD).text
    assert REFUSED in _try(browser, OLD, OTHER).text


def test_a_new_address_in_the_register_is_the_one_to_sign_in_with(browser: Browser) -> None:
    _import(ANJA)
    _with_password("H1001")

    _import(ANJA | {"email": NEW})

    assert REFUSED in _try(browser, OLD).text
    assert "Ingelogd als Anja V." in _try(browser, NEW.upper()).text


def test_who_has_no_address_any_more_signs_in_by_number(browser: Browser) -> None:
    _import(ANJA)
    _with_password("H1001")

    _import(ANJA | {"email": ""})

    assert REFUSED in _try(browser, OLD).text
    assert "Ingelogd als Anja V." in _try(browser, "H1001").text


def test_of_tenants_with_one_address_the_first_account_has_it_and_each_has_a_number(browser: Browser) -> None:
    _import(ANJA, BERT | {"email": OLD})
    _with_password("H1002", OTHER, days=1)
    _with_password("H1001", days=2)
    assert "Ingelogd als Bert V." in _try(browser, OLD, OTHER).text
    assert "Ingelogd als Anja V." in _try(browser, "H1001").text

    _import(ANJA)

    assert "Ingelogd als Anja V." in _try(browser, OLD).text, "the housemate left"


def test_staff_without_a_number_keep_the_address_they_share_with_a_tenant(browser: Browser) -> None:
    """They have no other name to sign in with."""
    _import(ANJA)
    _with_password("H1001")
    moderator = make_staff(Role.COORDINATOR)
    moderator.email = OLD
    service.set_password(moderator, OTHER, at=T0 + timedelta(days=9))
    db.session.commit()

    assert f"Ingelogd als {moderator.display_name}" in _try(browser, OLD, OTHER).text
    assert "Ingelogd als Anja V." in _try(browser, "H1001").text


def test_signing_in_by_number_forgives_no_guesses_at_a_housemate(browser: Browser) -> None:
    _import(ANJA, BERT | {"email": OLD})
    _with_password("H1001", days=1)
    _with_password("H1002", OTHER, days=2)
    for _ in range(ATTEMPTS_PER_NAME):
        assert _try(browser, OLD, "een gok naar Anja").status == 400

    assert "Ingelogd als Bert V." in _try(browser, "H1002", OTHER).text

    assert _try(browser, OLD, "nog een gok naar Anja").status == 429


# Links on their way


def test_a_link_stops_working_when_the_address_changed(browser: Browser) -> None:
    _import(ANJA)
    link = _link_to(OLD)
    form = browser.visit(f"/activeren/{link}")

    _import(ANJA | {"email": NEW})

    assert browser.visit(f"/activeren/{link}").status == 404
    assert browser.submit(form, "Bewaar en log in", password=PASSWORD).status == 404
    assert db.session.scalars(select(Account)).all() == []


def test_a_letter_works_after_the_address_changed(browser: Browser) -> None:
    _import(ANJA)
    with unit_of_work():
        code = service.make_letter_code(member("H1001"), SYSTEM, at=now())

    _import(ANJA | {"email": NEW})
    page = browser.submit(browser.visit("/code"), "Ga verder", code=code, postcode="5501AB")

    assert page.has_button("Bewaar en log in")


# Who left


def test_sign_ins_and_codes_of_who_left_stay_closed_after_a_return(browser: Browser) -> None:
    _import(ANJA, BERT)
    anja = member("H1001")
    browser.sign_in(anja)
    link = _link_to(OLD)

    _import(BERT)
    assert browser.visit("/mijn").path.startswith("/inloggen")
    assert db.session.scalars(select(SignInSession)).all() == []
    _import(ANJA, BERT)

    assert browser.visit("/mijn").path.startswith("/inloggen")
    assert browser.visit(f"/activeren/{link}").status == 404
    assert "Ingelogd als Anja V." in _try(browser, OLD).text


def test_a_sign_in_that_slipped_through_a_departure_ends_at_the_return(database: Flask) -> None:
    _import(ANJA, BERT)
    account = service.set_password(member("H1001"), PASSWORD, at=T0)
    db.session.commit()
    _import(BERT)
    service.sign_in(account, at=now())
    db.session.commit()

    _import(ANJA, BERT)

    assert db.session.scalars(select(SignInSession)).all() == []


# Word to the old address and to the new one


def test_the_old_address_hears_of_the_change_and_not_of_the_new_one(database: Flask) -> None:
    _import(ANJA)
    _with_password("H1001")

    _import(ANJA | {"email": NEW})

    notice = _notices()[0]
    assert (notice.template, notice.address) == ("accounts/address_changed", OLD)
    assert notice.member_id == member("H1001").id
    assert NEW not in str(notice.details)


@pytest.mark.parametrize("before", [OLD, ""], ids=["another address before", "no address before"])
def test_the_new_address_hears_that_it_is_the_one_to_sign_in_with(database: Flask, before: str) -> None:
    _import(ANJA | {"email": before})
    anja = _with_password("H1001")

    _import(ANJA | {"email": NEW})

    notice = _notices()[-1]
    draft = draft_message(notice.template, notice.details, anja)
    assert (notice.template, notice.address) == ("accounts/address_new", NEW)
    assert (notice.member_id, notice.details) == (anja.id, {})
    for said in (draft.text, draft.html):
        assert "U logt vanaf nu in met dit adres" in said
        assert OLD not in said


def test_both_notices_leave_after_the_import_each_to_its_own_address(database: Flask) -> None:
    _import(ANJA)
    _with_password("H1001")
    _import(ANJA | {"email": NEW})

    with unit_of_work():
        claimed = [claim(notice, "forum.example.nl", at=now()) for notice in _notices()]

    assert [notice and notice.address for notice in claimed] == [OLD, NEW]


def test_who_loses_the_address_hears_it_there_and_nowhere_else(database: Flask) -> None:
    _import(ANJA)
    _with_password("H1001")

    _import(ANJA | {"email": ""})

    assert [(notice.template, notice.address) for notice in _notices()] == [("accounts/address_changed", OLD)]


@pytest.mark.parametrize(
    ("before", "after", "has_account"),
    [
        pytest.param({}, {"email": NEW}, False, id="no account: nobody signs in with it"),
        pytest.param({}, {"phone": "06-87654321"}, True, id="the address stayed"),
        pytest.param({}, {"email": OLD.upper()}, True, id="only the capitals differ"),
    ],
)
def test_nobody_hears_of_what_does_not_change_a_sign_in(
    database: Flask, before: dict[str, str], after: dict[str, str], has_account: bool
) -> None:
    _import(ANJA | before)
    if has_account:
        _with_password("H1001")

    _import(ANJA | before | after)

    assert _notices() == []


def test_an_import_that_fails_tells_nobody(database: Flask) -> None:
    _import(ANJA)
    _with_password("H1001")

    import_register(register_of(ANJA | {"email": NEW}), SYSTEM, at=T0, agreed=None)
    db.session.rollback()

    assert _notices() == []


# At the same moment


def test_imports_and_sign_ins_at_once_leave_nobody_in_who_left(database: Flask) -> None:
    for _ in range(5):
        _import(ANJA, BERT)
        account = _with_password("H1001")
        checked = account.id, db.session.get_one(Account, account.id).password_hash
        db.session.rollback()

        def leave() -> None:
            run_import(register_of(BERT))

        def enter(checked: tuple[int, str] = checked) -> None:
            with unit_of_work():
                found = find_account(OLD)
                if found is None:
                    raise SignInRefused
                service.sign_in_checked(found, checked[1], at=now())

        raised = at_once(database, [leave, enter, enter])

        db.session.rollback()
        assert raised[0] is None
        assert {type(error) for error in raised[1:]} <= {type(None), SignInRefused}
        assert member("H1001").state is MemberState.GONE
        assert find_account(OLD) is None


def test_a_link_and_a_new_address_at_once_leave_no_account_of_the_old_address(database: Flask) -> None:
    for _ in range(5):
        _import(ANJA)
        link = _link_to(OLD)
        db.session.rollback()

        def change() -> None:
            run_import(register_of(ANJA | {"email": NEW}))

        def use(link: str = link) -> None:
            with unit_of_work():
                service.activate(service.check_email_code(link, at=now()), PASSWORD, at=now())

        raised = at_once(database, [change, use])

        db.session.rollback()
        accounts = db.session.scalars(select(Account)).all()
        assert raised[0] is None
        assert (raised[1] is None) == bool(accounts), "either the link came first, or it did not work"
        assert raised[1] is None or isinstance(raised[1], CodeRefused)
        for row in [*db.session.scalars(select(ActivationCode)), *accounts]:
            db.session.delete(row)
        db.session.commit()
