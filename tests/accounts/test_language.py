"""Reading the forum in another language: chosen by anybody, kept for a member, never mixed up."""

from forum.kernel.database import db
from forum.members.models import Member
from tests.support.browser import Browser, Page
from tests.support.cast import make_tenant


def language_of(page: Page) -> str:
    assert page.soup.html
    return str(page.soup.html["lang"])


def choose(browser: Browser, language: str, *, where: str = "/huisregels") -> Page:
    return browser.submit(browser.visit(f"/taal?next={where}"), language)


def test_a_visitor_chooses_and_goes_on_where_they_were(browser: Browser) -> None:
    assert language_of(browser.visit("/inloggen")) == "nl"

    page = choose(browser, "English", where="/inloggen")

    assert (page.path, language_of(page)) == ("/inloggen", "en")
    assert page.has_button("Sign in")
    assert language_of(browser.another().visit("/inloggen")) == "nl"
    assert choose(browser, "Nederlands", where="/inloggen").has_button("Inloggen")


def test_every_page_leads_to_the_choice_and_back(browser: Browser) -> None:
    page = browser.visit(browser.visit("/privacy").link("English"))

    assert choose(browser, "English", where="/privacy").path == "/privacy"
    assert page.path == "/taal?next=/privacy"
    assert browser.visit("/privacy").has_link("Nederlands")


def test_a_member_reads_their_language_in_every_browser(browser: Browser) -> None:
    ria = make_tenant("Ria")
    choose(browser.sign_in(ria), "English")

    elsewhere = browser.another().sign_in(ria)

    assert language_of(elsewhere.visit("/mijn/")) == "en"
    assert db.session.get_one(Member, ria.id).interface_language == "en"


def test_a_member_who_never_chose_reads_what_their_browser_chose(browser: Browser) -> None:
    choose(browser, "English")

    assert language_of(browser.visit("/inloggen")) == "en"
    browser.submit(browser.visit("/taal"), "Nederlands")
    browser.sign_in(make_tenant())
    assert language_of(browser.visit("/mijn/")) == "nl"


def test_another_language_is_refused_and_changes_nothing(browser: Browser) -> None:
    ria = make_tenant("Ria")
    page = browser.sign_in(ria).visit("/taal")
    token = page.soup.select_one("input[name=csrf_token]")
    assert token

    refused = browser.post("/taal", csrf_token=str(token["value"]), language="xx", next="/")

    assert (refused.status, language_of(refused)) == (422, "nl")
    assert "Kies een van de mogelijkheden." in refused.text
    assert db.session.get_one(Member, ria.id).interface_language is None


def test_a_choice_leads_nowhere_else(browser: Browser) -> None:
    assert choose(browser, "English", where="//elders.example/").path == "/inloggen?next=/"


def test_a_forged_cookie_speaks_dutch(browser: Browser) -> None:
    browser.client.set_cookie("taal", "../../etc")

    assert language_of(browser.visit("/inloggen")) == "nl"
