"""Reading what the parties are called here."""

from sqlalchemy import select

from forum.kernel.database import db
from forum.settings.models import Site

NO_SITE = Site(
    landlord_name="de verhuurder", tenants_name="de huurdersorganisatie", help_phone="", is_demo=False
)
"""What stands on the pages until `forum init` gave the parties their names."""


def find_site() -> Site | None:
    """Return the names of this installation, `None` before `forum init`."""
    return db.session.scalar(select(Site).limit(1))


def get_site() -> Site:
    """Return the names of this installation, or general words for them."""
    return find_site() or NO_SITE
