"""What a member reads on their own page about signing in."""

from forum.kernel.actor import Party
from tests.support.browser import Browser
from tests.support.cast import make_delegate, make_site, make_tenant


def test_a_tenant_reads_both_names_to_sign_in_with_and_who_keeps_the_address(browser: Browser) -> None:
    make_site()
    anja = make_tenant("Anja V.")

    page = browser.sign_in(anja).visit("/mijn/")

    assert str(anja.email) in page.text
    assert str(anja.number) in page.text
    assert "Ander e-mailadres? Geef het door aan Wonen Zilverdam." in page.text


def test_staff_have_no_tenant_number_to_read_about(browser: Browser) -> None:
    page = browser.sign_in(make_delegate(Party.LANDLORD)).visit("/mijn/")

    assert "uurdersnummer" not in page.text
