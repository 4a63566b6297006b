"""What is true of roles."""

from forum.kernel.actor import Party, Role

ROLES_OF_A_PARTY = frozenset({Role.DELEGATE, Role.MODERATOR})
"""Roles in which somebody acts for one of the two parties."""


def is_valid_grant(role: Role, party: Party | None) -> bool:
    """Tell whether a role goes with a party, or with none."""
    return role is not Role.TENANT and (role in ROLES_OF_A_PARTY) == (party is not None)
