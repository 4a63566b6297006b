"""Who does not know how the meetings of their panel stand now, and which meetings those are."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from forum.invitations.models import CalendarCopy, Invitation
from forum.invitations.rules import SITTING
from forum.kernel.database import db
from forum.mail.models import UnreachableAddress
from forum.members.models import Member
from forum.panels.models import Meeting, Panel
from forum.panels.rules import PanelState


def list_untold(at: datetime, most: int) -> Sequence[int]:
    """Return invitations of people whom mail reaches, and who do not know how the meetings stand now."""
    rows = _stale(Invitation.id, at).where(_is_mailed()).group_by(Invitation.id).order_by(Invitation.id)
    return db.session.scalars(rows.limit(most)).all()


def list_to_phone(panel: Panel, at: datetime) -> Sequence[Invitation]:
    """Return the invitations of people whom no mail reaches and who do not know how the meetings stand."""
    stale = _stale(Invitation.id, at).where(Invitation.panel_id == panel.id, ~_is_mailed())
    return db.session.scalars(
        select(Invitation)
        .join(Invitation.member)
        .where(Invitation.id.in_(stale))
        .options(contains_eager(Invitation.member))
        .order_by(Invitation.id)
    ).all()


def list_panels_to_phone(at: datetime) -> Sequence[int]:
    """Return the panels with people whom no mail reaches and who do not know how the meetings stand."""
    return db.session.scalars(_stale(Panel.id, at).where(~_is_mailed()).distinct()).all()


def list_changed(invitation: Invitation, at: datetime) -> Sequence[Meeting]:
    """Return the meetings to come that somebody knows otherwise than they stand now, or not at all."""
    changed = set(db.session.scalars(_stale(Meeting.id, at).where(Invitation.id == invitation.id)))
    return [meeting for meeting in invitation.panel.meetings if meeting.id in changed]


def _stale(what: InstrumentedAttribute[int], at: datetime) -> Select[int]:
    """Return a query for people in a seat, and meetings to come that they know otherwise or not at all."""
    is_new = and_(CalendarCopy.id.is_(None), Meeting.cancelled_at.is_(None))
    return (
        select(what)
        .select_from(Invitation)
        .join(Member, Member.id == Invitation.member_id)
        .join(Panel, Panel.id == Invitation.panel_id)
        .join(Meeting, Meeting.panel_id == Panel.id)
        .outerjoin(
            CalendarCopy,
            (CalendarCopy.invitation_id == Invitation.id) & (CalendarCopy.meeting_id == Meeting.id),
        )
        .where(
            Invitation.state.in_(SITTING),
            Panel.state == PanelState.CONFIRMED,
            Meeting.starts_at > at,
            or_(is_new, CalendarCopy.sequence != Meeting.sequence),
        )
    )


def _is_mailed() -> ColumnElement[bool]:
    comes_back = select(UnreachableAddress.address).where(UnreachableAddress.address == Member.email)
    return Member.email.is_not(None) & ~comes_back.exists()
