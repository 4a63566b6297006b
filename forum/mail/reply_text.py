"""What somebody typed in an answer to a mail, without what their mail program put under or above it."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

_WROTE = (
    r"(?:op|on|am|le)\b.{4,200}\b(?:schreef|wrote|schrieb|a écrit)\b.{0,200}:",
    r".{1,200}<[^<>\s]+@[^<>\s]+>\s*(?:schreef|wrote)\b.{0,80}:",
)
_ORIGINAL = (
    r"-{2,}\s*(?:oorspronkelijk bericht|original message|doorgestuurd bericht|forwarded message)\s*-{2,}",
    r"(?:begin doorgestuurd bericht|begin forwarded message):",
    r"_{20,}",
)
_HEADER = re.compile(r"\*?(?:van|from)\s?:\*?\s.{1,200}", re.IGNORECASE)
_NEXT_HEADER = re.compile(
    r"\*?(?:verzonden|verstuurd|datum|aan|sent|date|to|onderwerp|subject)\s?:", re.IGNORECASE
)
_QUOTE_BEGINS = re.compile("|".join((*_WROTE, *_ORIGINAL)), re.IGNORECASE)
_SIGNATURE = re.compile(
    "|".join(
        (
            r"--",
            r"(?:verzonden|verstuurd|gestuurd) (?:vanaf|met|via|vanuit) .{1,60}",
            r"sent from (?:my |outlook|mail|yahoo|samsung).{0,60}",
            r"(?:get )?outlook \w{3,4} (?:android|ios).{0,60}",
        )
    ),
    re.IGNORECASE,
)
LONGEST_LINE = 500
"""A longer line is text of a person, and no mark of a mail program."""


def own_words(text: str, markers: Sequence[str]) -> str:
    """Return what the sender typed above the mail they answer.

    Args:
        text: the plain text of the message.
        markers: lines that the mails of the forum put above their text, one per language; what stands below
            goes.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = lines[: _end_of_answer(lines, [marker.strip("- ") for marker in markers])]
    kept = [line for line in lines if not line.lstrip().startswith(">")]
    return "\n".join(_without_signature(kept)).strip()


def _end_of_answer(lines: Sequence[str], markers: Sequence[str]) -> int:
    """Return at which line the mail that is answered begins."""
    for place, line in enumerate(lines):
        words = line.strip().lstrip("> *")
        if len(words) > LONGEST_LINE:
            continue
        if (
            any(marker in words for marker in markers)
            or _QUOTE_BEGINS.fullmatch(words)
            or _is_split_over_two(lines, place)
        ):
            return place
        if _HEADER.fullmatch(words) and any(
            _NEXT_HEADER.match(line.strip()) for line in lines[place + 1 : place + 3]
        ):
            return place
    return len(lines)


def _is_split_over_two(lines: Sequence[str], place: int) -> bool:
    """Tell whether a line and the next are one that says who wrote what follows: programs break it at 78."""
    both = " ".join(line.strip().lstrip("> ") for line in lines[place : place + 2])
    return place + 1 < len(lines) and len(both) <= LONGEST_LINE and bool(_QUOTE_BEGINS.fullmatch(both))


def _without_signature(lines: Sequence[str]) -> Sequence[str]:
    for place, line in enumerate(lines):
        if len(line) <= LONGEST_LINE and _SIGNATURE.fullmatch(line.strip()):
            return lines[:place]
    return lines


class _Words(HTMLParser):
    """The words of an HTML message; quotes and what is no text are passed over."""

    BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
    PASSED_OVER = frozenset({"style", "script", "head", "title", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag in self.PASSED_OVER:
            self.inside += 1
        elif tag in self.BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.PASSED_OVER:
            self.inside = max(0, self.inside - 1)
        elif tag in self.BREAKS and tag != "br":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.pieces.append(re.sub(r"\s+", " ", data))


def words_of_html(html: str) -> str:
    """Return the words of an HTML message, for a program that sends no plain text along."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
