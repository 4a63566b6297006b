"""The piece of a post that shows why it was found."""

from typing import NamedTuple

from forum.search.analysis import all_stems_of, words_in
from forum.search.query_text import Wanted

EXCERPT_LONGEST = 260
BEFORE_LONGEST = 80
"""Characters that are shown before the first word that was found."""


class Piece(NamedTuple):
    """A piece of plain text, and whether it is a word that was found."""

    text: str
    is_found: bool


class Marker:
    """Tells which words of a text answer a question."""

    def __init__(self, wanted: Wanted) -> None:
        """Remember the forms in which its words may come."""
        self._words = frozenset(wanted.words).union(*wanted.phrases)
        self._stems = frozenset().union(*(all_stems_of(word) for word in wanted.words))
        self._beginnings = wanted.beginnings

    def is_found(self, word: str) -> bool:
        """Tell whether a folded word is one of those asked for."""
        return (
            word in self._words
            or not self._stems.isdisjoint(all_stems_of(word))
            or word.startswith(self._beginnings)
        )


def excerpt(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    """Return the part of a plain text around the first word that was found, on one line.

    The pieces one after the other are that part, with `…` where the text goes on. They are no HTML: whoever
    shows them escapes them.
    """
    line, marker = " ".join(text.split()), Marker(wanted)
    first = next((word.start for word in words_in(line) if marker.is_found(word.folded)), 0)
    start = _word_start(line, first - BEFORE_LONGEST) if first > BEFORE_LONGEST else 0
    end = _word_end(line, start + EXCERPT_LONGEST)
    pieces, done = [Piece("… ", is_found=False)] if start else [], start
    for word in words_in(line[start:end]):
        if marker.is_found(word.folded):
            pieces += [Piece(line[done : start + word.start], is_found=False)]
            done = start + word.end
            pieces += [Piece(line[start + word.start : done], is_found=True)]
    pieces += [Piece(line[done:end], is_found=False), Piece(" …" if end < len(line) else "", is_found=False)]
    return tuple(piece for piece in pieces if piece.text)


def _word_start(line: str, place: int) -> int:
    space = line.find(" ", place, place + BEFORE_LONGEST)
    return place if space < 0 else space + 1


def _word_end(line: str, place: int) -> int:
    if place >= len(line):
        return len(line)
    space = line.rfind(" ", place - BEFORE_LONGEST, place)
    return place if space < 0 else space
