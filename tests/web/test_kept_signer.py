"""Cookies are signed with the key of now, by one signer, and read with former keys too."""

import pytest
from flask import Flask
from itsdangerous import BadSignature, URLSafeTimedSerializer

from forum.web.security import KeptSigner

SAID = {"language": "en"}


def signer(key: str, *former: str) -> URLSafeTimedSerializer:
    app = Flask("signing")
    app.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=list(former))
    app.session_interface = KeptSigner()
    first, second = (app.session_interface.get_signing_serializer(app) for _ in range(2))
    assert first is second
    return first


def test_a_cookie_that_a_former_key_signed_is_still_read() -> None:
    cookie = signer("the old key").dumps(SAID)

    assert signer("the new key", "the old key").loads(cookie) == SAID


def test_what_the_new_key_signs_is_not_read_with_the_old_one() -> None:
    cookie = signer("the new key", "the old key").dumps(SAID)

    with pytest.raises(BadSignature):
        signer("the old key").loads(cookie)


def test_each_application_has_its_own_signer() -> None:
    cookie = signer("ours").dumps(SAID)

    with pytest.raises(BadSignature):
        signer("of somebody else").loads(cookie)
