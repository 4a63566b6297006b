"""What a message says, looked up just before it leaves. Features register who does so per template.

So a message tells how things are when it goes, and the outbox keeps no texts of members.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from forum.members.models import Member

ContentMaker: TypeAlias = Callable[[Mapping[str, Any], Member], Mapping[str, Any]]

MAKERS: dict[str, ContentMaker] = {}


def register_content(template: str, maker: ContentMaker) -> None:
    """Have further details of each message of a template made when it leaves.

    Args:
        template: page under `templates/mail/`, without ending.
        maker: gets the details of the message and its member; it reads, and changes nothing.

    Raises:
        ValueError: the template has one.
    """
    if template in MAKERS:
        message = f"mail template {template!r} has a maker of its content"
        raise ValueError(message)
    MAKERS[template] = maker


def whole_details(template: str, details: Mapping[str, Any], member: Member) -> Mapping[str, Any]:
    """Return the details of a message with what its feature adds."""
    maker = MAKERS.get(template)
    return {**details, **maker(details, member)} if maker else details
