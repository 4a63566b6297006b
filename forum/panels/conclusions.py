"""Closing the points of a panel: in agreement, or with what each party thinks. Never by votes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.panels import policy
from forum.panels.errors import ViewsMissing, WrongPanelState
from forum.panels.form_rules import Deciding
from forum.panels.life_rules import Agreement, is_view_missing
from forum.panels.models import Conclusion, Panel
from forum.panels.rules import ENDABLE_STATES


@dataclass(frozen=True, slots=True)
class ClosedPoint:
    """A point as somebody closes it; `form_key` makes a double click one point."""

    subject: str
    agreement: Agreement
    agreed_text: str
    tenants_view: str
    landlord_view: str
    closed_on: date
    form_key: str


def may_close_points(panel: Panel, actor: Actor) -> bool:
    """Tell whether an actor may close points of a panel now, whose form closes points at all."""
    is_alive = panel.state in ENDABLE_STATES and panel.form_rules.deciding is Deciding.CONSENSUS
    return is_alive and policy.can_run_panel(actor, panel.coordinator_id)


def close_point(panel: Panel, point: ClosedPoint, actor: Actor, *, at: datetime) -> Conclusion:
    """Write down how the panel closed a point; it does not change any more. The same form again adds nothing.

    Raises:
        Forbidden: the actor is no moderator, and does not run the panel.
        WrongPanelState: the panel has no members yet, has ended, or its form closes no points.
        ViewsMissing: what was agreed is missing, or what one of the parties thinks.
    """
    lock(panel)
    if not policy.can_run_panel(actor, panel.coordinator_id) or actor.member_id is None:
        raise Forbidden(action="close-point", panel_id=panel.id)
    if not may_close_points(panel, actor):
        raise WrongPanelState(panel_id=panel.id, state=panel.state)
    if is_view_missing(point.agreement, point.agreed_text, point.tenants_view, point.landlord_view):
        raise ViewsMissing(agreement=point.agreement)
    made = db.session.scalar(select(Conclusion).where(Conclusion.form_key == point.form_key))
    if made is not None:
        return made
    is_agreed = point.agreement is Agreement.AGREED
    before = db.session.scalar(select(func.count()).where(Conclusion.panel_id == panel.id)) or 0
    closed = Conclusion(
        panel_id=panel.id,
        number=before + 1,
        subject=point.subject,
        agreement=point.agreement,
        agreed_text=point.agreed_text if is_agreed else "",
        tenants_view="" if is_agreed else point.tenants_view,
        landlord_view="" if is_agreed else point.landlord_view,
        closed_on=point.closed_on,
        entered_by_id=actor.member_id,
        entered_at=at,
        form_key=point.form_key,
    )
    db.session.add(closed)
    db.session.flush()
    audit.record(
        actor,
        "panel.point_closed",
        panel_id=panel.id,
        number=closed.number,
        agreement=closed.agreement,
        at=at,
    )
    return closed
