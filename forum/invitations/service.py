"""Inviting the members of a confirmed panel, recording answers, filling seats that come free."""

from collections.abc import Sequence
from datetime import datetime

from forum.audit import service as audit
from forum.invitations import calendar_emails, emails, news, policy
from forum.invitations.channels import PAPER, Channel, LetterKind, StepKind, in_time
from forum.invitations.errors import AnswerClosed, LinkRefused, NotConfirmed
from forum.invitations.letters import queue_letters
from forum.invitations.links import new_link
from forum.invitations.meeting_changes import note_invited, note_told
from forum.invitations.models import Invitation
from forum.invitations.queries import find_by_token, list_invitations
from forum.invitations.reaching import channels_of
from forum.invitations.rules import (
    ANSWER_STATES,
    BY_SECRET,
    COMES_BACK,
    GONE,
    LEFT_REASONS,
    SITTING,
    AnswerSource,
    InvitationState,
    Rsvp,
    answer_by,
    free_seats,
    is_reminder_due,
)
from forum.invitations.steps import add_step
from forum.invitations.terms import claim_window
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.panels.choosing import refill_panel
from forum.panels.models import Panel
from forum.panels.queries import names_of_candidates
from forum.panels.resizing import take_seat_again, who_may_return
from forum.panels.result_queries import find_result
from forum.panels.rules import FillingMode, PanelState
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
    return _invite(panel, result["panel"], is_promoted=False, at=at)


def _invite(
    panel: Panel, pseudonyms: Sequence[str], *, is_promoted: bool, at: datetime
) -> Sequence[Invitation]:
    """Make an invitation, its link and its message for each of these candidates, once."""
    invited = {invitation.pseudonym for invitation in list_invitations(panel)}
    members = names_of_candidates(panel, [key for key in pseudonyms if key not in invited])
    channels = channels_of(list(members.values()))
    until = _answer_by(panel, at)
    if until is None:
        return []
    made = [
        Invitation(
            panel=panel,
            member=members[pseudonym],
            pseudonym=pseudonym,
            state=InvitationState.OPEN,
            channel=in_time(channels[members[pseudonym].id], until - at),
            invited_at=at,
            respond_by=until,
            is_promoted=is_promoted,
        )
        for pseudonym in pseudonyms
        if pseudonym in members
    ]
    db.session.add_all(made)
    db.session.flush()
    note_invited(panel, made, at=at)
    by_mail = [row for row in made if row.channel is Channel.EMAIL]
    emails.invitations_sent([(row, new_link(row, at=at)) for row in by_mail], at=at)
    queue_letters([row for row in made if row.channel in PAPER], LetterKind.INVITED, SYSTEM, at=at)
    news.invited(made, at=at)
    audit.record(SYSTEM, "panel.invited", panel_id=panel.id, invitations=[row.id for row in made], at=at)
    return made


def _answer_by(panel: Panel, at: datetime) -> datetime | None:
    """Return until when somebody who is invited now may answer; a day that still follows leaves it long."""
    meeting, closes_at = panel.next_meeting(at), panel.members_until
    meeting_at = meeting.starts_at if meeting else closes_at
    return answer_by(panel.respond_by, at, claim_window(), meeting_at=meeting_at, closes_at=closes_at)


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
    """Tell whether somebody can still answer, cancel what they promised, or come back to a free seat."""
    panel = invitation.panel
    if panel.state is not PanelState.CONFIRMED:
        return False
    if invitation.state is InvitationState.OPEN:
        return at <= invitation.respond_by
    if invitation.state in GONE:
        return invitation.pseudonym in list_returnable(panel, list_invitations(panel), at=at)
    return invitation.state is InvitationState.ACCEPTED and at < panel.members_until


def list_seated(invitations: Sequence[Invitation]) -> Sequence[str]:
    """Return the pseudonyms of who accepted or may still answer."""
    return [row.pseudonym for row in invitations if row.state in SITTING]


def list_returnable(panel: Panel, invitations: Sequence[Invitation], *, at: datetime) -> frozenset[str]:
    """Return the pseudonyms of who left and may still say yes, to a seat nobody else could fill."""
    if panel.state is not PanelState.CONFIRMED or at >= panel.members_until:
        return frozenset()
    left = [row.pseudonym for row in invitations if row.state in GONE]
    return who_may_return(panel, list_seated(invitations), left)


