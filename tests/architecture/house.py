"""The plan of the house: floors, pure files, entry points, and every exception with its reason."""

from collections.abc import Mapping

FLOORS: Mapping[int, tuple[str, ...]] = {
    14: ("app", "command", "database", "serve"),
    13: ("admin", "demo"),
    12: ("home", "mine", "search", "exports", "reports", "privacy"),
    11: ("outcomes",),
    10: ("meetings", "advice"),
    9: ("invitations", "voices"),
    8: ("panels",),
    7: ("activity", "moderation", "paper", "polls"),
    6: ("discussion",),
    5: ("accounts", "agenda"),
    4: ("notifications",),
    3: ("mail", "web"),
    2: ("members",),
    1: ("audit", "settings", "jobs"),
    0: ("kernel", "texts"),
}
"""A package imports only what stands strictly lower, and itself. `docs/map.md` shows the same."""

NOT_YET = frozenset({"exports", "reports", "privacy"})
"""Packages whose floor is kept free; the map says so. Whoever builds one takes it from this list."""

FLOOR_OF = {package: floor for floor, packages in FLOORS.items() for package in packages}

NAMES_MODULES = frozenset({"forum.app", "forum.command"})
"""May import modules by a name in a string: they put the application and the command together."""

PURE_PATTERNS: Mapping[str, frozenset[str]] = {
    "forum.*.rules": frozenset(),
    "forum.*.*_rules": frozenset(),
    "forum.*.policy": frozenset(),
    "forum.*.errors": frozenset(),
    "forum.kernel.actor": frozenset(),
    "forum.kernel.documents": frozenset(),
    "forum.kernel.progress": frozenset(),
    "forum.accounts.guessed_passwords": frozenset(),
    "forum.activity.scoring": frozenset(),
    "forum.activity.scoring_*": frozenset(),
    "forum.activity.appreciations": frozenset(),
    "forum.activity.local_days": frozenset(),
    "forum.activity.strict_json": frozenset(),
    "forum.panels.selection": frozenset({"highspy"}),
    "forum.panels.selection_*": frozenset({"highspy"}),
    "forum.panels.dossier": frozenset({"highspy"}),
    "forum.panels.dossier_*": frozenset({"highspy"}),
    "forum.invitations.channels": frozenset(),
    "forum.kernel.holidays": frozenset(),
    "forum.voices.hiding": frozenset(),
    "forum.mail.incoming": frozenset(),
    "forum.mail.reply_text": frozenset(),
    "forum.members.register_*": frozenset(),
    "forum.discussion.polis": frozenset(),
    "forum.discussion.polis_rows": frozenset(),
    "forum.moderation.warning_signs": frozenset(),
    "forum.search.analysis": frozenset({"Stemmer"}),
    "forum.search.engine": frozenset({"Stemmer"}),
    "forum.search.excerpts": frozenset({"Stemmer"}),
    "forum.search.query_text": frozenset({"Stemmer"}),
    "forum.texts.comparison": frozenset(),
    "forum.texts.markdown": frozenset({"markdown", "bleach", "nh3"}),
    "forum.texts.markdown_*": frozenset({"markdown", "bleach", "nh3"}),
    "forum.texts.mentions": frozenset(),
    "forum.texts.private_details": frozenset(),
    "forum.texts.quoting": frozenset({"markdown", "bleach", "nh3"}),
}
"""Modules that only compute, with the libraries they may use beside the standard library."""

NOT_PURE: Mapping[str, str] = {
    "forum.panels.entries": "keeps what was committed of a dossier in the database",
    "forum.web.errors": "renders the page of every error; it is named after that page",
}
"""Modules that a pattern of pure modules names by chance, with the reason."""

NAMED_BY_OTHERS: Mapping[str, str] = {
    "forum.command.get_command": "click asks a group by this name, and wants None for no command",
}
"""Functions whose name a library chose, with the reason."""

ENTRY_POINTS = ("views", "views_*", "*_views", "api", "api_*", "cli", "cli_*", "*_cli", "jobs", "jobs_*")
"""Last parts of names of modules where requests, commands and tasks come in: only these commit."""

COMMITS: Mapping[str, str] = {
    "forum.kernel.database": "defines the unit of work",
    "forum.search.tantivy_engine": "commits what it wrote to the files of an index, no transaction",
    "forum.search.whoosh_writing": "commits what it wrote to the files of an index, no transaction",
}
"""Modules that commit and are no entry points, with the reason."""

SEES_REQUEST: Mapping[str, str] = {
    "forum.accounts.signed_in": "turns the cookie of a request into the actor",
    "forum.invitations.terms": "reads the terms, and the keys and the mail domain for calendars",
    "forum.meetings.terms": "reads within how many days minutes are due",
    "forum.notifications.emails": "reads the keys and the mail domain for the links it signs",
    "forum.mail.composing": "reads BASE_URL for the links in a message that a task composes",
}
"""Modules outside `web` and the entry points that read what is bound to a request or to the application."""
