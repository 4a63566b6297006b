"""Changing what the parties are called and how to reach them."""

from datetime import datetime

from forum.admin import policy
from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import lock
from forum.kernel.errors import Forbidden
from forum.settings.models import Site


def change_site(
    site: Site,
    actor: Actor,
    *,
    landlord_name: str,
    tenants_name: str,
    help_phone: str,
    post_address: str,
    at: datetime,
) -> None:
    """Change what all pages, mails and letters from now on show of the parties; the logbook keeps both.

    Raises:
        Forbidden: the actor is no administrator.
    """
    if not policy.can_change_site(actor):
        raise Forbidden(action="change-site")
    lock(site)
    new = {
        "landlord_name": landlord_name,
        "tenants_name": tenants_name,
        "help_phone": help_phone,
        "post_address": post_address,
    }
    before = {name: getattr(site, name) for name, value in new.items() if getattr(site, name) != value}
    if not before:
        return
    for name in before:
        setattr(site, name, new[name])
    after = {name: new[name] for name in before}
    audit.record(actor, "site.changed", before=before, after=after, at=at)
