"""Python sources read as syntax trees, so that rules can look at them without importing the application."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree."""
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        """Return the dotted name; the one of a package for its `__init__.py`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        """Return the part of the house: `agenda` for all of `forum.agenda`, empty for `forum/__init__.py`."""
        return [*self.module.split("."), ""][1]

    @property
    def stem(self) -> str:
        """Return the last part of the name."""
        return self.module.rsplit(".", 1)[-1]

    def fault(self, node: ast.AST | int, what: str) -> str:
        """Return a line for the report: where it is and what is wrong."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.path}:{line}: {what}"


@dataclass(frozen=True)
class Import:
    """One name that a module imports, with every dot resolved."""

    source: Source
    line: int
    target: str
    """The module, or the module and a name in it."""


def read_sources(folder: str = "forum", root: Path = ROOT) -> list[Source]:
    """Read every Python file of a folder but the migrations."""
    return [
        Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted((root / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def imports_of(source: Source) -> Iterator[Import]:
    """Yield what a module imports, also inside functions."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(source, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = _base(source, node)
            for alias in node.names:
                yield Import(source, node.lineno, f"{base}.{alias.name}")


def _base(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    steps = node.level - (1 if source.path.endswith("__init__.py") else 0)
    above = source.module.split(".")[: -steps or None]
    return ".".join([*above, *([node.module] if node.module else [])])


def module_of(target: str, modules: Iterable[str]) -> str | None:
    """Return the module that holds an imported name, `None` when it is none of these."""
    known = set(modules)
    parts = target.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in known:
            return name
    return None


def called_name(node: ast.AST) -> str:
    """Return the last name of what is called: `commit` for `db.session.commit()`; empty for no call."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def dotted(node: ast.AST) -> str:
    """Return `datetime.now` for such an attribute, a name as it is, and nothing for the rest."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def functions_of(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method."""
    for node in ast.walk(source.tree):
        if isinstance(node, FUNCTIONS):
            yield node


def docstrings_of(source: Source) -> set[int]:
    """Return the ids of constants that stand alone as a statement: docstrings, also those of values."""
    return {
        id(node.value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def texts_of(source: Source) -> Iterator[tuple[int, str]]:
    """Yield every text with its line, docstrings left out; what is filled in stands as `{}`."""
    left_out = docstrings_of(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr):
            left_out.update(id(part) for part in node.values)
            yield node.lineno, pattern_of(node)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.lineno, node.value


def pattern_of(node: ast.JoinedStr) -> str:
    """Return an f-string with `{}` for what is filled in."""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def report(faults: Sequence[str]) -> str:
    """Return all faults, one a line, for the message of an assertion."""
    return "\n" + "\n".join(faults)
