"""Reading the pages in `docs/` that must agree with the code."""

import re

ROW = re.compile(r"^\|\s*(?P<floor>\d+)\s*\|\s*`(?P<package>\w+)`\s*(?P<later>\(later\))?\s*\|", re.MULTILINE)
HEADING = re.compile(r"^## `(?P<name>[A-Z_]+)`$", re.MULTILINE)


def floors_on_map(page: str) -> dict[str, tuple[int, bool]]:
    """Return for each package on the map its floor, and whether it is still to come."""
    return {row["package"]: (int(row["floor"]), row["later"] is not None) for row in ROW.finditer(page)}


def settings_on_page(page: str) -> set[str]:
    """Return the names of the settings that have a heading of their own."""
    return {heading["name"] for heading in HEADING.finditer(page)}


def commands_on_page(page: str) -> set[str]:
    """Return the names of the commands in the table of the page."""
    return set(re.findall(r"^\| `forum (\w+)` \|", page, re.MULTILINE))


def targets_on_page(page: str) -> set[str]:
    """Return the names of the targets of `make` in the table of the page."""
    rows = re.findall(r"^\| (`make .*?) \|", page, re.MULTILINE)
    return set(re.findall(r"`make ([a-z0-9-]+)`", " ".join(rows)))
