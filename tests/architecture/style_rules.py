"""Rules about stylesheets: start and end instead of left and right, so that a language may run either way."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.architecture.sources import ROOT, Source

SIDED_NAME = re.compile(
    r"(?<![\w-])(?:(?:scroll-)?(?:margin|padding)-(?:left|right)|border-(?:(?:top|bottom)-)?(?:left|right)"
    r"(?:-\w+)?|left|right)(?=\s*:)"
)
SIDED_VALUE = re.compile(r"(?<![\w-])(?:text-align|float|clear)\s*:\s*(?:left|right)\b")
FOUR_SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset)\s*:\s*(?P<values>[^;{}]+)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def read_styles(root: Path = ROOT) -> list[Source]:
    """Read every stylesheet that is ours."""
    return [
        Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted((root / "static" / "css").rglob("*.css"))
    ]


def sided_styles(styles: Sequence[Source]) -> Iterator[str]:
    """Yield what is said of left or right: it would stay there when the text starts at the other side.

    Also four values of which the right one is not the left one.
    """
    for style in styles:
        code = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), style.text)
        for found in [*SIDED_NAME.finditer(code), *SIDED_VALUE.finditer(code), *_uneven_sides(code)]:
            line = code.count("\n", 0, found.start()) + 1
            yield f"{style.path}:{line}: {found.group().strip()} is about a side; say start or end"


def _uneven_sides(code: str) -> Iterator[re.Match[str]]:
    for found in FOUR_SIDES.finditer(code):
        values = found["values"].split()
        if len(values) == 4 and "(" not in found["values"] and values[1] != values[3]:
            yield found
