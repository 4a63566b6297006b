"""The visitor of the tests sees what is wrong with a page."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.support.browser import Page, check_page

SAFE = {"Content-Security-Policy": "default-src 'self'"}


def shown(body: str, *, headers: dict[str, str] = SAFE, title: str = "Titel") -> Page:
    html = f"<!DOCTYPE html><html lang=nl><head><title>{title}</title></head><body>{body}</body></html>"
    return Page(200, "/ergens", html, BeautifulSoup(html, "html.parser"), headers)


def test_a_page_without_faults_passes() -> None:
    check_page(
        shown(
            "<h1 id=kop>Kop</h1><p aria-labelledby=kop><time datetime=2026-03-02T09:00Z>2 maart</time></p>"
            "<form method=post><input type=hidden name=csrf_token><label for=naam>Naam</label><input id=naam>"
            "<select aria-label=Jaar></select><button>Verstuur</button></form><form><p>Zoek</p></form>"
            "<script src=/static/forum.js></script><script type=application/json>{}</script>"
        )
    )


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        pytest.param("<p>Tekst</p>", "not exactly one h1", id="no heading"),
        pytest.param("<h1>Een</h1><h1>Twee</h1>", "not exactly one h1", id="two headings"),
        pytest.param("<h1 id=a>Een</h1><p id=a>Twee</p>", "ids stand twice: {'a'}", id="an id twice"),
        pytest.param(
            "<h1>Kop</h1><p aria-describedby='b'>", "aria-describedby points nowhere: {'b'}", id="nowhere"
        ),
        pytest.param(
            "<h1>Kop</h1><label for=c>Naam</label>", "for points nowhere: {'c'}", id="a label of nothing"
        ),
        pytest.param(
            "<h1>Kop</h1><input name=naam>", "field naam has no label", id="a field without a label"
        ),
        pytest.param(
            "<h1>Kop</h1><form method=post action=/a></form>", "form /a has no token", id="no token"
        ),
        pytest.param("<h1>Kop</h1><time datetime=10.30>", "HTML knows no 10.30", id="a moment nobody knows"),
        pytest.param("<h1 onclick='a()'>Kop</h1>", "inline ['onclick'] on h1", id="an inline script"),
        pytest.param("<h1 style='color:red'>Kop</h1>", "inline ['style'] on h1", id="an inline style"),
        pytest.param("<h1>Kop</h1><script>a()</script>", "inline script", id="a script in the page"),
    ],
)
def test_a_fault_is_told(body: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(fault)):
        check_page(shown(body))


def test_a_page_without_a_title_or_a_policy_is_told() -> None:
    with pytest.raises(AssertionError, match="no title"):
        check_page(shown("<h1>Kop</h1>", title=" "))
    with pytest.raises(AssertionError, match="no CSP"):
        check_page(shown("<h1>Kop</h1>", headers={}))
