"""What invited members get by mail. Before each message leaves, the invitation is looked at again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from forum.invitations.channels import Channel
from forum.invitations.models import Invitation
from forum.invitations.reaching import why_to_end
from forum.invitations.rules import InvitationState
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.mail.checks import Check, register_check
from forum.mail.contents import register_content
from forum.mail.outbox import QueuedMessage, queue_all
from forum.members.models import Member
from forum.notifications.emails import is_reachable
from forum.panels.form_facts import how_often
from forum.panels.rules import PanelState

INVITED = "invitations/invitation_sent"
REMINDED = "invitations/invitation_reminded"
CONFIRMED = "invitations/answer_confirmed"
WITHDRAWN = "invitations/invitation_withdrawn"


def invitations_sent(tokens: Sequence[tuple[Invitation, str]], *, at: datetime) -> None:
    """Ask these members for an answer, each with the token of a link of their own."""
    queue_all([_message(row, "sent", INVITED, token=token) for row, token in tokens], at=at)


def invitation_resent(invitation: Invitation, *, token: str, turn: int, at: datetime) -> None:
    """Ask the member for an answer again; the same turn is sent once."""
    queue_all([_message(invitation, f"sent:{turn}", INVITED, token=token)], at=at)


def invitation_reminded(invitation: Invitation, *, token: str, at: datetime) -> None:
    """Ask the member once more."""
    queue_all([_message(invitation, "reminded", REMINDED, token=token)], at=at)


def answer_confirmed(invitation: Invitation, *, at: datetime) -> None:
    """Tell the member that their yes was recorded, with the meeting for their calendar."""
    queue_all([_message(invitation, f"accepted:{at.isoformat()}", CONFIRMED)], at=at)


def invitation_withdrawn(invitation: Invitation, *, at: datetime) -> None:
    """Tell the member that they are not expected any more."""
    queue_all([_message(invitation, "withdrawn", WITHDRAWN)], at=at)


def _message(invitation: Invitation, event: str, template: str, **details: str) -> QueuedMessage:
    panel = invitation.panel
    return QueuedMessage(
        key=f"{key_of(invitation.id)}{event}",  # the same event never goes out twice
        to=invitation.member,
        template=template,
        details={
            "invitation_id": invitation.id,
            "panel_id": panel.id,
            "title": panel.title,
            "topic": panel.topic.title if panel.topic else "",
            "respond_by": invitation.respond_by.isoformat(),
            "is_promoted": invitation.is_promoted,
            **details,
        },
        resend_when_unsure=False,
    )


def key_of(invitation_id: int) -> str:
    """Return how the keys of all messages of an invitation begin."""
    return f"invitation:{invitation_id}:"


def _may_be_asked(details: Mapping[str, Any], member: Member) -> bool:
    """Tell whether somebody is still asked, and by mail; a task sees to who has to be asked otherwise."""
    invitation = _invitation_in(details)
    return (
        invitation is not None
        and invitation.awaits_answer
        and invitation.channel is Channel.EMAIL
        and is_reachable(member)
        and why_to_end(invitation) is None
    )


def _is_in_state(state: InvitationState) -> Check:
    def check(details: Mapping[str, Any], member: Member) -> bool:
        invitation = _invitation_in(details)
        return invitation is not None and invitation.state is state and is_reachable(member)

    return check


def _invitation_in(details: Mapping[str, Any]) -> Invitation | None:
    """Return the invitation of a message while its panel will meet."""
    invitation = db.session.get(Invitation, details["invitation_id"])
    if invitation is None or invitation.panel.state is not PanelState.CONFIRMED:
        return None
    return invitation


def meeting_as_it_stands(details: Mapping[str, Any], _member: Member) -> Mapping[str, Any]:
    """Return the meeting that a message tells of as it leaves, and whether a file puts it in a calendar."""
    invitation, at = _invitation_in(details), now()
    assert invitation is not None, "the check was asked just before"
    meeting = invitation.panel.next_meeting(at)
    return {
        "meeting": meeting,
        "has_file": meeting is not None and meeting.starts_at > at,
        "how_often": how_often(invitation.panel),
    }


for template in (INVITED, REMINDED, CONFIRMED, WITHDRAWN):
    register_content(template, meeting_as_it_stands)
register_check(INVITED, _may_be_asked)
register_check(REMINDED, _may_be_asked)
register_check(CONFIRMED, _is_in_state(InvitationState.ACCEPTED))
register_check(WITHDRAWN, _is_in_state(InvitationState.WITHDRAWN))
