"""Reading what the parties are called here."""

from typing import NamedTuple

from sqlalchemy import select

from forum.kernel.database import db
from forum.kernel.reading import read
from forum.settings.models import Site
from forum.texts.catalogue import say


class SiteNames(NamedTuple):
    """What the pages show of an installation."""

    landlord_name: str
    tenants_name: str
    help_phone: str
    is_demo: bool


NO_SITE = SiteNames(
    landlord_name=say("the-landlord"), tenants_name=say("the-tenants"), help_phone="", is_demo=False
)
"""What stands on the pages until `forum init` gave the parties their names."""

_NAMES = select(Site.landlord_name, Site.tenants_name, Site.help_phone, Site.is_demo).limit(1)


def find_site() -> Site | None:
    """Return the row of this installation, `None` before `forum init`."""
    return db.session.scalar(select(Site).limit(1))


def get_site() -> SiteNames:
    """Return the names of this installation, or general words for them."""
    rows = read(_NAMES)
    return SiteNames._make(rows[0]) if rows else NO_SITE
