"""What stands around every page, kept for all readers: each sees their own."""

from collections.abc import Sequence

import pytest

from forum.kernel.actor import Party, Role
from forum.kernel.database import unit_of_work
from forum.settings.queries import get_site_row
from tests.support.browser import Browser, Page
from tests.support.cast import make_site, make_staff, make_tenant


def menu_of(page: Page) -> Sequence[str]:
    """Return the words of the main menu."""
    return [link.get_text(" ", strip=True) for link in page.soup.select(".menu a")]


def marked_on(page: Page) -> Sequence[tuple[str, str]]:
    """Return the item of the menu that is marked, and how."""
    marked = page.soup.select(".menu a[aria-current]")
    return [(str(link["href"]), str(link["aria-current"])) for link in marked]


def test_each_reader_keeps_their_own_menu(browser: Browser) -> None:
    make_site()
    tenant = browser.another().sign_in(make_tenant())
    staff = browser.another().sign_in(make_staff(Role.MODERATOR, Party.LANDLORD))
    for _ in range(2):  # the second time as it was kept
        assert menu_of(browser.visit("/inloggen")) == ["Onderwerpen", "Agenda", "Zoeken"]
        assert menu_of(tenant.visit("/")) == ["Onderwerpen", "Agenda", "Mijn forum", "Zoeken"]
        assert menu_of(staff.visit("/")) == ["Onderwerpen", "Agenda", "Mijn forum", "Beheer", "Zoeken"]


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", [("/", "page")]),
        ("/mijn/", [("/mijn/", "page")]),
        ("/mijn/attenderingen", [("/mijn/", "true")]),
        ("/beheer/", [("/beheer/", "page")]),
        ("/beheer/panels/", [("/beheer/", "true")]),
        ("/agenda/2026", [("/agenda/", "true")]),
        ("/zoeken", [("/zoeken", "page")]),
        ("/huisregels", []),
    ],
)
def test_the_menu_marks_where_a_page_stands(
    browser: Browser, path: str, marked: Sequence[tuple[str, str]]
) -> None:
    make_site()
    browser.sign_in(make_staff(Role.MODERATOR, Party.LANDLORD))

    assert marked_on(browser.visit(path)) == marked


def test_a_new_name_of_a_party_stands_on_the_next_page(browser: Browser) -> None:
    make_site()
    browser.sign_in(make_tenant())
    assert "Van Huurdersbelang en" in browser.visit("/").text
    with unit_of_work():
        get_site_row().tenants_name = "Huurdersraad"

    assert "Van Huurdersraad en" in browser.visit("/").text


def test_each_language_has_its_own(browser: Browser) -> None:
    make_site()
    browser.sign_in(make_tenant())
    assert "Zoeken" in menu_of(browser.visit("/"))

    english = browser.submit(browser.visit("/taal"), "English")

    assert "Search" in menu_of(english)
    assert "Zoeken" not in menu_of(english)
