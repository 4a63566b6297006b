"""The address of a form that was refused, opened anew, leads to the page where the form stands."""

import pytest

from forum.kernel.actor import Role
from tests.support.browser import Browser
from tests.support.cast import make_site, make_staff


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/code/wachtwoord", "/code"),
        ("/beheer/rollen/geven", "/beheer/rollen"),
        ("/beheer/rollen/huurder", "/beheer/rollen"),
        ("/beheer/register/bevestigen", "/beheer/register"),
    ],
)
def test_the_address_of_a_form_leads_to_its_page(browser: Browser, address: str, page: str) -> None:
    make_site()
    browser.sign_in(make_staff(Role.ADMIN))

    opened = browser.visit(address)

    assert (opened.status, opened.path) == (200, page)
