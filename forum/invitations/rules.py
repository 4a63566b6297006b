"""What is true of an invitation: its states, who is counted in, when a reminder goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from forum.panels.rules import PanelState


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
    CALENDAR = "calendar"


class Travel(StrEnum):
    """How somebody comes to a meeting."""

    OWN = "own"
    LIFT = "lift"


@dataclass(frozen=True, slots=True)
class Needs:
    """What somebody needs to come to a meeting; `interpreter` is the language, empty for none."""

    wheelchair: bool = False
    hearing_loop: bool = False
    interpreter: str = ""
    other: str = ""
    companion: bool = False
    travel: Travel = Travel.OWN


BY_SECRET = frozenset({AnswerSource.LINK, AnswerSource.CALENDAR})
"""Answers of whoever has the secret link, or the signed address of the appointment."""

SITTING = frozenset({InvitationState.OPEN, InvitationState.ACCEPTED})
"""States in which somebody holds a seat: nobody takes it from them."""


def awaits_answer(state: InvitationState, panel_state: PanelState) -> bool:
    """Tell whether somebody is asked and may still answer: the panel goes on, and there is no answer yet."""
    return state is InvitationState.OPEN and panel_state is PanelState.CONFIRMED


def holds_seat(state: InvitationState, panel_state: PanelState) -> bool:
    """Tell whether somebody said yes, or may still do so, to a panel that goes on."""
    return state in SITTING and panel_state is PanelState.CONFIRMED


LEFT_REASONS = {
    InvitationState.DECLINED: "declined",
    InvitationState.EXPIRED: "no_answer",
    InvitationState.WITHDRAWN: "withdrew",
}
"""Reason codes of the selection for who will not come."""

GONE = frozenset({InvitationState.DECLINED, InvitationState.EXPIRED})
"""States from which somebody may come back while a seat is free."""

COMES_BACK = 2
"""How much later the meetings are in a calendar for who comes back: one step took them out before."""

REMINDER_BEFORE = timedelta(days=3)
MORNING = time(9)
"""Nobody need answer at night."""

ANSWER_STATES = {Rsvp.ACCEPTED: InvitationState.ACCEPTED, Rsvp.DECLINED: InvitationState.DECLINED}


@dataclass(frozen=True, slots=True)
class ClaimWindow:
    """How long somebody has to answer who is asked when the first date is past or near.

    `days`, or half of the time to the meeting when that is less, but not under `hours_least`. `zone` is where
    it is night.
    """

    days: int
    hours_least: int
    zone: tzinfo

    def until(self, meeting_at: datetime, at: datetime) -> datetime:
        """Return the end of the window, on a whole hour; it may lie after the meeting.

        One that would end at night ends in the morning, when that is before the meeting still.
        """
        longest = min(timedelta(days=self.days), (meeting_at - at) / 2)
        ends = at + max(timedelta(hours=self.hours_least), longest)
        on_the_hour = ends.replace(minute=0, second=0, microsecond=0)
        whole = on_the_hour if on_the_hour == ends else on_the_hour + timedelta(hours=1)
        morning = datetime.combine(whole.astimezone(self.zone).date(), MORNING, self.zone).astimezone(UTC)
        return morning if whole < morning < meeting_at else whole


def answer_by(
    first_date: datetime, at: datetime, window: ClaimWindow, *, meeting_at: datetime, closes_at: datetime
) -> datetime | None:
    """Return until when somebody invited now may answer, `None` when nobody can come in any more.

    The panel's own date, or a claim window from now when that date is past, nearer than the window or after
    the meeting.

    Args:
        first_date: the panel's own date.
        at: now.
        window: how long they have at least, and at most after the panel's own date.
        meeting_at: the beginning of the meeting they are asked for first.
        closes_at: until when people can come in. Later than the meeting when the panel goes on after it: then
            a window that is too short for an honest chance ends after the meeting.
    """
    if at >= closes_at:
        return None
    return min(max(min(first_date, meeting_at), window.until(meeting_at, at)), closes_at)


def is_reminder_due(invited_at: datetime, respond_by: datetime, at: datetime) -> bool:
    """Tell whether somebody who has not answered is reminded now: once, in the last days, not at once."""
    return invited_at + timedelta(days=1) <= at and respond_by - REMINDER_BEFORE <= at < respond_by


def free_seats(seats: int, states: Iterable[InvitationState]) -> int:
    """Return how many seats nobody holds."""
    return max(0, seats - sum(1 for state in states if state in SITTING))
