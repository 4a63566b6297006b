"""A link that code or a template makes leads to a page that is there."""

import re
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("forum", "templates") for path in sorted((ROOT / folder).rglob("*.*"))]
NAMED = re.compile(r"""\b(?:url_for|address)\(\s*["']([a-z_]+(?:\.[a-z_]+)?)["']""")


def test_every_page_that_is_named_is_there(app: Flask) -> None:
    named = {
        (name, str(path.relative_to(ROOT)))
        for path in SOURCES
        if path.suffix in (".py", ".html", ".txt")
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
    }

    missing = [(name, where) for name, where in sorted(named) if name not in app.view_functions]

    assert len(named) > 250
    assert missing == []
