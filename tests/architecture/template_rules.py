"""Rules about templates: forms with their token, nothing inline, no logic, no dates made by hand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment

from tests.architecture.sources import ROOT

STATEMENTS = frozenset(
    "if elif else endif for endfor macro endmacro include extends from set endset call endcall block "
    "endblock trans pluralize endtrans".split()
)
TOKEN = re.compile(r"\bcsrf\(\)|name=[\"']csrf_token[\"']")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)
METHOD = re.compile(r"\bmethod=[\"']\s*(?P<method>[^\"']*)", re.IGNORECASE)
HANDLER = re.compile(r"on(click|change|submit|load|error|input|key\w+|focus\w*|blur|mouse\w+|pointer\w+)")
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


@dataclass(frozen=True)
class Template:
    """One template; what is in its comments does not count."""

    path: str
    text: str

    @cached_property
    def tokens(self) -> list[tuple[int, str, str]]:
        """Return the line, kind and text of every piece, white space and comments left out."""
        return [
            (line, kind, text)
            for line, kind, text in ENVIRONMENT.lex(self.text, filename=self.path)
            if kind != "whitespace" and not kind.startswith("comment")
        ]

    @cached_property
    def code(self) -> str:
        """Return the text with comments blanked, every line where it was."""
        return re.sub(r"\{#.*?#\}", _blanked, self.text, flags=re.DOTALL)

    @cached_property
    def html(self) -> str:
        """Return what is plain HTML, with everything of Jinja blanked, every line where it was."""
        return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", _blanked, self.code, flags=re.DOTALL)

    def fault(self, line: int, what: str) -> str:
        """Return a line for the report."""
        return f"{self.path}:{line}: {what}"

    def line_at(self, place: int) -> int:
        """Return the line, from 1, of a place in the text."""
        return self.text.count("\n", 0, place) + 1


def _blanked(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def read_templates(root: Path = ROOT) -> list[Template]:
    """Read every template."""
    folder = root / "templates"
    return [
        Template(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".html", ".txt", ".svg", ".xml")
    ]


def forms_without_token(templates: Sequence[Template]) -> Iterator[str]:
    """Yield forms that post, or may post, without the token against forged requests."""
    for template in templates:
        for form in FORM.finditer(template.code):
            method = METHOD.search(form.group())
            posts = method is not None and method["method"].strip().lower() != "get"
            if (posts or "formmethod" in form.group()) and not TOKEN.search(form.group()):
                yield template.fault(template.line_at(form.start()), "form posts without csrf()")


def statements_outside_list(templates: Sequence[Template]) -> Iterator[str]:
    """Yield statements that templates do without."""
    for template in templates:
        pieces = template.tokens
        for (_, kind, _text), (line, _next, name) in pairwise(pieces):
            if kind == "block_begin" and name not in STATEMENTS:
                yield template.fault(line, f"uses the statement {name}")
        for line, kind, _text in pieces:
            if kind == "raw_begin":
                yield template.fault(line, "uses the statement raw")


def words_outside_list(templates: Sequence[Template]) -> Iterator[str]:
    """Yield `|safe`, `Markup` and dates made by hand: HTML is made safe in Python, days by our filters."""
    for template in templates:
        pieces = template.tokens
        for (_, _kind, before), (line, kind, name) in pairwise(pieces):
            if kind == "name" and name == "safe" and before == "|":
                yield template.fault(line, "switches escaping off with |safe")
            if kind == "name" and name in ("strftime", "Markup", "isoformat"):
                yield template.fault(line, f"uses {name}")


def inline_code(templates: Sequence[Template]) -> Iterator[str]:
    """Yield styles, scripts and handlers in the page itself; the security policy refuses them all.

    E-mail is the exception for styles: mail programs load no stylesheet. JSON is no code.
    """
    for template in templates:
        is_mail = template.path.startswith("templates/mail/")
        for tag in re.finditer(r"<(?P<name>[a-zA-Z][\w-]*)(?P<rest>[^<>]*)", template.html):
            line, name, rest = template.line_at(tag.start()), tag["name"].lower(), tag["rest"]
            if name == "script" and not re.search(r"\ssrc\s*=|\stype=\"application/json\"", rest):
                yield template.fault(line, "inline script")
            if name == "style" and not is_mail:
                yield template.fault(line, "inline style sheet")
            if re.search(r"\sstyle\s*=", rest) and not is_mail:
                yield template.fault(line, f"inline style on {name}")
            if re.search(r"\son[a-z]+\s*=", rest, re.IGNORECASE):
                yield template.fault(line, f"inline handler on {name}")
        yield from _inline_arguments(template)


def _inline_arguments(template: Template) -> Iterator[str]:
    """Yield attributes that an expression gives to a field: `field(onclick=…)` or `{'style': …}`."""
    pieces = template.tokens
    for (line, kind, name), (_, _kind, after) in pairwise(pieces):
        plain = name.strip("\"'").rstrip("_").lower()
        is_attribute = (kind == "name" and after == "=") or (kind == "string" and after == ":")
        if is_attribute and (plain == "style" or HANDLER.fullmatch(plain)):
            yield template.fault(line, f"gives a field the attribute {plain}")
