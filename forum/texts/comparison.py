"""Two texts beside each other, or one over the other, with the words that differ marked. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar

Mark = TypeVar("Mark")
Line = list[tuple[str, bool]]
"""A line in pieces: the words, and whether they differ."""

_WORD: Final = re.compile(r"\n|[^\s]+")


class Change(StrEnum):
    """What became of words from one text to the next."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    """Some words of a line, and what became of them."""

    words: str
    change: Change


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts in lines, each with its own words that the other has not."""

    before: Sequence[Line]
    after: Sequence[Line]
    is_changed: bool


def compare_texts(before: str, after: str) -> Compared:
    """Return two texts to put beside each other."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    old_words: Line = []
    new_words: Line = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        old_words += [(word, kind != "equal") for word in old[old_from:old_to]]
        new_words += [(word, kind != "equal") for word in new[new_from:new_to]]
    return Compared(_in_lines(old_words), _in_lines(new_words), is_changed=old != new)


def merge_texts(before: str, after: str) -> list[list[Piece]]:
    """Return the lines of the newer text with what was removed in its place; nothing when no word differs."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if old == new:
        return []
    words: list[tuple[str, Change]] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            words += [(word, Change.SAME) for word in new[new_from:new_to]]
            continue
        words += [(word, Change.REMOVED) for word in old[old_from:old_to] if word != "\n"]
        words += [(word, Change.ADDED) for word in new[new_from:new_to]]
    return [[Piece(*piece) for piece in line] for line in _in_lines(words)]


def _in_lines(words: Iterable[tuple[str, Mark]]) -> list[list[tuple[str, Mark]]]:
    """Join words that belong together, and start a line where the writer did."""
    lines: list[list[tuple[str, Mark]]] = [[]]
    for word, mark in words:
        line = lines[-1]
        if word == "\n":
            lines.append([])
        elif line and line[-1][1] == mark:
            line[-1] = (f"{line[-1][0]} {word}", mark)
        else:
            line.append((word, mark))
    return [line for line in lines if line]
