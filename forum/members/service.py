"""Changing members: staff, roles, the name they show, their objection to scoring."""

from collections.abc import Collection
from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.members import policy
from forum.members.errors import GrantRefused, LastAdmin, TwoParties
from forum.members.models import Member, RoleGrant
from forum.members.queries import count_with_role
from forum.members.rules import is_valid_grant


def add_staff_member(
    name: str, email: str, roles: Collection[Role], party: Party | None, actor: Actor, *, at: datetime
) -> Member:
    """Add somebody who is not in the tenant register, with their roles.

    Raises:
        Forbidden: the actor may not give roles.
        GrantRefused: a role that needs a party has none, or the other way round.
    """
    member = Member(display_name=name, email=email.lower())
    db.session.add(member)
    db.session.flush()
    for role in sorted(roles):
        grant_role(member, role, party, actor, at=at)
    return member


def grant_role(member: Member, role: Role, party: Party | None, actor: Actor, *, at: datetime) -> None:
    """Give a member a role; giving it again changes nothing.

    Raises:
        Forbidden: the actor may not give roles.
        GrantRefused: the role needs a party, or may not have one.
        TwoParties: the member acts for the other party.
    """
    _check_may_give_roles(actor)
    if not is_valid_grant(role, party):
        raise GrantRefused(role=role)
    lock(member)
    if party and any(grant.party == party.other for grant in member.grants):
        raise TwoParties(name=member.display_name)
    if any(grant.role == role for grant in member.grants):
        return
    member.grants.append(RoleGrant(member_id=member.id, role=role, party=party))
    audit.record(actor, "role.granted", member_id=member.id, role=role, for_party=party, at=at)


def revoke_role(member: Member, role: Role, actor: Actor, *, at: datetime) -> None:
    """Take a role from a member; taking what they do not have changes nothing.

    Raises:
        Forbidden: the actor may not give roles.
        LastAdmin: it is the last administrator.
    """
    _check_may_give_roles(actor)
    lock(member)
    grant = next((grant for grant in member.grants if grant.role == role), None)
    if grant is None:
        return
    if role is Role.ADMIN and count_with_role(Role.ADMIN) == 1:
        raise LastAdmin
    member.grants.remove(grant)
    audit.record(actor, "role.revoked", member_id=member.id, role=role, at=at)


def _check_may_give_roles(actor: Actor) -> None:
    if not policy.can_give_roles(actor):
        raise Forbidden(action="give-role")


def rename(member: Member, display_name: str, *, at: datetime) -> None:
    """Change the name a member shows on the forum."""
    lock(member)
    member.display_name = display_name
    audit.record(member.as_actor(at), "member.renamed", member_id=member.id, at=at)


def object_to_scoring(member: Member, *, at: datetime) -> None:
    """Record that a member does not want to be scored; they keep their account. Twice changes nothing."""
    lock(member)
    if member.scoring_objected_at is None:
        member.scoring_objected_at = at
        audit.record(member.as_actor(at), "scoring.objected", member_id=member.id, at=at)


def allow_scoring(member: Member, *, at: datetime) -> None:
    """Take the objection to scoring back."""
    lock(member)
    if member.scoring_objected_at is not None:
        member.scoring_objected_at = None
        audit.record(member.as_actor(at), "scoring.allowed", member_id=member.id, at=at)
