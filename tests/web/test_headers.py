"""What every answer tells the browser."""

from pathlib import Path

import pytest
from flask import Flask

from forum.app import create_app
from forum.kernel.database import db
from tests.conftest import make_settings
from tests.support.browser import Browser, Page
from tests.support.cast import make_tenant


def _policy(page: Page) -> dict[str, list[str]]:
    parts = (part.split() for part in page.headers["Content-Security-Policy"].split(";"))
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize("path", ["/", "/inloggen", "/bestaat-niet", "/healthz"])
def test_every_answer_limits_what_a_browser_may_do(browser: Browser, path: str) -> None:
    page = browser.visit(path)

    policy = _policy(page)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/inloggen", "/mijn", "/agenda/", "/bestaat-niet"])
def test_pages_are_never_stored(browser: Browser, path: str) -> None:
    assert browser.sign_in(make_tenant()).visit(path).headers["Cache-Control"] == "no-store"


def test_style_and_scripts_are_stored_long_because_their_address_changes(browser: Browser) -> None:
    stylesheet = browser.visit("/huisregels").soup.select_one("link[rel=stylesheet]")
    assert stylesheet is not None
    address = str(stylesheet["href"])

    with browser.client.get(address) as answer:
        headers = dict(answer.headers)

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "?v=" in address
    assert "max-age=31536000" in headers["Cache-Control"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(("base_url", "expected"), [("https://localhost", True), ("http://localhost", False)])
def test_only_a_site_on_https_asks_browsers_to_stay_there(
    database: Flask, tmp_path: Path, base_url: str, expected: bool
) -> None:
    url = database.config["SETTINGS"].database_url
    server = create_app(make_settings(tmp_path, BASE_URL=base_url, DATABASE_URL=url))

    page = Browser(server).visit("/inloggen")
    with server.app_context():
        db.engine.dispose()

    assert ("Strict-Transport-Security" in page.headers) is expected
