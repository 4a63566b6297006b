"""Every rule about templates, styles and texts catches who breaks it, and lets the nearest innocent pass."""

from collections.abc import Callable, Iterable, Sequence

import pytest

from tests.architecture import style_rules, template_rules, text_rules
from tests.architecture.map_page import floors_on_map, settings_on_page
from tests.architecture.sources import Source
from tests.architecture.template_rules import Template

Rule = Callable[[Sequence[Template]], Iterable[str]]

SINNERS: list[tuple[str, Rule, str]] = [
    (
        "a form without a token",
        template_rules.forms_without_token,
        "<form {% if a > b %}novalidate{% endif %} method='POST'><p>x</p></form>",
    ),
    (
        "a token in a comment",
        template_rules.forms_without_token,
        "<form\n method='post'>{# csrf() #}<button>x</button></form>",
    ),
    (
        "a token in the form before",
        template_rules.forms_without_token,
        '<form method="post">{{ csrf() }}</form><form method="post"></form>',
    ),
    (
        "a form that posts at times",
        template_rules.forms_without_token,
        "<form method=\"{{ 'post' if x else 'get' }}\"></form>",
    ),
    (
        "a button that posts",
        template_rules.forms_without_token,
        "<form><button formmethod='post'>x</button></form>",
    ),
    ("a statement for its effect", template_rules.statements_outside_list, "{% do rows.append(1) %}"),
    ("a library of macros under a name", template_rules.statements_outside_list, "{%- import 'a' as b %}"),
    ("text that is not read", template_rules.statements_outside_list, "{% raw %}{{ x }}{% endraw %}"),
    ("a switched-off escape", template_rules.words_outside_list, "{{ post.html | safe }}"),
    ("a date made by hand", template_rules.words_outside_list, "{{ at.strftime('%d') }}"),
    ("a date for machines", template_rules.words_outside_list, "{{ at.isoformat() }}"),
    ("a script in the page", template_rules.inline_code, "<script>alert(1)</script>"),
    ("a style sheet in the page", template_rules.inline_code, "<style>p { color: red }</style>"),
    ("a style on a tag", template_rules.inline_code, '<p class="a"\n   style="color: red">x</p>'),
    ("a handler on a tag", template_rules.inline_code, "<button onclick='go()'>x</button>"),
    ("a handler given to a field", template_rules.inline_code, "{{ form.name(onchange='go()') }}"),
    ("a style given to a field", template_rules.inline_code, "{{ field(**{'style': 'color: red'}) }}"),
]

INNOCENTS: list[tuple[str, Rule, str]] = [
    (
        "a form with its token",
        template_rules.forms_without_token,
        "<form {% if a > b %}novalidate{% endif %} method='post'>{{ csrf() }}<p>x</p></form>",
    ),
    (
        "a form with a hidden field",
        template_rules.forms_without_token,
        '<form method="post"><input type="hidden" name="csrf_token" value="x"></form>',
    ),
    ("a form that asks", template_rules.forms_without_token, "<form method='get'></form><form></form>"),
    (
        "all statements of the list",
        template_rules.statements_outside_list,
        "{% extends 'a' %}{% from 'b' import c %}{% block d %}{% for x in y %}{% if x %}{% elif z %}"
        "{% else %}{% endif %}{% endfor %}{% set e = 1 %}{% call f() %}{% endcall %}"
        "{% include 'g' %}{% endblock d %}"
        "{% macro h() %}{% endmacro %}{# do this #}",
    ),
    (
        "a word that only looks alike",
        template_rules.words_outside_list,
        "{{ x.safe }} {{ say('safe') }} | safe",
    ),
    (
        "a script of our own and words in the text",
        template_rules.inline_code,
        "<script src=\"{{ asset('a.js') }}\"></script>{% set one = 1 %}<p>on x = style = 1</p>"
        "{{ f(only=1) }}",
    ),
]


@pytest.mark.parametrize(("rule", "text"), [pytest.param(*case[1:], id=case[0]) for case in SINNERS])
def test_a_rule_catches_its_sinner(rule: Rule, text: str) -> None:
    faults = list(rule([Template("templates/agenda/page.html", text)]))

    assert len(faults) == 1
    assert faults[0].startswith("templates/agenda/page.html:")


@pytest.mark.parametrize(("rule", "text"), [pytest.param(*case[1:], id=case[0]) for case in INNOCENTS])
def test_a_rule_lets_the_innocent_pass(rule: Rule, text: str) -> None:
    assert not list(rule([Template("templates/agenda/page.html", text)]))


def test_mail_may_have_styles_of_its_own() -> None:
    mail = Template("templates/mail/base.html", "<style>p { color: red }</style>")

    assert not list(template_rules.inline_code([mail]))


def test_the_line_of_a_fault_is_where_it_stands() -> None:
    page = Template("templates/a.html", "{# two\nlines #}\n<p\n  style='x'>")

    assert list(template_rules.inline_code([page])) == ["templates/a.html:3: inline style on p"]


