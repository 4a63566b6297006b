"""What the tests of discussions share."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.discussion.models import Thread
from forum.kernel.clock import now
from tests.support.browser import Browser
from tests.support.cast import make_tenant, make_thread, path_of
from tests.support.pictures import kept_paths


@pytest.fixture
def thread(browser: Browser) -> Thread:
    """Return an open thread, with a tenant who is signed in and skipped its question."""
    thread = make_thread(opens_at=now() - timedelta(days=2))
    browser.sign_in(make_tenant("Anja V."))
    browser.submit(browser.visit(path_of(thread)), "Overslaan")
    return thread


@pytest.fixture
def no_files(database: Flask) -> None:
    """Begin without files of pictures."""
    for path in kept_paths():
        path.unlink()
