"""What is true of members and their roles."""

from collections.abc import Collection
from datetime import datetime

from forum.kernel.actor import Actor, Party, Role

ROLES_OF_A_PARTY = frozenset({Role.DELEGATE, Role.MODERATOR})
"""Roles in which somebody acts for one of the two parties."""


def is_valid_grant(role: Role, party: Party | None) -> bool:
    """Tell whether a role goes with a party, or with none."""
    return role is not Role.TENANT and (role in ROLES_OF_A_PARTY) == (party is not None)


def is_suspended(until: datetime | None, at: datetime) -> bool:
    """Tell whether a member who is paused until a moment is so at another."""
    return until is not None and at < until


def actor_of(member_id: int, grants: Collection[tuple[Role, Party | None]], *, suspended: bool) -> Actor:
    """Return a member as rules see them; whoever was given no role is a tenant."""
    return Actor(
        member_id=member_id,
        party=next((party for _, party in grants if party), None),
        roles=frozenset(role for role, _ in grants) or frozenset({Role.TENANT}),
        suspended=suspended,
    )
