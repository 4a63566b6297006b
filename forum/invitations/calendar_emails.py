"""Mails that put meetings in the calendar of who is invited, change them there, and take them out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from forum.invitations.emails import CONFIRMED, INVITED, REMINDED, WITHDRAWN, key_of, meeting_as_it_stands
from forum.invitations.guests import guest_of
from forum.invitations.models import Invitation
from forum.invitations.queries import find_invitation
from forum.invitations.rules import SITTING, InvitationState
from forum.kernel.clock import now
from forum.mail import outbox
from forum.mail.attachments import Attachment, register_attachment
from forum.mail.checks import register_check
from forum.mail.composing import address_of
from forum.mail.contents import register_content
from forum.members.models import Member
from forum.notifications.emails import is_reachable
from forum.panels.calendars import CANCEL, farewell_calendar, guest_calendar
from forum.panels.models import Meeting
from forum.panels.rules import PanelState

CHANGED = "invitations/meetings_changed"
DECLINED = "invitations/answer_declined"
WITH_REQUEST = (INVITED, REMINDED, CONFIRMED)


def meetings_changed(invitation: Invitation, meetings: Sequence[Meeting], *, key: str, at: datetime) -> None:
    """Tell the member how these meetings stand now; `key` names the versions."""
    meeting_ids = [meeting.id for meeting in meetings]
    _queue(invitation, f"meetings:{key}", CHANGED, at, meeting_ids=meeting_ids)


def answer_declined(invitation: Invitation, *, at: datetime) -> None:
    """Tell the member that their no was recorded, and take the meetings out of their calendar."""
    _queue(invitation, f"declined:{at.isoformat()}", DECLINED, at)


def _queue(invitation: Invitation, event: str, template: str, at: datetime, **details: object) -> None:
    outbox.queue(
        key=f"{key_of(invitation.id)}{event}",
        to=invitation.member,
        template=template,
        at=at,
        details={"invitation_id": invitation.id, "title": invitation.panel.title, **details},
        resend_when_unsure=False,
    )


def _is_seated(details: Mapping[str, Any], member: Member) -> bool:
    invitation = _invited(details)
    return invitation is not None and invitation.state in SITTING and is_reachable(member)


def _has_declined(details: Mapping[str, Any], member: Member) -> bool:
    invitation = _invited(details)
    is_out = invitation is not None and invitation.state is InvitationState.DECLINED
    return is_out and is_reachable(member)


def _invited(details: Mapping[str, Any]) -> Invitation | None:
    """Return the invitation of a message while its panel will meet."""
    invitation = find_invitation(details["invitation_id"])
    return invitation if invitation and invitation.panel.state is PanelState.CONFIRMED else None


def _changed_meetings(details: Mapping[str, Any], _member: Member) -> Mapping[str, Any]:
    """Return the meetings of a message as they stand when it leaves."""
    invitation = find_invitation(details["invitation_id"])
    assert invitation is not None, "the check was asked just before"
    meetings = [row for row in invitation.panel.meetings if row.id in details["meeting_ids"]]
    return {
        "meetings": meetings,
        "is_all_off": all(row.cancelled_at is not None for row in meetings),
        "has_accepted": invitation.state is InvitationState.ACCEPTED,
        "path": f"/panels/{invitation.panel_id}",
    }


def _requests(details: Mapping[str, Any], _member: Member) -> Sequence[Attachment]:
    """Return the calendar files of the meetings to come."""
    invitation, at = find_invitation(details["invitation_id"]), now()
    if invitation is None:
        return []
    coming = [row for row in invitation.panel.meetings if row.cancelled_at is None and row.starts_at > at]
    return _guest_files(invitation, coming, at)


def _changes(details: Mapping[str, Any], _member: Member) -> Sequence[Attachment]:
    """Return the calendar files of the meetings that changed; cancelled ones are taken out."""
    invitation = find_invitation(details["invitation_id"])
    if invitation is None:
        return []
    changed = [row for row in invitation.panel.meetings if row.id in details["meeting_ids"]]
    return _guest_files(invitation, changed, now())


def _farewells(details: Mapping[str, Any], _member: Member) -> Sequence[Attachment]:
    """Return the calendar files that take the meetings out of the calendar of who does not come."""
    invitation, at = find_invitation(details["invitation_id"]), now()
    if invitation is None:
        return []
    guest, address = guest_of(invitation), address_of(f"/panels/{invitation.panel_id}")
    coming = [row for row in invitation.panel.meetings if row.starts_at > at]
    return [
        _attachment(number, CANCEL, farewell_calendar(row, guest, address=address, at=at))
        for number, row in enumerate(coming, start=1)
    ]


def _guest_files(invitation: Invitation, meetings: Sequence[Meeting], at: datetime) -> Sequence[Attachment]:
    guest, address = guest_of(invitation), address_of(f"/panels/{invitation.panel_id}")
    return [
        _attachment(number, *guest_calendar(row, guest, address=address, at=at))
        for number, row in enumerate(meetings, start=1)
    ]


def _attachment(number: int, method: str, content: bytes) -> Attachment:
    return Attachment(f"panel-{number}.ics", content, f"text/calendar; method={method}; charset=utf-8")


register_check(CHANGED, _is_seated)
register_check(DECLINED, _has_declined)
register_content(CHANGED, _changed_meetings)
register_content(DECLINED, meeting_as_it_stands)
register_attachment(CHANGED, _changes)
register_attachment(DECLINED, _farewells)
register_attachment(WITHDRAWN, _farewells)
for with_request in WITH_REQUEST:
    register_attachment(with_request, _requests)
