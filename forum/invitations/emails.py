"""What invited members get by mail. Before each message leaves, the invitation is looked at again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from forum.invitations.models import Invitation
from forum.invitations.rules import InvitationState
from forum.kernel.database import db
from forum.mail import outbox
from forum.mail.attachments import Attachment, register_attachment
from forum.mail.checks import register_check
from forum.members.models import Member
from forum.panels.calendars import meeting_calendar
from forum.panels.rules import PanelState

INVITED = "invitations/invitation_sent"
REMINDED = "invitations/invitation_reminded"
CONFIRMED = "invitations/answer_confirmed"


def invitation_sent(invitation: Invitation, *, token: str, at: datetime) -> None:
    """Ask the member for an answer."""
    _queue(invitation, "sent", INVITED, at, token=token)


def invitation_reminded(invitation: Invitation, *, token: str, at: datetime) -> None:
    """Ask the member once more."""
    _queue(invitation, "reminded", REMINDED, at, token=token)


def answer_confirmed(invitation: Invitation, *, at: datetime) -> None:
    """Tell the member that their yes was recorded, with the meeting for their calendar."""
    _queue(invitation, f"accepted:{at.isoformat()}", CONFIRMED, at)


def _queue(invitation: Invitation, event: str, template: str, at: datetime, **details: str) -> None:
    panel = invitation.panel
    meeting = panel.meetings[0]
    outbox.queue(
        key=f"invitation:{invitation.id}:{event}",  # the same event never goes out twice
        to=invitation.member,
        template=template,
        at=at,
        details={
            "invitation_id": invitation.id,
            "panel_id": panel.id,
            "title": panel.title,
            "topic": panel.topic.title if panel.topic else "",
            "starts_at": meeting.starts_at.isoformat(),
            "ends_at": meeting.ends_at.isoformat(),
            "place": meeting.place,
            "access": meeting.access,
            "respond_by": invitation.respond_by.isoformat(),
            **details,
        },
        resend_when_unsure=False,
    )


def _is_open(details: Mapping[str, Any], _member: Member) -> bool:
    return _state_of(details) is InvitationState.OPEN


def _is_accepted(details: Mapping[str, Any], _member: Member) -> bool:
    return _state_of(details) is InvitationState.ACCEPTED


def _state_of(details: Mapping[str, Any]) -> InvitationState | None:
    invitation = db.session.get(Invitation, details["invitation_id"])
    if invitation is None or invitation.panel.state is not PanelState.CONFIRMED:
        return None
    return invitation.state


def _calendar(details: Mapping[str, Any], _member: Member) -> Sequence[Attachment]:
    invitation = db.session.get(Invitation, details["invitation_id"])
    if invitation is None:
        return []
    content = meeting_calendar(invitation.panel.meetings[0], invitation.panel.title)
    return [Attachment("panel.ics", content, "text/calendar; method=PUBLISH; charset=utf-8")]


register_check(INVITED, _is_open)
register_check(REMINDED, _is_open)
register_check(CONFIRMED, _is_accepted)
for with_calendar in (INVITED, REMINDED, CONFIRMED):
    register_attachment(with_calendar, _calendar)
