"""Two texts beside each other, or one over the other, with the words that differ marked. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain
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


_OF_WHOLE_LINES: Final = {"equal": Change.SAME, "delete": Change.REMOVED, "insert": Change.ADDED}


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
    old, new = _words_by_line(before), _words_by_line(after)
    if old == new:
        return []
    words: list[tuple[str, Change]] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        gone, come = list(chain(*old[old_from:old_to])), list(chain(*new[new_from:new_to]))
        if kind == "replace":
            words += _merge_words(gone, come)
        else:
            words += [(word, _OF_WHOLE_LINES[kind]) for word in come or gone]
    return [[Piece(*piece) for piece in line] for line in _in_lines(words)]


def _words_by_line(text: str) -> list[tuple[str, ...]]:
    """Return the lines that say something, each as its words and its end."""
    return [(*line.split(), "\n") for line in text.split("\n") if line.strip()]


def _merge_words(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Change]]:
    """Yield the words of lines that changed into other lines; an end that went is no line of its own."""
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield from ((word, Change.SAME) for word in new[new_from:new_to])
        else:
            yield from ((word, Change.REMOVED) for word in old[old_from:old_to] if word != "\n")
            yield from ((word, Change.ADDED) for word in new[new_from:new_to])


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
