"""Addresses that lead out of the site, and titles in addresses."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from forum.web.links import SLUG_LONGEST, safe_next, slug

SITE = "https://forum.example.nl"


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/mijn",
        "/zoeken?q=a&b=%2F%2Fevil",
        "/a//b",
        "/a:b",
        "/é",
        "/?next=https://evil.example",
        "/#einde",
    ],
)
def test_a_path_on_this_site_is_gone_on_to(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "mijn",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/a\\b",
        "https://evil.example",
        "HTTPS://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/mijn\r\nLocation: https://evil.example",
        "/mijn\x00",
        "http://[::1",
        "//[",
    ],
)
def test_what_leads_elsewhere_or_splits_a_header_is_dropped(target: str | None) -> None:
    assert safe_next(target) is None


@given(st.text(st.sampled_from("/\\:@.?#&%[]ahtpsevil\t\r\n\x00 "), max_size=20))
@example("/%0d%0aSet-Cookie:a=b")
def test_whatever_is_asked_one_stays_on_this_site(target: str) -> None:
    kept = safe_next(target)

    if kept is not None:
        assert urlsplit(urljoin(SITE, kept)).netloc == "forum.example.nl"
        assert not any(ord(mark) < 32 for mark in kept)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("De lift is vaak stuk", "de-lift-is-vaak-stuk"),
        ("Eén café – 100% schoon!", "een-cafe-100-schoon"),
        ("日本語", "onderwerp"),
        ("", "onderwerp"),
        ("///", "onderwerp"),
        ("a" * 80, "a" * SLUG_LONGEST),
        ("b" * 59 + " c", "b" * 59),
    ],
)
def test_a_title_in_an_address(title: str, expected: str) -> None:
    assert slug(title) == expected


@given(st.text(max_size=200))
def test_a_title_in_an_address_needs_no_escaping(title: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(title))
    assert len(slug(title)) <= SLUG_LONGEST


def test_no_title_takes_the_address_of_a_page_of_its_topic(app: Flask) -> None:
    beside = {
        found[1]
        for rule in app.url_map.iter_rules()
        if (found := re.match(r"/onderwerpen/<int:\w+>/([a-z-]+)(?=/|$)", rule.rule))
    }

    assert "meningen" in beside
    assert {slug(name.title()) for name in beside} & beside == set()
    assert slug("Meningen") == "meningen-onderwerp"
