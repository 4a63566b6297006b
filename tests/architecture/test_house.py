"""The whole project keeps the rules of the house."""

import ast
import re
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase

import pytest
from flask import Flask

from forum.command import COMMANDS
from forum.settings.config import NAMES
from tests.architecture import code_rules, import_rules, style_rules, template_rules, text_rules
from tests.architecture.house import (
    COMMITS,
    FLOOR_OF,
    FLOORS,
    NAMED_BY_OTHERS,
    NOT_PURE,
    NOT_YET,
    PURE_PATTERNS,
    SEES_REQUEST,
)
from tests.architecture.map_page import commands_on_page, floors_on_map, settings_on_page, targets_on_page
from tests.architecture.sources import ROOT, Source, functions_of, read_sources, report
from tests.architecture.template_rules import Template

SOURCES = read_sources()
TEMPLATES = template_rules.read_templates()
CATALOGUE = text_rules.read_catalogue()
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize(
    "rule",
    [
        import_rules.unknown_packages,
        import_rules.climbing_imports,
        import_rules.imports_by_name,
        import_rules.missing_commands,
        import_rules.impure_modules,
        code_rules.commits_elsewhere,
        code_rules.requests_elsewhere,
        code_rules.wrongly_marked_views,
        code_rules.dutch_sentences,
        code_rules.too_large,
        code_rules.vague_modules,
        code_rules.misnamed_readers,
        code_rules.readers_among_writers,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_code_keeps_the_rule(rule: Callable[[Sequence[Source]], Iterable[str]]) -> None:
    faults = list(dict.fromkeys(rule(SOURCES)))

    assert not faults, report(faults)


def test_no_modules_import_each_other_in_a_circle() -> None:
    cycles = import_rules.import_cycles(SOURCES)

    assert not cycles, report([" -> ".join(cycle) for cycle in cycles])


def test_the_styles_are_for_a_text_that_starts_at_either_side() -> None:
    faults = list(style_rules.sided_styles(style_rules.read_styles()))

    assert not faults, report(faults)


@pytest.mark.parametrize(
    "rule",
    [
        template_rules.forms_without_token,
        template_rules.statements_outside_list,
        template_rules.words_outside_list,
        template_rules.inline_code,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_templates_keep_the_rule(rule: Callable[[Sequence[Template]], Iterable[str]]) -> None:
    faults = list(dict.fromkeys(rule(TEMPLATES)))

    assert not faults, report(faults)


def test_every_key_that_is_said_has_a_sentence() -> None:
    said = [*text_rules.said_in_python(SOURCES), *text_rules.said_in_templates(TEMPLATES)]

    faults = list(text_rules.unknown_keys(said, CATALOGUE))

    assert not faults, report(faults)


def test_every_sentence_is_said_somewhere() -> None:
    faults = list(text_rules.unused_keys(SOURCES, TEMPLATES, CATALOGUE))

    assert not faults, report(faults)


def test_every_refusal_that_a_page_says_has_a_sentence() -> None:
    faults = list(text_rules.codes_without_sentence(SOURCES, CATALOGUE))

    assert not faults, report(faults)


def test_every_sentence_gets_the_details_it_quotes() -> None:
    faults = list(text_rules.names_in_details(SOURCES, CATALOGUE))

    assert not faults, report(faults)


def test_every_view_of_the_application_carries_a_mark(app: Flask) -> None:
    unmarked = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "access")
    ]

    assert not unmarked, report(unmarked)


def test_the_map_shows_the_floors_as_they_are() -> None:
    shown = floors_on_map((ROOT / "docs/map.md").read_text(encoding="utf-8"))

    assert shown == {package: (floor, package in NOT_YET) for package, floor in FLOOR_OF.items()}


def test_no_package_stands_on_two_floors_and_the_free_ones_are_not_there() -> None:
    there = {source.package for source in SOURCES if source.package}
    placed = [package for packages in FLOORS.values() for package in packages]

    assert len(placed) == len(set(placed))
    assert set(FLOOR_OF) - there <= NOT_YET | {"demo"}, "a floor for a package that is not there"
    assert not NOT_YET & there, "built by now: take it from NOT_YET and tell the map"


def test_no_exception_outlives_its_module() -> None:
    modules = [source.module for source in SOURCES]

    gone = [name for name in (*COMMITS, *SEES_REQUEST, *NOT_PURE) if name not in modules]
    functions = {
        f"{source.module}.{function.name}" for source in SOURCES for function in functions_of(source)
    }
    gone += [name for name in NAMED_BY_OTHERS if name not in functions]
    unmatched = [
        pattern for pattern in PURE_PATTERNS if not any(fnmatchcase(module, pattern) for module in modules)
    ]

    assert not gone + unmatched, report(gone + unmatched)


def test_packages_have_an_empty_init() -> None:
    full = [source.path for source in SOURCES if source.path.endswith("__init__.py") and _statements(source)]

    assert not full, report(full)


def _statements(source: Source) -> list[ast.stmt]:
    return [node for node in source.tree.body if not isinstance(node, ast.Expr)]


def test_the_settings_page_lists_exactly_the_settings() -> None:
    assert settings_on_page((ROOT / "docs/settings.md").read_text(encoding="utf-8")) == NAMES


def test_the_readme_lists_exactly_the_commands() -> None:
    assert commands_on_page((ROOT / "README.md").read_text(encoding="utf-8")) == set(COMMANDS)


def test_the_readme_lists_exactly_the_targets_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    targets = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, re.MULTILINE))

    assert targets_on_page((ROOT / "README.md").read_text(encoding="utf-8")) == targets


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", *PAGES])
def test_links_in_the_docs_lead_somewhere(page: str) -> None:
    path = ROOT / page

    broken = [
        link
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
        if "://" not in link and not (path.parent / link).exists()
    ]

    assert not broken, report(broken)
