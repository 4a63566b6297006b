"""Addresses: where to go next, and what a title looks like in one."""

import re
import unicodedata
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import request, url_for

SLUG_LONGEST = 60
PAGES_OF_A_TOPIC = frozenset(
    "adviezen berichten blad deelnemers gelezen invloed logboek mening meningen namens nieuw peiling regels "
    "samenvatting sluiten strookjes volgen voorbeeld wie-ontbreekt".split()
)
"""What stands in an address after the number of a topic, where else its title does."""


def safe_next(target: str | None) -> str | None:
    """Return a path on this site to go on to, or `None` when the target leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(mark) < 32 for mark in target) or "\\" in target:
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def address(endpoint: str, **values: Any) -> str:
    """Return the address of a page; the same question is answered once, since pages ask it many times."""
    return _address(request.root_path, endpoint, tuple(values.items()))


@lru_cache(maxsize=1000)
def _address(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def page_asked(pages: int) -> int:
    """Return which of so many pages the address asks for; one that does not exist becomes the nearest."""
    return min(max(1, request.args.get("pagina", 1, type=int)), pages)


@lru_cache(maxsize=1000)
def slug(title: str) -> str:
    """Return a title as it stands in an address: lower case, letters and digits parted by hyphens.

    It is never the name of a page beside it: a topic that is called "Regels" keeps its own address.
    """
    found = _slug(title)
    return f"{found}-onderwerp" if found in PAGES_OF_A_TOPIC else found


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LONGEST].strip("-") or "onderwerp"
