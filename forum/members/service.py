"""Changing members: staff, roles, the name they show, their objection to scoring."""

from collections.abc import Collection
from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.members import policy
from forum.members.errors import (
    AddressInUse,
    GrantRefused,
    LastAdmin,
    NameOfRole,
    NameOfStaff,
    TenantAddress,
    TwoParties,
)
from forum.members.models import Member, RoleGrant
from forum.members.queries import (
    count_with_role,
    find_staff_by_email,
    list_staff_names,
    list_tenants_by_email,
)
from forum.members.rules import is_name_of, is_valid_grant, speaks_for_others
from forum.settings.queries import get_site


def add_staff_member(
    name: str, email: str, roles: Collection[Role], party: Party | None, actor: Actor, *, at: datetime
) -> Member:
    """Add somebody who is not in the tenant register, with their roles.

    Raises:
        Forbidden: the actor may not give roles.
        GrantRefused: a role that needs a party has none, or the other way round.
        AddressInUse: somebody of the staff has this e-mail address.
        TenantAddress: a tenant has it; a second account would take their sign-in from them.
    """
    _check_may_give_roles(actor)
    taken = find_staff_by_email(email.lower())
    if taken is not None:
        raise AddressInUse(name=taken.display_name)
    if list_tenants_by_email(email.lower()):
        raise TenantAddress
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
    """Change the name a member shows on the forum.

    Raises:
        NameOfStaff: somebody of the staff shows this name.
        NameOfRole: a tenant would seem to speak for the forum or a party.
    """
    lock(member)
    if display_name == member.display_name:
        return
    if is_name_of(display_name, list_staff_names(member)):
        raise NameOfStaff
    site = get_site()
    parties = (site.tenants_name, site.landlord_name)
    if not member.grants and speaks_for_others(display_name, parties):
        raise NameOfRole
    member.display_name = display_name
    audit.record(member.as_actor(at), "member.renamed", member_id=member.id, at=at)


def set_suspension(member: Member, until: datetime | None, actor: Actor, *, at: datetime) -> None:
    """Pause a member until a moment, or end that with `None`; the caller asked its own policy.

    What stands already changes nothing, nor does ending a pause that is over.
    """
    if member.suspended_until == until or (until is None and not member.is_suspended(at)):
        return
    lock(member)
    member.suspended_until = until
    action = "member.suspended" if until else "member.resumed"
    audit.record(actor, action, member_id=member.id, until=until and until.isoformat(), at=at)


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
