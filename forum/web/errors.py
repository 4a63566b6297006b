"""One page for every refusal: what happened, what was kept, what to do now."""

from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import HTTPException

from forum.kernel.database import db
from forum.kernel.errors import ForumError
from forum.settings.queries import no_site
from forum.texts.catalogue import has_text, say
from forum.web.access import current_actor
from forum.web.links import safe_next

log = structlog.get_logger()
WATCHED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})

KEPT_FIELDS = (
    "text",
    "title",
    "question",
    "why",
    "fixed",
    "open",
    "stance_question",
    "subquestions",
    "reason",
    "words",
)
"""Fields in which people type longer texts; an error page shows them again, so nothing typed is lost."""


def in_words(refusal: ForumError) -> str:
    """Return the sentence that tells why something was refused."""
    return say(refusal.code, **refusal.details)


def error_page(code: str, status: int, **details: object) -> ResponseReturnValue:
    """Return the page that tells somebody about a refusal, with the text they typed."""
    kept = (
        [text for name, text in request.form.items() if _is_kept(name) and text.strip()]
        if status != 413
        else []
    )
    key = code if has_text(code) else f"http-{status}" if has_text(f"http-{status}") else "http-400"
    page = render_template(
        "web/error.html",
        title=say(f"{key}-title") if has_text(f"{key}-title") else say("error-title"),
        sentence=say(key, **details),
        kept=kept,
        back=request.path if request.method == "GET" else _came_from(),
        is_refused_post=request.method == "POST",
        may_retry=request.method != "POST" and _passes(status),
    )
    return page, status


def _is_kept(name: str) -> bool:
    """Tell whether people type longer texts in a field; of many on one page each has a number: `text-12`."""
    return any(part in KEPT_FIELDS for part in name.split("-"))


def _passes(status: int) -> bool:
    """Tell whether the same page may well open a little later: it was busy or broken, not shut or gone."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _came_from() -> str:
    """Return the page of this site on which a form was sent; never another site."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    return safe_next(parts.path + (f"?{parts.query}" if parts.query else "")) or "/"


def on_forum_error(error: ForumError) -> ResponseReturnValue:
    """Tell somebody about a refusal of ours; the log tells who tried what they may not, or too often."""
    if error.status in WATCHED:
        log.info("refused", code=error.code, endpoint=request.endpoint, member_id=current_actor().member_id)
    return error_page(error.code, error.status, **error.details)


def on_csrf_error(error: CSRFError) -> ResponseReturnValue:
    """Tell somebody that the form was too old; what they typed stays."""
    log.info("csrf refused", reason=error.description)
    return error_page("form-expired", HTTPStatus.BAD_REQUEST)


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    """Tell somebody about a refusal of the framework; a redirect passes."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    if error.code in WATCHED:
        log.info("refused", code=f"http-{error.code}", endpoint=request.endpoint)
    return error_page(f"http-{error.code}", error.code)


def on_database_error(error: DBAPIError | NoFreeConnection) -> ResponseReturnValue:
    """Tell somebody that the database did not answer; trying again helps."""
    db.session.rollback()
    fault = error.orig if isinstance(error, DBAPIError) else error
    g.setdefault("site", no_site())  # the page itself must not wait for the database once more
    log.error("database error", error=type(fault).__name__, endpoint=request.endpoint)
    return error_page("http-503", HTTPStatus.SERVICE_UNAVAILABLE)


def on_crash(error: Exception) -> ResponseReturnValue:
    """Say sorry without a traceback; the log has it."""
    db.session.rollback()
    log.exception("crash", endpoint=request.endpoint, error=type(error).__name__)
    return error_page("http-500", HTTPStatus.INTERNAL_SERVER_ERROR)


def init_errors(app: Flask) -> None:
    """Register a page for every kind of refusal."""
    app.register_error_handler(ForumError, on_forum_error)
    app.register_error_handler(CSRFError, on_csrf_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(DBAPIError, on_database_error)
    app.register_error_handler(NoFreeConnection, on_database_error)
    if not app.testing:
        app.register_error_handler(Exception, on_crash)
