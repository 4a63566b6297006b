"""What a phone keeps of the forum is in the language that was chosen on it."""

import re

from tests.support.browser import Browser, Page


def choose_english(browser: Browser) -> None:
    browser.submit(browser.visit("/taal"), "English")


def constant(browser: Browser, name: str) -> str:
    """Return what the worker calls by a name."""
    found = re.search(rf'const {name} = "([^"]+)"', browser.client.get("/service-worker.js").text)
    assert found
    return found[1]


def kept_page(browser: Browser) -> Page:
    """Open the page that the worker keeps as a device does: without cookies."""
    return browser.another().visit(constant(browser, "OFFLINE"))


def heading_of(page: Page) -> tuple[str, str]:
    assert page.soup.html
    assert page.soup.h1
    return str(page.soup.html["lang"]), page.soup.h1.get_text()


def test_the_page_without_a_connection_is_kept_in_the_language_that_was_chosen(browser: Browser) -> None:
    dutch = constant(browser, "KEPT")
    assert heading_of(kept_page(browser)) == ("nl", "Geen verbinding")

    choose_english(browser)

    assert heading_of(kept_page(browser)) == ("en", "No connection")
    assert constant(browser, "KEPT") != dutch


def test_a_page_without_a_connection_in_an_unknown_language_is_dutch(browser: Browser) -> None:
    assert heading_of(browser.visit("/geen-verbinding?taal=xx")) == ("nl", "Geen verbinding")


def manifest_of(browser: Browser) -> dict[str, str]:
    """Return the manifest that a page names, as a browser gets it: without cookies."""
    link = browser.visit("/huisregels").soup.select_one("link[rel=manifest]")
    assert link
    manifest: dict[str, str] = browser.another().client.get(str(link["href"])).get_json(force=True)
    return manifest


def test_a_home_screen_is_told_the_language_of_its_words(browser: Browser) -> None:
    dutch = manifest_of(browser)

    choose_english(browser)
    english = manifest_of(browser)

    assert (dutch["lang"], english["lang"], english["dir"]) == ("nl", "en", "ltr")
    assert english["name"].startswith("Huurdersforum of ")
    assert dutch["id"] == english["id"], "it is one program"
