"""Rules about what a module does: committing, looking at requests, marking pages; and how large it may be."""

import ast
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from tests.architecture.house import COMMITS, ENTRY_POINTS, NAMED_BY_OTHERS, SEES_REQUEST
from tests.architecture.sources import Source, called_name, dotted, functions_of, imports_of, texts_of

MARKS = frozenset({"public", "by_token", "readers", "members_only", "staff_only"})
ROUTES = frozenset({"get", "post", "put", "patch", "delete", "route"})
BOUND = frozenset({"request", "session", "g", "current_app", "current_user"})
"""What Flask and Flask-Login bind to a request or to the running application."""
FILE_MOST_LINES = 400
FUNCTION_MOST_LINES = 50
VAGUE_NAMES = frozenset(
    {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "data"}
)

DUTCH = re.compile(
    r"\b(de|het|een|niet|geen|uw|wij|deze|dit|wordt|worden|werd|heeft|hebben|moet|zijn|naar|maar|voor|van|ook|nog"
    r"|bij|als|dan|hier|kunt|mag)\b",
    re.IGNORECASE,
)
SPEAKS_DUTCH = ("forum.texts", "forum.demo.content")
"""Where Dutch is at home. The formats of `forum.web.times` have Dutch words, but no sentences."""


def is_entry_point(source: Source) -> bool:
    """Tell whether requests, commands or tasks come in here."""
    return any(fnmatchcase(source.stem, pattern) for pattern in ENTRY_POINTS)


def commits_elsewhere(sources: Sequence[Source]) -> Iterator[str]:
    """Yield units of work and commits outside the entry points."""
    for source in sources:
        if is_entry_point(source) or source.module in COMMITS:
            continue
        for node in ast.walk(source.tree):
            if called_name(node) in ("unit_of_work", "commit"):
                yield source.fault(node, f"is no entry point and calls {called_name(node)}()")


def requests_elsewhere(sources: Sequence[Source]) -> Iterator[str]:
    """Yield modules that look at the request, though they are no entry point and no part of `web`."""
    for source in sources:
        if is_entry_point(source) or source.package == "web" or source.module in SEES_REQUEST:
            continue
        for found in imports_of(source):
            parts = found.target.split(".")
            if parts[0] in ("flask", "flask_login") and parts[-1] in BOUND:
                yield source.fault(found.line, f"is no entry point and reads flask's {parts[-1]}")
            if parts[-1] == "current_actor":
                yield source.fault(found.line, "is no entry point and asks for the current actor")
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and dotted(node) in {f"flask.{name}" for name in BOUND}:
                yield source.fault(node, f"is no entry point and reads {dotted(node)}")


def wrongly_marked_views(sources: Sequence[Source]) -> Iterator[str]:
    """Yield views that do not carry exactly one access mark, with the mark under the route."""
    for source in sources:
        for function in functions_of(source):
            names = [_decorator(node) for node in function.decorator_list]
            routes = [place for place, name in enumerate(names) if _is_route(function.decorator_list[place])]
            marks = [place for place, name in enumerate(names) if name in MARKS]
            if routes and len(marks) != 1:
                yield source.fault(function, f"view {function.name} has {len(marks)} access marks")
            elif routes and marks[0] < routes[-1]:
                yield source.fault(function, f"view {function.name} has its access mark above its route")


def _decorator(node: ast.expr) -> str:
    return dotted(node.func if isinstance(node, ast.Call) else node).rsplit(".", 1)[-1]


def _is_route(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr in ROUTES and bool(node.args) and isinstance(node.args[0], ast.Constant)


def dutch_sentences(sources: Sequence[Source]) -> Iterator[str]:
    """Yield texts of more than one word that hold a Dutch word; sentences belong in the catalogue."""
    for source in sources:
        if source.module.startswith(SPEAKS_DUTCH):
            continue
        for line, text in texts_of(source):
            words = text.replace("{}", "x").split()
            is_list_of_codes = all(len(word) <= 2 for word in words)
            if len(words) > 1 and not is_list_of_codes and DUTCH.search(" ".join(words)):
                yield source.fault(line, f"says in Dutch: {' '.join(text.split())[:60]!r}")


def too_large(sources: Sequence[Source]) -> Iterator[str]:
    """Yield files and functions with too many lines."""
    for source in sources:
        lines = len(source.text.splitlines())
        if lines > FILE_MOST_LINES:
            yield source.fault(1, f"{lines} lines, at most {FILE_MOST_LINES}")
        for function in functions_of(source):
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > FUNCTION_MOST_LINES:
                yield source.fault(
                    function, f"{function.name} has {length} lines, at most {FUNCTION_MOST_LINES}"
                )


def vague_modules(sources: Sequence[Source]) -> Iterator[str]:
    """Yield modules and packages with a name that says nothing."""
    for source in sources:
        for part in source.module.split("."):
            if VAGUE_NAMES & set(part.split("_")):
                yield source.fault(1, f"`{part}` says nothing about what is in it")


def misnamed_readers(sources: Sequence[Source]) -> Iterator[str]:
    """Yield functions `get_…` that may return `None`, and `find_…` that never do; a view answers a page."""
    for source in sources:
        for function in functions_of(source):
            is_view = any(_is_route(node) for node in function.decorator_list)
            if is_view or function.returns is None or f"{source.module}.{function.name}" in NAMED_BY_OTHERS:
                continue
            may_be_none = _admits_none(function.returns)
            if function.name.startswith("get_") and may_be_none:
                yield source.fault(function, f"{function.name} may return None: call it find_")
            if function.name.startswith("find_") and not may_be_none:
                yield source.fault(function, f"{function.name} never returns None: call it get_, list_ or so")


def _admits_none(annotation: ast.expr) -> bool:
    """Tell whether an annotation is `None` or a union with it; what stands inside of a type is its own."""
    if isinstance(annotation, ast.BinOp):
        return _admits_none(annotation.left) or _admits_none(annotation.right)
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _admits_none(ast.parse(annotation.value, mode="eval").body)
    return isinstance(annotation, ast.Constant) and annotation.value is None


READERS = ("get_", "find_", "list_", "count_")


def readers_among_writers(sources: Sequence[Source]) -> Iterator[str]:
    """Yield functions that only read from the database, in a module that records what it changed."""
    for source in sources:
        calls = [node.func for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
        if is_entry_point(source) or "audit.record" not in map(dotted, calls):
            continue
        for function in source.tree.body:
            if not isinstance(function, ast.FunctionDef) or not function.name.startswith(READERS):
                continue
            if any(called_name(node) == "select" for node in ast.walk(function)):
                yield source.fault(function, f"{function.name} reads; it belongs in a module of queries")
