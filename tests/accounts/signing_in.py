"""Signing in by the form, as tests of accounts do it."""

from forum.accounts import service
from forum.kernel.database import db
from forum.members.models import Member
from tests.support.browser import PASSWORD, Browser, Page
from tests.support.cast import T0

REFUSED = "Uw e-mailadres of wachtwoord klopt niet. Probeer het opnieuw."


def with_password(member: Member, password: str = PASSWORD) -> Member:
    """Give a member a password and return them."""
    service.set_password(member, password, at=T0)
    db.session.commit()
    return member


def try_to_sign_in(browser: Browser, name: str, password: str) -> Page:
    """Send the form with this name and password."""
    return browser.submit(browser.visit("/inloggen"), "Inloggen", email=name, password=password)


def is_signed_in(browser: Browser) -> bool:
    """Tell whether the pages know who this is."""
    return browser.visit("/").has_button("Uitloggen")
