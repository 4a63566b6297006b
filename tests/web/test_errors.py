"""Every kind of refusal is a page in Dutch that says what happened, what was kept and what to do."""

import importlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from forum.app import create_app
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.kernel.errors import Conflict, Forbidden, ForumError, NotFound, TooMany
from forum.texts.catalogue import has_text
from forum.web.access import public
from tests.conftest import make_settings
from tests.support.browser import Browser, Page
from tests.support.cast import make_agenda, make_delegate, make_staff, make_tenant, make_topic

TRACES = ("Traceback", "File &#34;", 'File "', "sqlalchemy", "werkzeug", "line ")
TYPED = "Een lange tekst die ik niet nog eens wil typen."


@pytest.fixture
def broken(database: Flask) -> Iterator[Browser]:
    """Return a visitor of a server on which some pages break."""
    server = create_app(database.config["SETTINGS"])

    def refuse(error: Exception) -> None:
        @public
        def view() -> str:
            raise error

        name = type(error).__name__
        server.add_url_rule(f"/kapot/{name}", name, view, methods=["GET", "POST"])

    for error in (NotFound(), Forbidden(), Conflict(), TooMany(), ForumError(), ZeroDivisionError("geheim")):
        refuse(error)

    @public
    def ask_nonsense() -> str:
        db.session.execute(text("SELECT geheim FROM bestaat_niet"))
        return ""

    server.add_url_rule("/kapot/database", "database", ask_nonsense)
    yield Browser(server)
    with server.app_context():
        db.engine.dispose()


def _tells_no_secrets(page: Page) -> bool:
    return not any(trace in page.html for trace in (*TRACES, "geheim", "bestaat_niet"))


@pytest.mark.parametrize(
    ("name", "status", "title"),
    [
        ("NotFound", 404, "Deze pagina is er niet"),
        ("Forbidden", 403, "Dit mag u niet zien of doen"),
        ("Conflict", 409, "Iemand was u voor"),
        ("TooMany", 429, "Even wachten"),
        ("ForumError", 400, "Dit lukt niet"),
        ("ZeroDivisionError", 500, "Er ging iets mis bij ons"),
        ("database", 503, "Het forum is even druk"),
    ],
)
def test_every_refusal_has_its_page_without_a_traceback(
    broken: Browser, name: str, status: int, title: str
) -> None:
    page = broken.visit(f"/kapot/{name}")

    assert page.status == status
    assert page.soup.h1 is not None
    assert page.soup.h1.get_text() == title
    assert page.has_link("Naar de voorpagina")
    assert _tells_no_secrets(page)


@pytest.mark.parametrize(
    ("name", "may_retry"),
    [
        ("NotFound", False),
        ("Forbidden", False),
        ("Conflict", False),
        ("ForumError", False),
        ("TooMany", True),
        ("ZeroDivisionError", True),
        ("database", True),
    ],
)
def test_only_what_may_pass_can_be_tried_again(broken: Browser, name: str, may_retry: bool) -> None:
    page = broken.visit(f"/kapot/{name}")

    assert page.has_link("Probeer het opnieuw") is may_retry
    assert not may_retry or page.link("Probeer het opnieuw") == f"/kapot/{name}"


def test_a_form_that_is_refused_leads_back_to_its_page(broken: Browser) -> None:
    token = broken.visit("/inloggen").token

    pages = [broken.post(f"/kapot/{name}", csrf_token=token) for name in ("Forbidden", "database")]

    assert all(page.has_link("Ga terug") and not page.has_link("Probeer het opnieuw") for page in pages)


def test_a_page_that_breaks_keeps_what_was_typed(broken: Browser) -> None:
    token = broken.visit("/inloggen").token

    page = broken.post("/kapot/ZeroDivisionError", csrf_token=token, text=TYPED, password="geheim woord")

    assert page.status == 500
    assert TYPED in page.text
    assert "geheim woord" not in page.html


@pytest.mark.parametrize(
    "path",
    [
        "/bestaat-niet",
        "/agenda/abc",
        "/agenda/1999",
        "/agenda/99999999999999999999",
        "/agenda/onderwerp/2147483648",
        "/agenda/onderwerp/99999999999999999999",
        "/agenda/-1",
        "/%00",
        "/../etc/passwd",
    ],
)
def test_an_unknown_address_is_not_found(browser: Browser, path: str) -> None:
    browser.sign_in(make_tenant())

    page = browser.visit(path)

    assert page.status == 404
    assert "Deze pagina is er niet" in page.text


def test_a_page_for_others_is_forbidden_for_a_tenant(browser: Browser) -> None:
    make_topic()

    page = browser.sign_in(make_tenant()).visit("/agenda/2026/voorstel")

    assert page.status == 403
    assert "Dit mag u niet zien of doen" in page.text


def test_a_visitor_is_asked_to_sign_in_first(browser: Browser) -> None:
    page = browser.visit("/agenda/2026/voorstel")

    assert page.path == "/inloggen?next=/agenda/2026/voorstel"


def test_an_address_that_only_takes_a_button_says_so(browser: Browser) -> None:
    make_topic()
    browser.sign_in(make_delegate(Party.TENANTS))

    page = browser.visit("/agenda/2026/ondertekenen")

    assert page.status == 405
    assert "Zo kan het niet" in page.text


def _multipart(fields: dict[str, str]) -> bytes:
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    )
    return ("".join(parts) + "--x--\r\n").encode()


