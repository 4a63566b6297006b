"""`/metrics`: how the forum is doing, in the text format of Prometheus, for who watches over the server."""

import hmac
from collections.abc import Iterator
from ipaddress import ip_address

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from forum.admin.queries import count_members, count_posts
from forum.jobs.registry import BACKLOGS
from forum.kernel.errors import NotFound
from forum.web.access import by_token
from forum.web.request_counts import request_counts

metrics_pages = Blueprint("metrics", __name__)

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
"""A request with one of these came through a proxy, so its visitor is somewhere else."""


@metrics_pages.get("/metrics")
@by_token
def show_metrics() -> ResponseReturnValue:
    """Show the numbers to whoever has the token, or asks from this computer itself.

    Raises:
        NotFound: anybody else.
    """
    if not _has_token() and not _is_from_here():
        raise NotFound
    return "\n".join(_lines()) + "\n", {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}


def _has_token() -> bool:
    wanted: str = current_app.config["SETTINGS"].metrics_token
    given = request.authorization.token if request.authorization else None
    return bool(wanted) and hmac.compare_digest((given or "").encode(), wanted.encode())


def _is_from_here() -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:  # a local socket: a proxy stands before it
        return False


def _lines() -> Iterator[str]:
    """Yield the numbers; what is in the database first, so that a database that is away is no half answer."""
    yield from _described("forum_members", "gauge", "Members by state.")
    yield from (f'forum_members{{state="{state}"}} {count}' for state, count in count_members().items())
    yield from _described("forum_posts", "gauge", "Posts in all threads.")
    yield f"forum_posts {count_posts()}"
    yield from _described("forum_backlog", "gauge", "Background work by state; mail is the outbox.")
    for name in sorted(BACKLOGS):
        for state, count in BACKLOGS[name].count_by_state().items():
            yield f'forum_backlog{{name="{name}",state="{state}"}} {count}'
    yield from _described("forum_requests_total", "counter", "Answers by page and status since the start.")
    for endpoint, status, count in request_counts(current_app).read():
        yield f'forum_requests_total{{endpoint="{endpoint}",status="{status}"}} {count}'


def _described(name: str, kind: str, sentence: str) -> Iterator[str]:
    yield f"# HELP {name} {sentence}"
    yield f"# TYPE {name} {kind}"
