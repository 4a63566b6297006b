"""What panels asked of each member: invitations, and hours of those they said yes to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from forum.invitations.models import Invitation
from forum.invitations.rules import InvitationState
from forum.kernel.database import db
from forum.panels.burden_rules import YEAR, Burden
from forum.panels.models import Meeting, Panel
from forum.panels.rules import PanelState

Meetings = Sequence[tuple[datetime, datetime]]


def burdens_of_invitations(*, at: datetime, except_panel_id: int | None) -> Mapping[int, Burden]:
    """Return what panels asked of each member who was ever invited; a panel that was off asked no hours."""
    rows = db.session.execute(
        select(Invitation.member_id, Invitation.panel_id, Invitation.state, Invitation.invited_at).where(
            Invitation.panel_id != (except_panel_id or 0), Invitation.invited_at <= at
        )
    )
    invited: defaultdict[int, int] = defaultdict(int)
    panels: defaultdict[int, list[int]] = defaultdict(list)
    for member_id, panel_id, state, invited_at in rows:
        invited[member_id] += invited_at > at - YEAR
        if state is InvitationState.ACCEPTED:
            panels[member_id].append(panel_id)
    meetings = _meetings_by_panel()
    return {
        member_id: _burden(count, [slot for panel_id in panels[member_id] for slot in meetings[panel_id]], at)
        for member_id, count in invited.items()
    }


def _burden(invitations: int, meetings: Meetings, at: datetime) -> Burden:
    lasted = [ends - starts for starts, ends in meetings if at - YEAR < ends <= at]
    return Burden(
        invitations=invitations,
        minutes=sum(lasted, timedelta()) // timedelta(minutes=1),
        sits_until=max((ends for _, ends in meetings), default=None),
    )


def _meetings_by_panel() -> Mapping[int, Meetings]:
    meetings: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = db.session.execute(
        select(Meeting.panel_id, Meeting.starts_at, Meeting.ends_at)
        .join(Panel, Panel.id == Meeting.panel_id)
        .where(Panel.state != PanelState.CANCELLED)
    )
    for panel_id, starts, ends in rows:
        meetings[panel_id].append((starts, ends))
    return meetings
