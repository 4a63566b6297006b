"""What who comes needs at the next meeting, and whether they may be named: told by themselves or for them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import contains_eager

from forum.audit import service as audit
from forum.invitations import policy
from forum.invitations.errors import AnswerClosed
from forum.invitations.models import Invitation, MeetingNeeds
from forum.invitations.rules import BY_SECRET, AnswerSource, InvitationState, Needs
from forum.invitations.terms import needs_kept_for
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.panels.models import Meeting, Panel
from forum.panels.rules import PanelState


def find_next_meeting(panel: Panel, at: datetime) -> Meeting | None:
    """Return the first meeting of a panel that is not over and not cancelled."""
    coming = (row for row in panel.meetings if row.cancelled_at is None and row.ends_at > at)
    return next(coming, None)


def may_tell_needs(invitation: Invitation, at: datetime) -> bool:
    """Tell whether somebody comes, so that it matters what they need."""
    is_on = invitation.panel.state is PanelState.CONFIRMED
    is_coming = invitation.state is InvitationState.ACCEPTED
    return is_on and is_coming and find_next_meeting(invitation.panel, at) is not None


def last_needs(invitation: Invitation) -> Needs:
    """Return what somebody said last that they need; for another meeting it may be the same again."""
    row = db.session.scalar(
        select(MeetingNeeds)
        .where(MeetingNeeds.invitation_id == invitation.id)
        .order_by(MeetingNeeds.kept_at.desc(), MeetingNeeds.id.desc())
        .limit(1)
    )
    if row is None:
        return Needs()
    return Needs(
        wheelchair=row.wheelchair,
        hearing_loop=row.hearing_loop,
        interpreter=row.interpreter,
        other=row.other,
        companion=row.companion,
        travel=row.travel,
    )


def keep_needs(
    invitation: Invitation, needs: Needs, source: AnswerSource, actor: Actor, *, is_named: bool, at: datetime
) -> None:
    """Keep what somebody needs at the next meeting, in the place of what they said before.

    The logbook holds that something was said, never what. The caller checked the link, or the actor is the
    person, a moderator, or runs the panel.

    Raises:
        Forbidden: the actor may not answer for this person.
        AnswerClosed: they do not come, or the last meeting is over.
    """
    lock(invitation.panel)
    may_answer = policy.can_answer(actor, invitation.member_id, invitation.panel.coordinator_id)
    if source not in BY_SECRET and not may_answer:
        raise Forbidden(action="tell-needs")
    meeting = find_next_meeting(invitation.panel, at)
    if meeting is None or not may_tell_needs(invitation, at):
        raise AnswerClosed
    db.session.execute(
        delete(MeetingNeeds).where(
            MeetingNeeds.invitation_id == invitation.id, MeetingNeeds.meeting_id == meeting.id
        )
    )
    if needs != Needs():
        db.session.add(
            MeetingNeeds(invitation_id=invitation.id, meeting_id=meeting.id, kept_at=at, **asdict(needs))
        )
    invitation.is_named = is_named
    audit.record(actor, "invitation.needs_kept", invitation_id=invitation.id, at=at)


def look_at_needs(panel: Panel, meeting: Meeting, actor: Actor, *, at: datetime) -> Sequence[MeetingNeeds]:
    """Return what people who come need at a meeting, by name; the logbook keeps who looked.

    Raises:
        Forbidden: the actor does not prepare the meetings of this panel.
    """
    if not policy.can_enter_answers(actor, panel.coordinator_id):
        raise Forbidden(action="see-needs", panel_id=panel.id)
    rows = db.session.scalars(
        select(MeetingNeeds)
        .join(MeetingNeeds.invitation)
        .join(Invitation.member)
        .where(
            MeetingNeeds.meeting_id == meeting.id,
            Invitation.panel_id == panel.id,
            Invitation.state == InvitationState.ACCEPTED,
        )
        .options(contains_eager(MeetingNeeds.invitation).contains_eager(Invitation.member))
        .order_by(MeetingNeeds.id)
    ).all()
    audit.record(
        actor,
        "invitations.needs_seen",
        panel_id=panel.id,
        invitations=[row.invitation_id for row in rows],
        at=at,
    )
    return rows


def forget_needs(*, at: datetime) -> None:
    """Remove what people needed at meetings over for some days, and of who does not come after all."""
    is_over = select(Meeting.id).where(Meeting.ends_at < at - needs_kept_for())
    stays_away = select(Invitation.id).where(Invitation.state != InvitationState.ACCEPTED)
    gone = db.session.scalars(
        delete(MeetingNeeds)
        .where(or_(MeetingNeeds.meeting_id.in_(is_over), MeetingNeeds.invitation_id.in_(stays_away)))
        .returning(MeetingNeeds.id)
    ).all()
    if gone:
        audit.record(SYSTEM, "invitations.needs_forgotten", count=len(gone), at=at)
