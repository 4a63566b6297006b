"""Who acts: the few facts about a signed-in person that rules of every feature ask for."""

from dataclasses import dataclass, field
from enum import StrEnum


class Party(StrEnum):
    """The two parties that share the forum."""

    TENANTS = "tenants"
    LANDLORD = "landlord"

    @property
    def other(self) -> "Party":
        """Return the party across the table."""
        return Party.LANDLORD if self is Party.TENANTS else Party.TENANTS


class Role(StrEnum):
    """What a member may be; everything but `TENANT` is staff."""

    TENANT = "tenant"
    DELEGATE = "delegate"
    MODERATOR = "moderator"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """A member who acts, or nobody (`member_id` is `None`) for a visitor or the system."""

    member_id: int | None = None
    party: Party | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    suspended: bool = False
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Tell whether this is a known member."""
        return self.member_id is not None

    @property
    def is_staff(self) -> bool:
        """Tell whether the member has any role but tenant."""
        return bool(self.roles - {Role.TENANT})

    @property
    def is_tenant(self) -> bool:
        """Tell whether the member takes part as a tenant only."""
        return self.roles == {Role.TENANT}

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the member has one of the roles."""
        return not self.roles.isdisjoint(roles)

    def acts_for_party(self, *roles: Role) -> bool:
        """Tell whether the member may act for a party in one of these roles: not while they are suspended."""
        return self.has_role(*roles) and self.party is not None and not self.suspended


VISITOR = Actor()
SYSTEM = Actor(is_system=True)
"""The forum itself, for what no person does: setting up, background work."""
