"""What somebody typed to search, read in such a way that any text is a question."""

import re
from dataclasses import dataclass

from forum.search.analysis import FoundWord, stop_words, words_in

TERMS_MOST = 16
"""Words, phrases and beginnings of one question; what comes after them is left out."""
BEGINNING_SHORTEST = 3

_QUOTES = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a post must have, all of it.

    Attributes:
        words: in any form, also as a part of a compound.
        phrases: these very words, one after the other.
        beginnings: any word that begins so.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    beginnings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to search for."""
        return not (self.words or self.phrases or self.beginnings)


def read_query(text: str) -> Wanted:
    """Return what a text asks for: `"a phrase"`, `beginn*`, and words. Other marks mean nothing."""
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    beginnings: list[str] = []
    pieces = _QUOTES.split(text)
    for place, piece in enumerate(pieces):
        found = list(words_in(piece))
        if place % 2 and place < len(pieces) - 1:
            phrases += [tuple(word.folded for word in found)] if found else []
        else:
            for word in found:
                (beginnings if _is_beginning(word, piece) else words).append(word.folded)
    words = list(dict.fromkeys(words))
    telling = [word for word in words if word not in stop_words()]
    return _bounded(telling if telling or phrases or beginnings else words, phrases, beginnings)


def _is_beginning(word: FoundWord, piece: str) -> bool:
    return piece[word.end : word.end + 1] == "*" and len(word.folded) >= BEGINNING_SHORTEST


def _bounded(words: list[str], phrases: list[tuple[str, ...]], beginnings: list[str]) -> Wanted:
    left = TERMS_MOST
    phrases = list(dict.fromkeys(phrases))[:left]
    left -= len(phrases)
    words = words[:left]
    left -= len(words)
    return Wanted(tuple(words), tuple(phrases), tuple(dict.fromkeys(beginnings))[:left])
