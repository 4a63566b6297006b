"""Two delegates at their browsers."""

import pytest

from forum.kernel.actor import Party
from forum.kernel.database import db
from forum.settings.models import Site
from tests.support.browser import Browser
from tests.support.cast import make_delegate


@pytest.fixture
def tenants(browser: Browser) -> Browser:
    """Return a signed-in delegate of the tenant organisation."""
    db.session.add(Site(landlord_name="Woonstede", tenants_name="Huurdersbelang", help_phone="010 000 00 00"))
    db.session.commit()
    return browser.sign_in(make_delegate(Party.TENANTS))


@pytest.fixture
def landlord(tenants: Browser) -> Browser:
    """Return a signed-in delegate of the landlord."""
    return tenants.another().sign_in(make_delegate(Party.LANDLORD))
