"""Every rule of the house catches who breaks it, and lets the nearest innocent pass."""

from collections.abc import Callable, Iterable, Sequence

import pytest

from tests.architecture import code_rules, import_rules
from tests.architecture.sources import Source

Rule = Callable[[Sequence[Source]], Iterable[str]]

SINNERS: list[tuple[str, Rule, str, str]] = [
    ("a package without a floor", import_rules.unknown_packages, "forum/attic/rules.py", ""),
    (
        "an import of a higher floor",
        import_rules.climbing_imports,
        "forum/agenda/service.py",
        "from forum.discussion.models import Thread\n",
    ),
    (
        "an import of the same floor",
        import_rules.climbing_imports,
        "forum/mail/outbox.py",
        "from forum.web.access import gate\n",
    ),
    (
        "an import of a higher floor inside a function",
        import_rules.climbing_imports,
        "forum/agenda/service.py",
        "def late() -> None:\n    from forum.panels import models\n",
    ),
    (
        "an import of a higher floor by dots",
        import_rules.climbing_imports,
        "forum/agenda/service.py",
        "from ..panels import models\n",
    ),
    (
        "an import of a package by its name",
        import_rules.climbing_imports,
        "forum/agenda/service.py",
        "from forum import panels\n",
    ),
    (
        "an import by a string",
        import_rules.imports_by_name,
        "forum/agenda/service.py",
        "from importlib import import_module\nimport_module('forum.panels.models')\n",
    ),
    (
        "a command without its module",
        import_rules.missing_commands,
        "forum/command.py",
        "COMMANDS = {'fly': ('forum.birds.cli', 'fly')}\n",
    ),
    ("a framework in a rule", import_rules.impure_modules, "forum/agenda/rules.py", "import flask\n"),
    (
        "the database in a policy",
        import_rules.impure_modules,
        "forum/agenda/policy.py",
        "from sqlalchemy import select\n",
    ),
    (
        "a query in a rule",
        import_rules.impure_modules,
        "forum/agenda/rules.py",
        "from forum.kernel.database import db\n",
    ),
    (
        "the clock in a rule",
        import_rules.impure_modules,
        "forum/agenda/rules.py",
        "import datetime\nNOW = datetime.datetime.now()\n",
    ),
    (
        "the seconds of the clock in a rule",
        import_rules.impure_modules,
        "forum/panels/selection_solver.py",
        "from time import time\n",
    ),
    ("chance in a rule", import_rules.impure_modules, "forum/panels/selection.py", "import random\n"),
    ("a new number in a rule", import_rules.impure_modules, "forum/panels/dossier.py", "import uuid\n"),
    (
        "a commit in a service",
        code_rules.commits_elsewhere,
        "forum/agenda/service.py",
        "def approve() -> None:\n    db.session.commit()\n",
    ),
    (
        "a unit of work in a query",
        code_rules.commits_elsewhere,
        "forum/agenda/queries.py",
        "with unit_of_work():\n    pass\n",
    ),
    (
        "a service that reads the request",
        code_rules.requests_elsewhere,
        "forum/agenda/service.py",
        "from flask import request\n",
    ),
    (
        "a service that reads the request by its module",
        code_rules.requests_elsewhere,
        "forum/agenda/service.py",
        "import flask\nNAME = flask.current_app.name\n",
    ),
    (
        "a query that knows who is signed in",
        code_rules.requests_elsewhere,
        "forum/agenda/queries.py",
        "from flask_login import current_user\n",
    ),
    (
        "a service that asks who acts",
        code_rules.requests_elsewhere,
        "forum/discussion/service.py",
        "from forum.web.access import current_actor\n",
    ),
    (
        "a view without a mark",
        code_rules.wrongly_marked_views,
        "forum/agenda/views.py",
        "@pages.get('/')\ndef show() -> str:\n    return ''\n",
    ),
    (
        "a view with two marks",
        code_rules.wrongly_marked_views,
        "forum/agenda/views.py",
        "@pages.route('/')\n@public\n@staff_only(Role.ADMIN)\ndef show() -> str:\n    return ''\n",
    ),
    (
        "a view with its mark above the route",
        code_rules.wrongly_marked_views,
        "forum/agenda/views.py",
        "@public\n@pages.get('/')\ndef show() -> str:\n    return ''\n",
    ),
    (
        "a Dutch sentence",
        code_rules.dutch_sentences,
        "forum/agenda/service.py",
        "flash('Dat mag niet.')\n",
    ),
    (
        "a Dutch sentence with something filled in",
        code_rules.dutch_sentences,
        "forum/agenda/service.py",
        "flash(f'{name} heeft gestemd')\n",
    ),
    ("a long file", code_rules.too_large, "forum/agenda/service.py", "#\n" * 401),
    (
        "a long function",
        code_rules.too_large,
        "forum/agenda/service.py",
        "def long() -> None:\n" + "    pass\n" * 50,
    ),
    ("a module of leftovers", code_rules.vague_modules, "forum/agenda/form_helpers.py", ""),
    ("a package of leftovers", code_rules.vague_modules, "forum/common/rules.py", ""),
    (
        "a query in a module that changes",
        code_rules.readers_among_writers,
        "forum/agenda/service.py",
        "def list_all(): return db.session.scalars(select(Topic))\ndef go(): audit.record(SYSTEM, 'gone')\n",
    ),
    (
        "a get_ that may return nothing",
        code_rules.misnamed_readers,
        "forum/agenda/queries.py",
        "def get_topic() -> Topic | None: ...\n",
    ),
    (
        "a get_ that may return nothing, in quotes",
        code_rules.misnamed_readers,
        "forum/agenda/queries.py",
        "def get_topic() -> 'Topic | None': ...\n",
    ),
    (
        "a find_ that always finds",
        code_rules.misnamed_readers,
        "forum/agenda/queries.py",
        "def find_topics() -> Sequence[Topic | None]: ...\n",
    ),
]

