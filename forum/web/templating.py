"""What every template may use: the site's names, who is signed in, addresses of static files."""

import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from flask import Flask, current_app, g, render_template, request, session, url_for
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError

from forum.kernel.database import db
from forum.settings.queries import SiteNames, get_site, no_site
from forum.texts.catalogue import say
from forum.texts.language import kept_by_language, spoken
from forum.web.access import current_actor
from forum.web.links import address, slug

Shown = TypeVar("Shown")
PAGES_KEPT = 20
"""Pages for visitors that each process keeps: a megabyte or two."""
FRAMES_KEPT = 100
"""A few kilobytes each; they differ by part of the site, role and number of notices."""


def current_site() -> SiteNames:
    """Return the names for this request; the page that says the database is down needs some too."""
    if "site" not in g:
        try:
            g.site = get_site()
        except DBAPIError:
            db.session.rollback()
            g.site = no_site()
    site: SiteNames = g.site
    return site


def know_site(site: SiteNames) -> None:
    """Let this request use names that were read along with something else."""
    g.site = site


def macro(template: str, name: str) -> Callable[..., Markup]:
    """Return a macro as a function. It knows only what it is given: no visitor, no token."""
    found: Callable[..., Markup] = getattr(current_app.jinja_env.get_template(template).module, name)
    return found


class Framed(NamedTuple):
    """All that the frame around a page follows from."""

    site: SiteNames
    path: str
    section: str | None
    is_signed_in: bool
    is_staff: bool
    unread_count: str


class Frame(NamedTuple):
    """What stands around every page, but for the forms with a token."""

    links: Markup
    brand: Markup
    search: Markup
    menu: Markup
    about: Markup


def frame_of(section: str | None) -> Frame:
    """Return what stands around the page of this request.

    Args:
        section: the item of the menu under which it stands, where its address tells another.
    """
    actor = current_actor()
    framed = Framed(
        current_site(),
        _part_of(request.path),
        section,
        actor.is_signed_in,
        actor.is_staff,
        g.get("unread_count", ""),
    )
    return _frame(framed)


def _part_of(path: str) -> str:
    """Return so much of a path as the menu looks at: its items have one word, what is under them more."""
    start, slash, rest = path[1:].partition("/")
    return f"/{start}{slash}{'…' if rest else ''}"


@kept_by_language(FRAMES_KEPT)
def _frame(framed: Framed) -> Frame:
    site, *rest = framed
    template = "components/frame.html"
    return Frame(
        links=macro(template, "links")(),
        brand=macro(template, "brand")(site),
        search=macro(template, "search")(),
        menu=macro(template, "menu")(*rest),
        about=macro(template, "about")(),
    )


def render_shown(template: str, shown: Shown, values: Callable[[Shown], dict[str, Any]]) -> str | bytes:
    """Render a page that follows from one value.

    For a visitor without a session it is kept by that whole value, which was read from the database for this
    request: so nobody gets an old page, and there is nothing of a member that could get to another.

    Args:
        template: the page.
        shown: all that the page follows from.
        values: makes of it, and of nothing else, what the template asks for.
    """
    if session or current_actor().is_signed_in:
        return render_template(template, **values(shown))
    return _page_for_visitors(template, request.path, spoken(), current_site(), shown, values)


@lru_cache(maxsize=PAGES_KEPT)
def _page_for_visitors(
    template: str,
    _path: str,
    _language: str,
    _site: SiteNames,
    shown: Shown,
    values: Callable[[Shown], dict[str, Any]],
) -> bytes:
    page = render_template(template, **values(shown)).encode()
    if session:
        message = f"{template} put something in the session of a visitor, so it cannot be the page of another"
        raise RuntimeError(message)
    return page


def init_templating(app: Flask) -> None:
    """Give the templates `site`, `actor`, `asset()` and `frame_of()`."""
    static = Path(str(app.static_folder))

    @cache
    def fingerprint(name: str) -> str:
        return hashlib.sha256((static / name).read_bytes()).hexdigest()[:10]

    @cache
    def asset(name: str) -> str:
        return url_for("static", filename=name, v=fingerprint(name))

    @app.context_processor
    def shared() -> dict[str, object]:
        return {
            "site": current_site(),
            "actor": current_actor(),
            "signed_in_name": g.get("signed_in_name", ""),
            "unread_count": g.get("unread_count", ""),
        }

    icons = app.jinja_env.get_template("components/icons.svg").render()
    app.jinja_env.globals["icons"] = Markup(icons)  # noqa: S704 - our own file
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["frame_of"] = frame_of
    app.jinja_env.globals["url_for"] = address
    app.jinja_env.globals["say"] = say
    app.jinja_env.filters["slug"] = slug
