"""Setting an installation up."""

from forum.kernel.database import db
from forum.settings.errors import AlreadySetUp
from forum.settings.models import Site
from forum.settings.queries import find_site


def name_site(
    landlord_name: str,
    tenants_name: str,
    *,
    help_phone: str = "",
    post_address: str = "",
    is_demo: bool = False,
) -> Site:
    """Record what the parties are called here, once.

    Raises:
        AlreadySetUp: the installation has its names.
    """
    if find_site() is not None:
        raise AlreadySetUp
    site = Site(
        landlord_name=landlord_name,
        tenants_name=tenants_name,
        help_phone=help_phone,
        post_address=post_address,
        is_demo=is_demo,
    )
    db.session.add(site)
    db.session.flush()
    return site