INNOCENTS: list[tuple[str, Rule, str, str]] = [
    (
        "a query of its own for a change, and one where nothing changes",
        code_rules.readers_among_writers,
        "forum/agenda/service.py",
        "def drop_topic():\n    db.session.scalar(select(Topic))\n    audit.record(SYSTEM, 'gone')\n",
    ),
    (
        "queries on their own",
        code_rules.readers_among_writers,
        "forum/agenda/queries.py",
        "def list_topics(): return db.session.scalars(select(Topic))\n",
    ),
    (
        "a get_ that raises and a find_ that may find nothing",
        code_rules.misnamed_readers,
        "forum/agenda/queries.py",
        "def get_topic() -> dict[str, int | None]: ...\ndef find_topic() -> Topic | None: ...\n",
    ),
    (
        "a view, which answers a page",
        code_rules.misnamed_readers,
        "forum/agenda/views.py",
        "@pages.get('/')\n@public\ndef find_topic() -> Response: ...\n",
    ),
    (
        "an import of a lower floor and of oneself",
        import_rules.climbing_imports,
        "forum/agenda/service.py",
        "from forum.members.models import Member\nfrom forum.agenda import rules\nfrom . import policy\n",
    ),
    (
        "the application, which imports by name",
        import_rules.imports_by_name,
        "forum/app.py",
        "import_module('forum.mail.jobs')\n",
    ),
    (
        "a rule with moments that were handed to it",
        import_rules.impure_modules,
        "forum/agenda/rules.py",
        "from datetime import datetime\nfrom forum.kernel.actor import Party\n"
        "def is_over(at: datetime) -> bool:\n    return at.day > 3\n",
    ),
    (
        "a service with a clock",
        import_rules.impure_modules,
        "forum/agenda/service.py",
        "from datetime import datetime\nNOW = datetime.now()\n",
    ),
    (
        "the solver of a selection",
        import_rules.impure_modules,
        "forum/panels/selection.py",
        "import highspy\n",
    ),
    (
        "a view that commits",
        code_rules.commits_elsewhere,
        "forum/admin/register_views.py",
        "with unit_of_work():\n    pass\n",
    ),
    (
        "a view that reads the request",
        code_rules.requests_elsewhere,
        "forum/admin/register_views.py",
        "from flask import request\n",
    ),
    (
        "a view with one mark under its routes",
        code_rules.wrongly_marked_views,
        "forum/agenda/views.py",
        "@pages.get('/')\n@pages.post('/')\n@staff_only()\ndef show() -> str:\n    return ''\n",
    ),
    (
        "a function that only looks like a route",
        code_rules.wrongly_marked_views,
        "forum/agenda/service.py",
        "@cache.get(key)\ndef show() -> str:\n    return ''\n",
    ),
    (
        "an English docstring, a key, a path and language codes",
        code_rules.dutch_sentences,
        "forum/agenda/service.py",
        "'''Een zin van een docstring.'''\nPARTS = ['van', '/onderwerp/voor', 'aa de nl', 'met the team']\n",
    ),
    (
        "a file and a function that just fit",
        code_rules.too_large,
        "forum/agenda/service.py",
        "def long() -> None:\n" + "    pass\n" * 49 + "#\n" * 350,
    ),
]


@pytest.mark.parametrize(("rule", "path", "text"), [pytest.param(*case[1:], id=case[0]) for case in SINNERS])
def test_a_rule_catches_its_sinner(rule: Rule, path: str, text: str) -> None:
    faults = list(rule([Source(path, text)]))

    assert len(faults) == 1
    assert faults[0].startswith(path)


@pytest.mark.parametrize(
    ("rule", "path", "text"), [pytest.param(*case[1:], id=case[0]) for case in INNOCENTS]
)
def test_a_rule_lets_the_innocent_pass(rule: Rule, path: str, text: str) -> None:
    known = [Source("forum/kernel/actor.py", "")]

    assert not list(rule([Source(path, text), *known]))


def test_a_circle_of_imports_is_found_however_long() -> None:
    sources = [
        Source("forum/agenda/first.py", "from forum.agenda import second\n"),
        Source("forum/agenda/second.py", "def late() -> None:\n    from forum.agenda.third import x\n"),
        Source("forum/agenda/third.py", "from .first import y\n"),
        Source("forum/agenda/fourth.py", "from forum.agenda.first import z\n"),
    ]

    cycles = import_rules.import_cycles(sources)

    assert cycles == [["forum.agenda.first", "forum.agenda.second", "forum.agenda.third"]]


def test_a_line_of_imports_is_no_circle() -> None:
    sources = [
        Source("forum/agenda/__init__.py", ""),
        Source("forum/agenda/first.py", "from forum.agenda import second\n"),
        Source("forum/agenda/second.py", "from forum.agenda.third import x\n"),
        Source("forum/agenda/third.py", "import json\n"),
    ]

    assert import_rules.import_cycles(sources) == []
