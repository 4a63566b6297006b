"""Reading what the parties are called here."""

from sqlalchemy import select

from forum.kernel.database import db
from forum.settings.models import Site
from forum.texts.catalogue import say

NO_SITE = Site(
    landlord_name=say("the-landlord"), tenants_name=say("the-tenants"), help_phone="", is_demo=False
)
"""What stands on the pages until `forum init` gave the parties their names."""


def find_site() -> Site | None:
    """Return the names of this installation, `None` before `forum init`."""
    return db.session.scalar(select(Site).limit(1))


def get_site() -> Site:
    """Return the names of this installation, or general words for them."""
    return find_site() or NO_SITE
