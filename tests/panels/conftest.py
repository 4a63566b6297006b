"""Who works on panels in these tests."""

import pytest

from forum.kernel.actor import Party, Role
from tests.support.browser import Browser
from tests.support.cast import make_site, make_staff


@pytest.fixture
def moderator(browser: Browser) -> Browser:
    """Return a signed-in moderator of the tenant organisation, on a forum with a name."""
    make_site()
    return browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
