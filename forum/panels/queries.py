"""Reading panels, and the register as quotas see it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from forum.agenda.models import Topic
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.kernel.reading import read
from forum.members.models import (
    DISTRICT_OF_HOME,
    Complex,
    District,
    Household,
    Member,
    MemberState,
    RoleGrant,
)
from forum.panels.models import Candidate, Meeting, Panel, PanelForm
from forum.panels.rules import PUBLIC_STATES, Category, PanelState, age_band


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
    return db.session.scalars(
        select(Panel)
        .options(joinedload(Panel.form), joinedload(Panel.topic).selectinload(Topic.versions))
        .order_by(Panel.id.desc())
        .limit(500)
    ).all()


_PUBLIC_PANELS = (
    select(Panel.id, Panel.title, Panel.state, func.min(Meeting.starts_at).label("meets_at"))
    .join(Panel.meetings)
    .where(Panel.topic_id == bindparam("topic_id"), Panel.state.in_(PUBLIC_STATES))
    .group_by(Panel.id, Panel.title, Panel.state)
    .order_by(Panel.id)
    .limit(20)
)


def list_public_panels(topic_id: int) -> Sequence[tuple[int, str, PanelState, datetime]]:
    """Return number, title, state and first meeting of the public panels on a topic, oldest first."""
    rows = read(_PUBLIC_PANELS, topic_id=topic_id)
    return [(row.id, row.title, row.state, row.meets_at) for row in rows]


def find_form(key: str) -> PanelForm | None:
    """Return a participation form by its key."""
    return db.session.scalar(select(PanelForm).where(PanelForm.key == key))


def _tenants() -> ColumnElement[bool]:
    return (Member.state == MemberState.ACTIVE) & Member.id.not_in(select(RoleGrant.member_id))


def count_register(category: Category, year: int) -> Mapping[str, int]:
    """Return how many active tenants have each value of a category; unknown values are left out."""
    if category is Category.AGE:
        rows = db.session.execute(
            select(Member.birth_year, func.count())
            .where(_tenants(), Member.number.is_not(None), Member.birth_year.is_not(None))
            .group_by(Member.birth_year)
        )
        bands: Counter[str] = Counter()
        for birth_year, count in rows:
            bands[age_band(birth_year, year) or ""] += count
        return dict(sorted(bands.items()))
    name = District.name if category is Category.DISTRICT else Complex.name
    counted = db.session.execute(
        select(name, func.count())
        .select_from(Member)
        .join(Household, Household.id == Member.household_id)
        .outerjoin(Complex, Complex.id == Household.complex_id)
        .outerjoin(District, District.id == DISTRICT_OF_HOME)
        .where(_tenants(), Member.number.is_not(None), name.is_not(None))
        .group_by(name)
        .order_by(name)
    )
    return {value: count for value, count in counted}


def names_of_candidates(panel: Panel, pseudonyms: Sequence[str]) -> Mapping[str, Member]:
    """Return the members behind pseudonyms of a panel."""
    rows = db.session.scalars(
        select(Candidate)
        .where(Candidate.panel_id == panel.id, Candidate.pseudonym.in_(pseudonyms))
        .options(joinedload(Candidate.member))
    )
    return {candidate.pseudonym: candidate.member for candidate in rows}


def find_pseudonym(panel: Panel, member_id: int) -> str | None:
    """Return the pseudonym of a member in a panel's dossier."""
    return db.session.scalar(
        select(Candidate.pseudonym).where(Candidate.panel_id == panel.id, Candidate.member_id == member_id)
    )


def list_candidate_members(panel: Panel) -> Sequence[tuple[str, int]]:
    """Return the pseudonym and member of every candidate."""
    rows = db.session.execute(
        select(Candidate.pseudonym, Candidate.member_id).where(Candidate.panel_id == panel.id)
    )
    return [(key, member_id) for key, member_id in rows]
