"""What is said beside the name of an author: the role of staff, tenant, or participant of a consultation."""

from forum.discussion.rules import PostSource
from forum.kernel.actor import Party, Role
from forum.settings.queries import SiteNames
from forum.texts.catalogue import say


def author_label(grant: tuple[Role, Party | None] | None, source: PostSource, site: SiteNames) -> str:
    """Return what an author is called beside their name.

    Who took part in a consultation that was held elsewhere rents nothing here, so they are no tenant.

    Args:
        grant: the role of staff with its party; `None` for everybody else.
        source: how the post came in.
        site: with the names of the parties.
    """
    if grant is None:
        return say("role-participant" if source is PostSource.IMPORT else "role-tenant")
    role, party = grant
    return say(f"role-{role}", party=site.name_of(party) if party else "")
