"""What the log tells of sign-ins and refusals: who, what and when, never a secret."""

import json

import pytest
import structlog
from flask import Flask

from forum.kernel.actor import Party, Role
from forum.kernel.logs import init_logs
from tests.support.browser import Browser
from tests.support.cast import make_staff, make_tenant

SECRET = "drie gele fietsen bij de sloot"


def test_a_sign_in_that_is_refused_is_logged_without_what_was_typed(browser: Browser) -> None:
    with structlog.testing.capture_logs() as events:
        page = browser.submit(
            browser.visit("/inloggen"), "Inloggen", email="anja@voorbeeld.nl", password=SECRET
        )

    assert "Fout" in page.title
    assert [(one["event"], one["reason"]) for one in events] == [("sign-in refused", "sign-in-refused")]
    assert SECRET not in str(events)
    assert "anja" not in str(events)


def test_who_tries_what_they_may_not_is_logged(browser: Browser) -> None:
    tenant = make_tenant()
    browser.sign_in(tenant)

    with structlog.testing.capture_logs() as events:
        browser.visit("/beheer/meldingen")

    [event] = [one for one in events if one["event"] == "refused"]
    assert (event["code"], event["endpoint"], event["member_id"]) == (
        "forbidden",
        "queue.show_queue",
        tenant.id,
    )


def test_who_may_is_not_logged(browser: Browser) -> None:
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    with structlog.testing.capture_logs() as events:
        browser.visit("/beheer/meldingen")

    assert not events


def test_an_event_is_one_line_with_its_moment_in_utc(
    database: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    del database
    init_logs()

    structlog.get_logger().info("refused", code="een\nregel eronder", endpoint=None)

    written = capsys.readouterr()
    assert not written.out, "that is for what a command answers"
    [line] = written.err.splitlines()
    event = json.loads(line)
    assert (event["event"], event["code"]) == ("refused", "een\nregel eronder")
    assert event["timestamp"].endswith("Z")
