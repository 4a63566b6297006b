"""Reading what the parties are called here."""

from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from forum.kernel.actor import Party
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.kernel.reading import read
from forum.settings.models import Site
from forum.texts.catalogue import say


class SiteNames(NamedTuple):
    """What the pages show of an installation."""

    landlord_name: str
    tenants_name: str
    help_phone: str
    post_address: str
    is_demo: bool

    def name_of(self, party: Party) -> str:
        """Return what a party is called here."""
        return self.tenants_name if party == Party.TENANTS else self.landlord_name


UNREAD = SiteNames(landlord_name="", tenants_name="", help_phone="", post_address="", is_demo=False)

SITE_COLUMNS = tuple(getattr(Site, name) for name in SiteNames._fields)
"""What a query can read along, so that its page needs none for the site alone: see `site_in`."""
THE_SITE = Site.id == select(func.min(Site.id)).scalar_subquery()
_NAMES = select(*SITE_COLUMNS).where(THE_SITE)


def no_site() -> SiteNames:
    """Return what stands on the pages until `forum init` gave the parties their names."""
    return UNREAD._replace(landlord_name=say("the-landlord"), tenants_name=say("the-tenants"))


def site_in(row: Row[Any]) -> SiteNames:
    """Return the names from a row with `SITE_COLUMNS` of an outer join on `THE_SITE`."""
    if row.landlord_name is None:
        return no_site()
    return SiteNames(*(getattr(row, name) for name in SiteNames._fields))


def find_site() -> Site | None:
    """Return the row of this installation, `None` before `forum init`."""
    return db.session.scalar(select(Site).limit(1))


def find_demo_mark() -> bool | None:
    """Return whether this installation is a demo, `None` before it has names; older tables can tell too."""
    return db.session.scalar(select(Site.is_demo).limit(1))


def get_site_row() -> Site:
    """Return the row of this installation, to change it.

    Raises:
        NotFound: `forum init` was not called yet.
    """
    site = find_site()
    if site is None:
        raise NotFound
    return site


def get_site() -> SiteNames:
    """Return the names of this installation, or general words for them."""
    rows = read(_NAMES)
    return site_in(rows[0]) if rows else no_site()
