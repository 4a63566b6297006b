"""What is true of statutory advice: whose turn it is, until when, and from when a plan can be carried out.

Source of the terms: Wet op het overleg huurders verhuurder, article 5.
1. The landlord carries out a plan only after giving the tenant organisation a period, of at least six weeks
   after the information, to confer and to give a written advice.
2. Within fourteen days of a written advice the landlord gives the reasons for not following (a part of) it.
3. The plan can be carried out a. after a written notice that there is no objection; b. when the period of the
   first paragraph is over; c. three days after the reasons of the second were received.
Where b and c both could apply we take the later step: who got an advice and does not follow it waits for c.

The period runs from the day on which the request came on the forum; from an earlier one when the tenant
organisation says that it had everything then. A later receipt moves nothing: no party moves a term alone.

Terms are days of Amsterdam. The day on which something was given does not count. A term that ends in a
weekend or on a holiday goes on to the next working day; one of three days or more has two working days
(Algemene termijnenwet, articles 1 and 2): these are terms of an act, shorter than twelve weeks (article 4).

An unsolicited advice is no matter of article 5: here the parties agree that it gets an answer in the same
term.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from forum.kernel.actor import Party
from forum.kernel.holidays import is_working_day

DAYS_MOST = 365
EARLIER_MOST = timedelta(days=60)
"""How long before a case came on the forum it can have been received on paper."""
WORKING_DAYS_LEAST = 2


class CaseKind(StrEnum):
    """Whether the landlord asked for the advice."""

    REQUESTED = "requested"
    UNSOLICITED = "unsolicited"

    @property
    def starter(self) -> Party:
        """Return the party that starts such a case."""
        return Party.LANDLORD if self is CaseKind.REQUESTED else Party.TENANTS


class StepKind(StrEnum):
    """What a party does. Steps are only added: together they are the whole history of a case."""

    SENT = "sent"
    RECEIVED = "received"
    ADVISED = "advised"
    DECIDED = "decided"
    EXTENSION_ASKED = "extension-asked"
    EXTENSION_AGREED = "extension-agreed"
    EXTENSION_REFUSED = "extension-refused"
    NOTED = "noted"
    WITHDRAWN = "withdrawn"
    CARRIED_OUT = "carried-out"


class Verdict(StrEnum):
    """What the tenant organisation advises; `POSITIVE` is a notice that there is no objection."""

    POSITIVE = "positive"
    CONDITIONS = "conditions"
    NEGATIVE = "negative"
    NONE = "none"


class Outcome(StrEnum):
    """What the landlord does with the advice; `WITHOUT` when there is none."""

    FOLLOWED = "followed"
    PARTLY = "partly"
    NOT = "not"
    WITHOUT = "without"


class CaseState(StrEnum):
    """What a case waits for, or how it ended."""

    ADVICE = "advice"
    DECISION = "decision"
    DECIDED = "decided"
    CARRIED_OUT = "carried-out"
    WITHDRAWN = "withdrawn"


OPEN_STATES = frozenset({CaseState.ADVICE, CaseState.DECISION})
OBJECTING = frozenset({Verdict.CONDITIONS, Verdict.NEGATIVE})
DEVIATING = frozenset({Outcome.PARTLY, Outcome.NOT})
ENDS = {
    StepKind.DECIDED: CaseState.DECIDED,
    StepKind.CARRIED_OUT: CaseState.CARRIED_OUT,
    StepKind.WITHDRAWN: CaseState.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """How many days there are for the advice and for the reasons, and to wait after those."""

    advice_days: int
    reasons_days: int
    wait_days: int


@dataclass(frozen=True, slots=True)
class Step:
    """What a party did on a day. An unsolicited advice has no verdict."""

    kind: StepKind
    party: Party
    on: date
    days: int | None = None
    verdict: Verdict | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a case stands. `asked` is a wish for more days that has no answer yet.

    `advice_days` and `reasons_days` are with the days that both parties agreed on.
    """

    kind: CaseKind
    state: CaseState
    sent: Step
    advice_days: int
    reasons_days: int
    wait_days: int
    received: Step | None = None
    advised: Step | None = None
    decided: Step | None = None
    asked: Step | None = None

    @property
    def starts_on(self) -> date:
        """Return the day from which the period for the advice runs."""
        return min(self.sent.on, self.received.on) if self.received is not None else self.sent.on

    @property
    def advice_due(self) -> date | None:
        """Return the last day for the advice; an unsolicited one has none."""
        return last_day(self.starts_on, self.advice_days) if self.kind is CaseKind.REQUESTED else None

    @property
    def decision_due(self) -> date | None:
        """Return the last day for the reasons; `None` where nothing obliges to give them."""
        if self.advised is None:
            return None
        owes_reasons = self.kind is CaseKind.UNSOLICITED or self.advised.verdict in OBJECTING
        return last_day(self.advised.on, self.reasons_days) if owes_reasons else None

    @property
    def due(self) -> date | None:
        """Return the last day of the term that runs now."""
        running = {CaseState.ADVICE: self.advice_due, CaseState.DECISION: self.decision_due}
        return running.get(self.state)

    @property
    def turn(self) -> Party | None:
        """Return the party that the case waits for."""
        return {CaseState.ADVICE: Party.TENANTS, CaseState.DECISION: Party.LANDLORD}.get(self.state)

    @property
    def carry_out_from(self) -> date | None:
        """Return the first day on which the plan can be carried out; `None` before that can be said."""
        if self.advice_due is None:
            return None
        if self.decided is not None and self.decided.outcome in DEVIATING:
            return last_day(self.decided.on, self.wait_days) + timedelta(days=1)
        if self.advised is not None and self.advised.verdict is Verdict.POSITIVE:
            return self.advised.on
        if self.advised is not None and self.advised.verdict in OBJECTING and self.decided is None:
            return None
        after_term = self.advice_due + timedelta(days=1)
        return max(after_term, self.decided.on) if self.decided is not None else after_term

    def is_over(self, today: date) -> bool:
        """Tell whether the term that runs has passed."""
        return self.due is not None and today > self.due


