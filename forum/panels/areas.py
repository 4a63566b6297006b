"""Where the tenants of a panel for everybody live: in one complex, in one district, or anywhere."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from forum.kernel.database import db
from forum.members.models import (
    DISTRICT_OF_HOME,
    IS_TENANT,
    Complex,
    District,
    Household,
    Member,
)
from forum.panels.rules import EVERYWHERE, Area
from forum.texts.catalogue import say


def area_limits(area: Area) -> Sequence[ColumnElement[bool]]:
    """Return what limits members to an area, in a query that joins their household and complex."""
    if area.complex_id is not None:
        return [Household.complex_id == area.complex_id]
    if area.district_id is not None:
        return [DISTRICT_OF_HOME == area.district_id]  # noqa: SIM300 - a column on its left makes it a clause
    return []


def count_tenants(area: Area) -> int:
    """Return how many active tenants live in an area; staff are not counted."""
    counted = (
        select(func.count())
        .select_from(Member)
        .outerjoin(Household, Household.id == Member.household_id)
        .outerjoin(Complex, Complex.id == Household.complex_id)
        .where(IS_TENANT, *area_limits(area))
    )
    return db.session.scalar(counted) or 0


def list_areas() -> Sequence[tuple[Area, str]]:
    """Return every area with its name: everywhere, then the complexes, then the districts."""
    complexes = db.session.execute(select(Complex.id, Complex.name).order_by(Complex.name))
    districts = db.session.execute(select(District.id, District.name).order_by(District.name))
    return [
        (EVERYWHERE, say("area-everywhere")),
        *((Area(complex_id=row.id), say("area-complex", name=row.name)) for row in complexes),
        *((Area(district_id=row.id), say("area-district", name=row.name)) for row in districts),
    ]


def name_area(area: Area) -> str:
    """Return the name of an area."""
    if area.complex_id is not None:
        return say("area-complex", name=db.session.get_one(Complex, area.complex_id).name)
    if area.district_id is not None:
        return say("area-district", name=db.session.get_one(District, area.district_id).name)
    return say("area-everywhere")
