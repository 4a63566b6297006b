"""Who can be chosen: the members of a topic's scores, or all tenants, under pseudonyms."""

import hmac
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select

from forum.activity.models import FrozenScore, ScoreSnapshot
from forum.activity.queries import find_snapshot
from forum.activity.scoring_facts import MemberWhyNot
from forum.activity.service import live_scores
from forum.discussion.models import Thread
from forum.kernel.clock import local_day
from forum.kernel.database import db
from forum.members.models import (
    DISTRICT_OF_HOME,
    IS_STAFF,
    IS_TENANT,
    Complex,
    District,
    Household,
    Member,
    MemberState,
)
from forum.panels.areas import area_limits
from forum.panels.burden_rules import NO_BURDEN, Burden, why_resting
from forum.panels.burdens import list_burdens
from forum.panels.models import Candidate, Panel
from forum.panels.queries import MEMBERS_PER_QUERY, list_candidate_members
from forum.panels.rules import BEFORE, FIRST, Category, FillingMode, age_band

EXCLUSIONS: Mapping[MemberWhyNot, str] = {
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


@dataclass(frozen=True, slots=True)
class _Moment:
    """What decides at a moment who is barred from a panel."""

    panel: Panel
    at: datetime
    burdens: Mapping[int, Burden]

    @classmethod
    def of(cls, panel: Panel, at: datetime) -> "_Moment":
        return cls(panel, at, list_burdens(at=at, except_panel_id=panel.id))

    def person(self, row: Any, score_cp: int, why_not: Sequence[str]) -> Person:
        burden = self.burdens.get(row.id, NO_BURDEN)
        return Person(
            member_id=row.id,
            household_id=row.household_id,
            score_cp=score_cp,
            attrs={
                Category.AGE.value: age_band(row.birth_year, local_day(self.at).year),
                Category.DISTRICT.value: row.district,
                Category.COMPLEX.value: row.complex,
                Category.FIRST_TIME.value: FIRST if burden.sits_until is None else BEFORE,
            },
            barred=self._why_barred(row, why_not) or why_resting(burden, self.panel.rest, self.at),
        )

    def _why_barred(self, row: Any, why_not: Sequence[str]) -> str | None:
        """Eligibility is checked at the moment of the selection: who left or was paused since is out."""
        if row.state is not MemberState.ACTIVE or (row.suspended_until and self.at < row.suspended_until):
            return "suspended"
        if self.panel.mode is FillingMode.EVERYONE:
            return None
        if row.scoring_objected_at is not None:
            return "opted_out"
        return EXCLUSIONS[MemberWhyNot(why_not[0])] if why_not else None


def list_people(panel: Panel, snapshot: ScoreSnapshot | None, *, at: datetime) -> Sequence[Person]:
    """Return everybody the panel can be filled from; staff are never among them.

    For `everyone` that is all tenants of the panel's area, else the members of the topic's frozen scores.
    """
    moment = _Moment.of(panel, at)
    if panel.mode is FillingMode.EVERYONE:
        tenants = _people().where(IS_TENANT, *area_limits(panel.area))
        return [moment.person(row, 0, ()) for row in db.session.execute(tenants)]
    assert snapshot is not None, "a panel on activity is filled from frozen scores"
    scored = (
        _people()
        .add_columns(FrozenScore.score_cp, FrozenScore.why_not)
        .join(FrozenScore, FrozenScore.member_id == Member.id)
        .where(FrozenScore.snapshot_id == snapshot.id)
    )
    return [moment.person(row, row.score_cp, row.why_not) for row in db.session.execute(scored)]


def list_people_so_far(panel: Panel, thread: Thread, *, at: datetime) -> Sequence[Person]:
    """Return everybody a panel on activity could be filled from, on the scores as they stand now."""
    scores = live_scores(thread, at=at)
    moment, members = _Moment.of(panel, at), [int(member_id) for member_id in scores]
    return [
        moment.person(row, scores[str(row.id)].score, scores[str(row.id)].why_not)
        for start in range(0, len(members), MEMBERS_PER_QUERY)
        for row in db.session.execute(
            _people().where(Member.id.in_(members[start : start + MEMBERS_PER_QUERY]))
        )
    ]


def _people() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Member.id,
            Member.household_id,
            Member.birth_year,
            Member.state,
            Member.suspended_until,
            Member.scoring_objected_at,
            District.name.label("district"),
            Complex.name.label("complex"),
        )
        .outerjoin(Household, Household.id == Member.household_id)
        .outerjoin(Complex, Complex.id == Household.complex_id)
        .outerjoin(District, District.id == DISTRICT_OF_HOME)
        .where(~IS_STAFF)
        .order_by(Member.id)
    )


def barred_now(panel: Panel, at: datetime) -> dict[str, str]:
    """Return the candidates who cannot be chosen at this moment, with why; who is gone is barred too."""
    snapshot = find_snapshot(panel.topic_id) if panel.topic_id else None
    people = {person.member_id: person.barred for person in list_people(panel, snapshot, at=at)}
    return {
        key: people.get(member_id, "suspended") or ""
        for key, member_id in list_candidate_members(panel)
        if people.get(member_id, "suspended")
    }


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
