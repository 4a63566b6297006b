"""What the tests of signing in share: a second server on the same database, and the cookie in the open."""

from collections.abc import Iterator

import pytest
from flask import Flask

from forum.app import create_app
from forum.kernel.database import db


@pytest.fixture
def second_server(database: Flask) -> Iterator[Flask]:
    """Return another server process's application on the same database."""
    application = create_app(database.config["SETTINGS"])
    application.testing = True
    yield application
    with application.app_context():
        db.engine.dispose()
