"""Reading the life of a panel: who was chosen, who looks on, what it closed, which are due to end."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from forum.accounts.rules import token_hash
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.panels.life_rules import GuestKind
from forum.panels.models import Conclusion, Meeting, Panel, PanelGuest, SurveyAnswer
from forum.panels.queries import list_candidate_members
from forum.panels.result_queries import find_result
from forum.panels.rules import ENDABLE_STATES, PanelState

CONCLUSIONS_MOST = 500


def list_chosen(panel: Panel) -> Collection[int]:
    """Return who was chosen for a panel by the list that stands: those who are asked to look back on it."""
    result = find_result(panel)
    chosen = frozenset(result["panel"]) if result else frozenset()
    return [member_id for key, member_id in list_candidate_members(panel) if key in chosen]


def list_overdue_panels(today: date) -> Sequence[int]:
    """Return the panels whose last day has passed and that still live."""
    return db.session.scalars(
        select(Panel.id).where(Panel.state.in_(ENDABLE_STATES), Panel.ends_on < today).limit(100)
    ).all()


def list_waiting_panels(at: datetime) -> Sequence[int]:
    """Return the confirmed panels without a meeting to come, the newest first."""
    to_come = exists().where(
        Meeting.panel_id == Panel.id, Meeting.cancelled_at.is_(None), Meeting.ends_at > at
    )
    return db.session.scalars(
        select(Panel.id)
        .where(Panel.state == PanelState.CONFIRMED, ~to_come)
        .order_by(Panel.id.desc())
        .limit(100)
    ).all()


def get_guest(guest_id: int) -> PanelGuest:
    """Return a guest.

    Raises:
        NotFound: there is none with this number.
    """
    guest = db.session.get(PanelGuest, guest_id)
    if guest is None:
        raise NotFound(guest_id=guest_id)
    return guest


def open_guest_link(token: str, kind: GuestKind) -> PanelGuest:
    """Return whose link this is.

    Raises:
        NotFound: wrong, closed, or for something else; the answer never says which.
    """
    guest = db.session.scalar(
        select(PanelGuest)
        .where(
            PanelGuest.token_hash == token_hash(token),
            PanelGuest.kind == kind,
            PanelGuest.ended_at.is_(None),
        )
        .options(joinedload(PanelGuest.panel))
    )
    if guest is None:
        raise NotFound(kind=kind)
    return guest


def list_guests(panel_id: int, kind: GuestKind) -> Sequence[PanelGuest]:
    """Return the guests of one kind whose link works, in the order in which they were invited."""
    return db.session.scalars(
        select(PanelGuest)
        .where(PanelGuest.panel_id == panel_id, PanelGuest.kind == kind, PanelGuest.ended_at.is_(None))
        .order_by(PanelGuest.id)
    ).all()


def list_conclusions(panel_id: int) -> Sequence[Conclusion]:
    """Return the points that a panel closed, oldest first."""
    wanted = select(Conclusion).where(Conclusion.panel_id == panel_id).order_by(Conclusion.number)
    return db.session.scalars(wanted.limit(CONCLUSIONS_MOST)).all()


def find_own_answer(panel_id: int, member_id: int) -> SurveyAnswer | None:
    """Return what a member answered, to that member alone."""
    return db.session.scalar(
        select(SurveyAnswer).where(SurveyAnswer.panel_id == panel_id, SurveyAnswer.member_id == member_id)
    )


def list_survey_answers(panel_id: int) -> Sequence[SurveyAnswer]:
    """Return what members answered, by their words, so that nobody can tell who answered when."""
    return db.session.scalars(
        select(SurveyAnswer).where(SurveyAnswer.panel_id == panel_id).order_by(SurveyAnswer.words)
    ).all()
