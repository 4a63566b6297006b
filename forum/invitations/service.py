"""Inviting the members of a confirmed panel, recording answers, filling seats that come free."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from forum.accounts.rules import token_hash
from forum.audit import service as audit
from forum.invitations import emails, policy
from forum.invitations.errors import AnswerClosed, LinkRefused, NotConfirmed
from forum.invitations.models import Invitation, InvitationLink
from forum.invitations.queries import find_by_token, list_invitations
from forum.invitations.rules import (
    ANSWER_STATES,
    LEFT_REASONS,
    SITTING,
    AnswerSource,
    InvitationState,
    Rsvp,
    answer_by,
    free_seats,
    is_reminder_due,
)
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.panels.choosing import find_result, refill_panel
from forum.panels.models import Panel
from forum.panels.queries import names_of_candidates
from forum.panels.rules import PanelState
from forum.panels.selection import Status


def invite_panel(panel: Panel, *, at: datetime) -> Sequence[Invitation]:
    """Invite everybody on the confirmed list who was not invited yet; twice invites nobody twice.

    Raises:
        NotConfirmed: a party has not confirmed the list.
    """
    lock(panel)
    if panel.state is not PanelState.CONFIRMED:
        raise NotConfirmed(panel_id=panel.id)
    result = find_result(panel)
    assert result is not None, "a confirmed panel has a result"
    return _invite(panel, result["panel"], at=at)


def _invite(panel: Panel, pseudonyms: Sequence[str], *, at: datetime) -> Sequence[Invitation]:
    """Make an invitation, its link and its message for each of these candidates, once."""
    invited = {invitation.pseudonym for invitation in list_invitations(panel)}
    members = names_of_candidates(panel, pseudonyms)
    until = answer_by(panel.respond_by, panel.meetings[0].starts_at, at)
    if until is None:
        return []
    made = []
    for pseudonym in pseudonyms:
        if pseudonym in invited:
            continue
        invitation = Invitation(
            panel_id=panel.id,
            member_id=members[pseudonym].id,
            pseudonym=pseudonym,
            state=InvitationState.OPEN,
            invited_at=at,
            respond_by=until,
        )
        db.session.add(invitation)
        made.append(invitation)
    db.session.flush()
    for invitation in made:
        emails.invitation_sent(invitation, token=new_link(invitation, at=at), at=at)
    audit.record(SYSTEM, "panel.invited", panel_id=panel.id, invitations=[row.id for row in made], at=at)
    return made


def new_link(invitation: Invitation, *, at: datetime) -> str:
    """Return the token of a new secret link (256 bits); links made before keep working."""
    token = secrets.token_urlsafe(32)
    db.session.add(InvitationLink(invitation_id=invitation.id, token_hash=token_hash(token), made_at=at))
    return token


def open_by_token(token: str, *, at: datetime) -> Invitation:
    """Return the invitation of a secret link while there is something to answer or to change.

    Raises:
        LinkRefused: wrong, used or expired; the answer never says which.
    """
    invitation = find_by_token(token)
    if invitation is None or not is_answerable(invitation, at):
        raise LinkRefused
    return invitation


def is_answerable(invitation: Invitation, at: datetime) -> bool:
    """Tell whether somebody can still answer, or cancel what they promised."""
    if invitation.panel.state is not PanelState.CONFIRMED:
        return False
    if invitation.state is InvitationState.OPEN:
        return at <= invitation.respond_by
    return invitation.state is InvitationState.ACCEPTED and at < invitation.panel.meetings[0].starts_at


def answer(
    invitation: Invitation, rsvp: Rsvp, source: AnswerSource, actor: Actor, *, at: datetime
) -> Invitation:
    """Record an answer; the same answer twice changes nothing, cancelling frees the seat.

    The caller checked the link, or the actor is the person or a moderator.

    Raises:
        Forbidden: the actor may not answer for this person.
        AnswerClosed: there is nothing to answer any more.
    """
    lock(invitation.panel)
    if source is not AnswerSource.LINK and not policy.can_enter_answer(actor, invitation.member_id):
        raise Forbidden(action="answer-invitation")
    if invitation.rsvp is rsvp:
        return invitation
    if not is_answerable(invitation, at):
        raise AnswerClosed
    invitation.rsvp, invitation.state = rsvp, ANSWER_STATES[rsvp]
    invitation.answered_at, invitation.answer_source = at, source
    invitation.entered_by_id = actor.member_id if source is not AnswerSource.LINK else None
    audit.record(actor, "invitation.answered", invitation_id=invitation.id, rsvp=rsvp, source=source, at=at)
    if invitation.state is InvitationState.ACCEPTED:
        emails.answer_confirmed(invitation, at=at)
    else:
        fill_free_seats(invitation.panel, at=at)
    return invitation


def expire(invitation: Invitation, *, at: datetime) -> None:
    """Close an invitation nobody answered in time, and fill the seat."""
    lock(invitation.panel)
    if invitation.state is not InvitationState.OPEN or at <= invitation.respond_by:
        return
    invitation.state = InvitationState.EXPIRED
    audit.record(SYSTEM, "invitation.expired", invitation_id=invitation.id, at=at)
    fill_free_seats(invitation.panel, at=at)


def remind(invitation: Invitation, *, at: datetime) -> None:
    """Remind somebody who has not answered, once."""
    lock(invitation.panel)
    due = is_reminder_due(invitation.invited_at, invitation.respond_by, at)
    if invitation.state is not InvitationState.OPEN or invitation.reminded_at is not None or not due:
        return
    invitation.reminded_at = at
    emails.invitation_reminded(invitation, token=new_link(invitation, at=at), at=at)
    audit.record(SYSTEM, "invitation.reminded", invitation_id=invitation.id, at=at)


def fill_free_seats(panel: Panel, *, at: datetime) -> Sequence[Invitation]:
    """Solve again for the seats that came free and invite who was chosen; the quotas are kept.

    Nobody who accepted, or may still answer, loses a seat. When no replacement keeps the quotas the seats
    stay free, and the moderator sees so.
    """
    invitations = list_invitations(panel)
    meeting_at = panel.meetings[0].starts_at
    if panel.state is not PanelState.CONFIRMED or answer_by(panel.respond_by, meeting_at, at) is None:
        return []
    if free_seats(panel.seats, [row.state for row in invitations]) == 0:
        return []
    sitting = [row.pseudonym for row in invitations if row.state in SITTING]
    left = {row.pseudonym: LEFT_REASONS[row.state] for row in invitations if row.state not in SITTING}
    result = refill_panel(panel, sitting=sitting, left=left, actor=SYSTEM, at=at)
    if result["status"] != Status.OK:
        return []
    return _invite(panel, result["panel"], at=at)
