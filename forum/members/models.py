"""Members of the forum, the households they live in and the places those stand."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.kernel.actor import Actor, Party, Role
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members import rules


class MemberState(StrEnum):
    """Whether somebody still rents (or works) here."""

    ACTIVE = "active"
    GONE = "gone"


class District(Base):
    """A part of town (wijk)."""

    __tablename__ = "district"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)


class Complex(Base):
    """A group of homes that the corporation manages as one."""

    __tablename__ = "complex"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    district: Mapped[District] = relationship()


class Household(Base):
    """One address; the members who live there are one household.

    The district is that of the complex; only a home that stands in no complex has a district of its own.
    """

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("postcode", "house_number", "street"),
        CheckConstraint("complex_id IS NULL OR district_id IS NULL", name="place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    street: Mapped[str] = mapped_column(String(100))
    house_number: Mapped[str] = mapped_column(String(20))
    postcode: Mapped[str] = mapped_column(String(7))
    city: Mapped[str] = mapped_column(String(100))
    complex_id: Mapped[int | None] = mapped_column(ForeignKey("complex.id"), index=True)
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    complex: Mapped[Complex | None] = relationship()


DISTRICT_OF_HOME = func.coalesce(Household.district_id, Complex.district_id)
"""The district of a home, for queries that join its household and, from outside, its complex."""


class Member(Base):
    """A person of the register, of the staff, or of an imported consultation (`external_key`).

    Only people of the register have a tenant number. E-mail is in lower case. `language` is what they speak,
    as the register says; `interface_language` is what they chose to read the forum in, if they did.
    """

    __tablename__ = "member"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(30), unique=True)
    external_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    first_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100), default="")
    display_name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(30))
    birth_year: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(10), default="nl")
    interface_language: Mapped[str | None] = mapped_column(String(10))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    state: Mapped[MemberState] = mapped_column(state_column(MemberState), default=MemberState.ACTIVE)
    suspended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    scoring_objected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    household: Mapped[Household | None] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def full_name(self) -> str:
        """Return the name that letters and mail go to: that of the register, else the shown one."""
        return f"{self.first_name} {self.last_name}".strip() or self.display_name

    def is_suspended(self, at: datetime) -> bool:
        """Tell whether the member is paused at a moment."""
        return rules.is_suspended(self.suspended_until, at)

    def as_actor(self, at: datetime) -> Actor:
        """Return the facts that rules ask for."""
        grants = [(grant.role, grant.party) for grant in self.grants]
        return rules.actor_of(self.id, grants, suspended=self.is_suspended(at))


class RoleGrant(Base):
    """A role other than tenant that the administrator gave. A member acts for one party at most."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("member_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    role: Mapped[Role] = mapped_column(state_column(Role))
    party: Mapped[Party | None] = mapped_column(state_column(Party))


IS_STAFF = Member.id.in_(select(RoleGrant.member_id))
IS_TENANT = Member.number.is_not(None) & (Member.state == MemberState.ACTIVE) & ~IS_STAFF
"""An active person of the register who is no staff, for queries of members."""
