"""Reading members."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.members.errors import UnknownTenant
from forum.members.models import IS_STAFF, IS_TENANT, Household, Member, MemberState, RoleGrant
from forum.members.register_cells import read_house_number, read_postcode
from forum.members.register_faults import CellRefused
from forum.members.rules import is_last_of, is_name_of


def get_member(member_id: int) -> Member:
    """Return a member.

    Raises:
        NotFound: there is none with this number.
    """
    member = db.session.get(Member, member_id)
    if member is None:
        raise NotFound(member_id=member_id)
    return member


def list_staff() -> list[Member]:
    """Return all members with a role other than tenant, by name."""
    return list(db.session.scalars(select(Member).where(IS_STAFF).order_by(Member.display_name, Member.id)))


def find_staff_by_email(email: str) -> Member | None:
    """Return a member of the staff with this address, in lower case."""
    return db.session.scalar(select(Member).where(Member.email == email, IS_STAFF).limit(1))


def list_with_role(role: Role) -> list[Member]:
    """Return the active members with a role, by name."""
    return list(
        db.session.scalars(
            select(Member)
            .join(RoleGrant, RoleGrant.member_id == Member.id)
            .where(RoleGrant.role == role, Member.state == MemberState.ACTIVE)
            .order_by(Member.display_name, Member.id)
        )
    )


def list_acting(parties: Collection[Party], *roles: Role) -> Sequence[Member]:
    """Return the active members who act for one of these parties in one of these roles, oldest first."""
    acting = select(RoleGrant.member_id).where(RoleGrant.party.in_(parties), RoleGrant.role.in_(roles))
    return db.session.scalars(
        select(Member).where(Member.id.in_(acting), Member.state == MemberState.ACTIVE).order_by(Member.id)
    ).all()


def list_tenants_by_email(email: str) -> list[Member]:
    """Return the active tenants without a role who have this address, in lower case."""
    return list(
        db.session.scalars(
            select(Member).where(Member.email == email, IS_TENANT).order_by(Member.id).limit(10)
        )
    )


def find_by_number(number: str) -> Member | None:
    """Return the active member of the register with this number, in whatever capitals it was typed."""
    typed = number.strip()
    return db.session.scalar(
        select(Member)
        .where(Member.number.in_({typed, typed.upper()}), Member.state == MemberState.ACTIVE)
        .order_by(Member.id)
        .limit(1)
    )


def list_staff_names(but: Member) -> list[str]:
    """Return the names that the staff show, without this member."""
    return list(db.session.scalars(select(Member.display_name).where(IS_STAFF, Member.id != but.id)))


def count_with_role(role: Role) -> int:
    """Return how many members have a role."""
    return db.session.scalar(select(func.count()).where(RoleGrant.role == role)) or 0


def find_tenant(number: str) -> Member | None:
    """Return the active tenant with this number; staff are none."""
    member = find_by_number(number)
    return None if member is None or member.grants else member


def find_tenant_at(name: str, postcode: str, house_number: str) -> Member | None:
    """Return the only active tenant of an address who answers to a name; `None` for nobody, and for two.

    Args:
        name: the last name, or more of it, as somebody wrote it on paper.
        postcode: in any spelling.
        house_number: in any spelling.
    """
    try:
        postcode = read_postcode(postcode)
    except CellRefused:
        return None
    neighbours = db.session.scalars(
        select(Member)
        .join(Household, Household.id == Member.household_id)
        .where(Household.postcode == postcode, Household.house_number == read_house_number(house_number))
        .where(IS_TENANT)
    ).all()
    found = [one for one in neighbours if is_last_of(one.last_name, name)]
    if len(found) > 1:  # two of one family: the first name decides
        found = [one for one in found if is_name_of(name, [f"{one.first_name} {one.last_name}"])]
    return found[0] if len(found) == 1 else None


def get_tenant(number: str) -> Member:
    """Return the active tenant with this number; staff are none.

    Raises:
        UnknownTenant: nobody has it.
    """
    tenant = find_tenant(number)
    if tenant is None:
        raise UnknownTenant(number=number)
    return tenant


def count_tenants() -> int:
    """Return how many active tenants of the register there are; staff are none."""
    return db.session.scalar(select(func.count()).select_from(Member).where(IS_TENANT)) or 0
