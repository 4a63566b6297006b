"""An application that speaks more than one language: pages and sentences, each in its own, at once."""

import threading
from pathlib import Path

import pytest
from flask import render_template_string

from forum.app import create_app
from forum.texts import catalogue
from forum.texts.language import DUTCH, speaking, spoken
from forum.texts.translations import Translations
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

    assert (dutch, english) == ("Zoek 15.076 True", "Search 15.076 True")


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
