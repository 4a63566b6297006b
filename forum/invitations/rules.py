"""What is true of an invitation: its states, who is counted in, when a reminder goes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum


class InvitationState(StrEnum):
    """Whether an invitation still asks for something."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Rsvp(StrEnum):
    """The answer, in the words of RFC 5545 (PARTSTAT)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class AnswerSource(StrEnum):
    """How the answer came in."""

    LINK = "link"
    ACCOUNT = "account"
    PHONE = "phone"
    LETTER = "letter"
    MEETING = "meeting"


SITTING = frozenset({InvitationState.OPEN, InvitationState.ACCEPTED})
"""States in which somebody holds a seat: nobody takes it from them."""

LEFT_REASONS = {
    InvitationState.DECLINED: "declined",
    InvitationState.EXPIRED: "no_answer",
    InvitationState.WITHDRAWN: "withdrew",
}
"""Reason codes of the selection for who will not come."""

REMINDER_BEFORE = timedelta(days=3)
CLAIM_WINDOW = timedelta(days=5)
"""How long somebody who was invited in a refill has to answer, when the first date is too near."""

ANSWER_STATES = {Rsvp.ACCEPTED: InvitationState.ACCEPTED, Rsvp.DECLINED: InvitationState.DECLINED}


def answer_by(first_date: datetime, meeting_at: datetime, at: datetime) -> datetime | None:
    """Return until when somebody invited now may answer, `None` when the meeting is too near to invite.

    The panel's own date, or a claim window from now when that date is past or nearer than the window; never
    after the meeting begins.
    """
    if at >= meeting_at:
        return None
    return min(max(first_date, at + CLAIM_WINDOW), meeting_at)


def is_reminder_due(invited_at: datetime, respond_by: datetime, at: datetime) -> bool:
    """Tell whether somebody who has not answered is reminded now: once, in the last days, not at once."""
    return invited_at + timedelta(days=1) <= at and respond_by - REMINDER_BEFORE <= at < respond_by


def free_seats(seats: int, states: Iterable[InvitationState]) -> int:
    """Return how many seats nobody holds."""
    return max(0, seats - sum(1 for state in states if state in SITTING))