def last_day(start: date, days: int) -> date:
    """Return the last day of a term of so many days after a day, as the Algemene termijnenwet counts."""
    day = start + timedelta(days=days)
    within = sum(is_working_day(start + timedelta(days=passed)) for passed in range(1, days + 1))
    least = WORKING_DAYS_LEAST if days > WORKING_DAYS_LEAST else 0
    while within < least or not is_working_day(day):
        day += timedelta(days=1)
        within += is_working_day(day)
    return day


def read_clock(kind: CaseKind, terms: Terms, steps: Sequence[Step]) -> Clock:
    """Return where a case stands after its steps, of which the first started it."""
    first = steps[0]
    is_requested = kind is CaseKind.REQUESTED
    clock = Clock(
        kind=kind,
        state=CaseState.ADVICE if is_requested else CaseState.DECISION,
        sent=first,
        advice_days=terms.advice_days,
        reasons_days=terms.reasons_days,
        wait_days=terms.wait_days,
        advised=None if is_requested else first,
    )
    for step in steps[1:]:
        clock = _after(clock, step)
    return clock


def _after(clock: Clock, step: Step) -> Clock:
    if step.kind in ENDS:
        decided = step if step.kind is StepKind.DECIDED else clock.decided
        return replace(clock, state=ENDS[step.kind], decided=decided, asked=None)
    changes: Mapping[StepKind, Mapping[str, Any]] = {
        StepKind.RECEIVED: {"received": step},
        StepKind.ADVISED: {"state": CaseState.DECISION, "advised": step, "asked": None},
        StepKind.EXTENSION_ASKED: {"asked": step},
        StepKind.EXTENSION_AGREED: {"asked": None, **_with_more_days(clock)},
        StepKind.EXTENSION_REFUSED: {"asked": None},
    }
    return replace(clock, **changes.get(step.kind, {}))


def _with_more_days(clock: Clock) -> Mapping[str, int]:
    """Return the term that runs with the days that were asked."""
    more = clock.asked.days or 0 if clock.asked is not None else 0
    if clock.state is CaseState.ADVICE:
        return {"advice_days": clock.advice_days + more}
    return {"reasons_days": clock.reasons_days + more}


def possible_steps(clock: Clock, party: Party, today: date) -> frozenset[StepKind]:
    """Return what a party can do now."""
    if clock.state not in OPEN_STATES:
        carries_out = clock.state is CaseState.DECIDED and clock.kind is CaseKind.REQUESTED
        return frozenset({StepKind.CARRIED_OUT} if carries_out and party is Party.LANDLORD else ())
    starter = clock.kind.starter
    can = {
        StepKind.NOTED: True,
        StepKind.RECEIVED: party is not starter and clock.received is None,
        StepKind.WITHDRAWN: party is starter,
        StepKind.ADVISED: party is Party.TENANTS and clock.state is CaseState.ADVICE,
        StepKind.DECIDED: party is Party.LANDLORD
        and (clock.state is CaseState.DECISION or clock.is_over(today)),
        StepKind.EXTENSION_ASKED: clock.asked is None and clock.due is not None,
        StepKind.EXTENSION_AGREED: clock.asked is not None and clock.asked.party is not party,
        StepKind.EXTENSION_REFUSED: clock.asked is not None,
    }
    return frozenset(step for step, possible in can.items() if possible)


def possible_days(clock: Clock, kind: StepKind, today: date) -> tuple[date, date]:
    """Return the first and last day that a step can be of; most are of the day they are recorded on."""
    if kind is StepKind.RECEIVED:
        return clock.sent.on - EARLIER_MOST, today
    if kind is StepKind.CARRIED_OUT and clock.decided is not None:
        return clock.decided.on, today
    return today, today


def possible_outcomes(clock: Clock) -> Sequence[Outcome]:
    """Return what the landlord can decide: there must be an advice to follow it or not."""
    if clock.advised is None or clock.advised.verdict is Verdict.NONE:
        return [Outcome.WITHOUT]
    return [Outcome.FOLLOWED, Outcome.PARTLY, Outcome.NOT]


def needs_text(kind: StepKind, verdict: Verdict | None, outcome: Outcome | None) -> bool:
    """Tell whether a step says nothing without words, as an advice against, or a decision against that."""
    always = (StepKind.SENT, StepKind.NOTED, StepKind.WITHDRAWN, StepKind.EXTENSION_ASKED)
    return kind in always or verdict in OBJECTING or outcome in DEVIATING


class Reminder(StrEnum):
    """What the parties are told of a term that runs."""

    WEEK = "week"
    DAY = "day"
    OVER = "over"


REMIND_DAYS = {Reminder.WEEK: 7, Reminder.DAY: 1}


def reminder_for(clock: Clock, today: date) -> Reminder | None:
    """Return what should have been told by now of the term that runs; the last of it that came."""
    if clock.due is None:
        return None
    left = (clock.due - today).days
    if left < 0:
        return Reminder.OVER
    return next((kind for kind in (Reminder.DAY, Reminder.WEEK) if left <= REMIND_DAYS[kind]), None)
