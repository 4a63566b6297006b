"""Turn what people write (Markdown) into safe HTML and plain text. Pure: one source, one outcome.

The road: `scrub` and `guard` make the source harmless, the Markdown library renders it, bleach and then
nh3 let through nothing but the allowlist. Raw HTML, entities, reference links and code by indentation are
off: they hide or swallow what people typed. An image becomes a link, a heading a strong paragraph, and a
link that we refuse stays the text it was.
"""

import re
import threading
import unicodedata
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

import bleach
import nh3
from markdown import Markdown
from markdown.inlinepatterns import Delimiter, DelimiterProcessor, InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from forum.texts.markdown_guard import LESS_THAN, guard, scrub, shield_html, unshield, unshield_html
from forum.texts.markdown_words import PageWords, shown_host, visible_text

RENDERER: Final = "md1"
LONGEST: Final = 10_000
DEEPEST: Final = 32

ALLOWED_TAGS: Final = frozenset(
    "p br strong em ul ol li blockquote code pre a hr del table thead tbody tr th td".split()
)
ALLOWED_ATTRIBUTES: Final = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
ALLOWED_SCHEMES: Final = frozenset({"http", "https", "mailto"})
LINK_REL: Final = "nofollow ugc noopener"

# A bug in the library must not cost anybody their text.
_LIBRARY_FAULTS: Final = (
    RecursionError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
_HREF: Final = re.compile(
    r"(?:https?://\w[^\s\x00-\x1f]*|mailto:[^\s\x00-\x1f@?]+@\w[^\s\x00-\x1f@?]*)", re.IGNORECASE
)
_NOT_IN_HREF: Final = re.compile(r"[\"<>\\^`{|}\[\]]|%(?![0-9A-Fa-f]{2})")
_ESCAPED: Final = re.compile("\x02(\\d+)\x03")
_BARE_LINK: Final = (
    rf"{LESS_THAN}?(?<![\w/@.-])((?i:https?://(?=\w)|www\.(?=\w))[^\s\x02\x03\"<>\[\]|\\`{LESS_THAN}]++)"
)
_DESTINATION: Final = rf"{LESS_THAN}?((?:[^\s()\[\]>{LESS_THAN}]|\([^\s()\[\]>{LESS_THAN}]*\))++)>?"
_TRAILING: Final = ".,:;!?'*_~"
_BLANK_LINES: Final = re.compile(r"\n\s*\n")
_HEADINGS: Final = frozenset("h1 h2 h3 h4 h5 h6".split())


@dataclass(frozen=True)
class Rendered:
    """What one source gave: safe HTML, the version that made it, and the length that counts for activity."""

    html: str
    renderer: str
    counted_chars: int


def render(source: str) -> Rendered:
    """Return the source as safe HTML with its counted length.

    A source over `LONGEST` characters, or one that the library fails on, becomes plain paragraphs: no text
    is lost. `counted_chars` is the number of visible characters, white space collapsed and format characters
    and combining marks left out, after quotes and addresses are taken out. The words of `[words](address)`
    do count, unless they are an address themselves: the author wrote them.
    """
    html = _to_html(source)
    return Rendered(html=html, renderer=RENDERER, counted_chars=PageWords.read(html).counted_chars())


def plain_text(source: str) -> str:
    """Return the source as text without marks, for excerpts and mail; quoted lines begin with `> `."""
    return PageWords.read(_to_html(source)).text()


def sanitise(html: str) -> str:
    """Return only the allowlisted part of the HTML; other tags become visible text."""
    # bleach is no longer maintained and lets `javascript:123` pass, so nh3 has the last word.
    return nh3.clean(
        _tools.bleach.clean(html),
        tags=set(ALLOWED_TAGS),
        attributes={**ALLOWED_ATTRIBUTES, "*": set()},
        attribute_filter=_allowed_value_or_rel,
        url_schemes=set(ALLOWED_SCHEMES),
        url_relative="deny",
        link_rel=LINK_REL,
    )


def _allowed_value(tag: str, name: str, value: str) -> str | None:
    if name not in ALLOWED_ATTRIBUTES.get(tag, ()):
        return None
    if name == "scope":
        return value if value in {"col", "row"} else None
    if name == "start":
        return value if re.fullmatch("[0-9]{1,9}", value) else None
    return value


def _allowed_value_or_rel(tag: str, name: str, value: str) -> str | None:
    # nh3 sets `rel` itself and then asks about it like any other attribute
    return value if (tag, name) == ("a", "rel") else _allowed_value(tag, name, value)


def _to_html(source: str) -> str:
    text = scrub(source)
    if len(source) > LONGEST:
        return _plain_paragraphs(text)
    try:
        return sanitise(unshield_html(_tools.markdown.reset().convert(guard(text))))
    except _LIBRARY_FAULTS:
        _tools.markdown = _markdown()  # one that failed halfway may remember what it was doing
        return _plain_paragraphs(text)


def _plain_paragraphs(text: str) -> str:
    """Return a text in the form that cleaning gives it too, without the work of cleaning a very long one."""
    paragraphs = [escape(paragraph.strip(), quote=False) for paragraph in _BLANK_LINES.split(text)]
    lines = ["<br>\n".join(paragraph.split("\n")) for paragraph in paragraphs if paragraph]
    return "\n".join(f"<p>{line}</p>" for line in lines).replace("\xa0", "&nbsp;")


def _markdown() -> Markdown:
    markdown = Markdown(extensions=["tables", "fenced_code", "sane_lists", "nl2br"], output_format="html")
    markdown.preprocessors.deregister("html_block")
    for name in ("code", "reference"):
        markdown.parser.blockprocessors.deregister(name)
    for name in (
        "reference",
        "link",
        "image_link",
        "image_reference",
        "short_reference",
        "short_image_ref",
        "autolink",
        "automail",
        "linebreak",
        "html",
        "entity",
    ):
        markdown.inlinePatterns.deregister(name)
    emphasis = _Emphasis("*", "strong,em", markdown)
    emphasis.add("_", "strong,em", smart=True)
    markdown.inlinePatterns.register(emphasis, "em_strong", 60)
    markdown.inlinePatterns.register(
        _NamedLink(rf"!?\[([^\[\]]*+)\]\(\s*{_DESTINATION}\s*\)", markdown), "link", 160
    )
    markdown.inlinePatterns.register(_BareLink(_BARE_LINK, markdown), "bare_link", 120)
    markdown.treeprocessors.register(_Shape(markdown), "shape", 15)
    return markdown


class _Emphasis(DelimiterProcessor):
    """Stars and underscores. In `*abc**x*def` the library pairs two stars with one and swallows a letter."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        self._data = data
        return super().handleMatch(m, data)

    def add_region(self, delim: Delimiter, *ends_and_size: int) -> None:
        """Keep a pair of marks; one whose second half is no such mark is a `ValueError`."""
        start, start_end, end, end_end, _size = ends_and_size
        if self._data[start:start_end] != self._data[end:end_end]:
            message = "marks that are no pair"
            raise ValueError(message)
        super().add_region(delim, *ends_and_size)


class _NamedLink(InlineProcessor):
    """`[words](address)`, and `![words](address)` as the same: a post shows no images of others."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element | None, int | None, int | None]:
        href = _safe_href(self._typed(m[2]))
        words = self._typed(m[1])
        if href is None or _names_another_host(words, href):
            return None, None, None
        link = Element("a", href=href)
        link.text = m[1] if visible_text(words) else m[2]
        return link, m.start(), m.end()

    def _typed(self, text: str) -> str:
        return unshield(_ESCAPED.sub(lambda mark: chr(int(mark[1])), self.unescape(text)))


class _BareLink(InlineProcessor):
    """An address between other words, with or without `<` and `>` around it."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        start, end = m.span(1)
        address = _without_punctuation(m[1])
        in_brackets = m.start() < start and len(address) == len(m[1]) and data.startswith(">", end)
        href = _safe_href(unshield(address if address[:4].lower() != "www." else f"https://{address}"))
        if href is None:
            return None, None, None
        link = Element("a", href=href)
        link.text = AtomicString(address)
        return (link, m.start(), end + 1) if in_brackets else (link, start, start + len(address))


class _Shape(Treeprocessor):
    """Headings become strong paragraphs, and the heads of tables say what they head."""

    def run(self, root: Element) -> None:
        """Change the tree in place; a tree deeper than `DEEPEST` is a `ValueError`."""
        _refuse_depth(root)
        for element in root.iter():
            if element.tag in _HEADINGS:
                _make_strong_paragraph(element)
            elif element.tag in {"th", "td"}:
                element.attrib.clear()
                if element.tag == "th":
                    _make_head(element)


def _refuse_depth(root: Element) -> None:
    # Thousands of stars nest as deep as there are stars, and browsers stop at a few hundred.
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
    if level:
        message = "the marks nest too deep to mean anything"
        raise ValueError(message)


def _make_strong_paragraph(heading: Element) -> None:
    strong = Element("strong")
    strong.text, heading.text = heading.text, None
    strong.extend(list(heading))
    heading[:] = [strong]
    heading.tag = "p"


def _make_head(cell: Element) -> None:
    if "".join(cell.itertext()).strip():
        cell.set("scope", "col")
    else:
        cell.tag = "td"  # a head without words heads nothing


def _safe_href(address: str) -> str | None:
    if not _HREF.fullmatch(address):
        return None
    try:
        urlsplit(address)
    except ValueError:
        return None
    address = _NOT_IN_HREF.sub(lambda mark: quote(mark[0], safe=""), address)
    # The library takes "&quot;" in an address for an entity.
    return shield_html(
        "".join(quote(mark) if unicodedata.category(mark) == "Cf" else mark for mark in address)
    )


def _names_another_host(words: str, href: str) -> bool:
    """Tell whether the words show an address that is not where the link goes."""
    host = shown_host(visible_text(words))
    if host is None:
        return False
    return host.removeprefix("www.") != (urlsplit(href).hostname or "").removeprefix("www.")


def _without_punctuation(address: str) -> str:
    opened, closed = address.count("("), address.count(")")
    end = len(address)
    while end and (address[end - 1] in _TRAILING or (address[end - 1] == ")" and closed > opened)):
        closed -= address[end - 1] == ")"
        end -= 1
    return address[:end]


class _Tools(threading.local):
    """What turns and cleans texts, for each thread its own: neither may be used by two at once."""

    def __init__(self) -> None:
        self.markdown = _markdown()
        self.bleach = bleach.Cleaner(
            tags=ALLOWED_TAGS,
            attributes=lambda tag, name, value: _allowed_value(tag, name, value) is not None,
            protocols=ALLOWED_SCHEMES,
            strip_comments=True,
        )


_tools = _Tools()
