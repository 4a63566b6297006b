"""Every sentence that Python says to a person, by key. A language has a folder, with a file per feature."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import cast

from babel.support import LazyProxy
from markupsafe import Markup, escape

from forum.texts.language import DUTCH, LANGUAGES, speaking, spoken


@cache
def _sentences(language: str) -> dict[str, str]:
    """Return what is said in a language; what is not translated is said in Dutch."""
    return _read(DUTCH) | _read(language)


def _read(language: str) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for file in sorted(resources.files("forum.texts").joinpath(language).iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for key, sentence in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in sentences:
                message = f"text {key!r} stands twice in the catalogue"
                raise ValueError(message)
            sentences[key] = sentence
    return sentences


def say(key: str, /, **details: object) -> str:
    """Return the sentence of a key with its details filled in; an unknown key is a `KeyError`.

    With a detail that is HTML the sentence is HTML too, and the other details are escaped.
    """
    sentence = _sentences(spoken())[key]
    if any(isinstance(detail, Markup) for detail in details.values()):
        sentence = escape(sentence)
    return sentence.format(**details)


def say_later(key: str, /, **details: object) -> str:
    """Return the sentence of a key as something that becomes text where it is read, in the language of then.

    For what is made once and shown often: the labels and the refusals of a form.
    """
    return cast(str, LazyProxy(say, key, enable_cache=False, **details))


def say_dutch(key: str, /, **details: object) -> str:
    """Return the sentence of a key as it is stored, for everybody: in Dutch, whoever has it written."""
    with speaking(DUTCH):
        return say(key, **details)


def say_in_all(key: str) -> Sequence[str]:
    """Return the sentence of a key in every language: what may come back from somebody who got it."""
    return [_sentences(language)[key] for language in LANGUAGES]


def one_or_many(count: int) -> str:
    """Return the end of the key of a sentence about a number of things: `one` or `many`."""
    return "one" if count == 1 else "many"


def has_text(key: str) -> bool:
    """Tell whether the catalogue has a sentence for a key."""
    return key in _sentences(DUTCH)
