"""Panels that live until their advice is given: when it is, they stop by themselves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, select

from forum.discussion.queries import get_thread_row
from forum.kernel.database import db, lock
from forum.outcomes.models import Recommendation
from forum.outcomes.rules import GOES_ON_AFTER_ADVICE
from forum.panels import ending
from forum.panels.form_rules import EndKind
from forum.panels.models import Meeting, Panel
from forum.panels.rules import ENDABLE_STATES

PANELS_AT_ONCE = 100


def list_advised_panels(at: datetime) -> Sequence[int]:
    """Return the panels whose advice is given: some days ago, nothing a draft still, no meeting to come."""
    return db.session.scalars(_advised(at).order_by(Panel.id).limit(PANELS_AT_ONCE)).all()


def end_when_advised(panel: Panel, *, at: datetime) -> None:
    """Dissolve a panel whose advice is given, unless a draft or a meeting came meanwhile."""
    lock(get_thread_row(panel.topic_id or 0))
    lock(panel)
    if db.session.scalar(_advised(at).where(Panel.id == panel.id)) is not None:
        ending.end_when_advised(panel, at=at)


def _advised(at: datetime) -> Select[int]:
    own = Recommendation.panel_id == Panel.id
    is_open = Recommendation.published_at.is_(None)
    is_recent = Recommendation.published_at > at - GOES_ON_AFTER_ADVICE
    is_to_come = and_(Meeting.panel_id == Panel.id, Meeting.cancelled_at.is_(None), Meeting.ends_at > at)
    return select(Panel.id).where(
        Panel.state.in_(ENDABLE_STATES),
        Panel.rules["end"].as_string() == EndKind.ADVICE,
        select(Recommendation.id).where(own, Recommendation.withdrawn_at.is_(None)).exists(),
        ~select(Recommendation.id).where(own, is_open | is_recent).exists(),
        ~select(Meeting.id).where(is_to_come).exists(),
    )
