"""The words of a text, read back from our own clean HTML: what people see, and what of it they wrote."""

import re
import unicodedata
from html.parser import HTMLParser
from typing import Final, Self

_ADDRESS_AS_WORDS: Final = re.compile(
    r"[\W_]*+(?P<scheme>https?:/*+)?(?P<host>[\w-]++(?:\.[\w-]++)*+)(?![\w.-]*@)", re.IGNORECASE
)
_WELL_KNOWN_ENDS: Final = (".nl", ".be", ".eu", ".com", ".org", ".net")
_BLOCKS: Final = frozenset("p br hr ul ol li blockquote pre table thead tbody tr".split())
_PARAGRAPHS: Final = frozenset("p ul ol blockquote pre table".split())
_SPACES: Final = re.compile(r"\s+")
_WITHOUT_WIDTH: Final = frozenset({"Cc", "Cf", "Mn", "Me"})
_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def shown_host(words: str) -> str | None:
    """Return the host when the words begin like an address, as `www.huurders.nl` and `https://x` do."""
    shown = _ADDRESS_AS_WORDS.match(words.strip())
    if shown is None:
        return None
    host = shown["host"].lower()
    return host if shown["scheme"] or host.startswith("www.") or host.endswith(_WELL_KNOWN_ENDS) else None


def is_address(words: str) -> bool:
    """Tell whether words are nothing but an address."""
    return len(words.split()) == 1 and shown_host(visible_text(words)) is not None


def visible_text(text: str) -> str:
    """Return the text with white space collapsed and without characters that take no place of their own."""
    text = " ".join(text.split())
    if text.isascii():
        return text
    return "".join(
        character
        for character in text
        if unicodedata.category(character) not in _WITHOUT_WIDTH and character not in _BLANKS
    ).strip()


def own_lines(text: str) -> str:
    """Return a plain text without its quoted lines, which begin with `>`: somebody else said those.

    A text that is nothing but a quote stays as it is.
    """
    lines = text.splitlines()
    return "\n".join([line for line in lines if not line.startswith(">")]).strip() or text


class PageWords(HTMLParser):
    """Reads our own clean HTML back as text: all of it, and the part that the author wrote."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._lead = ""
        self._line = ""
        self._own: list[str] = []
        self._link_words: list[str] | None = None
        self._depth = {"blockquote": 0, "pre": 0}
        self._next_numbers: list[int | None] = []

    @classmethod
    def read(cls, html: str) -> Self:
        """Return a reader that has read the HTML."""
        reader = cls()
        reader.feed(html)
        reader.close()
        return reader

    def text(self) -> str:
        """Return all words, a line for each block and a blank line between paragraphs."""
        return "\n".join([*self._lines, self._line]).strip()

    def counted_chars(self) -> int:
        """Return the number of visible characters outside quotes and addresses."""
        return len(visible_text("".join(self._own)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line for a block."""
        if tag in _BLOCKS:
            self._end_line()
        if tag in self._depth:
            self._depth[tag] += 1
        elif tag in {"ol", "ul"}:
            self._next_numbers.append(int(dict(attrs).get("start") or 1) if tag == "ol" else None)
        elif tag == "li":
            self._lead = self._next_bullet()
        elif tag in {"th", "td"} and self._line:
            self._line = self._line.rstrip() + " | "
        elif tag == "a":
            self._link_words = []

    def handle_endtag(self, tag: str) -> None:
        """End the line of a block."""
        if tag in _BLOCKS:
            self._end_line()
        if tag in self._depth:
            self._depth[tag] -= 1
        elif tag in {"ol", "ul"}:
            self._next_numbers.pop()
        elif tag == "a" and self._link_words is not None:
            words, self._link_words = "".join(self._link_words), None
            self._count("" if is_address(words) else words)
        if tag in _PARAGRAPHS and not self._next_numbers:
            self._end_paragraph()

    def handle_data(self, data: str) -> None:
        """Take in words."""
        self._count(data)
        if not self._depth["pre"]:
            words = _SPACES.sub(" ", data)
            self._line += words if self._line else words.lstrip(" ")
            return
        first, *others = data.split("\n")
        self._line += first
        for line in others:
            self._end_line()
            self._line = line

    def _count(self, words: str) -> None:
        if self._link_words is not None:
            self._link_words.append(words)
        elif not self._depth["blockquote"]:
            self._own.append(words)

    def _end_line(self) -> None:
        self._own.append(" ")
        if self._line.strip():
            self._lines.append("> " * self._depth["blockquote"] + self._lead + self._line.rstrip())
            self._lead = ""
        self._line = ""

    def _end_paragraph(self) -> None:
        blank = ("> " * self._depth["blockquote"]).rstrip()
        if self._lines and not self._lines[-1].strip("> "):
            self._lines[-1] = blank
        else:
            self._lines.append(blank)

    def _next_bullet(self) -> str:
        number = self._next_numbers[-1] if self._next_numbers else None
        margin = "  " * (len(self._next_numbers) - 1)
        if number is None:
            return f"{margin}- "
        self._next_numbers[-1] = number + 1
        return f"{margin}{number}. "
