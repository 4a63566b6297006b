"""Dissolving a panel: its last day passed, its project is finished, or its advice was given.

Who runs a panel that does not meet any more is asked whether it is finished.
"""

from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.clock import local_day
from forum.kernel.database import lock
from forum.notifications.rules import NotificationKind
from forum.notifications.service import notify_all
from forum.panels.errors import WrongPanelState
from forum.panels.life_queries import list_chosen
from forum.panels.life_rules import EndReason, end_reason, is_idle, is_over
from forum.panels.models import Panel
from forum.panels.rules import ENDABLE_STATES, PanelState
from forum.panels.service import lock_to_prepare


def end_panel(panel: Panel, words: str, actor: Actor, *, at: datetime) -> Panel:
    """Dissolve a panel because its project is finished or its advice was given, with what came of it.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the panel has no members, has ended already, or its form knows no such end.
    """
    lock_to_prepare(panel, actor, *ENDABLE_STATES)
    reason = end_reason(panel.form_rules)
    if reason is None:
        raise WrongPanelState(panel_id=panel.id, state=panel.state)
    return _end(panel, reason, words, actor, at=at)


def end_when_over(panel: Panel, *, at: datetime) -> None:
    """Dissolve a panel whose last day has passed; twice changes nothing."""
    lock(panel)
    if panel.state in ENDABLE_STATES and is_over(panel.ends_on, local_day(at)):
        _end(panel, EndReason.DATE, "", SYSTEM, at=at)


def end_when_advised(panel: Panel, *, at: datetime) -> None:
    """Dissolve a panel that lives until its advice is given, as it is now; twice changes nothing."""
    lock(panel)
    if panel.state in ENDABLE_STATES and end_reason(panel.form_rules) is EndReason.ADVICE:
        _end(panel, EndReason.ADVICE, "", SYSTEM, at=at)


def _end(panel: Panel, reason: EndReason, words: str, actor: Actor, *, at: datetime) -> Panel:
    panel.state, panel.ended_at = PanelState.ENDED, at
    panel.ended_because, panel.ended_words = reason, words
    audit.record(actor, "panel.ended", panel_id=panel.id, because=reason, at=at)
    asks = panel.form_rules.has_survey
    notify_all(
        list_chosen(panel),
        NotificationKind.PANEL,
        at=at,
        event="ended-asks" if asks else "ended",
        key=f"panel:{panel.id}:ended",
        subject=f"panel:{panel.id}",
        title=panel.title,
        path=f"/panels/{panel.id}/terugblik" if asks else f"/panels/{panel.id}",
    )
    return panel


def ask_when_idle(panel: Panel, *, at: datetime) -> None:
    """Ask who runs a panel that met too long ago to plan a meeting or to let it stop, once a month."""
    today = local_day(at)
    last_meeting = local_day(panel.last_meeting.starts_at)
    if not is_idle(panel.form_rules, last_meeting, panel.ends_on, today):
        return
    may_be_ended = end_reason(panel.form_rules) is not None
    notify_all(
        {panel.made_by_id, panel.coordinator_id or panel.made_by_id},
        NotificationKind.PANEL,
        at=at,
        event="idle-ends" if may_be_ended else "idle",
        key=f"panel:{panel.id}:idle:{today:%Y-%m}",
        subject=f"panel:{panel.id}",
        title=panel.title,
        path=f"/panels/{panel.id}" if may_be_ended else f"/beheer/panels/{panel.id}/bijeenkomsten",
    )
