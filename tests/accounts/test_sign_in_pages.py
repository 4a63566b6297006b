"""Signing in and out, as people and as attackers do it."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import argon2
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts import passwords, service
from forum.accounts.errors import TooManyAttempts
from forum.accounts.models import Account, SignInAttempt
from forum.accounts.rules import ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_NAME
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import MemberState
from tests.accounts.signing_in import REFUSED, is_signed_in, try_to_sign_in, with_password
from tests.support.browser import PASSWORD, Browser
from tests.support.cast import T0, make_household, make_tenant
from tests.support.together import at_once

# The door itself


def test_a_tenant_signs_in_by_email_in_any_case(browser: Browser) -> None:
    anja = with_password(make_tenant("Anja V."))

    page = try_to_sign_in(browser, f" {str(anja.email).upper()} ", PASSWORD)

    assert page.status == 200
    assert "Ingelogd als Anja V." in page.text


@pytest.mark.parametrize("typed", [str, str.lower, lambda number: f" {number} "])
def test_a_tenant_without_email_signs_in_by_number(browser: Browser, typed: object) -> None:
    anja = with_password(make_tenant("Anja V.", email=None))

    page = try_to_sign_in(browser, typed(str(anja.number)), PASSWORD)  # type: ignore[operator]

    assert "Ingelogd als Anja V." in page.text


@pytest.mark.parametrize(
    ("name", "password"),
    [
        pytest.param("known", "drie gele fietse", id="wrong password"),
        pytest.param("niemand@voorbeeld.nl", PASSWORD, id="unknown name"),
        pytest.param("without", PASSWORD, id="a member who never activated"),
        pytest.param("gone", PASSWORD, id="somebody who moved out"),
    ],
)
def test_every_refusal_is_the_same_page(browser: Browser, name: str, password: str) -> None:
    gone = with_password(make_tenant())
    gone.state = MemberState.GONE
    people = {"known": with_password(make_tenant()), "without": make_tenant(), "gone": gone}
    db.session.commit()
    typed = str(people[name].email) if name in people else name

    page = try_to_sign_in(browser, typed, password)

    assert page.status == 400
    assert REFUSED in page.text
    words = page.text.replace(typed, "")
    assert words == try_to_sign_in(browser.another(), "iemand@voorbeeld.nl", "mis mis mis mis").text
    assert page.soup.select_one("#email")["value"] == typed  # type: ignore[index]
    assert page.soup.select_one("#password")["value"] == ""  # type: ignore[index]
    assert not is_signed_in(browser)


class _CountingHasher(argon2.PasswordHasher):
    """A hasher that tells how often it worked."""

    verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's
        self.verified += 1
        return super().verify(hash, password)


def test_an_unknown_name_costs_the_same_work_as_a_known_one(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = _CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", counting)
    monkeypatch.setattr(passwords, "_nobodys_hash", "")
    anja = with_password(make_tenant())

    work = []
    for name in (str(anja.email), "niemand@voorbeeld.nl", str(anja.email), "niemand@voorbeeld.nl"):
        before = counting.verified
        try_to_sign_in(browser, name, "mis mis mis mis")
        work.append(counting.verified - before)

    assert work == [1, 1, 1, 1]
    stored = db.session.get_one(Account, anja.id).password_hash
    assert argon2.extract_parameters(stored) == argon2.extract_parameters(passwords._nobodys_hash)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "", "password": PASSWORD}, "Vul uw e-mailadres of huurdersnummer in."),
        ({"email": "anja@voorbeeld.nl", "password": ""}, "Vul een wachtwoord in."),
        ({"email": "a" * 255, "password": PASSWORD}, "Deze tekst is te lang."),
        ({"email": "a\x00b", "password": "x" * 201}, "Uw wachtwoord is te lang."),
    ],
)
def test_an_incomplete_form_says_what_is_missing(
    browser: Browser, fields: dict[str, str], sentence: str
) -> None:
    page = try_to_sign_in(browser, fields["email"], fields["password"])

    assert page.status == 422
    assert sentence in page.text


def test_two_housemates_share_an_email_address_and_each_has_a_password(browser: Browser) -> None:
    home = make_household()
    anja = with_password(make_tenant("Anja", household=home, email="thuis@voorbeeld.nl"), "drie gele fietsen")
    bert = with_password(make_tenant("Bert", household=home, email="thuis@voorbeeld.nl"), "vier rode boten")

    assert "Ingelogd als Anja" in try_to_sign_in(browser, "thuis@voorbeeld.nl", "drie gele fietsen").text
    assert "Ingelogd als Bert" in try_to_sign_in(browser.another(), str(bert.number), "vier rode boten").text
    assert REFUSED in try_to_sign_in(browser.another(), "thuis@voorbeeld.nl", "vier rode boten").text
    assert REFUSED in try_to_sign_in(browser.another(), str(anja.number), "vier rode boten").text


# Where to go on


@pytest.mark.parametrize(
    ("target", "path"),
    [
        pytest.param("/huisregels", "/huisregels", id="a page"),
        pytest.param("/zoeken?q=lift&pagina=2", "/zoeken?q=lift&pagina=2", id="a page with its question"),
        pytest.param("", "/", id="nothing"),
        pytest.param("https://evil.example/", "/", id="another site"),
        pytest.param("//evil.example/", "/", id="another site, same scheme"),
        pytest.param("/\\evil.example", "/", id="backslash"),
        pytest.param("\\\\evil.example", "/", id="two backslashes"),
        pytest.param("https:evil.example", "/", id="scheme without slashes"),
        pytest.param("javascript:alert(1)", "/", id="script"),
        pytest.param("/\t/evil.example", "/", id="tab"),
        pytest.param("/huisregels\r\nSet-Cookie: a=b", "/", id="line break"),
        pytest.param(" /huisregels", "/", id="space first"),
    ],
)
def test_after_signing_in_one_goes_on_only_within_this_site(browser: Browser, target: str, path: str) -> None:
    anja = with_password(make_tenant())
    form = browser.visit("/inloggen")

    answer = browser.submit(
        form, "Inloggen", follow=False, email=str(anja.email), password=PASSWORD, next=target
    )

    assert answer.status == 302
    assert answer.headers["Location"] == path
    assert "Set-Cookie: a=b" not in str(answer.headers)


def test_the_page_one_came_for_survives_a_mistake(browser: Browser) -> None:
    anja = with_password(make_tenant())
    asked = browser.visit("/mijn")
    assert asked.path.startswith("/inloggen")

    again = browser.submit(asked, "Inloggen", email=str(anja.email), password="mis mis mis mis")
    page = browser.submit(again, "Inloggen", email=str(anja.email), password=PASSWORD)

    assert page.path.startswith("/mijn")


def test_whoever_is_signed_in_already_goes_on_at_once(browser: Browser) -> None:
    browser.sign_in_with_form(make_tenant())

    assert browser.visit("/inloggen?next=/huisregels").path == "/huisregels"
    assert browser.visit("/inloggen?next=//evil.example").path == "/"


# Limits


def _fail(browser: Browser, name: str, times: int) -> list[int]:
    form = browser.visit("/inloggen")
    return [
        browser.submit(form, "Inloggen", email=name, password="mis mis mis mis").status for _ in range(times)
    ]


@pytest.mark.parametrize("name", ["known", "unknown"])
def test_too_many_attempts_on_a_name_are_counted_over_all_servers(
    browser: Browser, second_server: Flask, name: str
) -> None:
    anja = with_password(make_tenant())
    typed = str(anja.email) if name == "known" else "niemand@voorbeeld.nl"
    other = Browser(second_server)

    statuses = _fail(browser, typed, ATTEMPTS_PER_NAME - 3) + _fail(other, typed, 3)
    assert statuses == [400] * ATTEMPTS_PER_NAME
    refused = [try_to_sign_in(door, typed.upper(), PASSWORD) for door in (browser, other)]

    assert [page.status for page in refused] == [429, 429]
    assert "U heeft het te vaak geprobeerd. Wacht 15 minuten" in refused[0].text
    assert not is_signed_in(browser)


def test_after_the_waiting_time_one_gets_in(browser: Browser) -> None:
    anja = with_password(make_tenant())
    with time_machine.travel(datetime(2026, 5, 1, 9, 0, tzinfo=UTC), tick=False) as clock:
        _fail(browser, str(anja.email), ATTEMPTS_PER_NAME)
        clock.shift(timedelta(minutes=15, seconds=1))

        assert try_to_sign_in(browser, str(anja.email), PASSWORD).status == 200

    assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_signing_in_forgets_the_mistakes(browser: Browser) -> None:
    anja = with_password(make_tenant())
    for _ in range(3):
        _fail(browser, str(anja.email), ATTEMPTS_PER_NAME - 1)
        assert try_to_sign_in(browser, str(anja.email), PASSWORD).status == 200
        browser = browser.another()


def test_a_whole_library_may_mistype(browser: Browser) -> None:
    with unit_of_work():
        for number in range(ATTEMPTS_PER_ADDRESS - 1):
            service.take_attempt(f"iemand{number}@voorbeeld.nl", "127.0.0.1", at=now())
    anja = with_password(make_tenant())

    assert try_to_sign_in(browser, str(anja.email), PASSWORD).status == 200


def test_one_address_that_guesses_names_is_stopped(browser: Browser) -> None:
    with unit_of_work():
        for number in range(ATTEMPTS_PER_ADDRESS):
            service.take_attempt(f"iemand{number}@voorbeeld.nl", "127.0.0.1", at=now())
    anja = with_password(make_tenant())

    assert try_to_sign_in(browser, str(anja.email), PASSWORD).status == 429


def test_the_address_of_a_proxy_header_is_not_believed(browser: Browser) -> None:
    with_password(make_tenant())
    browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.7"
    _fail(browser, "niemand@voorbeeld.nl", 1)
    browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.8"
    _fail(browser, "niemand@voorbeeld.nl", 1)

    assert len(set(db.session.scalars(select(SignInAttempt.address_hash)))) == 1


def test_attempts_at_the_same_moment_cannot_slip_past_the_limit(database: Flask) -> None:
    def attempt() -> None:
        with unit_of_work():
            service.take_attempt("anja@voorbeeld.nl", "127.0.0.1", at=T0)

    raised = at_once(database, [attempt] * (ATTEMPTS_PER_NAME + 6))

    assert raised.count(None) == ATTEMPTS_PER_NAME
    assert sum(type(error) is TooManyAttempts for error in raised) == 6


def test_what_is_stored_of_an_attempt_names_nobody(browser: Browser) -> None:
    _fail(browser, "niemand@voorbeeld.nl", 1)

    attempt = db.session.scalars(select(SignInAttempt)).one()

    assert "niemand" not in attempt.name_hash
    assert "127.0.0.1" not in attempt.address_hash
