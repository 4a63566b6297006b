"""CSRF protection, and limits on how many forms come and how large they are, for the whole application."""

from flask import Flask, current_app, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import RequestEntityTooLarge

from forum.web.request_limits import init_request_limits

csrf = CSRFProtect()


class KeptSigner(SecureCookieSessionInterface):
    """Sessions in a signed cookie, with one signer for all requests to an application.

    Flask makes it anew for each, a twenty-fifth of the work for a page. The keys never change while we run.
    """

    def __init__(self) -> None:
        """Make the signer when the first request needs it."""
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """Return what signs the cookies."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
            assert self._signer is not None, "there is always a key"
        return self._signer


def limit_body() -> None:
    """Refuse a large body that is no upload before any of it is read.

    A plain form is read and taken apart in memory, at forty times its size; only files go to the disk. One in
    chunks does not say how large it is, and would be cut off where the limit is; browsers never send that.

    Raises:
        RequestEntityTooLarge: a plain body in chunks; of any other, the first who reads it hears so.
    """
    if request.mimetype == "multipart/form-data":
        return
    if "Transfer-Encoding" in request.headers:
        raise RequestEntityTooLarge
    request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def init_security(app: Flask) -> None:
    """Protect every form that changes something, and keep one address from flooding the server."""
    app.session_interface = KeptSigner()
    app.before_request(limit_body)  # before the token is looked for, which reads the form
    init_request_limits(app)
    csrf.init_app(app)
