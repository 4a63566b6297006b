"""Rules about who imports whom."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from sys import stdlib_module_names

from tests.architecture.house import FLOOR_OF, NAMES_MODULES, NOT_PURE, PURE_PATTERNS
from tests.architecture.sources import Source, called_name, dotted, imports_of, module_of

CHANCE = frozenset({"random", "secrets", "uuid"})
CLOCKS = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "time.time_ns",
        "time.monotonic",
    }
)


def unknown_packages(sources: Sequence[Source]) -> Iterator[str]:
    """Yield packages that stand on no floor."""
    for source in sources:
        if source.package and source.package not in FLOOR_OF:
            yield source.fault(
                1, f"`{source.package}` stands on no floor; give it one in house.py and the map"
            )


def climbing_imports(sources: Sequence[Source]) -> Iterator[str]:
    """Yield imports from a package that does not stand strictly lower."""
    for source in sources:
        floor = FLOOR_OF.get(source.package, -1)
        for found in imports_of(source):
            parts = found.target.split(".")
            if parts[0] != "forum" or len(parts) == 1 or parts[1] == source.package:
                continue
            other = FLOOR_OF.get(parts[1])
            if other is None or other >= floor:
                yield source.fault(
                    found.line, f"{source.package} (floor {floor}) imports {parts[1]} (floor {other})"
                )


def imports_by_name(sources: Sequence[Source]) -> Iterator[str]:
    """Yield imports of a module by a string, outside the modules that put the application together."""
    for source in sources:
        if source.module in NAMES_MODULES:
            continue
        for node in ast.walk(source.tree):
            if called_name(node) in ("import_module", "__import__"):
                yield source.fault(node, "imports a module by its name in a string")


def missing_commands(sources: Sequence[Source]) -> Iterator[str]:
    """Yield modules that the table of commands names and that are not there."""
    modules = {source.module for source in sources}
    for source in sources:
        if source.module != "forum.command":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                is_module = node.value.startswith("forum.") and " " not in node.value
                if is_module and node.value not in modules:
                    yield source.fault(node, f"names {node.value}, which is no module")


def import_cycles(sources: Sequence[Source]) -> list[list[str]]:
    """Return the groups of modules that import each other, however long the way round."""
    modules = [source.module for source in sources]
    graph: dict[str, set[str]] = {module: set() for module in modules}
    for source in sources:
        for found in imports_of(source):
            target = module_of(found.target, modules)
            if target and target != source.module and not source.module.startswith(f"{target}."):
                graph[source.module].add(target)
    reach = {module: _reachable(module, graph) for module in modules}
    groups = {
        tuple(sorted(other for other in reach[module] if module in reach[other]))
        for module in modules
        if module in reach[module]
    }
    return [list(group) for group in sorted(groups)]


def _reachable(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting.extend(graph[module])
    return found


def libraries_of_pure(module: str) -> frozenset[str] | None:
    """Return the libraries a pure module may use, `None` for a module that need not be pure."""
    if module in NOT_PURE:
        return None
    for pattern, libraries in PURE_PATTERNS.items():
        if fnmatchcase(module, pattern):
            return libraries
    return None


def impure_modules(sources: Sequence[Source]) -> Iterator[str]:
    """Yield what a pure module may not do: use a framework, the clock or chance, or something that does."""
    modules = [source.module for source in sources]
    for source in sources:
        libraries = libraries_of_pure(source.module)
        if libraries is None:
            continue
        for found in imports_of(source):
            name = found.target.split(".")[0]
            if name == "forum":
                module = module_of(found.target, modules) or found.target
                inside = module in ("forum", f"forum.{source.package}")
                if not inside and libraries_of_pure(module) is None:
                    yield source.fault(found.line, f"pure, imports {module}, which is not")
            elif name in CHANCE or name not in libraries | stdlib_module_names:
                yield source.fault(found.line, f"pure, imports {name}")
            elif found.target in CLOCKS:
                yield source.fault(found.line, f"pure, imports {found.target}")
        yield from _clocks_read(source)


def _clocks_read(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = ".".join(dotted(node.func).split(".")[-2:])
            if name in CLOCKS:
                yield source.fault(node, f"pure, reads the clock with {name}()")
