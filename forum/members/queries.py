"""Reading members."""

from sqlalchemy import func, select

from forum.kernel.actor import Role
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.members.models import Member, MemberState, RoleGrant


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
    return list(
        db.session.scalars(
            select(Member)
            .where(Member.id.in_(select(RoleGrant.member_id)))
            .order_by(Member.display_name, Member.id)
        )
    )


def count_with_role(role: Role) -> int:
    """Return how many members have a role."""
    return db.session.scalar(select(func.count()).where(RoleGrant.role == role)) or 0


def find_tenant(number: str) -> Member | None:
    """Return the active tenant with this number; staff are none."""
    return db.session.scalar(
        select(Member).where(
            Member.number == number.strip(),
            Member.state == MemberState.ACTIVE,
            Member.id.not_in(select(RoleGrant.member_id)),
        )
    )
