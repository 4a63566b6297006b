"""The application put together; the only module that knows every feature."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import forum
from forum.accounts.register_changes import follow_register
from forum.accounts.signed_in import init_sign_in
from forum.accounts.views import account_pages
from forum.activity.views import activity_pages
from forum.admin.metrics_views import metrics_pages
from forum.admin.register_views import register_pages
from forum.admin.views import admin_pages
from forum.agenda.views import agenda_pages
from forum.discussion.views import discussion_pages
from forum.home.views import home_pages
from forum.invitations.views import invitation_pages
from forum.kernel.database import db, engine_options, prepare_engine
from forum.members.import_service import before_import
from forum.mine.views import mine_pages
from forum.panels.views import panel_pages
from forum.settings.config import Settings, load_settings
from forum.web.access import gate
from forum.web.converters import init_converters
from forum.web.errors import init_errors
from forum.web.headers import init_headers
from forum.web.request_counts import init_request_counts
from forum.web.security import init_security
from forum.web.templating import init_templating
from forum.web.times import init_times

PACKAGE = Path(forum.__file__).parent
TABLES = (
    "settings",
    "audit",
    "members",
    "mail",
    "accounts",
    "agenda",
    "discussion",
    "activity",
    "panels",
    "invitations",
)
"""Packages with tables; all are loaded, so that the schema is whole whichever pages are asked for."""
TASKS = ("mail", "invitations")
"""Packages with background tasks, in their `jobs.py`."""
MEGABYTE = 1024 * 1024


def assets_path() -> Path:
    """Return where `templates/` and `static/` are: inside an installed package, else beside it."""
    packed = PACKAGE / "_assets"
    return packed if packed.is_dir() else PACKAGE.parent


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings.

    Raises:
        SettingRefused: a setting from the environment or `settings.toml` cannot be used.
    """
    settings = settings or load_settings()
    app = Flask(
        "forum",
        template_folder=str(assets_path() / "templates"),
        static_folder=str(assets_path() / "static"),
        instance_path=str(settings.instance_path),
    )
    _configure(app, settings)
    _connect_database(app, settings)
    init_converters(app)
    init_security(app)
    init_sign_in(app)
    before_import(follow_register)
    init_headers(app)
    init_errors(app)
    init_times(app)
    init_templating(app)
    app.before_request(gate)
    _register_pages(app)
    init_request_counts(app)
    for package in TASKS:
        import_module(f"forum.{package}.jobs")
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        MAX_CONTENT_LENGTH=32 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=MEGABYTE // 2,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="huurdersforum",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_REFRESH_EACH_REQUEST=False,  # the row of a sign-in ends at a fixed moment
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}


def _connect_database(app: Flask, settings: Settings) -> None:
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    for package in TABLES:
        import_module(f"forum.{package}.models")
    db.init_app(app)
    Migrate(app, db, directory=str(PACKAGE / "migrations"), render_as_batch=True, compare_type=True)
    with app.app_context():
        prepare_engine(db.engine)


def _register_pages(app: Flask) -> None:
    for pages in (
        home_pages,
        account_pages,
        agenda_pages,
        discussion_pages,
        activity_pages,
        panel_pages,
        invitation_pages,
        mine_pages,
        admin_pages,
        register_pages,
        metrics_pages,
    ):
        app.register_blueprint(pages)