@pytest.mark.parametrize("way", ["plain form", "plain form in chunks", "form with a file"])
def test_a_text_that_is_far_too_long_is_refused(browser: Browser, way: str) -> None:
    token = browser.visit("/inloggen").token
    if way == "plain form":
        page = browser.post("/inloggen", csrf_token=token, password="x", email="a" * 600_000)
    elif way == "plain form in chunks":
        stream = io.BytesIO(b"email=a&" * 10_000_000)
        answer = browser._send(
            "post",
            "/inloggen",
            input_stream=stream,
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"wsgi.input_terminated": True},
            headers={"Transfer-Encoding": "chunked"},
        )
        page = browser._page(answer, follow=True)
        assert stream.tell() < 1_000_000, "it is not read to its end"
    else:
        body = _multipart({"csrf_token": token, "password": "x", "email": "a" * 1_100_000})
        answer = browser._send("post", "/inloggen", data=body, content_type="multipart/form-data; boundary=x")
        page = browser._page(answer, follow=True)

    assert page.status == 413
    assert "Dit is te groot" in page.text


def test_a_register_of_a_hundred_thousand_tenants_is_not_too_large(browser: Browser) -> None:
    row = "H123456,Johanna,van der Berg,johanna.van.der.berg@voorbeeld.nl,Lindelaan,123,1234AB,Veldhoven\n"
    token = browser.sign_in(make_staff(Role.ADMIN)).visit("/beheer/register").token
    body = _multipart({"csrf_token": token, 'file"; filename="r.csv': "onbekend\n" + row * 100_000})

    answer = browser._send(
        "post", "/beheer/register", data=body, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 422, "it was read, and has a column we do not know"


def test_a_text_that_is_too_long_for_its_field_is_kept(browser: Browser) -> None:
    """Somebody who pastes a whole report hears so, and can shorten it."""
    make_agenda()
    browser.sign_in(make_tenant())

    form = browser.visit("/agenda/2026/idee")
    page = browser.submit(form, "Verstuur uw idee", title="Lift", why=TYPED * 1_500)

    assert page.status == 422
    assert "Deze tekst is te lang." in page.text
    assert page.text.count(TYPED) > 1_000


def test_who_sends_far_too_many_forms_waits_and_goes_on_reading(database: Flask, tmp_path: Path) -> None:
    url = database.config["SETTINGS"].database_url
    server = create_app(make_settings(tmp_path, REQUESTS_PER_MINUTE="3", DATABASE_URL=url))
    browser = Browser(server)
    token = browser.visit("/inloggen").token

    pages = [browser.post("/inloggen", csrf_token=token, text=TYPED) for _ in range(4)]

    assert [page.status for page in pages] == [422, 422, 422, 429]
    assert "Er komen te veel vragen vanaf uw adres." in pages[3].text
    assert TYPED in pages[3].text
    assert browser.visit("/inloggen").status == 200
    with server.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("token", [None, "", "verzonnen", "IjEi.aaaaaa.bbbb"])
def test_a_form_without_a_good_token_changes_nothing_and_keeps_the_text(
    browser: Browser, token: str | None
) -> None:
    topic = make_topic()
    browser.sign_in(make_delegate(Party.TENANTS))
    fields: dict[str, Any] = {} if token is None else {"csrf_token": token}

    page = browser.post(f"/agenda/onderwerp/{topic.id}/besluit", kind="declined", reason=TYPED, **fields)

    assert page.status == 400
    assert "Het formulier was te lang open" in page.text
    assert TYPED in page.text
    db.session.refresh(topic)
    assert topic.state.value == "proposed"


def test_the_token_of_somebody_else_does_not_work(browser: Browser) -> None:
    topic = make_topic()
    browser.sign_in(make_delegate(Party.TENANTS))
    other = browser.another().sign_in(make_delegate(Party.LANDLORD))

    page = browser.post(
        f"/agenda/onderwerp/{topic.id}/akkoord", csrf_token=other.visit("/").token, version="1"
    )

    assert page.status == 400


def test_kept_text_is_shown_as_text(broken: Browser) -> None:
    token = broken.visit("/inloggen").token

    page = broken.post("/kapot/Conflict", csrf_token=token, text="</textarea><script>alert(1)</script>")

    assert page.soup.select_one("main textarea").get_text().strip().startswith("</textarea>")  # type: ignore[union-attr]


@pytest.mark.parametrize("referrer", ["https://evil.example/x", "javascript:alert(1)", "//evil.example", ""])
def test_going_back_never_leads_to_another_site(broken: Browser, referrer: str) -> None:
    token = broken.visit("/inloggen").token
    broken.client.environ_base["HTTP_REFERER"] = referrer

    page = broken.post("/kapot/Conflict", csrf_token=token)

    assert page.link("Ga terug") == "/"


PAGES = (
    "kernel.errors",
    "web.forms",
    "accounts.errors",
    "agenda.errors",
    "discussion.errors",
    "members.errors",
)
"""Modules whose refusals people meet on pages; those of commands are one line in English."""


def test_every_refusal_that_a_page_can_give_has_its_own_sentence() -> None:
    modules = [importlib.import_module(f"forum.{name}") for name in PAGES]
    refusals = [
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, ForumError) and kind.__module__ == module.__name__
    ]
    assert len(refusals) > 20

    assert not [kind.__name__ for kind in refusals if not has_text(kind.code)]
    codes = [kind.code for kind in refusals]
    assert len(codes) == len(set(codes)), "two refusals share a code"
