"""What is true in the life of a panel: how a point closes, what ends it, who looks on, the survey after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from forum.panels.form_rules import EndKind, FormRules, months_after

SURVEY_DAYS = 42
"""How long after its end a panel's members can say how they look back on it."""
IDLE_MONTHS = 3
"""After how long without a meeting a panel without a rhythm is asked about."""
SMALLEST_SHOWN = 5
"""Fewer answers than this are not shown: they would tell who answered what."""
MARKS = range(1, 6)
QUESTIONS = ("heard", "informed", "result")


class GuestKind(StrEnum):
    """Why somebody who is no member sees a panel."""

    COMMITTEE = "committee"
    OBSERVER = "observer"


class Agreement(StrEnum):
    """How a point of a panel closed. There is no third way, and nobody counts votes."""

    AGREED = "agreed"
    APART = "apart"


class EndReason(StrEnum):
    """Why a panel was dissolved."""

    DATE = "date"
    PROJECT = "project"
    ADVICE = "advice"


REASON_OF_END = {EndKind.PROJECT: EndReason.PROJECT, EndKind.ADVICE: EndReason.ADVICE}
"""The ends that a person establishes; a last day passes by itself."""


def end_reason(rules: FormRules) -> EndReason | None:
    """Return why a person may end a panel of this form, `None` when only its last day or meeting does."""
    return REASON_OF_END.get(rules.end)


def is_over(ends_on: date | None, today: date) -> bool:
    """Tell whether the last day of a panel has passed; on the day itself it still lives."""
    return ends_on is not None and ends_on < today


def next_meeting_due(rules: FormRules, last_meeting: date, ends_on: date | None) -> date | None:
    """Return by when the rhythm of a panel asks for its next meeting; `None` without one or after its end."""
    if rules.rhythm_months is None:
        return None
    due = months_after(last_meeting, rules.rhythm_months)
    return None if is_over(ends_on, due) else due


def is_idle(rules: FormRules, last_meeting: date, ends_on: date | None, today: date) -> bool:
    """Tell whether a panel that goes on met too long ago: a meeting must be planned, or its end told."""
    due = months_after(last_meeting, rules.rhythm_months or IDLE_MONTHS)
    return rules.lives_on and due < today and not is_over(ends_on, today)


def is_view_missing(agreement: Agreement, agreed: str, tenants: str, landlord: str) -> bool:
    """Tell whether a point cannot close so: what was agreed, or else what both think, must be there."""
    return not agreed if agreement is Agreement.AGREED else not (tenants and landlord)


def is_survey_open(ended_at: datetime | None, at: datetime) -> bool:
    """Tell whether members can still look back on a panel."""
    return ended_at is not None and at < ended_at + timedelta(days=SURVEY_DAYS)


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """One question and the mean of its marks, in tenths; how many gave which mark would tell who did."""

    question: str
    mean_tenths: int


def survey_results(answers: Sequence[Sequence[int]]) -> Sequence[SurveyResult]:
    """Return the results of all questions, nothing while there are too few answers to hide who gave them.

    Args:
        answers: the marks of each member, in the order of the questions.
    """
    if len(answers) < SMALLEST_SHOWN:
        return []
    totals = [sum(marks) for marks in zip(*answers, strict=True)]
    return [
        SurveyResult(question, (20 * total + len(answers)) // (2 * len(answers)))
        for question, total in zip(QUESTIONS, totals, strict=True)
    ]
