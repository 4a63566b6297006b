"""What every template may use: the site's names, who is signed in, addresses of static files."""

import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, current_app, g, render_template, request, session, url_for
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError

from forum.kernel.actor import Actor, Role
from forum.kernel.database import db
from forum.settings.queries import SiteNames, get_site, no_site
from forum.texts.catalogue import say
from forum.texts.language import spoken
from forum.web.access import current_actor
from forum.web.links import address, slug

Shown = TypeVar("Shown")
PAGES_KEPT = 20
"""Pages for visitors that each process keeps: a megabyte or two."""


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


def _menu(actor: Actor) -> dict[str, bool]:
    """Return which parts of the main menu an actor sees."""
    return {
        "staff": actor.is_staff,
        "register": actor.has_role(Role.ADMIN),
        "moderation": actor.has_role(Role.MODERATOR),
        "mail": actor.has_role(Role.ADMIN, Role.MODERATOR),
        "panels": actor.has_role(Role.MODERATOR, Role.DELEGATE, Role.COORDINATOR),
    }


def macro(template: str, name: str) -> Callable[..., Markup]:
    """Return a macro as a function. It knows only what it is given: no visitor, no token."""
    found: Callable[..., Markup] = getattr(current_app.jinja_env.get_template(template).module, name)
    return found


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
    """Give the templates `site`, `actor`, `menu` and `asset()`."""
    static = Path(str(app.static_folder))

    @cache
    def fingerprint(name: str) -> str:
        return hashlib.sha256((static / name).read_bytes()).hexdigest()[:10]

    @cache
    def asset(name: str) -> str:
        return url_for("static", filename=name, v=fingerprint(name))

    @app.context_processor
    def shared() -> dict[str, object]:
        actor = current_actor()
        return {
            "site": current_site(),
            "actor": actor,
            "menu": _menu(actor),
            "signed_in_name": g.get("signed_in_name", ""),
            "unread_count": g.get("unread_count", ""),
        }

    icons = app.jinja_env.get_template("components/icons.svg").render()
    app.jinja_env.globals["icons"] = Markup(icons)  # noqa: S704 - our own file
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["url_for"] = address
    app.jinja_env.globals["say"] = say
    app.jinja_env.filters["slug"] = slug
