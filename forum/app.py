"""The application put together; the only module that knows every feature."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import forum
from forum.accounts.language_views import language_pages
from forum.accounts.register_changes import follow_register
from forum.accounts.signed_in import init_sign_in
from forum.accounts.views import account_pages
from forum.activity.views import activity_pages
from forum.admin.letters_views import letter_pages
from forum.admin.mail_views import mail_pages
from forum.admin.metrics_views import metrics_pages
from forum.admin.panel_form_views import panel_form_pages
from forum.admin.register_views import register_pages
from forum.admin.views import admin_pages
from forum.advice.document_views import advice_documents
from forum.advice.views import advice_pages
from forum.agenda.carrying_views import carrying_pages
from forum.agenda.views import agenda_pages
from forum.discussion.editing_views import editing_pages
from forum.discussion.following_views import following_pages
from forum.discussion.picture_views import picture_pages
from forum.discussion.reading_views import reading_pages
from forum.discussion.summary_views import summary_pages
from forum.discussion.views import discussion_pages
from forum.discussion.writing_views import writing_pages
from forum.home.phone_views import phone_pages
from forum.home.views import home_pages
from forum.invitations.calling_views import calling_pages
from forum.invitations.changes_views import changes_pages
from forum.invitations.letters_views import invitation_letter_pages
from forum.invitations.log_views import invitation_log_pages
from forum.invitations.needs_views import needs_pages
from forum.invitations.resizing_views import resizing_pages
from forum.invitations.views import invitation_pages
from forum.invitations.wish_views import wish_pages
from forum.kernel.database import db, engine_options, prepare_engine
from forum.kernel.logs import init_logs
from forum.meetings.pages import PAGES as MEETING_PAGES
from forum.members.import_service import before_import
from forum.mine.views import mine_pages
from forum.moderation.figures_views import figure_pages
from forum.moderation.looking_views import looking_pages
from forum.moderation.queue_views import queue_pages
from forum.moderation.views import moderation_pages
from forum.notifications.views import notification_pages
from forum.outcomes.answering_views import answering_pages
from forum.outcomes.drafting_views import drafting_pages
from forum.outcomes.letters_views import answer_letter_pages
from forum.outcomes.views import outcome_pages
from forum.outcomes.withdrawing_views import withdrawing_pages
from forum.panels.applying_views import applying_pages
from forum.panels.committee_views import committee_pages
from forum.panels.draw_views import draw_pages
from forum.panels.life_views import life_pages
from forum.panels.own_views import own_panel_pages
from forum.panels.renewal_views import renewal_pages
from forum.panels.trial_views import trial_pages
from forum.panels.views import panel_pages
from forum.panels.workshop_views import workshop_pages
from forum.paper.views import paper_pages
from forum.polls.views import poll_pages
from forum.search.views import search_pages
from forum.settings.config import Settings, load_settings
from forum.voices.views import voice_pages
from forum.web.access import gate
from forum.web.converters import init_converters
from forum.web.errors import init_errors
from forum.web.headers import cookie_name, init_headers
from forum.web.languages import Forum, add_translations, init_languages
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
    "notifications",
    "accounts",
    "agenda",
    "discussion",
    "moderation",
    "activity",
    "panels",
    "invitations",
    "paper",
    "polls",
    "meetings",
    "outcomes",
    "voices",
    "advice",
)
"""Packages with tables; all are loaded, so that the schema is whole whichever pages are asked for."""
TASKS = (
    "search",
    "discussion",
    "moderation",
    "notifications",
    "panels",
    "mail",
    "invitations",
    "meetings",
    "polls",
    "outcomes",
    "advice",
)
"""Packages with background tasks, in their `jobs.py`."""
PAGES = (
    home_pages,
    phone_pages,
    account_pages,
    language_pages,
    agenda_pages,
    carrying_pages,
    discussion_pages,
    moderation_pages,
    queue_pages,
    looking_pages,
    figure_pages,
    editing_pages,
    following_pages,
    writing_pages,
    picture_pages,
    reading_pages,
    summary_pages,
    activity_pages,
    panel_pages,
    workshop_pages,
    draw_pages,
    paper_pages,
    poll_pages,
    voice_pages,
    advice_pages,
    advice_documents,
    own_panel_pages,
    applying_pages,
    committee_pages,
    life_pages,
    renewal_pages,
    trial_pages,
    search_pages,
    invitation_pages,
    *MEETING_PAGES,
    invitation_letter_pages,
    invitation_log_pages,
    calling_pages,
    wish_pages,
    outcome_pages,
    drafting_pages,
    withdrawing_pages,
    answering_pages,
    answer_letter_pages,
    resizing_pages,
    needs_pages,
    changes_pages,
    mine_pages,
    notification_pages,
    admin_pages,
    mail_pages,
    letter_pages,
    register_pages,
    metrics_pages,
    panel_form_pages,
)
"""All pages, a blueprint each."""
MEGABYTE = 1024 * 1024


def assets_path() -> Path:
    """Return where `templates/` and `static/` are: inside an installed package, else beside it."""
    packed = PACKAGE / "_assets"
    return packed if packed.is_dir() else PACKAGE.parent


def create_app(settings: Settings | None = None) -> Forum:
    """Build the application from its settings.

    Raises:
        SettingRefused: a setting from the environment or `settings.toml` cannot be used.
    """
    settings = settings or load_settings()
    app = Forum(
        "forum",
        template_folder=str(assets_path() / "templates"),
        static_folder=str(assets_path() / "static"),
        instance_path=str(settings.instance_path),
    )
    init_logs()
    _configure(app, settings)
    _connect_database(app, settings)
    init_converters(app)
    init_languages(app)
    init_security(app)
    init_sign_in(app)
    before_import(follow_register)
    init_headers(app)
    init_errors(app)
    init_times(app)
    init_templating(app)
    add_translations(app)
    app.before_request(gate)
    _register_pages(app)
    init_request_counts(app)
    for package in TASKS:
        import_module(f"forum.{package}.jobs")
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def migrating_app() -> Flask:
    """Return the application as developers need it: `flask --app forum.app:migrating_app db migrate`."""
    app = create_app()
    import_module("forum.kernel.migrations").init_migrations(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        MAX_CONTENT_LENGTH=32 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=MEGABYTE // 2,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME=cookie_name("huurdersforum", is_https=settings.is_https),
        LANGUAGE_COOKIE_NAME=cookie_name("taal", is_https=settings.is_https),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_REFRESH_EACH_REQUEST=False,  # the row of a sign-in ends at a fixed moment
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}


def _connect_database(app: Flask, settings: Settings) -> None:
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    for package in TABLES:
        import_module(f"forum.{package}.models")
    import_module("forum.search.marks")  # from now on the index hears of what changes
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def _register_pages(app: Flask) -> None:
    for pages in PAGES:
        app.register_blueprint(pages)
