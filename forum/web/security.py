"""CSRF protection and request limits by address, for the whole application."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, strategy="fixed-window", headers_enabled=False)

REQUESTS_PER_ADDRESS = "1200 per minute"
"""Loose: a library or a care home is one address."""


def init_security(app: Flask) -> None:
    """Protect every form that changes something, and keep one address from flooding the server."""
    csrf.init_app(app)
    limiter.init_app(app)
    limiter.limit(REQUESTS_PER_ADDRESS, exempt_when=lambda: request.method == "GET")
