"""Every sentence that Python says to a person, by key. A language has a folder, with a file per feature."""

import tomllib
from functools import cache
from importlib import resources

from forum.texts.language import DUTCH, spoken


@cache
def _sentences(language: str) -> dict[str, str]:
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
    """Return the sentence of a key with its details filled in; an unknown key is a `KeyError`."""
    return _sentences(spoken())[key].format(**details)


def one_or_many(count: int) -> str:
    """Return the end of the key of a sentence about a number of things: `one` or `many`."""
    return "one" if count == 1 else "many"


def has_text(key: str) -> bool:
    """Tell whether the catalogue has a sentence for a key."""
    return key in _sentences(DUTCH)
