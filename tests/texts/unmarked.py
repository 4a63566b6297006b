"""Find the Dutch that people would read in a template and that nobody can translate: it carries no mark."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

MARKS = {"_", "gettext", "ngettext"}
NO_TEXT_FOR_PEOPLE = MARKS | {"say", "url_for", "asset", "csrf_token"}
"""Functions whose arguments are keys, names and addresses."""
READ_ATTRIBUTES = {"alt", "title", "aria-label", "aria-description", "placeholder", "label", "summary"}
SILENT = {"script", "style", "svg"}
LETTER = re.compile(r"[^\W\d_]")
SENTENCE = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]|[a-zà-ÿ][’,.:;!?]? [a-zà-ÿ]")
"""What names and keys do not look like: a capital at the beginning, or words with white space between."""
NAMES = {"Huurdersforum"}
IDS = re.compile(r"(-[a-z]+ ?)+")
"""Ends of ids, that a macro writes for an attribute."""


def parse(source: str) -> nodes.Template:
    """Return the tree of a template as the application parses it, the marks still in it."""
    environment = Environment(
        extensions=["jinja2.ext.i18n"], autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    return environment.parse(source)


def find_unmarked(source: str, *, is_html: bool = True) -> list[str]:
    """Return the texts of a template that carry no mark."""
    tree = parse(source)
    written = "".join(_written(tree))
    reader = _Reader()
    if is_html:
        reader.feed(written)
        reader.close()
    else:
        reader.found = [line for line in written.splitlines() if LETTER.search(line)]
    found = [text for text in reader.found if text.strip(" –") not in NAMES and not IDS.fullmatch(text)]
    return found + list(_passed_on(tree))


def _written(node: nodes.Node) -> Iterator[str]:
    """Give what a template writes itself, in its order; a marked text and a value are nothing."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            yield child.data
        elif isinstance(child, nodes.Output):
            for part in child.nodes:
                yield part.data if isinstance(part, nodes.TemplateData) else " ".join(_constants(part))
        else:
            yield from _written(child)


def _constants(node: nodes.Expr) -> Iterator[str]:
    """Give the texts that an expression may come to be."""
    match node:
        case nodes.Const(value=str() as text):
            yield text
        case nodes.CondExpr():
            yield from _constants(node.expr1)
            if node.expr2:
                yield from _constants(node.expr2)
        case nodes.Concat(nodes=parts):
            for part in parts:
                yield from _constants(part)
        case nodes.Filter(node=inner) if inner is not None:
            yield from _constants(inner)
        case nodes.Add() | nodes.Or() | nodes.And():
            yield from _constants(node.left)
            yield from _constants(node.right)


def _passed_on(node: nodes.Node) -> Iterator[str]:
    """Give sentences that stand in expressions: arguments, lists, values that are set."""
    for child in node.iter_child_nodes():
        is_no_text = (
            isinstance(child, nodes.Call)
            and isinstance(child.node, nodes.Name)
            and child.node.name in NO_TEXT_FOR_PEOPLE
        ) or isinstance(child, nodes.Compare | nodes.Test | nodes.Extends | nodes.FromImport | nodes.Include)
        if is_no_text:
            continue
        if isinstance(child, nodes.Const) and isinstance(child.value, str):
            if SENTENCE.search(child.value) and child.value not in NAMES:
                yield child.value
        else:
            yield from _passed_on(child)


class _Reader(HTMLParser):
    """Gathers what is read on the page, or said by a screen reader."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        is_button = tag == "input" and ("type", "submit") in attrs
        for name, value in attrs:
            is_read = name in READ_ATTRIBUTES or (name == "value" and is_button)
            is_sentence = name.startswith("data-") and SENTENCE.search(value or "")
            if (is_read or is_sentence) and LETTER.search(value or ""):
                self.found.append(f"{name}={(value or '').strip()}")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not self._silent and LETTER.search(text):
            self.found.append(text)
