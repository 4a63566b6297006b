"""Who can be chosen: the members of a topic's frozen scores, or all tenants, under pseudonyms."""

import hmac
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select

from forum.activity.models import FrozenScore, ScoreSnapshot
from forum.activity.scoring_facts import MemberWhyNot
from forum.kernel.clock import local_day
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
from forum.panels.models import Candidate, Panel
from forum.panels.rules import Category, FillingMode, age_band

EXCLUSIONS = {
    MemberWhyNot.NOT_ABLE: "suspended",
    MemberWhyNot.NO_COUNTED_POST: "no_post",
    MemberWhyNot.BELOW_MIN_SCORE: "min_score",
    MemberWhyNot.TOO_MANY_UPHELD_FLAGS: "flags",
}
"""Reason codes of the selection for why a member is not eligible on activity."""

PSEUDONYM_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the selection sees them; `barred` is the code of why they cannot be chosen."""

    member_id: int
    household_id: int | None
    score_cp: int
    attrs: Mapping[str, str | None]
    barred: str | None


def list_people(panel: Panel, snapshot: ScoreSnapshot | None, *, at: datetime) -> Sequence[Person]:
    """Return everybody the panel can be filled from; staff are never among them.

    For `everyone` that is all tenants of the register, else the members of the topic's frozen scores.
    """
    year = local_day(at).year
    return [_person(row, panel.mode, year, at) for row in db.session.execute(_people(panel, snapshot))]


def _people(panel: Panel, snapshot: ScoreSnapshot | None) -> Select[*tuple[Any, ...]]:
    columns = (
        Member.id,
        Member.household_id,
        Member.birth_year,
        Member.state,
        Member.suspended_until,
        Member.scoring_objected_at,
        District.name.label("district"),
        Complex.name.label("complex"),
    )
    staff = select(RoleGrant.member_id)
    people: Select[*tuple[Any, ...]]
    if panel.mode is FillingMode.EVERYONE:
        people = select(*columns).where(Member.number.is_not(None), Member.state == MemberState.ACTIVE)
    else:
        assert snapshot is not None, "a panel on activity is filled from frozen scores"
        people = (
            select(*columns, FrozenScore.score_cp, FrozenScore.why_not)
            .join(FrozenScore, FrozenScore.member_id == Member.id)
            .where(FrozenScore.snapshot_id == snapshot.id)
        )
    return (
        people.outerjoin(Household, Household.id == Member.household_id)
        .outerjoin(Complex, Complex.id == Household.complex_id)
        .outerjoin(District, District.id == DISTRICT_OF_HOME)
        .where(Member.id.not_in(staff))
        .order_by(Member.id)
    )


def _person(row: Any, mode: FillingMode, year: int, at: datetime) -> Person:
    on_activity = mode is not FillingMode.EVERYONE
    return Person(
        member_id=row.id,
        household_id=row.household_id,
        score_cp=row.score_cp if on_activity else 0,
        attrs={
            Category.AGE.value: age_band(row.birth_year, year),
            Category.DISTRICT.value: row.district,
            Category.COMPLEX.value: row.complex,
        },
        barred=_why_barred(row, on_activity=on_activity, at=at),
    )


def _why_barred(row: Any, *, on_activity: bool, at: datetime) -> str | None:
    """Eligibility is checked at the moment of the selection: who left or was paused since is out."""
    if row.state is not MemberState.ACTIVE or (row.suspended_until and at < row.suspended_until):
        return "suspended"
    if not on_activity:
        return None
    if row.scoring_objected_at is not None:
        return "opted_out"
    return EXCLUSIONS[MemberWhyNot(row.why_not[0])] if row.why_not else None


def pseudonym(key: str, kind: str, row_id: int) -> str:
    """Return the name of a member or household in the dossier; without the panel's key nobody can undo it."""
    digest = hmac.digest(bytes.fromhex(key), f"pseudonym:{kind}:{row_id}".encode(), "sha256")
    return kind[0] + "-" + b32encode(digest).decode().lower()[:PSEUDONYM_LENGTH]


def remember_candidates(panel: Panel, key: str, people: Iterable[Person]) -> None:
    """Store which member stands behind which pseudonym; the dossier itself never says."""
    rows = [
        {
            "panel_id": panel.id,
            "member_id": person.member_id,
            "pseudonym": pseudonym(key, "member", person.member_id),
        }
        for person in people
    ]
    if rows:
        db.session.execute(insert(Candidate), rows)


def candidate_documents(
    key: str, people: Iterable[Person], categories: Iterable[str]
) -> list[dict[str, Any]]:
    """Return the candidates as the request has them: pseudonym, score, household, attributes in quotas."""
    wanted = list(categories)
    return [
        {
            "id": pseudonym(key, "member", person.member_id),
            "score": person.score_cp,
            "household": pseudonym(key, "household", person.household_id) if person.household_id else None,
            "attrs": {category: person.attrs[category] for category in wanted},
        }
        for person in people
    ]
