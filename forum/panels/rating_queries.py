"""Applications as raters see them, without names; and who applied, with the mean of all ratings as score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.members.models import Member, MemberState, RoleGrant
from forum.panels.application_queries import list_applications, phase_of
from forum.panels.application_rules import ApplicationPhase, is_rated, mean_cp, without_names
from forum.panels.candidates import Person
from forum.panels.errors import RatingsMissing
from forum.panels.form_rules import GROUP
from forum.panels.life_queries import list_guests
from forum.panels.life_rules import GuestKind
from forum.panels.models import Application, ApplicationRating, Candidate, Panel, PanelGuest
from forum.panels.queries import list_candidate_members
from forum.texts.catalogue import say


@dataclass(frozen=True, slots=True)
class ShownApplication:
    """An application as a rater sees it: a number instead of a name, and what this rater gave.

    `others` are the means of the other raters, shown once this rater rated everybody.
    """

    number: int
    application_id: int
    seat_group: str
    motivation: str
    competences: str
    own: ApplicationRating | None
    others: Sequence[int]


def list_for_rater(guest: PanelGuest) -> Sequence[ShownApplication]:
    """Return the applications without anything of who sent them but what they wrote, names taken out."""
    applications = list_applications(guest.panel_id)
    own = {row.id: find_rating(row, guest.id) for row in applications}
    is_done = all(own.values())
    raters = {rater.id for rater in list_guests(guest.panel_id, GuestKind.COMMITTEE)} - {guest.id}
    return [
        ShownApplication(
            number=number,
            application_id=row.id,
            seat_group=row.seat_group,
            motivation=_nameless(row.motivation, row.member),
            competences=_nameless(row.competences, row.member),
            own=own[row.id],
            others=[mean_cp([rating.marks]) for rating in row.ratings if rating.guest_id in raters]
            if is_done
            else [],
        )
        for number, row in enumerate(applications, start=1)
    ]


def _nameless(text: str, member: Member) -> str:
    names = (member.display_name, member.first_name or "", member.last_name or "")
    return without_names(text, names, say("name-taken-out"))


def get_shown_application(guest: PanelGuest, number: int) -> ShownApplication:
    """Return one application as a rater sees it.

    Raises:
        NotFound: there is none with this number.
    """
    found = next((row for row in list_for_rater(guest) if row.number == number), None)
    if found is None:
        raise NotFound(number=number)
    return found


def list_applicants(panel: Panel, *, at: datetime) -> Sequence[Person]:
    """Return everybody who applied with the mean of all ratings as their score.

    Raises:
        RatingsMissing: tenants can still apply, a rater did not rate everybody, or there are too few raters.
    """
    applications = list_applications(panel.id)
    raters = [guest.id for guest in list_guests(panel.id, GuestKind.COMMITTEE)]
    rated_by = {row.id: [rating.guest_id for rating in row.ratings] for row in applications}
    is_over = phase_of(panel, at) is ApplicationPhase.OVER
    if applications and not (is_over and is_rated(rated_by, rated_by, raters)):
        raise RatingsMissing(panel_id=panel.id)
    staff = _staff_among([row.member_id for row in applications])
    return [
        Person(
            member_id=row.member_id,
            household_id=row.member.household_id,
            score_cp=mean_cp([rating.marks for rating in row.ratings if rating.guest_id in raters]),
            attrs={GROUP: row.seat_group or None},
            barred=_why_barred(row.member, at, is_staff=row.member_id in staff),
        )
        for row in applications
    ]


def applicants_barred_now(panel: Panel, at: datetime) -> Mapping[str, str]:
    """Return the candidates who cannot be chosen at this moment, with why; their applications may be gone."""
    members = db.session.scalars(
        select(Member).join(Candidate, Candidate.member_id == Member.id).where(Candidate.panel_id == panel.id)
    )
    people = {member.id: member for member in members}
    staff = _staff_among(list(people))
    barred = {
        key: _why_barred(people[member_id], at, is_staff=member_id in staff)
        for key, member_id in list_candidate_members(panel)
    }
    return {key: why for key, why in barred.items() if why}


def _staff_among(member_ids: Sequence[int]) -> frozenset[int]:
    wanted = select(RoleGrant.member_id).where(RoleGrant.member_id.in_(member_ids))
    return frozenset(db.session.scalars(wanted))


def _why_barred(member: Member, at: datetime, *, is_staff: bool) -> str | None:
    if member.state is not MemberState.ACTIVE or (member.suspended_until and at < member.suspended_until):
        return "suspended"
    return "staff" if is_staff else None


def rating_policy(panel: Panel) -> dict[str, Any]:
    """Return on what the ratings of a panel stand, for its dossier."""
    raters = list_guests(panel.id, GuestKind.COMMITTEE)
    return {
        "scoring": "beoordeling-v1",
        "criteria": list(panel.form_rules.criteria),
        "raters": len(raters),
    }


def find_rating(application: Application, guest_id: int) -> ApplicationRating | None:
    """Return what a rater gave an application."""
    return next((rating for rating in application.ratings if rating.guest_id == guest_id), None)
