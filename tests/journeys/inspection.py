"""What every page owes its visitors, looked at in a browser: accessible, valid, and not too wide."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from bleach import html5lib_shim
from bs4 import BeautifulSoup
from playwright.sync_api import APIResponse

from tests.journeys.visitor import Visitor
from tests.support.browser import Page, check_page

Look = tuple[int, Literal["light", "dark"]]
FIRST_LOOKS: Sequence[Look] = ((1280, "light"), (1280, "dark"), (320, "light"), (320, "dark"))
"""Each width and each colour scheme; between 320 and 639 px the style sheet makes no difference."""

LATER_LOOKS: Sequence[Look] = ((320, "dark"),)
"""For a page that others saw with other buttons."""

HEIGHT = 800
SECRETS = re.compile(r'name="(csrf_token|form_key)"[^>]*>')
"""What differs in each answer, on pages that are the same."""

STANDARDS = {
    "type": "tag",
    "values": ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
}
OF_COLOURS = {"type": "rule", "values": ("color-contrast", "link-in-text-block")}
"""All that can differ where a page has its form already and only gets other colours."""
RUN_AXE = """rules => axe.run(document, {
    runOnly: rules, resultTypes: ["violations"], elementRef: false
}).then(found => found.violations.map(fault => [
    fault.id, fault.help, fault.nodes.map(node => node.html.slice(0, 160) + " | " + node.failureSummary)
]))"""


def find_axe() -> Path | None:
    """Return the script of axe-core that a development requirement brings along."""
    found = find_spec("axe_playwright_python")
    return Path(str(found.origin)).with_name("axe.min.js") if found else None


@cache
def html_faults(html: str) -> list[str]:
    """Return what a parser of the HTML standard trips over; the same page for others is read once."""
    shim: Any = html5lib_shim
    parser = shim.HTMLParser(namespaceHTMLElements=False)
    parser.parse(html)
    return [f"HTML, line {place[0]}: {code} {details}" for place, code, details in parser.errors]


def page_faults(page: Page) -> list[str]:
    """Return what is wrong with a page as it was sent."""
    faults = [*html_faults(SECRETS.sub("name>", page.html))]
    if page.soup.html is None or page.soup.html.get("lang") != "nl":
        faults.append("the language is not said to be Dutch")
    try:
        check_page(page)
    except AssertionError as fault:
        faults.append(str(fault))
    return faults


def read_page(answer: APIResponse, path: str) -> Page:
    """Return an answer as a page."""
    headers = {name.title(): value for name, value in answer.headers.items()}
    html = answer.text()
    return Page(answer.status, path, html, BeautifulSoup(html, "html.parser"), headers)


def axe_faults(visitor: Visitor, rules: Mapping[str, Any] = STANDARDS) -> list[str]:
    """Return what axe-core finds in the page as it is shown now."""
    found: Sequence[tuple[str, str, Sequence[str]]] = visitor.page.evaluate(RUN_AXE, rules)
    return [f"{rule}: {meaning}\n      " + "\n      ".join(nodes[:3]) for rule, meaning, nodes in found]


def sight_faults(visitor: Visitor, axe: str, looks: Sequence[Look] = FIRST_LOOKS) -> list[str]:
    """Return what is wrong with the page as it is seen, in each width and colour scheme, loaded once.

    The first looks end with one from right to left, as the page would stand in a language as Arabic.
    """
    visitor.page.evaluate(axe)
    faults: dict[str, str] = {}
    widths: set[int] = set()
    for width, scheme in looks:
        rules = OF_COLOURS if width in widths else STANDARDS
        widths.add(width)
        visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
        visitor.page.emulate_media(color_scheme=scheme)
        too_wide = visitor.overflow()
        found = axe_faults(visitor, rules) + ([f"{too_wide} px too wide"] if too_wide > 0 else [])
        for fault in found:
            faults.setdefault(fault, f"{scheme}, {width} px")
    if len(looks) > 1:
        visitor.page.evaluate("() => { document.documentElement.dir = 'rtl'; }")
        if (too_wide := visitor.overflow()) > 0:
            faults.setdefault(f"{too_wide} px too wide", "from right to left")
    return [f"{look}: {fault}" for fault, look in faults.items()]
