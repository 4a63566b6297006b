"""What makes a post worth a look by a moderator. These only help: nothing is hidden, and nobody is told.

Pure: it knows the text, and a few facts about who wrote it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

LINKS_MANY = 3
LETTERS_LEAST = 20
"""Fewer letters than this are a cry or an abbreviation, whatever their size."""
CAPITALS_SHARE = 0.7
QUICK_SECONDS = 3
QUICK_CHARS = 80
"""So many characters in so little time were pasted, or sent by a machine."""

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


class Sign(StrEnum):
    """Why a post is worth a look."""

    LINKS = "links"
    CAPITALS = "capitals"
    WORDS = "words"
    DUPLICATE = "duplicate"
    FIRST_POST = "first-post"
    QUICK = "quick"


@dataclass(frozen=True, slots=True)
class Glance:
    """What is known of a post; `seconds` is how long its form was open, `None` when nobody knows."""

    text: str
    is_first: bool
    is_duplicate: bool
    seconds: float | None = None


def signs_of(glance: Glance, watched: Collection[str]) -> frozenset[Sign]:
    """Return why a post is worth a look; empty for nearly all.

    Args:
        glance: what is known of it.
        watched: words in lower case; only whole words count.
    """
    found = {
        Sign.LINKS: len(_LINK.findall(glance.text)) >= LINKS_MANY,
        Sign.CAPITALS: _is_shouted(glance.text),
        Sign.WORDS: not set(watched).isdisjoint(re.findall(r"\w+", glance.text.casefold())),
        Sign.DUPLICATE: glance.is_duplicate,
        Sign.FIRST_POST: glance.is_first,
        Sign.QUICK: glance.seconds is not None
        and glance.seconds < QUICK_SECONDS
        and len(glance.text) >= QUICK_CHARS,
    }
    return frozenset(sign for sign, is_there in found.items() if is_there)


def _is_shouted(text: str) -> bool:
    letters = [mark for mark in text if mark.isalpha()]
    return len(letters) >= LETTERS_LEAST and sum(map(str.isupper, letters)) >= CAPITALS_SHARE * len(letters)


def watched_words(text: str) -> frozenset[str]:
    """Return the words of a list: one to a line, in lower case; what follows a # is a remark."""
    lines = (line.partition("#")[0].strip().casefold() for line in text.splitlines())
    return frozenset(line for line in lines if line)
