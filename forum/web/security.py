"""CSRF protection, and limits on how many requests come and how large they are, for the whole application."""

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge

from forum.web.rate_counts import CalmMemoryStorage

csrf = CSRFProtect()

STORAGE_SECONDS = 1
"""How long a request waits for Redis; when that is too long, this process counts for itself for a while."""


class FormLimiter(Limiter):
    """A limiter of what changes something; reading is not counted, nor made slower."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            super()._check_request_limit(callable_name, in_middleware)


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
    app.before_request(limit_body)  # before the token is looked for, which reads the form
    settings = app.config["SETTINGS"]
    waits: dict[str, str | int] = {
        "socket_connect_timeout": STORAGE_SECONDS,
        "socket_timeout": STORAGE_SECONDS,
    }
    FormLimiter(
        get_remote_address,
        app=app,
        application_limits=[f"{settings.requests_per_minute} per minute"],
        storage_uri=settings.redis_url or f"{CalmMemoryStorage.STORAGE_SCHEME[0]}://",
        storage_options=waits if settings.redis_url else {},
        headers_enabled=False,
    )
    csrf.init_app(app)
