"""How long a sign-in lasts, and what ends it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts import service
from forum.accounts.errors import CurrentPasswordWrong, PasswordRefused, SignInRefused
from forum.accounts.models import Account, SignInSession
from forum.accounts.passwords import hash_password
from forum.app import create_app
from forum.kernel.actor import SYSTEM, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member, MemberState
from forum.members.service import grant_role
from tests.accounts.signing_in import REFUSED, is_signed_in, try_to_sign_in, with_password
from tests.conftest import make_settings
from tests.support.browser import PASSWORD, Browser
from tests.support.cast import T0, make_delegate, make_staff, make_tenant

COOKIE = "huurdersforum"


def _cookie(browser: Browser) -> str:
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def _with_cookie(browser: Browser, value: str) -> Browser:
    other = browser.another()
    other.client.set_cookie(COOKIE, value)
    return other


def test_signing_in_leaves_nothing_of_the_session_before_it(browser: Browser) -> None:
    """Session fixation: an attacker who planted a cookie, or knows its token, has nothing afterwards."""
    anja = with_password(make_tenant())
    form = browser.visit("/inloggen")
    planted, old_token = _cookie(browser), form.token

    browser.submit(form, "Inloggen", email=str(anja.email), password=PASSWORD)

    assert _cookie(browser) != planted
    assert not is_signed_in(_with_cookie(browser, planted))
    assert browser.post("/uitloggen", csrf_token=old_token).status == 400
    assert is_signed_in(browser)


def test_a_cookie_that_is_sent_again_after_signing_out_does_not_work(browser: Browser) -> None:
    browser.sign_in_with_form(make_tenant())
    stolen = _cookie(browser)
    assert is_signed_in(_with_cookie(browser, stolen))

    page = browser.submit(browser.visit("/uitloggen"), "Ja, log mij uit")

    assert "U bent uitgelogd." in page.text
    assert not is_signed_in(browser)
    assert not is_signed_in(_with_cookie(browser, stolen))
    assert db.session.scalars(select(SignInSession)).all() == []


def test_signing_out_in_one_browser_leaves_the_other(browser: Browser) -> None:
    anja = make_tenant()
    browser.sign_in_with_form(anja)
    phone = browser.another().sign_in_with_form(anja)

    browser.submit(browser.visit("/"), "Uitloggen")

    assert is_signed_in(phone)


def test_a_link_does_not_sign_out(browser: Browser) -> None:
    browser.sign_in_with_form(make_tenant())

    page = browser.visit("/uitloggen")

    assert "Wilt u uitloggen?" in page.text
    assert is_signed_in(browser)


def test_signing_out_tells_the_browser_to_forget_drafts(browser: Browser) -> None:
    browser.sign_in_with_form(make_tenant())

    answer = browser.submit(browser.visit("/uitloggen"), "Ja, log mij uit", follow=False)

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_in_as_somebody_else_closes_the_first_sign_in(browser: Browser) -> None:
    form = browser.visit("/inloggen")
    browser.sign_in_with_form(make_tenant())
    first, bert = _cookie(browser), with_password(make_tenant("Bert"))

    token = browser.visit("/").token
    assert form.status == 200
    browser.post("/inloggen", csrf_token=token, email=str(bert.email), password=PASSWORD)

    assert "Ingelogd als Bert" in browser.visit("/").text
    assert not is_signed_in(_with_cookie(browser, first))


@pytest.mark.parametrize("change", ["GONE", "row removed", "secret unknown"])
def test_a_sign_in_ends_when_its_ground_is_gone(browser: Browser, change: str) -> None:
    anja = make_tenant()
    browser.sign_in_with_form(anja)
    if change == "GONE":
        anja.state = MemberState.GONE
    elif change == "row removed":
        service.sign_out_everywhere(anja.id)
    else:
        browser.client.set_cookie(COOKIE, _cookie(browser)[:-3] + "xyz")
    db.session.commit()

    assert not is_signed_in(browser)
    assert browser.visit("/mijn").path.startswith("/inloggen")


def test_a_tenant_stays_signed_in_for_two_weeks(browser: Browser) -> None:
    with time_machine.travel(datetime(2026, 5, 1, 9, 0, tzinfo=UTC), tick=False) as clock:
        browser.sign_in_with_form(make_tenant())
        clock.shift(timedelta(days=13, hours=23))
        assert is_signed_in(browser)

        clock.shift(timedelta(hours=1, seconds=1))
        assert not is_signed_in(browser)


def test_staff_stay_signed_in_for_twelve_hours(browser: Browser) -> None:
    with time_machine.travel(datetime(2026, 5, 1, 9, 0, tzinfo=UTC), tick=False) as clock:
        browser.sign_in_with_form(make_delegate(Party.LANDLORD))
        clock.shift(timedelta(hours=11, minutes=59))
        assert is_signed_in(browser)

        clock.shift(timedelta(minutes=1, seconds=1))
        assert not is_signed_in(browser)


def test_a_tenant_who_becomes_staff_does_not_keep_the_long_sign_in(browser: Browser) -> None:
    with time_machine.travel(datetime(2026, 5, 1, 9, 0, tzinfo=UTC), tick=False) as clock:
        anja = make_tenant()
        browser.sign_in_with_form(anja)
        with unit_of_work():
            grant_role(db.session.get_one(Member, anja.id), Role.COORDINATOR, None, SYSTEM, at=now())
        assert is_signed_in(browser)

        clock.shift(timedelta(hours=12, seconds=1))
        assert not is_signed_in(browser)


def test_the_cookie_holds_no_number_of_a_member_and_only_a_hash_is_stored(browser: Browser) -> None:
    browser.sign_in_with_form(make_tenant())
    sign_in = db.session.scalars(select(SignInSession)).one()

    assert sign_in.token_hash not in _cookie(browser)
    with browser.client.session_transaction() as session:
        token = session["_user_id"]
    assert len(token) >= 43
    assert token != str(sign_in.member_id)
    assert token not in (sign_in.token_hash,)


@pytest.mark.parametrize(
    ("base_url", "is_secure"), [("http://localhost", False), ("https://localhost", True)]
)
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    database: Flask, tmp_path: Path, base_url: str, is_secure: bool
) -> None:
    url = database.config["SETTINGS"].database_url
    server = create_app(make_settings(tmp_path, BASE_URL=base_url, DATABASE_URL=url))

    answer = Browser(server).visit("/inloggen")
    with server.app_context():
        db.engine.dispose()

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert ("Secure" in cookie) is is_secure
    assert cookie.startswith("__Host-huurdersforum=" if is_secure else "huurdersforum=")


def test_reading_without_a_form_sets_no_cookie(browser: Browser) -> None:
    assert "Set-Cookie" not in browser.visit("/huisregels").headers


# Changing the password


def test_changing_the_password_closes_the_sign_ins_elsewhere(browser: Browser) -> None:
    anja = make_tenant()
    phone = browser.another().sign_in_with_form(anja)
    browser.sign_in_with_form(anja)
    with browser.client.session_transaction() as session:
        token = session["_user_id"]

    with unit_of_work():
        account = db.session.get_one(Account, anja.id)
        service.change_password(account, PASSWORD, "vier rode boten", token=token, at=now())

    assert is_signed_in(browser)
    assert not is_signed_in(phone)
    assert REFUSED in try_to_sign_in(browser.another(), str(anja.email), PASSWORD).text
    assert try_to_sign_in(browser.another(), str(anja.email), "vier rode boten").status == 200


def test_a_new_password_needs_the_old_one_and_must_do(browser: Browser) -> None:
    account = service.set_password(make_tenant(), PASSWORD, at=T0)

    with pytest.raises(CurrentPasswordWrong):
        service.change_password(account, "mis mis mis mis", "vier rode boten", token="", at=T0)
    with pytest.raises(PasswordRefused):
        service.change_password(account, PASSWORD, "kort", token="", at=T0)


def test_a_sign_in_with_a_password_that_was_just_changed_is_refused(browser: Browser) -> None:
    """Between checking the old password and opening the sign-in, the owner changed it."""
    account = service.set_password(make_tenant(), PASSWORD, at=T0)
    checked_hash = account.password_hash
    account.password_hash = hash_password("vier rode boten")
    db.session.commit()

    with pytest.raises(SignInRefused):
        service.sign_in_checked(account, checked_hash, at=T0)


def test_a_paused_member_can_sign_in_to_read(browser: Browser) -> None:
    anja = with_password(make_tenant(suspended_until=now() + timedelta(days=3)))

    assert try_to_sign_in(browser, str(anja.email), PASSWORD).status == 200


def test_staff_without_a_tenant_number_sign_in_by_email(browser: Browser) -> None:
    admin = with_password(make_staff(Role.ADMIN))

    assert try_to_sign_in(browser, str(admin.email), PASSWORD).has_link("Beheer")
