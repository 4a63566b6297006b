"""Telling those who come or may come what changed about the meetings, and keeping who was told what.

A change is found by comparing, so it is told however it was made, and once: the version told is kept.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert

from forum.audit import service as audit
from forum.invitations import calendar_emails, news, policy
from forum.invitations.change_queries import list_changed, list_to_phone
from forum.invitations.models import CalendarCopy, Invitation
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.panels.models import Meeting, Panel


def note_invited(panel: Panel, invitations: Sequence[Invitation], *, at: datetime) -> None:
    """Keep that these people, just invited, are told of the meetings to come as they stand now."""
    _add([invitation.id for invitation in invitations], _coming(panel, at))


def note_told(invitation: Invitation, *, at: datetime) -> None:
    """Keep that somebody is told of the meetings to come as they stand now."""
    _keep(invitation, _coming(invitation.panel, at))


def _coming(panel: Panel, at: datetime) -> Sequence[Meeting]:
    return [row for row in panel.meetings if row.cancelled_at is None and row.starts_at > at]


def _keep(invitation: Invitation, meetings: Sequence[Meeting]) -> None:
    """Keep the versions of these meetings in the place of earlier ones."""
    db.session.execute(
        delete(CalendarCopy).where(
            CalendarCopy.invitation_id == invitation.id,
            CalendarCopy.meeting_id.in_([meeting.id for meeting in meetings]),
        )
    )
    _add([invitation.id], meetings)


def _add(invitation_ids: Sequence[int], meetings: Sequence[Meeting]) -> None:
    rows = [
        {"invitation_id": invitation_id, "meeting_id": meeting.id, "sequence": meeting.sequence}
        for invitation_id in invitation_ids
        for meeting in meetings
    ]
    if rows:
        db.session.execute(insert(CalendarCopy), rows)


def tell_changes(invitation: Invitation, *, at: datetime) -> None:
    """Mail somebody what changed about the meetings since they were told, all in one."""
    lock(invitation.panel)
    meetings = list_changed(invitation, at)
    if not meetings:
        return
    key = _key_of(meetings)
    calendar_emails.meetings_changed(invitation, meetings, key=key, at=at)
    news.meetings_changed(invitation, meetings, key=key, at=at)
    _keep(invitation, meetings)
    audit.record(SYSTEM, "invitation.changes_told", invitation_id=invitation.id, at=at)


def tell_on_the_forum(panel: Panel, *, at: datetime) -> None:
    """Tell on the forum what changed, to whom no mail reaches; of each change once.

    Nobody knows whether they look there, so they stay on the list to phone.
    """
    lock(panel)
    for invitation in list_to_phone(panel, at):
        meetings = list_changed(invitation, at)
        news.meetings_changed(invitation, meetings, key=_key_of(meetings), at=at)


def _key_of(meetings: Sequence[Meeting]) -> str:
    """Return what names these versions of meetings."""
    versions = ",".join(f"{meeting.id}.{meeting.sequence}" for meeting in meetings)
    return hashlib.sha256(versions.encode()).hexdigest()[:20]


def note_phoned(invitation: Invitation, actor: Actor, *, at: datetime) -> None:
    """Record that somebody whom no mail reaches was told how the meetings stand; twice changes nothing.

    Raises:
        Forbidden: the actor does not phone people of this panel.
    """
    lock(invitation.panel)
    if not policy.can_enter_answers(actor, invitation.panel.coordinator_id):
        raise Forbidden(action="tell-changes")
    meetings = list_changed(invitation, at)
    if meetings:
        _keep(invitation, meetings)
        audit.record(actor, "invitation.changes_told", invitation_id=invitation.id, at=at)
