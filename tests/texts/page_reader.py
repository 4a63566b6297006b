"""Read rendered HTML strictly: anything outside the allowlist, or not well formed, is an `AssertionError`."""

import re
from html.parser import HTMLParser

from forum.texts.markdown import LINK_REL

VOID = {"br", "hr"}
INLINE = {"a", "br", "code", "del", "em", "strong"}
MAY_HOLD = {
    "": {"p", "ul", "ol", "blockquote", "pre", "hr", "table"} | INLINE,
    "p": INLINE,
    "strong": INLINE,
    "em": INLINE,
    "del": INLINE,
    "a": INLINE - {"a"},
    "code": set[str](),
    "pre": {"code"},
    "ul": {"li"},
    "ol": {"li"},
    "li": {"p", "ul", "ol", "blockquote", "pre", "hr", "table"} | INLINE,
    "blockquote": {"p", "ul", "ol", "blockquote", "pre", "hr", "table"} | INLINE,
    "table": {"thead", "tbody"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"th", "td"},
    "th": INLINE,
    "td": INLINE,
}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}, "th": {"scope"}}
HREF = re.compile(
    r"(?:https?://[^\s\"<>\\^`{|}]+|mailto:[^\s\"<>\\^`{|}?]+@[^\s\"<>\\^`{|}?]+)", re.IGNORECASE
)
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufeff\uffff]")


class PageReader(HTMLParser):
    """Takes in HTML; with `nesting`, elements must also stand where HTML allows them."""

    def __init__(self, *, nesting: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._nesting = nesting
        self._open = [""]
        self.text = ""
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in MAY_HOLD or tag in VOID, f"tag {tag}"
        if self._nesting:
            assert tag in MAY_HOLD[self._open[-1]], f"{tag} inside {self._open}"
            assert not (tag == "a" and "a" in self._open), "link inside a link"
        assert len({name for name, _ in attrs}) == len(attrs), "an attribute twice"
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()), f"attribute {name} on {tag}"
            self._check_value(name, value or "")
        if tag not in VOID:
            self._open.append(tag)

    def _check_value(self, name: str, value: str) -> None:
        if name == "href":
            assert HREF.fullmatch(value) or not self._nesting, f"href {value!r}"
            assert re.match(r"https?:|mailto:", value, re.IGNORECASE), f"scheme of {value!r}"
            self.hrefs.append(value)
        expected = {"rel": re.escape(LINK_REL), "scope": "col|row", "start": "[0-9]{1,9}", "href": "(?s:.*)"}
        assert re.fullmatch(expected[name], value), f"{name}={value!r}"

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"processing instruction {data!r}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"declaration {data!r}")


def read_page(html: str, *, nesting: bool = True) -> PageReader:
    """Return the reader of HTML in which everything is allowed."""
    reader = PageReader(nesting=nesting)
    reader.feed(html)
    reader.close()
    assert reader._open == [""], f"{reader._open} left open"
    return reader
