"""Making a panel: its plan, its meeting, its quotas. How the members are chosen is in `choosing.py`."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.audit import service as audit
from forum.discussion.models import Thread
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.panels import policy
from forum.panels.errors import MeetingNotOver, QuotasRefused, WrongPanelState
from forum.panels.models import Meeting, Panel, PanelForm, Quota
from forum.panels.queries import find_form
from forum.panels.rules import QUOTA_CATEGORIES_MOST, FillingMode, PanelState

TOPIC_PANEL = "klantenpanel"


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """What a moderator decides about a panel before its members are chosen."""

    title: str
    mode: FillingMode
    seats: int
    starts_at: datetime
    ends_at: datetime
    place: str
    access: str
    respond_by: datetime


QuotaRows = Sequence[tuple[str, str, int, int]]
"""Rows of (category, value, least, most)."""


def ensure_topic_form() -> PanelForm:
    """Return the form of the klantenpanel, made on first use."""
    form = find_form(TOPIC_PANEL)
    if form is None:
        form = PanelForm(key=TOPIC_PANEL, name="Klantenpanel", defaults={"mode": "quota_top", "seats": 15})
        db.session.add(form)
        db.session.flush()
    return form


def create_panel(thread: Thread, plan: PanelPlan, quotas: QuotaRows, actor: Actor, *, at: datetime) -> Panel:
    """Make a panel on a topic, with its meeting and quotas.

    Raises:
        Forbidden: the actor is no moderator.
        QuotasRefused: the quotas contradict themselves.
    """
    if not policy.can_prepare_panel(actor) or actor.member_id is None:
        raise Forbidden(action="prepare-panel")
    panel = Panel(
        form_id=ensure_topic_form().id,
        topic_id=thread.topic_id,
        title=plan.title,
        mode=plan.mode,
        seats=plan.seats,
        made_by_id=actor.member_id,
        made_at=at,
        respond_by=plan.respond_by,
    )
    panel.meetings.append(
        Meeting(
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            place=plan.place,
            access=plan.access,
            uid=f"{secrets.token_hex(16)}@huurdersforum",
        )
    )
    _check_quotas(quotas)
    _add_quotas(panel, quotas)
    db.session.add(panel)
    db.session.flush()
    audit.record(actor, "panel.created", panel_id=panel.id, topic_id=thread.topic_id, seats=plan.seats, at=at)
    return panel


def change_plan(panel: Panel, plan: PanelPlan, actor: Actor, *, at: datetime) -> Panel:
    """Change a panel whose list of candidates is not fixed yet.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the list is fixed.
    """
    lock_to_prepare(panel, actor, PanelState.DRAFT)
    panel.title, panel.mode, panel.seats = plan.title, plan.mode, plan.seats
    panel.respond_by = plan.respond_by
    meeting = panel.meetings[0]
    meeting.starts_at, meeting.ends_at = plan.starts_at, plan.ends_at
    meeting.place, meeting.access = plan.place, plan.access
    meeting.sequence += 1
    audit.record(actor, "panel.changed", panel_id=panel.id, seats=plan.seats, at=at)
    return panel


def change_quotas(panel: Panel, quotas: QuotaRows, actor: Actor, *, at: datetime) -> Panel:
    """Replace the quotas of a panel whose list of candidates is not fixed yet.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the list is fixed.
        QuotasRefused: the quotas contradict themselves.
    """
    lock_to_prepare(panel, actor, PanelState.DRAFT)
    _check_quotas(quotas)
    panel.quotas.clear()
    db.session.flush()
    _add_quotas(panel, quotas)
    audit.record(actor, "panel.quotas_changed", panel_id=panel.id, rows=len(quotas), at=at)
    return panel


def _check_quotas(quotas: QuotaRows) -> None:
    if len({category for category, *_ in quotas}) > QUOTA_CATEGORIES_MOST:
        raise QuotasRefused(most=QUOTA_CATEGORIES_MOST)
    if any(least > most for _, _, least, most in quotas):
        raise QuotasRefused(most=QUOTA_CATEGORIES_MOST)


def _add_quotas(panel: Panel, quotas: QuotaRows) -> None:
    panel.quotas.extend(
        Quota(category=category, value=value, least=least, most=most)
        for category, value, least, most in quotas
    )


def mark_held(panel: Panel, actor: Actor, *, at: datetime) -> Panel:
    """Record that the panel met; nobody is invited or reminded for it any more.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the panel was not confirmed.
        MeetingNotOver: the meeting has not ended.
    """
    lock_to_prepare(panel, actor, PanelState.CONFIRMED)
    if at < panel.meetings[-1].ends_at:
        raise MeetingNotOver(ends_at=panel.meetings[-1].ends_at)
    panel.state = PanelState.HELD
    audit.record(actor, "panel.held", panel_id=panel.id, at=at)
    return panel


def lock_to_prepare(panel: Panel, actor: Actor, *states: PanelState) -> None:
    """Lock a panel for a step of its moderator.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the panel is not in one of these states; somebody may have been first.
    """
    lock(panel)
    if not policy.can_prepare_panel(actor):
        raise Forbidden(action="prepare-panel", panel_id=panel.id)
    if panel.state not in states:
        raise WrongPanelState(panel_id=panel.id, state=panel.state)