def answer(
    invitation: Invitation, rsvp: Rsvp, source: AnswerSource, actor: Actor, *, at: datetime
) -> Invitation:
    """Record an answer; the same answer twice changes nothing, cancelling frees the seat.

    After a no, or too late, a yes counts while there is a seat that nobody else could fill. The caller
    checked the link, or the actor is the person, a moderator, or runs the panel.

    Raises:
        Forbidden: the actor may not answer for this person.
        AnswerClosed: there is nothing to answer any more.
    """
    lock(invitation.panel)
    may_answer = policy.can_answer(actor, invitation.member_id, invitation.panel.coordinator_id)
    if source not in BY_SECRET and not may_answer:
        raise Forbidden(action="answer-invitation")
    if invitation.rsvp is rsvp:
        return invitation
    if not is_answerable(invitation, at):
        raise AnswerClosed
    if invitation.state in GONE and rsvp is Rsvp.ACCEPTED:
        take_seat_again(invitation.panel, invitation.pseudonym, at=at)
        invitation.calendar_shift += COMES_BACK
    invitation.rsvp, invitation.state = rsvp, ANSWER_STATES[rsvp]
    invitation.answered_at, invitation.answer_source = at, source
    invitation.entered_by_id = None if source in BY_SECRET else actor.member_id
    add_step(invitation, StepKind[rsvp.name], actor, at=at, note=source)
    audit.record(actor, "invitation.answered", invitation_id=invitation.id, rsvp=rsvp, source=source, at=at)
    if invitation.state is InvitationState.ACCEPTED:
        note_told(invitation, at=at)
        emails.answer_confirmed(invitation, at=at)
        news.confirmed(invitation, at=at)
    else:
        calendar_emails.answer_declined(invitation, at=at)
        fill_free_seats(invitation.panel, at=at)
    return invitation


def note_phones_seen(panel: Panel, actor: Actor, *, at: datetime) -> None:
    """Record that somebody looked up the telephone numbers of who has not answered.

    Raises:
        Forbidden: the actor does not phone people of this panel.
    """
    if not policy.can_enter_answers(actor, panel.coordinator_id):
        raise Forbidden(action="see-phones", panel_id=panel.id)
    seen = [row.id for row in list_invitations(panel) if row.state is InvitationState.OPEN]
    audit.record(actor, "invitations.phones_seen", panel_id=panel.id, invitations=seen, at=at)


def expire(invitation: Invitation, *, at: datetime) -> None:
    """Close an invitation nobody answered in time, and fill the seat."""
    lock(invitation.panel)
    if invitation.state is not InvitationState.OPEN or at <= invitation.respond_by:
        return
    invitation.state = InvitationState.EXPIRED
    add_step(invitation, StepKind.EXPIRED, SYSTEM, at=at)
    news.expired(invitation, at=at)
    audit.record(SYSTEM, "invitation.expired", invitation_id=invitation.id, at=at)
    fill_free_seats(invitation.panel, at=at)


def remind(invitation: Invitation, *, at: datetime) -> None:
    """Remind somebody who has not answered by mail, once; the others are on the list to phone."""
    lock(invitation.panel)
    due = is_reminder_due(invitation.invited_at, invitation.respond_by, at)
    is_asked_by_mail = invitation.awaits_answer and invitation.channel is Channel.EMAIL
    if not is_asked_by_mail or invitation.reminded_at is not None or not due:
        return
    invitation.reminded_at = at
    emails.invitation_reminded(invitation, token=new_link(invitation, at=at), at=at)
    audit.record(SYSTEM, "invitation.reminded", invitation_id=invitation.id, at=at)


def fill_free_seats(panel: Panel, *, at: datetime) -> Sequence[Invitation]:
    """Solve again for the seats that came free and invite who was chosen; the quotas are kept.

    Nobody who accepted, or may still answer, loses a seat. When no replacement keeps the quotas the seats
    stay free, and the moderator sees so.
    """
    if panel.state is not PanelState.CONFIRMED or _answer_by(panel, at) is None:
        return []
    if panel.mode is FillingMode.EVERYONE:  # everybody was invited: nobody can take a seat
        return []
    invitations = list_invitations(panel)
    if free_seats(panel.seats, [row.state for row in invitations]) == 0:
        return []
    left = {row.pseudonym: LEFT_REASONS[row.state] for row in invitations if row.state not in SITTING}
    result = refill_panel(panel, sitting=list_seated(invitations), left=left, actor=SYSTEM, at=at)
    if result["status"] != Status.OK:
        return []
    return _invite(panel, result["panel"], is_promoted=True, at=at)
