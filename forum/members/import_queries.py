"""Reading what the register import compares with: members with a number, places, households."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from forum.kernel.database import db
from forum.members.models import (
    DISTRICT_OF_HOME,
    Complex,
    District,
    Household,
    Member,
    MemberState,
    RoleGrant,
)
from forum.members.register_diff import KnownMember
from forum.members.register_rows import AddressKey, address_key

REGISTER_LOCK = 7_200_602
"""Key of the PostgreSQL advisory lock that lets one import after the other."""
READ_BATCH = 5000


def lock_register() -> None:
    """Keep other imports, and changes of members with a number, waiting until the unit of work ends.

    SQLite has its write lock. On PostgreSQL this is a lock that lets others go on referring to those members,
    so nobody's post waits for an import.
    """
    session = db.session()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": REGISTER_LOCK})
        numbered = select(Member.id).where(Member.number.is_not(None)).order_by(Member.id)
        locked = numbered.with_for_update(key_share=True).subquery()
        session.execute(select(func.count()).select_from(locked))
    session.expire_all()


def iterate_known_members() -> Iterator[KnownMember]:
    """Yield every member with a tenant number, in the order of their ids."""
    members = (
        select(*KNOWN_COLUMNS)
        .select_from(Member)
        .outerjoin(Member.household)
        .outerjoin(Household.complex)
        .outerjoin(District, District.id == DISTRICT_OF_HOME)
        .where(Member.number.is_not(None))
        .order_by(Member.id)
    )
    for row in db.session.execute(members.execution_options(yield_per=READ_BATCH)):
        yield KnownMember(*row)


KNOWN_COLUMNS: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
    Member.id,
    Member.number,
    Member.first_name,
    Member.last_name,
    Member.email,
    Member.phone,
    Member.birth_year,
    Member.language,
    func.coalesce(Household.street, ""),
    func.coalesce(Household.house_number, ""),
    func.coalesce(Household.postcode, ""),
    func.coalesce(Household.city, ""),
    func.coalesce(Complex.name, ""),
    func.coalesce(District.name, ""),
    Member.state == MemberState.GONE,
    exists().where(RoleGrant.member_id == Member.id),
)
"""In the order of the fields of `KnownMember`."""


def known_districts() -> dict[str, int]:
    """Return the id of every district by its name in small letters."""
    found: dict[str, int] = {}
    for district_id, name in db.session.execute(select(District.id, District.name).order_by(District.id)):
        found.setdefault(name.casefold(), district_id)
    return found


def known_complexes() -> dict[str, tuple[int, int]]:
    """Return the id and the district of every complex by its name in small letters."""
    found: dict[str, tuple[int, int]] = {}
    places = select(Complex.id, Complex.name, Complex.district_id).order_by(Complex.id)
    for complex_id, name, district_id in db.session.execute(places):
        found.setdefault(name.casefold(), (complex_id, district_id))
    return found


@dataclass(frozen=True, slots=True)
class KnownHome:
    """A household as the forum knows it now."""

    household_id: int
    city: str
    complex_id: int | None
    district_id: int | None


def known_households() -> dict[AddressKey, KnownHome]:
    """Return every household by its address."""
    homes = select(
        Household.id,
        Household.postcode,
        Household.house_number,
        Household.street,
        Household.city,
        Household.complex_id,
        Household.district_id,
    ).order_by(Household.id)
    found: dict[AddressKey, KnownHome] = {}
    for row in db.session.execute(homes.execution_options(yield_per=READ_BATCH)):
        home = KnownHome(row.id, row.city, row.complex_id, row.district_id)
        found.setdefault(address_key(row.postcode, row.house_number, row.street), home)
    return found
