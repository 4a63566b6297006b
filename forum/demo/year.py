"""What the steps of the demo year share: what was asked for, and what the steps before made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from forum.demo.content import DemoContent
from forum.discussion.polis import Consultation
from forum.discussion.service import Body
from forum.kernel.actor import Actor, Party, Role


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """What was asked for. Two orders that are the same make the same year."""

    tenants: int
    seed: int
    today: date
    consultation: Consultation | None = None


@dataclass(slots=True)
class DemoYear:
    """The year while it is made: each step reads what the ones before it left here, and adds its own."""

    order: DemoOrder
    content: DemoContent
    bodies: Mapping[str, Body]
    """Rendered texts of posts, introductions and statements, by what they say."""
    officers: dict[tuple[Role, Party | None], Actor] = field(default_factory=dict)
    """Who has a role for a party; the first one when there are more."""
    staff: dict[int, Actor] = field(default_factory=dict)
    """The staff with a voice, by their voice."""
    voices: dict[int, str] = field(default_factory=dict)
    """The tenants with a voice: their number, by their voice."""
    members: dict[str, int] = field(default_factory=dict)
    """The id of each tenant, by number."""
    online: Sequence[str] = ()
    """The numbers of the tenants who can sign in."""
    topics: dict[str, int] = field(default_factory=dict)
    """The id of each published topic, by key."""
    posts: dict[tuple[str, str], int] = field(default_factory=dict)
    """The id of each post, by the key of its topic and its own."""

    def chance(self, step: str) -> Random:
        """Return the chance of one step, the same each time for one seed."""
        return Random(f"{self.order.seed}:{step}")  # noqa: S311 - has to repeat itself, and guards nothing

    def tenant(self, number: str) -> Actor:
        """Return a tenant as the services ask for."""
        return Actor(member_id=self.members[number], roles=frozenset({Role.TENANT}))
