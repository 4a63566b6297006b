"""Texts of templates in another language: found, filled in safely, in the form that goes with a number."""

from importlib import resources
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import TemplateAssertionError

from forum.texts.translations import DUTCH_ITSELF, Translations, read_translations
from forum.web.languages import TranslatedTemplates

ENGLISH = Translations(
    texts={
        "Zoek": "Search",
        "Nog 100%%": "100%% to go",
        "Bel %(name)s op %(day)s": "On %(day)s, phone <b>%(name)s</b>",
        '<a href="%(href)s">Lees verder</a>, of niet': 'Or <a href="%(href)s">read on</a>',
    },
    forms={
        "%(count)s bericht": ["%(count)s post", "%(count)s posts"],
        "%(num)s punt": ["%(num)s point", "%(num)s points"],
    },
    form_of=lambda number: 0 if number == 1 else 1,
)
CASES = [
    ("{% trans %}Zoek{% endtrans %}", "Zoek", "Search"),
    ("{% trans %}\n  Zoek\n{% endtrans %}", "Zoek", "Search"),
    ("<input placeholder=\"{{ _('Zoek') }}\">", '<input placeholder="Zoek">', '<input placeholder="Search">'),
    ("{{ _('Zoek')|upper }}", "ZOEK", "SEARCH"),
    ("{% set word = _('Zoek') %}{{ word }}", "Zoek", "Search"),
    ("{% trans %}Nog 100%{% endtrans %}", "Nog 100%", "100% to go"),
    (
        "{% trans name=who, day='3 mei' %}Bel {{ name }} op {{ day }}{% endtrans %}",
        "Bel &lt;i&gt; op 3 mei",
        "On 3 mei, phone <b>&lt;i&gt;</b>",
    ),
    (
        "{% set line = _('Bel %(name)s op %(day)s', name=who, day=1) %}{{ line }}",
        "Bel &lt;i&gt; op 1",
        "On 1, phone <b>&lt;i&gt;</b>",
    ),
    (
        '{% trans href="/x?a=1&b" %}<a href="{{ href }}">Lees verder</a>, of niet{% endtrans %}',
        '<a href="/x?a=1&amp;b">Lees verder</a>, of niet',
        'Or <a href="/x?a=1&amp;b">read on</a>',
    ),
    *(
        (
            f"{{% trans count={count} %}}{{{{ count }}}} bericht{{% pluralize %}}{{{{ count }}}} berichten"
            "{% endtrans %}",
            f"{count} {'bericht' if count == 1 else 'berichten'}",
            f"{count} {'post' if count == 1 else 'posts'}",
        )
        for count in (0, 1, 2)
    ),
    ("{{ ngettext('%(num)s punt', '%(num)s punten', 3) }}", "3 punten", "3 points"),
    ("{% trans %}Niemand vertaalde dit{% endtrans %}", "Niemand vertaalde dit", "Niemand vertaalde dit"),
    ("{{ who ~ 'Zoek' }}", "&lt;i&gt;Zoek", "&lt;i&gt;Zoek"),
]


def rendered(source: str, into: Translations) -> str:
    app = Flask(__name__)
    templates = TranslatedTemplates(app, into, autoescape=True)
    with app.app_context():
        return templates.from_string(source).render(who="<i>")


@pytest.mark.parametrize(("source", "dutch", "english"), CASES)
def test_a_text_is_shown_in_the_language(source: str, dutch: str, english: str) -> None:
    assert rendered(source, DUTCH_ITSELF) == dutch
    assert rendered(source, ENGLISH) == english


def test_a_text_that_the_template_makes_itself_is_refused() -> None:
    with pytest.raises(TemplateAssertionError, match="written out in full"):
        rendered("{{ _('Zoek ' ~ who) }}", ENGLISH)


def test_a_text_costs_nothing_when_the_page_is_made() -> None:
    templates = TranslatedTemplates(Flask(__name__), ENGLISH, autoescape=True)

    code = templates.compile("<p>{% trans %}Zoek{% endtrans %}</p>", raw=True)

    assert "yield 'Search'" in code
    assert "gettext" not in code


PO = r"""
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n==0 ? 0 : n==1 ? 1 : 2);\n"

msgid "Zoek"
msgstr "Search"

msgid "Later"
msgstr ""

#, fuzzy
msgid "Misschien"
msgstr "Perhaps not"

msgid "%(count)s bericht"
msgid_plural "%(count)s berichten"
msgstr[0] "nothing"
msgstr[1] "%(count)s post"
msgstr[2] "%(count)s posts"
"""


def test_a_catalogue_is_read_as_far_as_it_is_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "templates.po").write_text(PO)
    monkeypatch.setattr(resources, "files", lambda _package: tmp_path)

    english = read_translations("en")

    assert english.texts == {"Zoek": "Search"}
    several = (
        "{% trans count=who|length %}{{ count }} bericht{% pluralize %}{{ count }} berichten{% endtrans %}"
    )
    assert rendered(several, english) == "3 posts"
    assert rendered(several.replace("who|length", "0"), english) == "nothing"