@pytest.mark.parametrize(
    ("style", "faults"),
    [
        pytest.param("ol{padding-left:1em}", 1, id="a padding"),
        pytest.param("p{margin-right :1em}", 1, id="a margin"),
        pytest.param("p{border-left-color:red;border-top-right-radius:1px}", 2, id="borders"),
        pytest.param("p{position:absolute;left:0}", 1, id="a place"),
        pytest.param("p{text-align: right;float:left}", 2, id="a value"),
        pytest.param("p{margin:0 1rem 0 auto}", 1, id="four values that differ"),
        pytest.param("p{margin:0 1rem 2rem 1rem;padding:0 1rem 0}", 0, id="four values that do not"),
        pytest.param("p{padding-inline:0 1em;inset-inline-start:0;text-align:start}", 0, id="start and end"),
        pytest.param(".letter-left .right-now{color:red} /* left: 0 */", 0, id="names and remarks"),
        pytest.param("p{background-position:left 1em top 0;transform-origin:left}", 0, id="a picture"),
    ],
)
def test_styles_about_a_side_are_caught(style: str, faults: int) -> None:
    found = list(style_rules.sided_styles([Source("static/css/a.css", f"body{{color:red}}\n{style}")]))

    assert len(found) == faults
    assert all(fault.startswith("static/css/a.css:2:") for fault in found)


CATALOGUE = {
    "phase-open": "Open",
    "phase-closed": "Dicht",
    "too-many": "Nog {count} van {most}",
    "lost": "Weg",
}


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        pytest.param("say('phase-open')", 0, id="a key"),
        pytest.param("say('phase-shut')", 1, id="an unknown key"),
        pytest.param("say(f'phase-{x}')", 0, id="the beginning of a key"),
        pytest.param("say(f'stage-{x}')", 1, id="the beginning of no key"),
        pytest.param("say(f'phase-{x}-why')", 1, id="the beginning of a key and an end of none"),
        pytest.param("say('lost' if x else 'found')", 1, id="one of two keys"),
        pytest.param("short_text('phase-gone', 5)", 1, id="a sentence for an empty field"),
        pytest.param("say(key)", 0, id="a key in a variable, which nobody can check"),
    ],
)
def test_keys_in_python_are_looked_up(code: str, missing: int) -> None:
    said = list(text_rules.said_in_python([Source("forum/a/views.py", code)]))

    assert len(list(text_rules.unknown_keys(said, CATALOGUE))) == missing


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        pytest.param("{{ say('lost') }}", 0, id="a key"),
        pytest.param("{% if say('gone') %}{% endif %}", 1, id="an unknown key"),
        pytest.param("{{ box(say('phase-' ~ x.phase)) }}", 0, id="the beginning of a key"),
        pytest.param("{{ say('stage-' ~ x) }}", 1, id="the beginning of no key"),
        pytest.param("{{ say('lost' if x else 'found') }}", 1, id="one of two keys"),
    ],
)
def test_keys_in_templates_are_looked_up(text: str, missing: int) -> None:
    said = list(text_rules.said_in_templates([Template("templates/a.html", text)]))

    assert len(list(text_rules.unknown_keys(said, CATALOGUE))) == missing


def test_a_sentence_that_nobody_says_is_found() -> None:
    sources = [Source("forum/a/views.py", "key = 'lost'\nsay(f'phase-{x}')\n")]

    faults = list(text_rules.unused_keys(sources, [], CATALOGUE | {"lost-title": "Weg"}))

    assert faults == ["forum/texts/nl: nobody says 'too-many'"]


def test_a_key_without_a_fixed_beginning_uses_nothing() -> None:
    sources = [Source("forum/a/views.py", "say(f'{key}-open')\n")]

    faults = list(text_rules.unused_keys(sources, [], {"phase-open": "Open"}))

    assert faults == ["forum/texts/nl: nobody says 'phase-open'"]


def test_a_refusal_that_a_page_says_needs_a_sentence() -> None:
    errors = Source("forum/a/errors.py", "class Gone(Conflict):\n    code = 'gone'\n")
    speaking = Source("forum/a/views.py", "say(refusal.code)")
    silent = Source("forum/a/views.py", "raise refusal")

    assert len(list(text_rules.codes_without_sentence([errors, speaking], CATALOGUE))) == 1
    assert not list(text_rules.codes_without_sentence([errors, silent], CATALOGUE))


def test_a_sentence_without_its_details_is_found() -> None:
    lacking = Source("forum/a/views.py", "say('too-many', count=3)")
    given = Source("forum/a/views.py", "say('too-many', count=3, most=4)\nsay('too-many', **details)")

    assert list(text_rules.names_in_details([lacking], CATALOGUE)) == [
        "forum/a/views.py:1: 'too-many' misses most"
    ]
    assert not list(text_rules.names_in_details([given], CATALOGUE))


def test_the_pages_in_docs_are_read_row_by_row() -> None:
    page = "| floor | package |\n| --- | --- |\n| 12 | `admin` | x |\n| 11 | `search` (later) | y |\n"

    assert floors_on_map(page) == {"admin": (12, False), "search": (11, True)}
    assert settings_on_page("# Settings\n\n## `MAIL_URL`\n\n`REDIS_URL`\n\n## Notes\n") == {"MAIL_URL"}
