"""Two versions of a topic beside each other, with the words that differ marked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from forum.agenda.models import TopicVersion
from forum.texts.catalogue import say

Line = list[tuple[str, bool]]
"""A line in pieces: the words, and whether they differ."""

PARTS = ("title", "question", "why", "fixed", "open", "stance_question", "subquestions", "level", "statutory")
WORD = re.compile(r"\n|[^\s]+")


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """One part of a topic in two versions."""

    label: str
    before: Sequence[Line]
    after: Sequence[Line]
    is_changed: bool


def compare_versions(before: TopicVersion, after: TopicVersion) -> list[ComparedPart]:
    """Return every part of two versions that says something, with the words that differ marked."""
    pairs = ((name, _words(before, name), _words(after, name)) for name in PARTS)
    return [_compared(say(f"part-{name}"), old, new) for name, old, new in pairs if old or new]


def _words(version: TopicVersion, name: str) -> str:
    """Return a part as people read it."""
    if name == "level":
        return say(f"level-{version.level}")
    if name == "statutory":
        subject = say(f"statutory-{version.statutory or 'none'}")
        return f"{subject}\n{say('only-opinions')}" if version.only_opinions else subject
    return str(getattr(version, name))


def _compared(label: str, before: str, after: str) -> ComparedPart:
    old, new = WORD.findall(before), WORD.findall(after)
    old_words: Line = []
    new_words: Line = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        old_words += [(word, kind != "equal") for word in old[old_from:old_to]]
        new_words += [(word, kind != "equal") for word in new[new_from:new_to]]
    return ComparedPart(label, _in_lines(old_words), _in_lines(new_words), is_changed=old != new)


def _in_lines(words: Iterable[tuple[str, bool]]) -> list[Line]:
    """Join words that belong together, and start a line where the writer did."""
    lines: list[Line] = [[]]
    for word, is_marked in words:
        line = lines[-1]
        if word == "\n":
            lines.append([])
        elif line and line[-1][1] == is_marked:
            line[-1] = (f"{line[-1][0]} {word}", is_marked)
        else:
            line.append((word, is_marked))
    return [line for line in lines if line]
