"""The piece of a post that shows why it was found."""

from collections.abc import Iterator
from typing import NamedTuple

from forum.search.analysis import FoundWord, all_stems_of, words_in
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
        self._words, self._phrases = frozenset(wanted.words), wanted.phrases
        self._stems = frozenset().union(*(all_stems_of(word) for word in wanted.words))
        self._beginnings = wanted.beginnings

    def found_in(self, line: str) -> Iterator[FoundWord]:
        """Yield the words of a line that were asked for; those of a phrase only where it stands whole."""
        words = list(words_in(line))
        in_phrases = self._places_of_phrases([word.folded for word in words])
        for place, word in enumerate(words):
            if place in in_phrases or self._is_found(word.folded):
                yield word

    def _places_of_phrases(self, words: list[str]) -> frozenset[int]:
        starts = [
            range(place, place + len(phrase))
            for phrase in self._phrases
            for place in range(len(words) - len(phrase) + 1)
            if tuple(words[place : place + len(phrase)]) == phrase
        ]
        return frozenset(place for phrase in starts for place in phrase)

    def _is_found(self, word: str) -> bool:
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
    line = " ".join(text.split())
    found = Marker(wanted).found_in(line)
    word = next(found, None)
    first = word.start if word else 0
    start = _word_start(line, first - BEFORE_LONGEST) if first > BEFORE_LONGEST else 0
    end = _word_end(line, start + EXCERPT_LONGEST)
    pieces, done = [Piece("… ", is_found=False)] if start else [], start
    while word is not None and word.end <= end:
        pieces += [
            Piece(line[done : word.start], is_found=False),
            Piece(line[word.start : word.end], is_found=True),
        ]
        done, word = word.end, next(found, None)
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
