"""The ways to reach somebody: which one is taken, how far a letter is, when nothing may go out any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Channel(StrEnum):
    """The way in which somebody is asked. `HAND`: the letter is handed over and not posted."""

    EMAIL = "email"
    LETTER = "letter"
    HAND = "hand"
    PHONE = "phone"


POST_TAKES = timedelta(days=4)
"""How long it takes to print and post a letter, and to get an answer to it."""

PAPER = frozenset({Channel.LETTER, Channel.HAND})


@dataclass(frozen=True, slots=True)
class Reach:
    """What reaches somebody, as far as is known: mail, post, a hand at the door of their home."""

    by_mail: bool
    by_post: bool
    has_home: bool

    def has(self, channel: Channel) -> bool:
        """Tell whether a way is open; a telephone number can always still be found."""
        return {
            Channel.EMAIL: self.by_mail,
            Channel.LETTER: self.by_post,
            Channel.HAND: self.has_home,
            Channel.PHONE: True,
        }[channel]


def first_channel(reach: Reach, wish: Channel | None) -> Channel:
    """Return how somebody is asked: as they wish when that is possible, else by mail, post or telephone."""
    order = (wish, Channel.EMAIL, Channel.LETTER, Channel.PHONE)
    return next(channel for channel in order if channel is not None and reach.has(channel))


def fallback(channel: Channel, reach: Reach) -> Channel:
    """Return how to go on with somebody whom a way may not reach any more; the same way when it does."""
    if reach.has(channel):
        return channel
    return Channel.LETTER if channel is Channel.EMAIL and reach.by_post else Channel.PHONE


def in_time(channel: Channel, time_left: timedelta) -> Channel:
    """Return how to ask somebody who has so long to answer: by telephone when a letter comes too late."""
    return Channel.PHONE if channel is Channel.LETTER and time_left < POST_TAKES else channel


class LetterKind(StrEnum):
    """What a letter says."""

    INVITED = "invited"
    WITHDRAWN = "withdrawn"


class LetterState(StrEnum):
    """How far a letter is. `BATCHED`: being printed; it is on its way only once staff say so."""

    WAITING = "waiting"
    BATCHED = "batched"
    POSTED = "posted"
    RETURNED = "returned"
    DROPPED = "dropped"


class LetterStep(StrEnum):
    """What happens to a letter. `REDO`: it was printed for a home where its reader no longer lives."""

    BATCH = "batch"
    POST = "post"
    REDO = "redo"
    RETURN = "return"
    DROP = "drop"


_LETTER_STEPS: Mapping[tuple[LetterState, LetterStep], LetterState] = {
    (LetterState.WAITING, LetterStep.BATCH): LetterState.BATCHED,
    (LetterState.WAITING, LetterStep.DROP): LetterState.DROPPED,
    (LetterState.BATCHED, LetterStep.POST): LetterState.POSTED,
    (LetterState.BATCHED, LetterStep.REDO): LetterState.WAITING,
    (LetterState.BATCHED, LetterStep.RETURN): LetterState.RETURNED,
    (LetterState.BATCHED, LetterStep.DROP): LetterState.DROPPED,
    (LetterState.POSTED, LetterStep.RETURN): LetterState.RETURNED,
}
"""A letter that comes back was posted, also when nobody said so."""

UNDERWAY = frozenset({LetterState.WAITING, LetterState.BATCHED})
"""A letter that still has to be posted: there is no second one beside it."""


def letter_after(state: LetterState, step: LetterStep) -> LetterState | None:
    """Return what a letter is after a step, `None` when the step cannot be taken."""
    return _LETTER_STEPS.get((state, step))


class StepKind(StrEnum):
    """What was done to reach somebody, or came of it, as the log of an invitation shows it.

    Of a calendar come `TENTATIVE`, `NOT_THAT_DAY`: no to one of more meetings, which leaves the seat, and
    `TOO_LATE`: an answer that could not count any more.
    """

    QUEUED = "queued"
    PRINTED = "printed"
    POSTED = "posted"
    HANDED = "handed"
    RETURNED = "returned"
    DROPPED = "dropped"
    NO_ANSWER = "no_answer"
    CALL_BACK = "call_back"
    WRONG_NUMBER = "wrong_number"
    RESENT = "resent"
    TO_PHONE = "to_phone"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    NOT_THAT_DAY = "not_that_day"
    TOO_LATE = "too_late"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class CallOutcome(StrEnum):
    """What came of a call."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    CALL_BACK = "call_back"
    WRONG_NUMBER = "wrong_number"


CALLED_IN_VAIN = frozenset({StepKind.NO_ANSWER, StepKind.CALL_BACK, StepKind.WRONG_NUMBER})
"""Calls after which somebody has to be called again; they are the attempts that are counted."""


ANSWERED = frozenset(
    {
        StepKind.ACCEPTED,
        StepKind.DECLINED,
        StepKind.TENTATIVE,
        StepKind.NOT_THAT_DAY,
        StepKind.TOO_LATE,
    }
)
"""Steps of the invited person, unless staff entered them."""


class PrintReason(StrEnum):
    """Why addresses are shown on letters; the logbook keeps it."""

    TO_SEND = "to_send"
    PRINTER_FAILED = "printer_failed"
    MISTAKE = "mistake"
    LOST = "lost"


class WithdrawReason(StrEnum):
    """Why an invitation ends without an answer. The last three follow from the register by themselves; of who
    died all invitations of that time end."""

    ASKED = "asked"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    MISTAKE = "mistake"
    DECEASED = "deceased"
    GONE = "gone"
    MOVED = "moved"
    OBJECTED = "objected"


CHOSEN_REASONS = (
    WithdrawReason.ASKED,
    WithdrawReason.CONFLICT_OF_INTEREST,
    WithdrawReason.MISTAKE,
    WithdrawReason.DECEASED,
)
"""The reasons a person can give."""

TOLD_REASONS = frozenset({WithdrawReason.ASKED, WithdrawReason.CONFLICT_OF_INTEREST, WithdrawReason.MISTAKE})
"""Reasons that the person is told of; nobody writes to who died, left, or objected."""


def reason_to_end(
    *, is_here: bool, has_died: bool, has_objected: bool, lives_in_area: bool, is_coming: bool
) -> WithdrawReason | None:
    """Return why somebody may not be asked any more, `None` when nothing has changed.

    Args:
        is_here: the register still has them.
        has_died: staff said so, of an invitation to another panel.
        has_objected: they do not want to be scored, and the panel is chosen on scores.
        lives_in_area: they live where everybody of the panel lives.
        is_coming: they said yes; objecting or moving does not take that from them.
    """
    if not is_here:
        return WithdrawReason.GONE
    if has_died:
        return WithdrawReason.DECEASED
    if is_coming:
        return None
    if has_objected:
        return WithdrawReason.OBJECTED
    return None if lives_in_area else WithdrawReason.MOVED
