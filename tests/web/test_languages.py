"""An application that speaks more than one language: pages and sentences, each in its own, at once."""

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import render_template_string
from markupsafe import Markup

from forum.app import create_app
from forum.texts import catalogue
from forum.texts.language import DUTCH, speaking, spoken
from forum.texts.translations import Translations
from forum.web import times
from forum.web.languages import dutch
from tests.conftest import make_settings

ENGLISH = Translations({"Zoek": "Search"}, {}, lambda _number: 0)


def test_each_page_is_in_the_language_that_is_spoken(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path))
    app.add_languages({"en": ENGLISH})
    page = "{% trans %}Zoek{% endtrans %} {{ 15076|number }} {{ icons|length > 0 }}"

    with app.test_request_context("/"):
        dutch = render_template_string(page)
        with speaking("en"):
            english = render_template_string(page)

    assert (dutch, english) == ("Zoek 15.076 True", "Search 15,076 True")


def test_a_sentence_is_said_in_the_language_that_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"nl": {"hello": "Dag {name}"}, "en": {"hello": "Hello {name}"}}
    monkeypatch.setattr(catalogue, "_sentences", said.__getitem__)

    with speaking("en"):
        assert catalogue.say("hello", name="Ria") == "Hello Ria"
    assert catalogue.say("hello", name="Ria") == "Dag Ria"


def test_who_speaks_at_the_same_time_does_not_hear_the_other() -> None:
    heard = []

    with speaking("en"):
        other = threading.Thread(target=lambda: heard.append(spoken()))
        other.start()
        other.join()

    assert heard == [DUTCH]
    assert spoken() == DUTCH


def test_what_people_wrote_is_said_to_be_dutch_in_another_language(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = {"x": "Over {title} & meer"}
    monkeypatch.setattr(catalogue, "_sentences", lambda _language: sentences)

    in_dutch = catalogue.say("x", title=dutch("<b> de lift"))
    with speaking("en"):
        in_english = catalogue.say("x", title=dutch("<b> de lift"))
        assert dutch("") == ""

    assert in_dutch == "Over <b> de lift & meer"
    assert not isinstance(in_dutch, Markup)
    assert in_english == Markup('Over <span lang="nl">&lt;b&gt; de lift</span> &amp; meer')


def test_what_is_stored_is_dutch_whoever_has_it_written() -> None:
    with speaking("en"):
        assert catalogue.say_dutch("points-many", amount=3) == "3 punten"
        assert spoken() == "en"


def test_a_sentence_that_is_not_translated_is_said_in_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"nl": {"a": "Dag", "b": "Tot ziens"}, "en": {"a": "Hi"}}
    monkeypatch.setattr(catalogue, "_read", files.__getitem__)
    monkeypatch.setattr(catalogue, "_sentences", catalogue._sentences.__wrapped__)

    with speaking("en"):
        assert (catalogue.say("a"), catalogue.say("b")) == ("Hi", "Tot ziens")


def test_a_sentence_for_later_is_said_in_the_language_of_then(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"nl": {"hello": "Dag {name}"}, "en": {"hello": "Hello {name}"}}
    monkeypatch.setattr(catalogue, "_sentences", said.__getitem__)
    sentence = catalogue.say_later("hello", name="Ria")

    with speaking("en"):
        assert f"{sentence}" == "Hello Ria"
    assert f"{sentence}" == "Dag Ria"


NOTHING_SAID = """
import importlib, pkgutil
import forum
from forum.texts import catalogue

def refuse(language):
    raise AssertionError("a module says something when it is imported, in whatever language is spoken then")

catalogue._sentences = refuse
for module in pkgutil.walk_packages(forum.__path__, "forum."):
    if not module.name.startswith(("forum.demo.", "forum.migrations.")):
        importlib.import_module(module.name)
"""


def test_no_module_says_anything_when_it_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", NOTHING_SAID], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("language", "written"),
    [("nl", "Woensdag 18 november 2026"), ("en", "Wednesday 18 November 2026")],
)
def test_a_line_that_begins_with_a_day_begins_with_a_capital(language: str, written: str) -> None:
    with speaking(language):
        assert times.show_weekday_first(datetime(2026, 11, 18, 19, 12, tzinfo=UTC)) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (
            "nl",
            [
                "18 november 2026 om 20:12 uur",
                "20:12 uur",
                "woensdag 18 november 2026",
                "15.076",
                "28,20",
                "4,0",
            ],
        ),
        (
            "en",
            ["18 November 2026 at 20:12", "20:12", "Wednesday 18 November 2026", "15,076", "28.20", "4.0"],
        ),
    ],
)
def test_moments_and_numbers_are_written_as_in_the_language(language: str, written: list[str]) -> None:
    at = datetime(2026, 11, 18, 19, 12, tzinfo=UTC)

    with speaking(language):
        shown = [times.show_moment(at), times.show_time(at), times.show_weekday(at)]
        assert [
            *shown,
            times.show_number(15076),
            times.show_points(2820),
            times.show_tenths(40),
        ] == written
