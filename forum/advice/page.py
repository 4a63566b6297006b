"""A case in words: what it waits for, its timeline, its steps, the drafts of letters, the public sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forum.advice import queries
from forum.advice.models import AdviceCase, AdviceStep
from forum.advice.rules import CaseKind, CaseState, Clock, Outcome, StepKind
from forum.kernel.actor import Party
from forum.settings.queries import SiteNames
from forum.texts.catalogue import say
from forum.texts.language import DUTCH, speaking
from forum.web.times import show_day, show_weekday

LETTERS = frozenset({StepKind.RECEIVED, StepKind.DECIDED})
"""Steps whose text is a letter."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as the history tells it; `fact` is what was decided, or how many days were asked."""

    number: int
    kind: StepKind
    title: str
    by: str
    day: date
    fact: str
    text: str


def waits_for(clock: Clock, site: SiteNames, today: date) -> str:
    """Return whose turn it is and until when, in a sentence."""
    if clock.turn is None:
        return say(f"statutory-advice-state-{clock.state}")
    who = site.name_of(clock.turn)
    if clock.due is None:
        return say(f"statutory-advice-waits-{clock.state}", who=who)
    key = "over" if clock.is_over(today) else "until"
    return say(f"statutory-advice-{key}-{clock.state}", who=who, day=show_weekday(clock.due))


def days_left(clock: Clock, today: date) -> str:
    """Return how long the term that runs still takes, or how long it is over; empty when none runs."""
    if clock.due is None:
        return ""
    left = (clock.due - today).days
    if left == 0:
        return say("statutory-advice-left-today")
    key = f"statutory-advice-{'left' if left > 0 else 'late'}-{'one' if abs(left) == 1 else 'many'}"
    return say(key, days=abs(left))


def carry_out_line(clock: Clock) -> str:
    """Return from when the plan can be carried out; empty where that is no question."""
    if clock.kind is CaseKind.UNSOLICITED or clock.state in (CaseState.WITHDRAWN, CaseState.CARRIED_OUT):
        return ""
    if clock.carry_out_from is None:
        return say("statutory-advice-carry-out-later")
    return say("statutory-advice-carry-out-from", day=show_weekday(clock.carry_out_from))


def timeline_of(clock: Clock) -> Sequence[Mapping[str, str]]:
    """Return the phases of a case for the timeline."""
    is_requested = clock.kind is CaseKind.REQUESTED
    phases: list[tuple[str, date | None, date | None]] = [
        (f"statutory-advice-phase-sent-{clock.kind}", clock.sent.on, None),
        ("statutory-advice-phase-received", clock.received.on if clock.received else None, None),
    ]
    if is_requested:
        phases.append(
            ("statutory-advice-phase-advice", clock.advised.on if clock.advised else None, clock.advice_due)
        )
    phases.append(
        ("statutory-advice-phase-decision", clock.decided.on if clock.decided else None, clock.decision_due)
    )
    waiting = {
        CaseState.ADVICE: "statutory-advice-phase-advice",
        CaseState.DECISION: "statutory-advice-phase-decision",
    }.get(clock.state)
    return [
        {
            "label": say(key),
            "state": "done" if done else "now" if key == waiting else "next",
            "moment": show_day(done)
            if done
            else say("statutory-advice-by", day=show_day(due))
            if due
            else "",
        }
        for key, done, due in phases
    ]


def history_of(case: AdviceCase, site: SiteNames) -> Sequence[StepLine]:
    """Return all steps, oldest first: by role and party, without names of people."""
    return [
        StepLine(
            number=step.number,
            kind=step.kind,
            title=say(
                f"statutory-advice-step-{step.kind}"
                if step.number > 1
                else f"statutory-advice-step-sent-{case.kind}"
            ),
            by=say("statutory-advice-by-delegate", party=site.name_of(step.party)),
            day=step.day,
            fact=_fact(step),
            text=step.text,
        )
        for step in case.steps
    ]


def _fact(step: AdviceStep) -> str:
    if step.verdict is not None:
        return say(f"verdict-{step.verdict}")
    if step.outcome is not None:
        return say(f"statutory-advice-outcome-{step.outcome}")
    return say("statutory-advice-days-asked", days=step.days) if step.days is not None else ""


def letter_draft(case: AdviceCase, kind: StepKind) -> str:
    """Return the text that a step begins with: a letter to change, for steps that are one."""
    if kind not in LETTERS:
        return ""
    with speaking(DUTCH):  # the parties write to each other in Dutch, whatever their pages are in
        return _letter_draft(case, kind)


def _letter_draft(case: AdviceCase, kind: StepKind) -> str:
    clock = case.clock
    if kind is StepKind.RECEIVED:
        due = clock.advice_due
        ending = (
            say("statutory-advice-draft-received-until", day=show_day(due))
            if due
            else say("statutory-advice-draft-received-answer")
        )
        return say(
            "statutory-advice-draft-received", title=case.title, day=show_day(clock.sent.on), ending=ending
        )
    if clock.advised is None:
        return say("statutory-advice-draft-decided-without", title=case.title)
    return say("statutory-advice-draft-decided", title=case.title, day=show_day(clock.advised.on))


def public_notes(topic_id: int) -> Sequence[str]:
    """Return what everybody may read of the advice on a topic: that it is asked, and how it ended."""
    return [
        _public_note(case)
        for case in queries.list_cases_on(topic_id)
        if case.state is not CaseState.WITHDRAWN
    ]


def _public_note(case: AdviceCase) -> str:
    clock = case.clock
    if clock.decided is not None:
        outcome = clock.decided.outcome or Outcome.WITHOUT
        return say(f"statutory-advice-public-{outcome}", title=case.title, day=show_day(clock.decided.on))
    if clock.due is not None and clock.turn is Party.TENANTS:
        return say("statutory-advice-public-advice", title=case.title, day=show_day(clock.due))
    return say("statutory-advice-public-decision", title=case.title)
