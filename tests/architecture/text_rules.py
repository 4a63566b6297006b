"""Rules about the catalogue: what Python and templates say is in it, and what is in it is said."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import nodes

from tests.architecture.sources import ROOT, Source, called_name, pattern_of, texts_of
from tests.architecture.template_rules import ENVIRONMENT, Template

SAYS = frozenset({"say", "say_later", "say_dutch", "has_text", "filled", "short_text", "long_text"})
"""Functions whose first argument is a key."""
SAYS_A_CODE = re.compile(r"\bsay\((refusal|error)\.code\b")
PREFIX_SHORTEST = 3
"""A key made at run time counts as a use of all that begin like it, when its fixed beginning is this long."""


@dataclass(frozen=True)
class Said:
    """A key that is said, or a pattern of keys with `{}` for the part that is made at run time."""

    where: str
    pattern: str

    def matches(self, key: str) -> bool:
        """Tell whether this says a key."""
        return re.fullmatch(".+".join(map(re.escape, self.pattern.split("{}"))), key) is not None


def read_catalogue(root: Path = ROOT) -> dict[str, str]:
    """Return the sentence of every key."""
    sentences: dict[str, str] = {}
    for path in sorted((root / "forum/texts/nl").glob("*.toml")):
        sentences |= tomllib.loads(path.read_text(encoding="utf-8"))
    return sentences


def said_in_python(sources: Sequence[Source]) -> Iterator[Said]:
    """Yield every key that is written in a call."""
    for source in sources:
        for node in ast.walk(source.tree):
            if called_name(node) in SAYS and isinstance(node, ast.Call) and node.args:
                yield from _said(source, node.args[0])


def _said(source: Source, node: ast.expr) -> Iterator[Said]:
    where = f"{source.path}:{node.lineno}"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Said(where, node.value)
    elif isinstance(node, ast.JoinedStr):
        yield Said(where, pattern_of(node))
    elif isinstance(node, ast.IfExp):
        yield from _said(source, node.body)
        yield from _said(source, node.orelse)


def said_in_templates(templates: Sequence[Template]) -> Iterator[Said]:
    """Yield every key that a template says."""
    for template in templates:
        for call in ENVIRONMENT.parse(template.text).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say" and call.args:
                for pattern in _patterns(call.args[0]):
                    yield Said(f"{template.path}:{call.lineno}", pattern)


def _patterns(node: nodes.Expr) -> list[str]:
    if isinstance(node, nodes.Const):
        return [str(node.value)]
    if isinstance(node, nodes.CondExpr):
        return _patterns(node.expr1) + (_patterns(node.expr2) if node.expr2 else [])
    if isinstance(node, nodes.Concat | nodes.Add):
        parts = node.nodes if isinstance(node, nodes.Concat) else [node.left, node.right]
        return ["".join(str(part.value) if isinstance(part, nodes.Const) else "{}" for part in parts)]
    return ["{}"]


def unknown_keys(said: Sequence[Said], catalogue: Mapping[str, str]) -> Iterator[str]:
    """Yield keys that are said and have no sentence; of a pattern at least one must have one."""
    for one in said:
        if one.pattern.strip("{}") and not any(one.matches(key) for key in catalogue):
            yield f"{one.where}: the catalogue has no sentence {one.pattern!r}"


def unused_keys(
    sources: Sequence[Source], templates: Sequence[Template], catalogue: Mapping[str, str]
) -> Iterator[str]:
    """Yield keys that nobody says: not in a call, not by a variable, not as code or title of an error."""
    said = [*said_in_python(sources), *said_in_templates(templates)]
    patterns = [one for one in said if len(one.pattern.split("{}")[0]) >= PREFIX_SHORTEST]
    words = {text for source in sources for _, text in texts_of(source)}
    words |= {
        str(const.value)
        for template in templates
        for const in ENVIRONMENT.parse(template.text).find_all(nodes.Const)
        if isinstance(const.value, str)
    }
    for key in catalogue:
        spoken = {key, key.removesuffix("-title")} & words
        if not spoken and not any(one.matches(key) for one in patterns):
            yield f"forum/texts/nl: nobody says {key!r}"


def codes_without_sentence(sources: Sequence[Source], catalogue: Mapping[str, str]) -> Iterator[str]:
    """Yield codes of errors that a page says with `say(refusal.code)` and that have no sentence.

    A package whose views say the code of a refusal needs a sentence for each of its errors.
    """
    speaking = {source.package for source in sources if SAYS_A_CODE.search(source.text)}
    for source in sources:
        if source.stem != "errors" or source.package not in speaking:
            continue
        for node in ast.walk(source.tree):
            code = _code_in(node)
            if code is not None and code not in catalogue:
                yield source.fault(node, f"the catalogue has no sentence {code!r}")


def _code_in(node: ast.AST) -> str | None:
    """Return the text of `code = "…"`."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant):
        return None
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    return str(node.value.value) if names == ["code"] else None


def names_in_details(sources: Sequence[Source], catalogue: Mapping[str, str]) -> Iterator[str]:
    """Yield calls of `say` with a written key that leave out a detail its sentence quotes."""
    for source in sources:
        for node in ast.walk(source.tree):
            if (
                called_name(node) not in ("say", "say_later", "say_dutch")
                or not isinstance(node, ast.Call)
                or not node.args
            ):
                continue
            key = node.args[0]
            if not isinstance(key, ast.Constant) or key.value not in catalogue:
                continue
            given = {word.arg for word in node.keywords}
            wanted = set(re.findall(r"\{(\w+)\}", catalogue[str(key.value)]))
            if None not in given and wanted - given:
                yield source.fault(node, f"{key.value!r} misses {', '.join(sorted(wanted - given))}")
