"""Reading panels, and the register as quotas see it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from forum.agenda.models import Topic
from forum.kernel.clock import local_day
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.kernel.reading import read
from forum.members.models import (
    DISTRICT_OF_HOME,
    IS_TENANT,
    Complex,
    District,
    Household,
    Member,
)
from forum.panels.areas import area_limits
from forum.panels.burdens import list_burdens
from forum.panels.models import Candidate, Meeting, Panel
from forum.panels.rules import (
    BEFORE,
    CONFIRMED_STATES,
    FIRST,
    PUBLIC_STATES,
    Area,
    Category,
    PanelState,
    QuotaRows,
    age_band,
    bounds_of,
)

MEMBERS_PER_QUERY = 10_000
"""A database takes only so many parameters at once."""


def get_panel(panel_id: int) -> Panel:
    """Return a panel with its topic, meetings and quotas.

    Raises:
        NotFound: there is none with this number.
    """
    panel = db.session.scalar(
        select(Panel)
        .where(Panel.id == panel_id)
        .options(
            joinedload(Panel.topic).selectinload(Topic.versions),
            joinedload(Panel.form),
            selectinload(Panel.meetings),
            selectinload(Panel.quotas),
        )
    )
    if panel is None:
        raise NotFound(panel_id=panel_id)
    return panel


def list_panels() -> Sequence[Panel]:
    """Return all panels, newest first."""
    return db.session.scalars(_panels()).all()


def list_panels_run_by(member_id: int) -> Sequence[Panel]:
    """Return the panels that a member coordinates, newest first."""
    return db.session.scalars(_panels().where(Panel.coordinator_id == member_id)).all()


def _panels() -> Select[Panel]:
    return (
        select(Panel)
        .options(joinedload(Panel.form), joinedload(Panel.topic).selectinload(Topic.versions))
        .order_by(Panel.id.desc())
        .limit(500)
    )


_IS_PUBLIC = (Panel.topic_id == bindparam("topic_id")) & Panel.state.in_(PUBLIC_STATES)
_STANDS = Meeting.cancelled_at.is_(None)
_NEXT = func.min(Meeting.starts_at).filter(_STANDS, Meeting.starts_at > bindparam("at"))
_LAST = func.max(Meeting.starts_at).filter(_STANDS)
_PUBLIC_PANELS = (
    select(
        Panel.id,
        Panel.title,
        Panel.state,
        func.coalesce(_NEXT, _LAST, func.min(Meeting.starts_at)).label("meets_at"),
    )
    .join(Panel.meetings)
    .where(_IS_PUBLIC)
    .group_by(Panel.id, Panel.title, Panel.state)
    .order_by(Panel.id)
    .limit(20)
)


def list_public_panels(topic_id: int, at: datetime) -> Sequence[tuple[int, str, PanelState, datetime]]:
    """Return number, title, state and meeting of the public panels on a topic, oldest first.

    The meeting is the next one that stands, else the last.
    """
    rows = read(_PUBLIC_PANELS, topic_id=topic_id, at=at)
    return [(row.id, row.title, row.state, row.meets_at) for row in rows]


def list_public_panel_ids(topic_id: int) -> Sequence[int]:
    """Return the numbers of the public panels on a topic, oldest first."""
    ids = select(Panel.id).where(_IS_PUBLIC).order_by(Panel.id).limit(20)
    return db.session.scalars(ids, {"topic_id": topic_id}).all()


def find_renewal(panel: Panel) -> Panel | None:
    """Return the panel that was made in the place of one that was not possible."""
    return db.session.scalar(select(Panel).where(Panel.renewed_from_id == panel.id))


def count_register(category: Category, area: Area, *, at: datetime) -> Mapping[str, int]:
    """Return how many active tenants of an area have each value of a category; unknown ones are left out."""
    tenants = (IS_TENANT, *area_limits(area))
    if category is Category.FIRST_TIME:
        return _count_first_time(tenants, at)
    if category is Category.AGE:
        rows = db.session.execute(
            _in_register(Member.birth_year, func.count())
            .where(*tenants, Member.birth_year.is_not(None))
            .group_by(Member.birth_year)
        )
        bands: Counter[str] = Counter()
        for birth_year, count in rows:
            bands[age_band(birth_year, local_day(at).year) or ""] += count
        return dict(sorted(bands.items()))
    name = District.name if category is Category.DISTRICT else Complex.name
    counted = db.session.execute(
        _in_register(name, func.count()).where(*tenants, name.is_not(None)).group_by(name).order_by(name)
    )
    return {value: count for value, count in counted}


def proposed_quotas(seats: int, categories: Sequence[Category], area: Area, *, at: datetime) -> QuotaRows:
    """Return the quotas that follow from the register, with the usual slack on either side.

    Args:
        seats: for how many people.
        categories: in what they look like all tenants.
        area: the tenants who are counted.
        at: when.
    """
    return [
        (category.value, value, least, most)
        for category in categories
        for value, (least, most) in bounds_of(category, seats, count_register(category, area, at=at)).items()
    ]


def _in_register(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Member)
        .outerjoin(Household, Household.id == Member.household_id)
        .outerjoin(Complex, Complex.id == Household.complex_id)
        .outerjoin(District, District.id == DISTRICT_OF_HOME)
    )


def _count_first_time(tenants: Sequence[ColumnElement[bool]], at: datetime) -> Mapping[str, int]:
    sat = [member_id for member_id, burden in list_burdens(at=at).items() if burden.sits_until is not None]
    everybody = db.session.scalar(_in_register(func.count()).where(*tenants)) or 0
    before = 0
    for start in range(0, len(sat), MEMBERS_PER_QUERY):
        some = Member.id.in_(sat[start : start + MEMBERS_PER_QUERY])
        before += db.session.scalar(_in_register(func.count()).where(*tenants, some)) or 0
    return {FIRST: everybody - before, BEFORE: before}


def names_of_candidates(panel: Panel, pseudonyms: Sequence[str]) -> Mapping[str, Member]:
    """Return the members behind pseudonyms of a panel."""
    rows = db.session.scalars(
        select(Candidate)
        .where(Candidate.panel_id == panel.id, Candidate.pseudonym.in_(pseudonyms))
        .options(joinedload(Candidate.member))
    )
    return {candidate.pseudonym: candidate.member for candidate in rows}


def find_candidate(panel_id: int, member_id: int) -> Candidate | None:
    """Return a member as a candidate of a panel, or None for who was none."""
    return db.session.scalar(
        select(Candidate).where(Candidate.panel_id == panel_id, Candidate.member_id == member_id)
    )


def list_judged_panels(member_id: int) -> Sequence[tuple[int, str]]:
    """Return number and title of the confirmed panels of which a member was a candidate, newest first."""
    rows = db.session.execute(
        select(Panel.id, Panel.title)
        .join(Candidate, Candidate.panel_id == Panel.id)
        .where(Candidate.member_id == member_id, Panel.state.in_(CONFIRMED_STATES))
        .order_by(Panel.id.desc())
        .limit(50)
    )
    return [(panel_id, title) for panel_id, title in rows]


def list_candidate_members(panel: Panel) -> Sequence[tuple[str, int]]:
    """Return the pseudonym and member of every candidate."""
    rows = db.session.execute(
        select(Candidate.pseudonym, Candidate.member_id).where(Candidate.panel_id == panel.id)
    )
    return [(key, member_id) for key, member_id in rows]


def list_unexplained_panels(most: int) -> Sequence[int]:
    """Return confirmed panels of which nothing was worked out yet."""
    return db.session.scalars(
        select(Panel.id)
        .where(Panel.state.in_(CONFIRMED_STATES), Panel.explained_sha256.is_(None))
        .order_by(Panel.id)
        .limit(most)
    ).all()
