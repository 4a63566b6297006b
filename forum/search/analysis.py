"""What a text is found by: its words without accents, their stems, and the parts of compounds."""

import hashlib
import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import Stemmer

WORD_LONGEST = 60
PART_SHORTEST = 4
LINKS = ("", "s", "e", "en")
STEM_SHORTEST = 3
WORDS_KEPT = 5_000
"""Words whose analysis each process keeps: people use the same ones again and again."""

_WITHIN = "\u0300-\u036f\u064b-\u0652\u00ad\u200b-\u200d\u2060"  # accents of their own, and soft hyphens
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_WITHIN}])*")
_STEMMERS = (Stemmer.Stemmer("dutch"), Stemmer.Stemmer("dutch_porter"))
_one_at_a_time = threading.Lock()  # a stemmer remembers between calls


class FoundWord(NamedTuple):
    """A word as it is compared, and where it stands in its text."""

    folded: str
    start: int
    end: int


@lru_cache(maxsize=WORDS_KEPT)
def fold(word: str) -> str:
    """Return a word as it is compared: no capitals, accents or marks without width, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(mark for mark in plain if unicodedata.category(mark) not in ("Mn", "Cf"))[:WORD_LONGEST]


def words_in(text: str) -> Iterator[FoundWord]:
    """Yield the words of a plain text. Letters and digits make a word; emoji and marks do not."""
    for found in _WORD.finditer(text):
        if folded := fold(found.group()):
            yield FoundWord(folded, found.start(), found.end())


@lru_cache(maxsize=WORDS_KEPT)
def stems_of(word: str) -> frozenset[str]:
    """Return the one or two stems of a folded word.

    Two stemmers, each applied until nothing changes: either alone misses one in six of the plurals that
    tenants use (`huis` and `huizen`, `trap` and `trappen`, `dak` and `daken`), together one in twenty.
    """
    with _one_at_a_time:
        roots = frozenset(_root(stemmer, word) for stemmer in _STEMMERS)
    return roots | stems_of(_irregular()[word]) if word in _irregular() else roots


def _root(stemmer: Stemmer.Stemmer, word: str) -> str:
    shorter = str(stemmer.stemWord(word))
    while shorter != word and STEM_SHORTEST <= len(shorter) < len(word):
        word, shorter = shorter, str(stemmer.stemWord(shorter))
    return shorter if len(shorter) >= STEM_SHORTEST else word


@lru_cache(maxsize=WORDS_KEPT)
def parts_of(word: str) -> tuple[str, ...]:
    """Return the parts of a folded compound in their order; nothing for another word.

    A part has four letters or more and is in our list; the last part may be another form of one.
    """
    if len(word) < 2 * PART_SHORTEST or word in _parts():
        return ()
    parts = _split(word)
    return parts if len(parts) > 1 else ()


@lru_cache(maxsize=WORDS_KEPT)
def _split(rest: str) -> tuple[str, ...]:
    """Return the parts that a text consists of, the longest first part first; nothing when it does not."""
    if len(rest) < PART_SHORTEST:
        return ()
    if rest in _parts() or not stems_of(rest).isdisjoint(_part_stems()):
        return (rest,)
    for end in range(len(rest) - PART_SHORTEST, PART_SHORTEST - 1, -1):
        part = next((part for part in _linked(rest[:end]) if part in _parts()), None)
        if part and (others := _split(rest[end:])):
            return (part, *others)
    return ()


def _linked(beginning: str) -> Iterator[str]:
    """Yield the parts that a beginning may be, without the letters that link it to the next."""
    for link in LINKS:
        part = beginning.removesuffix(link)
        if beginning.endswith(link) and len(part) >= PART_SHORTEST:
            yield part


@lru_cache(maxsize=WORDS_KEPT)
def all_stems_of(word: str) -> frozenset[str]:
    """Return all that a folded word is found by beside itself: its stems, and those of its parts."""
    return stems_of(word).union(*(stems_of(part) for part in parts_of(word)))


def ways_to_find(word: str) -> tuple[tuple[frozenset[str], ...], ...]:
    """Return what a post must have to be found by a folded word: one of these ways, whole.

    A way is some sets of stems, and a post has at least one stem out of each: the stems of the word, or those
    of every part of a compound.
    """
    parts = parts_of(word)
    return ((stems_of(word),), tuple(stems_of(part) for part in parts)) if parts else ((stems_of(word),),)


@cache
def stop_words() -> frozenset[str]:
    """Return the words that say nothing in a question."""
    return _listed("stop_words.txt")


@cache
def _irregular() -> Mapping[str, str]:
    """Return irregular forms, each with the word it is a form of."""
    words = [fold(word) for word in _words_of("irregular.txt")]
    return dict(zip(words[::2], words[1::2], strict=True))


@cache
def _parts() -> frozenset[str]:
    return frozenset(part for part in _listed("compounds.txt") if len(part) >= PART_SHORTEST)


@cache
def _part_stems() -> frozenset[str]:
    return frozenset(stem for part in _parts() for stem in stems_of(part) if len(stem) >= PART_SHORTEST)


def _listed(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in _words_of(name))


def _words_of(name: str) -> list[str]:
    text = resources.files("forum.search").joinpath("words", name).read_text(encoding="utf-8")
    return [word for line in text.splitlines() if line[:1] != "#" for word in line.split()]


def fingerprint() -> str:
    """Return what changes when the same text would be found by other words: an index of before is too old."""
    told = "\n".join([Stemmer.version(), _WORD.pattern, *LINKS, *sorted(_parts()), *_irregular()])
    return hashlib.sha256(told.encode()).hexdigest()[:12]
