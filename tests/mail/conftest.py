"""A mail server that takes everything, and an application that sends to it."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from forum.jobs.registry import stopping
from tests.mail.mail_server import Postbox, post_server

UseMail = Callable[[str], None]


@pytest.fixture
def use_mail(database: Flask, monkeypatch: pytest.MonkeyPatch) -> UseMail:
    """Set `MAIL_URL` for one test."""

    def use(mail_url: str) -> None:
        settings = dataclasses.replace(
            database.config["SETTINGS"], mail_url=mail_url, base_url="https://forum.example.nl"
        )
        monkeypatch.setitem(database.config, "SETTINGS", settings)

    return use


@pytest.fixture
def post(use_mail: UseMail) -> Iterator[Postbox]:
    """Send to a server that takes everything unless told otherwise."""
    postbox = Postbox()
    with post_server(postbox) as mail_url:
        use_mail(mail_url)
        yield postbox


@pytest.fixture(autouse=True)
def _not_stopping() -> Iterator[None]:
    stopping.clear()
    yield
    stopping.clear()
