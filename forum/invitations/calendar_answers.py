"""Answers to an invitation that a calendar mails: recorded when all is right, passed over when not."""

from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from forum.audit import service as audit
from forum.invitations import service
from forum.invitations.calendar_replies import CalendarReply, read_reply
from forum.invitations.channels import StepKind
from forum.invitations.guests import APPOINTMENTS
from forum.invitations.log_queries import list_steps
from forum.invitations.models import Invitation
from forum.invitations.queries import find_invitation
from forum.invitations.rules import ANSWER_STATES, AnswerSource, InvitationState, Rsvp
from forum.invitations.steps import add_step
from forum.invitations.terms import answers_by_calendar
from forum.kernel.actor import VISITOR
from forum.kernel.clock import local_day
from forum.kernel.database import lock
from forum.mail.incoming import Incoming

log = structlog.get_logger()

CLOCKS_DIFFER = timedelta(minutes=5)


class Outcome(StrEnum):
    """What was done with an answer."""

    RECORDED = "recorded"
    NOTED = "noted"
    UNKNOWN_ADDRESS = "unknown_address"
    UNREADABLE = "unreadable"
    OTHER_PERSON = "other_person"
    OTHER_MEETING = "other_meeting"
    OLD_VERSION = "old_version"
    OLDER_ANSWER = "older_answer"
    ONE_OF_A_SERIES = "one_of_a_series"
    CLOSED = "closed"


def receive_reply(incoming: Incoming, *, at: datetime) -> None:
    """Record what a calendar answers; what is wrong, late or of somebody else is passed over and logged."""
    invitation = _find_invited(incoming)
    outcome = Outcome.UNKNOWN_ADDRESS if invitation is None else _record(invitation, incoming.calendar, at)
    log.info("answer of a calendar", outcome=outcome, invitation_id=invitation.id if invitation else None)


def _find_invited(incoming: Incoming) -> Invitation | None:
    answers = answers_by_calendar()
    for recipient in incoming.recipients:
        invitation_id = APPOINTMENTS.find_number(answers.keys, recipient, answers.domain)
        if invitation_id is not None:
            return find_invitation(invitation_id)
    return None


def _record(invitation: Invitation, text: str, at: datetime) -> Outcome:
    lock(invitation.panel)
    reply = read_reply(text)
    if reply is None:
        return Outcome.UNREADABLE
    refused = _why_not(invitation, reply, at)
    if refused is not None:
        _keep_unanswered(invitation, reply, refused, at)
        return refused
    if reply.rsvp is Rsvp.TENTATIVE:
        return _note_doubt(invitation, at)
    service.answer(invitation, reply.rsvp, AnswerSource.CALENDAR, VISITOR, at=at)
    return Outcome.RECORDED


def _keep_unanswered(invitation: Invitation, reply: CalendarReply, refused: Outcome, at: datetime) -> None:
    """Let staff see in the log what somebody answered that does not count."""
    if refused is Outcome.ONE_OF_A_SERIES:
        [day] = [row.starts_at for row in invitation.panel.meetings if row.uid == reply.uid]
        _add_once(invitation, StepKind.NOT_THAT_DAY, local_day(day).isoformat(), at)
    elif refused is Outcome.CLOSED and _is_answer(reply.rsvp):
        _add_once(invitation, StepKind.TOO_LATE, AnswerSource.CALENDAR, at)


def _add_once(invitation: Invitation, kind: StepKind, note: str, at: datetime) -> None:
    """Add a line to the log unless it is the last one there: a mail may come in twice."""
    steps = list_steps(invitation)
    if not steps or (steps[-1].kind, steps[-1].note) != (kind, note):
        add_step(invitation, kind, VISITOR, at=at, note=note)


def _is_answer(rsvp: Rsvp) -> bool:
    return rsvp in ANSWER_STATES or rsvp is Rsvp.TENTATIVE


def _why_not(invitation: Invitation, reply: CalendarReply, at: datetime) -> Outcome | None:
    """Return why an answer does not count, `None` when it does."""
    standing = [row for row in invitation.panel.meetings if row.cancelled_at is None]
    meeting = next((row for row in standing if row.uid == reply.uid), None)
    if reply.address != (invitation.member.email or "").lower():
        return Outcome.OTHER_PERSON
    if meeting is None:
        return Outcome.OTHER_MEETING
    if reply.sequence < meeting.sequence + invitation.calendar_shift:
        return Outcome.OLD_VERSION
    if _is_older(invitation, reply):
        return Outcome.OLDER_ANSWER
    return _why_not_now(invitation, reply.rsvp, at, is_series=len(standing) > 1)


def _is_older(invitation: Invitation, reply: CalendarReply) -> bool:
    """Tell whether somebody answered after they pressed this; mails do not always come in their order."""
    answered_at = invitation.answered_at
    return answered_at is not None and reply.stamped_at + CLOCKS_DIFFER < answered_at


def _why_not_now(invitation: Invitation, rsvp: Rsvp, at: datetime, *, is_series: bool) -> Outcome | None:
    """Return why an answer does not count now; one that lives on is always a series."""
    if not _is_answer(rsvp) or not (rsvp is invitation.rsvp or service.is_answerable(invitation, at)):
        return Outcome.CLOSED
    lives_on = invitation.panel.form_rules.lives_on
    if rsvp is Rsvp.DECLINED and (is_series or lives_on):  # no to one evening is no no to the panel
        return Outcome.ONE_OF_A_SERIES
    return None


def _note_doubt(invitation: Invitation, at: datetime) -> Outcome:
    """Keep that somebody may come; they can still answer, until the same moment as before.

    Of who said yes before, only the log keeps it: they hold their seat.
    """
    _add_once(invitation, StepKind.TENTATIVE, AnswerSource.CALENDAR, at)
    if invitation.state is not InvitationState.OPEN:
        return Outcome.CLOSED
    invitation.rsvp, invitation.answered_at = Rsvp.TENTATIVE, at
    invitation.answer_source = AnswerSource.CALENDAR
    audit.record(
        VISITOR,
        "invitation.answered",
        invitation_id=invitation.id,
        rsvp=Rsvp.TENTATIVE,
        source=AnswerSource.CALENDAR,
        at=at,
    )
    return Outcome.NOTED
