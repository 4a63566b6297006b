"""The checks of these journeys see what is wrong, on pages that are wrong on purpose."""

import pytest

from tests.journeys.conftest import Visitors
from tests.journeys.inspection import html_faults, sight_faults
from tests.journeys.keyboard import Keyboard
from tests.journeys.served import ServedForum
from tests.journeys.visitor import Visitor

FAINT = "<style>p {color: #bbb; background: #fff}</style>"
FAINT_AT_NIGHT = "<style>@media (prefers-color-scheme: dark) {p {color: #222; background: #000}}</style>"
WIDE = "<style>p {width: 340px}</style>"
UNMARKED = "<style>:focus {outline: 0}</style>"
MARKED = "<style>:focus {outline: 3px solid}</style>"
TRAP = """() => addEventListener("keydown", (event) => {
    if (document.activeElement.id !== "b") return;
    event.preventDefault();
    document.activeElement.blur();
    a.focus();
})"""


@pytest.fixture
def visitor(forum: ServedForum, visitors: Visitors) -> Visitor:
    """Return somebody to show pages to that no server sends."""
    return visitors(forum)


def show(visitor: Visitor, head: str = "", body: str = "") -> None:
    visitor.page.set_content(
        f"<!DOCTYPE html><html lang=nl><head><title>Fout</title>{head}</head>"
        f"<body><main><h1>Kop</h1><p>Woorden</p>{body}</main></body></html>"
    )


def test_a_page_without_faults_passes(visitor: Visitor, axe: str) -> None:
    show(visitor)

    assert sight_faults(visitor, axe) == []


@pytest.mark.parametrize(
    ("head", "body", "told"),
    [
        pytest.param(FAINT, "", "light, 1280 px: color-contrast", id="faint letters"),
        pytest.param(FAINT_AT_NIGHT, "", "dark, 1280 px: color-contrast", id="faint letters in the dark"),
        pytest.param(WIDE, "", "light, 320 px: 28 px too wide", id="wider than the smallest phone"),
        pytest.param("", "<input>", "label", id="a field without a label"),
        pytest.param("", "<h1>Nog een</h1><h4>Sprong</h4>", "heading-order", id="a level that is skipped"),
    ],
)
def test_a_fault_is_seen(visitor: Visitor, axe: str, head: str, body: str, told: str) -> None:
    show(visitor, head, body)

    faults = sight_faults(visitor, axe)

    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("html", "is_valid"),
    [
        ("<!DOCTYPE html><title>T</title><p>Goed</p>", True),
        ("<!DOCTYPE html><title>T</title><p><div>Fout</div></p>", False),
        ("<!DOCTYPE html><title>T</title><ul><li>Fout</ol>", False),
    ],
)
def test_broken_html_is_seen(html: str, is_valid: bool) -> None:
    assert (html_faults(html) == []) is is_valid


def test_a_focus_that_cannot_be_seen_is_told(visitor: Visitor) -> None:
    show(visitor, UNMARKED, "<button>Eerste</button>")

    with pytest.raises(AssertionError, match="is not marked"):
        Keyboard(visitor).tab()


def test_a_trap_is_told(visitor: Visitor) -> None:
    links = "".join(f"<button id={name}>{name}</button>" for name in "xab")
    show(visitor, MARKED, links + "<button>Verder</button>")
    visitor.page.evaluate(TRAP)

    with pytest.raises(AssertionError, match="Tab comes at 'a' again"):
        Keyboard(visitor).round()
