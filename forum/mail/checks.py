"""Whether a message is still wanted, asked just before it leaves. Features register a check per template."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from forum.members.models import Member, MemberState

Check: TypeAlias = Callable[[Mapping[str, Any], Member], bool]

CHECKS: dict[str, Check] = {}


def register_check(template: str, check: Check) -> None:
    """Have a check asked before each message of a template; one that says no drops the message.

    Args:
        template: page under `templates/mail/`, without ending.
        check: gets the details of the message and its member; it reads, and changes nothing.

    Raises:
        ValueError: the template has one.
    """
    if template in CHECKS:
        message = f"mail template {template!r} has a check"
        raise ValueError(message)
    CHECKS[template] = check


def is_still_wanted(template: str, details: Mapping[str, Any], member: Member | None) -> bool:
    """Tell whether a message may leave: the member is here, and its feature agrees."""
    if member is None or member.state is not MemberState.ACTIVE:
        return False
    check = CHECKS.get(template)
    return check is None or check(details, member)
