"""What invited members are told on the forum; what has a mail of its own is not mailed once more."""

from collections.abc import Sequence
from datetime import datetime

from forum.invitations.models import Invitation
from forum.notifications.rules import NotificationKind
from forum.notifications.service import notify, notify_each
from forum.panels.models import Meeting, Panel


def invited(invitations: Sequence[Invitation], *, at: datetime) -> None:
    """Tell members that they are asked for a panel; all are of one panel."""
    if invitations:
        own = {
            row.member_id: {"key": _key(row, "invited", at), "path": f"/mijn/uitnodigingen/{row.id}"}
            for row in invitations
        }
        notify_each(
            own, NotificationKind.PANEL, at=at, mailed=True, event="invited", **_panel(invitations[0].panel)
        )


def confirmed(invitation: Invitation, *, at: datetime) -> None:
    """Tell a member that their yes was recorded."""
    _tell(invitation, "confirmed", f"/panels/{invitation.panel_id}", at=at, mailed=True)


def expired(invitation: Invitation, *, at: datetime) -> None:
    """Tell a member that their place goes to somebody else."""
    _tell(invitation, "expired", f"/panels/{invitation.panel_id}", at=at, mailed=False)


def meetings_changed(invitation: Invitation, meetings: Sequence[Meeting], *, key: str, at: datetime) -> None:
    """Tell a member that meetings changed or do not go on, once; `key` names the versions."""
    are_cancelled = all(meeting.cancelled_at for meeting in meetings)
    notify(
        invitation.member_id,
        NotificationKind.PANEL,
        at=at,
        mailed=True,
        event="cancelled" if are_cancelled else "changed",
        key=f"invitation:{invitation.id}:meetings:{key}",
        path=f"/panels/{invitation.panel_id}",
        **_panel(invitation.panel),
    )


def withdrawn(invitation: Invitation, *, at: datetime) -> None:
    """Tell a member that they are not expected any more."""
    _tell(invitation, "withdrawn", f"/panels/{invitation.panel_id}", at=at, mailed=True)


def _tell(invitation: Invitation, event: str, path: str, *, at: datetime, mailed: bool) -> None:
    notify(
        invitation.member_id,
        NotificationKind.PANEL,
        at=at,
        mailed=mailed,
        event=event,
        key=_key(invitation, event, at),
        path=path,
        **_panel(invitation.panel),
    )


def _key(invitation: Invitation, event: str, at: datetime) -> str:
    return f"invitation:{invitation.id}:{event}:{at.isoformat()}"


def _panel(panel: Panel) -> dict[str, str]:
    return {"subject": f"panel:{panel.id}", "title": panel.title}
