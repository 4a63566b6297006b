"""Files that go along with a message. Features register who makes them per template."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from forum.members.models import Member


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file; `mime` may have parameters: `text/calendar; method=REQUEST; charset=utf-8`."""

    filename: str
    content: bytes
    mime: str


Attacher: TypeAlias = Callable[[Mapping[str, Any], Member], Sequence[Attachment]]

ATTACHERS: dict[str, Attacher] = {}


def register_attachment(template: str, attacher: Attacher) -> None:
    """Have the files of each message of a template made when it leaves.

    Args:
        template: page under `templates/mail/`, without ending.
        attacher: gets the details of the message and its member; it reads, and changes nothing.

    Raises:
        ValueError: the template has one.
    """
    if template in ATTACHERS:
        message = f"mail template {template!r} has attachments"
        raise ValueError(message)
    ATTACHERS[template] = attacher


def attachments_of(template: str, details: Mapping[str, Any], member: Member) -> Sequence[Attachment]:
    """Return the files that go along with a message."""
    attacher = ATTACHERS.get(template)
    return attacher(details, member) if attacher else ()
