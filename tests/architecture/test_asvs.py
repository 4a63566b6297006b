"""Every requirement of OWASP ASVS 5.0 we hold ourselves to has a row, and what a row names is there."""

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEVELS = {1: 70, 2: 77}
"""How many requirements: all of level 1, and those of level 2 in the chapters below."""
CHAPTERS_OF_LEVEL_2 = {"1", "5", "6", "7", "8", "16"}
DANGEROUS_MODULES = set(
    "httpx ldap3 lxml marshal pickle random requests shelve subprocess urllib3 uuid xml yaml".split()
)
DANGEROUS_NAMES = {
    "__import__",
    "eval",
    "exec",
    "from_string",
    "md5",
    "render_template_string",
    "sha1",
    "urlopen",
}
ALLOWED = {
    ("forum/search/whoosh_writing.py", "subprocess"): "fixed arguments, no shell",
    ("forum/web/pdf.py", "subprocess"): "fixed arguments, no shell",
    ("forum/texts/markdown.py", "xml"): "makes elements, reads none",
}
MADE_UP = "forum/demo/"
"""The demo draws its people by chance that is the same every time."""


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the tests of a file, or the headings of a page as links write them."""
    source = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".md"):
        heads = re.findall(r"^#+ (.+)$", source, re.MULTILINE)
        return frozenset(re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads)
    return frozenset(node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))


def test_every_requirement_has_one_row() -> None:
    found = [row["requirement"] for row in rows()]

    assert len(set(found)) == len(found)
    for level, count in LEVELS.items():
        of_level = [row for row in rows() if row["level"] == str(level)]
        assert len(of_level) == count
    chapters = {row["requirement"].partition(".")[0] for row in rows() if row["level"] == "2"}
    assert chapters == CHAPTERS_OF_LEVEL_2


@pytest.mark.parametrize("row", [pytest.param(row, id=row["requirement"]) for row in rows()])
def test_a_row_names_what_is_there(row: dict[str, str]) -> None:
    path, mark, name = row["proof"].partition("#" if row["state"] == "documented" else "::")

    if row["state"] in ("proven", "documented"):
        assert mark
        assert name in names_in(path)
    else:
        assert row["state"] in ("none", "open")
        assert not row["proof"]
        assert row["remark"]
    assert row["level"] == "2" or row["state"] != "open"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "forum").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def dangers(path: str, tree: ast.Module) -> Iterator[str]:
    """Give what would run, read or fetch what people typed, or keep a secret with a weak hash or chance."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            for name in [module, *(alias.name for alias in node.names)]:
                top = "urllib3" if name == "urllib.request" else name.partition(".")[0]
                is_allowed = (path, top) in ALLOWED or (top == "random" and path.startswith(MADE_UP))
                if top in DANGEROUS_MODULES and not is_allowed:
                    yield f"{path}, line {node.lineno}: imports {name}"
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            typed = called == "text" and node.args and isinstance(node.args[0], ast.JoinedStr)
            has_shell = any(one.arg == "shell" for one in node.keywords)
            if called in DANGEROUS_NAMES or typed or has_shell:
                yield f"{path}, line {node.lineno}: calls {called}"


def test_nothing_dangerous_is_called() -> None:
    assert not [fault for path, tree in modules() for fault in dangers(path, tree)]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import pickle", id="a format that runs code"),
        pytest.param("from xml.etree import ElementTree", id="xml"),
        pytest.param("import subprocess", id="a process"),
        pytest.param("from random import choice", id="chance that can be foreseen"),
        pytest.param("eval(typed)", id="code"),
        pytest.param("hashlib.md5(secret)", id="a weak hash"),
        pytest.param("run(['a'], shell=True)", id="a shell"),
        pytest.param("db.session.execute(text(f'SELECT {typed}'))", id="a query made of text"),
    ],
)
def test_what_is_dangerous_is_found(code: str) -> None:
    assert list(dangers("forum/agenda/service.py", ast.parse(code)))


def test_fields_for_passwords_hide_and_may_be_filled_in() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    scripts = [path.read_text(encoding="utf-8") for path in (ROOT / "static" / "js").glob("*.js")]

    fields = re.findall(r"field\(form\.\w*password\w*,[^\n]*", "\n".join(pages))

    assert len(fields) >= 3
    assert all(re.search(r'autocomplete="(current|new)-password"', field) for field in fields)
    assert not [script for script in scripts if "onpaste" in script or '"paste"' in script]
