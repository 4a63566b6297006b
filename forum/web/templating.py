"""What every template may use: the site's names, who is signed in, addresses of static files."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, g, url_for
from sqlalchemy.exc import DBAPIError

from forum.kernel.actor import Actor, Role
from forum.kernel.database import db
from forum.settings.models import Site
from forum.settings.queries import NO_SITE, get_site
from forum.texts.catalogue import say
from forum.web.access import current_actor
from forum.web.links import slug


def _site() -> Site:
    """Return the names for this request; the page that says the database is down needs some too."""
    if "site" not in g:
        try:
            g.site = get_site()
        except DBAPIError:
            db.session.rollback()
            g.site = NO_SITE
    site: Site = g.site
    return site


def _menu(actor: Actor) -> dict[str, bool]:
    """Return which parts of the main menu an actor sees."""
    return {
        "staff": actor.is_staff,
        "register": actor.has_role(Role.ADMIN),
        "panels": actor.has_role(Role.MODERATOR, Role.DELEGATE),
    }


def init_templating(app: Flask) -> None:
    """Give the templates `site`, `actor`, `menu` and `asset()`; undo the session after each request."""
    static = Path(str(app.static_folder))

    @cache
    def fingerprint(name: str) -> str:
        return hashlib.sha256((static / name).read_bytes()).hexdigest()[:10]

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=fingerprint(name))

    @app.context_processor
    def shared() -> dict[str, object]:
        actor = current_actor()
        return {
            "site": _site(),
            "actor": actor,
            "menu": _menu(actor),
            "signed_in_name": g.get("signed_in_name", ""),
        }

    @app.teardown_request
    def end_reading(_error: BaseException | None) -> None:
        db.session.rollback()

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["say"] = say
    app.jinja_env.filters["slug"] = slug
