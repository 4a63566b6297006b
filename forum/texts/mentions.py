"""Members whom a text mentions: `@` and the name they have on the forum. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape, unescape
from typing import Final, NamedTuple

MOST_MENTIONS: Final = 20
"""Marks `@` that are looked at in one text."""
NAME_LONGEST: Final = 60

_AT: Final = re.compile(r"(?<![\w@])@(?=\w)")
_PIECE: Final = re.compile(r"<[^>]*>|[^<]+")
_TAG: Final = re.compile(r"<(?P<end>/?)(?P<name>\w+)")
_SILENT: Final = frozenset({"a", "blockquote", "code", "pre"})
"""Inside these nobody is mentioned: addresses, code, and the words of somebody else."""


class Person(NamedTuple):
    """A member who can be mentioned."""

    id: int
    name: str


class Mentions(NamedTuple):
    """A text with those it mentions marked, and who they are."""

    html: str
    member_ids: frozenset[int]


def possible_names(source: str) -> frozenset[str]:
    """Return every piece of a text that may be a mentioned name, to look up who have such a name."""
    starts = (found.end() for found, _ in zip(_AT.finditer(source), range(MOST_MENTIONS), strict=False))
    return frozenset(
        name for start in starts for name in _beginnings(source[start : start + NAME_LONGEST + 1])
    )


def _beginnings(words: str) -> Iterator[str]:
    line = words.split("\n", 1)[0]
    for end in range(1, min(len(line), NAME_LONGEST) + 1):
        goes_on = line[end - 1 : end + 1].isalnum() and end < len(line)
        if not goes_on and not line[end - 1].isspace():
            yield line[:end]


def mark_mentions(html: str, people: Iterable[Person]) -> Mentions:
    """Mark the mentions in our own clean HTML; of two names that fit the longest counts.

    Capitals make no difference. People with one name are all mentioned: the writer cannot tell them apart.
    """
    ids: dict[str, set[int]] = defaultdict(set)
    for person in people:
        ids[person.name.casefold()].add(person.id)
    if not ids or "@" not in html:
        return Mentions(html, frozenset())

    names = "|".join(re.escape(escape(name, quote=False)) for name in sorted(ids, key=len, reverse=True))
    mention = re.compile(rf"(?<![\w@;])@({names})(?!\w)", re.IGNORECASE)
    found: set[int] = set()

    def marked(match: re.Match[str]) -> str:
        found.update(ids[unescape(match[1]).casefold()])
        return f"<mark>{match[0]}</mark>"

    pieces = [piece if silent else mention.sub(marked, piece) for piece, silent in _pieces(html)]
    return Mentions("".join(pieces), frozenset(found))


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """Yield tags and words in their order, with whether nobody can be mentioned there."""
    depth = 0
    for piece in _PIECE.findall(html):
        tag = _TAG.match(piece)
        if tag is not None and tag["name"] in _SILENT:
            depth += -1 if tag["end"] else 1
        yield piece, tag is not None or depth > 0
