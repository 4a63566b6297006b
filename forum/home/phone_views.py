"""The forum on the home screen of a phone: its name there, and what it shows without a connection."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.texts.catalogue import say
from forum.texts.language import LANGUAGES, speaking, spoken
from forum.web.access import public
from forum.web.languages import direction
from forum.web.templating import current_site

phone_pages = Blueprint("phone", __name__)
ICONS = (
    ("img/icon-192.png", 192, "any"),
    ("img/icon-512.png", 512, "any"),
    ("img/icon-mask-512.png", 512, "maskable"),
)
KEPT_FILES = ("css/forum.css", "img/icon.svg")
"""What the page without a connection needs; it does without the font."""
HEADER_COLOUR, PAGE_COLOUR = "#0b3d3a", "#f5f7f8"
"""`--forum-header` and `--forum-page` of the style sheet."""


@phone_pages.get("/manifest.webmanifest")
@public
def show_manifest() -> ResponseReturnValue:
    """Tell a phone how to put the forum on its home screen; the address says in which language.

    A browser asks for it without cookies.
    """
    with speaking(_asked_language()):
        manifest = json.dumps(_manifest(), ensure_ascii=False)
    return Response(manifest, mimetype="application/manifest+json")


def _manifest() -> Mapping[str, Any]:
    asset, site = _asset(), current_site()
    return {
        "id": url_for("home.front"),
        "name": say("app-name", tenants=site.tenants_name, landlord=site.landlord_name),
        "short_name": say("app-short-name"),
        "description": say("app-description", tenants=site.tenants_name, landlord=site.landlord_name),
        "lang": spoken(),
        "dir": direction(),
        "start_url": url_for("home.front"),
        "scope": url_for("home.front"),
        "display": "standalone",
        "theme_color": HEADER_COLOUR,
        "background_color": PAGE_COLOUR,
        "icons": [
            {"src": asset(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, size, purpose in ICONS
        ],
    }


@phone_pages.get("/service-worker.js")
@public
def show_service_worker() -> ResponseReturnValue:
    """Send the script that shows a page of ours without a connection; it changes with what it keeps."""
    files = [_asset()(name) for name in KEPT_FILES]
    page = render_template("home/offline.html")
    version = hashlib.sha256(f"{files}{page}".encode()).hexdigest()[:10]
    offline = url_for("phone.show_offline", taal=spoken())
    script = render_template("home/service-worker.js", version=version, offline=offline, files=files)
    return Response(script, mimetype="text/javascript")


@phone_pages.get("/geen-verbinding")
@public
def show_offline() -> str:
    """Show what stands in the place of a page without a connection; the address says in which language.

    A device asks for it without cookies, so that it keeps nothing of a visitor.
    """
    with speaking(_asked_language()):
        return render_template("home/offline.html")


def _asked_language() -> str:
    asked = request.args.get("taal", "")
    return asked if asked in LANGUAGES else spoken()


def _asset() -> Callable[[str], str]:
    """Return what gives the address of a static file to templates."""
    asset: Callable[[str], str] = current_app.jinja_env.globals["asset"]  # type: ignore[assignment]
    return asset
