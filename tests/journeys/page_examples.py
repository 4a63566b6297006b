"""An example, or a few that look different, of every page there is."""

from collections.abc import Mapping

VISITOR, TENANT, DELEGATE, MODERATOR, ADMIN = "visitor", "tenant", "delegate", "moderator", "admin"

WHO: Mapping[str, str | None] = {
    VISITOR: None,
    TENANT: "tenant",
    DELEGATE: "delegate-tenants",
    MODERATOR: "moderator-tenants",
    ADMIN: "admin",
}
"""Who walks along the pages, and the sign-in of the demo each of them has."""

NOT_PAGES = frozenset(
    {
        "static",
        "home.healthz",
        "invitations.download_calendar",
        "invitations.download_panel_calendar",
        "metrics.show_metrics",
        "panels.download_dossier",
    }
)
"""Files and answers for machines."""

SEND_ON = frozenset({"agenda.show_current", "discussion.find_post", "discussion.find_thread"})
"""Addresses that only lead to the right page."""

PANELS = ("draft", "committed", "proposed", "confirmed", "held")

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "accounts.ask_activation": ("/activeren",),
    "accounts.ask_code": ("/code",),
    "accounts.ask_sign_out": ("/uitloggen",),
    "accounts.choose_password": ("/activeren/{activation}", "/activeren/is-al-gebruikt"),
    "accounts.sign_in": ("/inloggen",),
    "activity.show_own_score": ("/mijn/activiteit/{open}", "/mijn/activiteit/{over}"),
    "activity.show_rules": ("/onderwerpen/{open}/regels",),
    "admin.make_code": ("/beheer/code",),
    "admin.overview": ("/beheer/",),
    "admin.show_roles": ("/beheer/rollen",),
    "agenda.edit_topic": ("/agenda/onderwerp/{idea}/wijzigen", "/agenda/onderwerp/{proposed}/wijzigen"),
    "agenda.propose_topic": ("/agenda/{draft}/voorstel",),
    "agenda.show_agenda": ("/agenda/{draft}", "/agenda/{year}"),
    "agenda.show_current": ("/agenda/",),
    "agenda.show_topic": tuple(
        f"/agenda/onderwerp/{{{state}}}"
        for state in ("idea", "proposed", "edited", "agreed", "apart", "closed", "open")
    ),
    "agenda.show_versions": (
        "/agenda/onderwerp/{edited}/versies",
        "/agenda/onderwerp/{edited}/versies?van=1&naar=1",
        "/agenda/onderwerp/{proposed}/versies",
    ),
    "agenda.start_agenda": ("/agenda/{next_year}/beginnen",),
    "agenda.suggest_topic": ("/agenda/{draft}/idee",),
    "discussion.ask_stance": ("/onderwerpen/{open}/mening",),
    "discussion.edit_post": ("/berichten/{own_post}/wijzigen",),
    "discussion.enter_post": ("/onderwerpen/{open}/namens",),
    "discussion.find_post": ("/berichten/{own_post}",),
    "discussion.find_thread": ("/onderwerpen/{asking}",),
    "discussion.reply": ("/berichten/{own_post}/antwoord", "/berichten/{parent}/antwoord"),
    "discussion.show_history": ("/berichten/{edited_post}/versies", "/berichten/{own_post}/versies"),
    "discussion.show_replies": ("/berichten/{parent}/antwoorden",),
    "discussion.show_thread": (
        "/onderwerpen/{open}/{open_slug}?sorteer=nieuw",
        "/onderwerpen/{over}/{over_slug}?sorteer=waardevol&pagina=2",
        "/onderwerpen/{imported}/{imported_slug}?pagina=9",
    ),
    "discussion.withdraw_post": ("/berichten/{own_post}/intrekken",),
    "home.accessibility": ("/toegankelijkheid",),
    "home.front": ("/",),
    "home.house_rules": ("/huisregels",),
    "home.privacy": ("/privacy",),
    "invitations.answer_own": ("/mijn/uitnodigingen/{invitation}",),
    "invitations.enter_answer": ("/beheer/uitnodigingen/{invitation}",),
    "invitations.show_answers": ("/beheer/panels/{confirmed_panel}/uitnodigingen",),
    "invitations.show_invitation": ("/uitnodiging/{link}", "/uitnodiging/is-al-gebruikt"),
    "invitations.show_panel": tuple(f"/panels/{{{state}_panel}}" for state in PANELS),
    "mine.change_password": ("/mijn/wachtwoord",),
    "mine.overview": ("/mijn/",),
    "mine.rename": ("/mijn/naam",),
    "panels.change_plan": ("/beheer/panels/{draft_panel}/plan",),
    "panels.change_quotas": ("/beheer/panels/{draft_panel}/afspiegeling",),
    "panels.create_panel": ("/beheer/panels/nieuw/{over}",),
    "panels.list_all": ("/beheer/panels/",),
    "panels.show_selection": tuple(f"/beheer/panels/{{{state}_panel}}" for state in PANELS),
    "register.show": ("/beheer/register",),
}
"""The names in braces are those of `WalkedDemo.names`. A new page gets a row here."""

STAFF = frozenset({DELEGATE, MODERATOR, ADMIN})
ONLY_FOR: Mapping[str, frozenset[str]] = {
    "/agenda/onderwerp/{agreed}": STAFF,
    "/agenda/onderwerp/{edited}": STAFF,
    "/agenda/onderwerp/{edited}/versies": STAFF,
    "/agenda/onderwerp/{edited}/versies?van=1&naar=1": STAFF,
    "/agenda/onderwerp/{idea}": STAFF | {TENANT},
    "/agenda/onderwerp/{proposed}": STAFF,
    "/agenda/onderwerp/{proposed}/versies": STAFF,
    "/activeren/is-al-gebruikt": frozenset(),
    "/berichten/{own_post}/intrekken": frozenset({TENANT}),
    "/berichten/{own_post}/wijzigen": frozenset({TENANT}),
    "/mijn/uitnodigingen/{invitation}": frozenset({TENANT}),
    "/onderwerpen/{open}/mening": frozenset({TENANT}),
    "/uitnodiging/is-al-gebruikt": frozenset(),
}
"""Examples that not everybody can see for whom the mark of their page would open it."""

SAME_TITLE = frozenset({"invitations.show_invitation"})
"""Pages that are another page, reached in another way: with a link, or signed in."""
