"""Addresses: where to go next, and what a title looks like in one."""

import re
import unicodedata
from urllib.parse import urlsplit

SLUG_LONGEST = 60


def safe_next(target: str | None) -> str | None:
    """Return a path on this site to go on to, or `None` when the target leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(mark) < 32 for mark in target) or "\\" in target:
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def slug(title: str) -> str:
    """Return a title as it stands in an address: lower case, letters and digits parted by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LONGEST].strip("-") or "onderwerp"
