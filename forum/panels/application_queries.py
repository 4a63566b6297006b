"""Reading applications for a seat: of a member, of a panel, and those whose senders wait to be told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from forum.kernel.database import db
from forum.panels.application_rules import ApplicationPhase, application_phase
from forum.panels.models import Application, ApplicationRating, Panel
from forum.panels.rules import CONFIRMED_STATES

TOLD_AT_ONCE = 200


def phase_of(panel: Panel, at: datetime) -> ApplicationPhase:
    """Return how far the applications of a panel are."""
    return application_phase(panel.mode, panel.state, panel.applications_from, panel.applications_until, at)


def find_application(panel_id: int, member_id: int) -> Application | None:
    """Return the application of a member."""
    return db.session.scalar(
        select(Application)
        .where(Application.panel_id == panel_id, Application.member_id == member_id)
        .options(joinedload(Application.panel))
    )


def list_reasons(panel_id: int, member_id: int) -> Sequence[str]:
    """Return what the raters wrote of a member's application, while it is kept; never who wrote what."""
    return db.session.scalars(
        select(ApplicationRating.reason)
        .join(Application, Application.id == ApplicationRating.application_id)
        .where(Application.panel_id == panel_id, Application.member_id == member_id)
        .order_by(ApplicationRating.reason)
    ).all()


def list_applications(panel_id: int) -> Sequence[Application]:
    """Return the applications for a panel with who sent them and their ratings, in the order they came."""
    return db.session.scalars(
        select(Application)
        .where(Application.panel_id == panel_id)
        .options(joinedload(Application.member), selectinload(Application.ratings))
        .order_by(Application.id)
    ).all()


def list_untold_applications() -> Sequence[int]:
    """Return applications of panels that both parties confirmed, whose senders were not told yet."""
    return db.session.scalars(
        select(Application.id)
        .join(Application.panel)
        .where(Panel.state.in_(CONFIRMED_STATES), Application.told_at.is_(None))
        .order_by(Application.id)
        .limit(TOLD_AT_ONCE)
    ).all()
