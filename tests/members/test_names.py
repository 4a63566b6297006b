"""A name that is somebody else's, or a role's, is not for a tenant to take."""

import pytest

from forum.kernel.actor import Party, Role
from forum.members.rules import is_name_of, speaks_for_others
from tests.support.browser import Browser
from tests.support.cast import make_delegate, make_site, make_staff, make_tenant

PARTIES = ("Huurdersbelang", "Wonen Zilverdam")


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        pytest.param("Ria Gerritsen", True, id="the same"),
        pytest.param("  ría   GERRITSEN ", True, id="other capitals, accents and spaces"),
        pytest.param("Ria.Gerritsen", True, id="with a dot"),
        pytest.param("Ria G.", False, id="only the first name"),
        pytest.param("…", False, id="no letters"),
    ],
)
def test_a_name_of_the_staff_is_known_in_other_spellings(name: str, is_taken: bool) -> None:
    assert is_name_of(name, ["Jan Smit", "Ria Gerritsen"]) is is_taken


@pytest.mark.parametrize(
    ("name", "speaks"),
    [
        pytest.param("Moderator Jan", True, id="a role"),
        pytest.param("Coördinator2", True, id="a role with an accent and a number"),
        pytest.param("Jan van Huurdersbelang", True, id="a party"),
        pytest.param("WonenZilverdam", True, id="a party in one word"),
        pytest.param("Jan Beheersma", False, id="a surname that looks like a role"),
        pytest.param("Anja V.", False, id="a tenant"),
    ],
)
def test_who_seems_to_speak_for_others(name: str, speaks: bool) -> None:
    assert speaks_for_others(name, PARTIES) is speaks


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ria gerritsen", "Iemand die dit forum leidt, gebruikt deze naam."),
        ("Moderator Huurdersbelang", "Met deze naam lijkt het of u namens het forum"),
    ],
)
def test_a_tenant_who_takes_such_a_name_reads_why_not(browser: Browser, name: str, sentence: str) -> None:
    make_site()
    make_staff(Role.MODERATOR, Party.TENANTS, name="Ria Gerritsen")
    browser.sign_in(make_tenant("Anja V."))

    page = browser.submit(browser.visit("/mijn/naam"), "Bewaar", display_name=name)

    assert page.status in (400, 409)
    assert sentence in page.text
    assert page.soup.find("input", attrs={"name": "display_name", "value": name})
    assert "Anja V." in browser.visit("/mijn/").text


def test_a_namesake_keeps_their_name_and_staff_may_name_their_role(browser: Browser) -> None:
    make_site()
    delegate = make_delegate(Party.TENANTS)
    namesake = make_tenant(delegate.display_name)

    kept = browser.sign_in(namesake)
    page = kept.submit(kept.visit("/mijn/naam"), "Bewaar")
    staff = browser.another().sign_in(delegate)
    renamed = staff.submit(staff.visit("/mijn/naam"), "Bewaar", display_name="Ria van Huurdersbelang")

    assert "Uw naam is bewaard." in page.text
    assert "Uw naam is bewaard." in renamed.text
