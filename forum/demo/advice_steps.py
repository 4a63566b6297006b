"""Steps of the demo year about statutory advice: one request that is finished, and one that runs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from forum.advice.queries import get_case
from forum.advice.rules import CaseKind, Outcome, StepKind, Terms, Verdict
from forum.advice.service import CaseDraft, NewStep, start_case, take_step
from forum.agenda.rules import StatutorySubject
from forum.demo.moments import days_before, local_moment
from forum.demo.panel_steps import Happening
from forum.demo.year import DemoYear
from forum.kernel.actor import Party, Role
from forum.texts.catalogue import say

TERMS = Terms(advice_days=42, reasons_days=14, wait_days=3)
TENANTS, LANDLORD = Party.TENANTS, Party.LANDLORD
FINISHED, RUNNING = "rent", "costs"
ASKED = {FINISHED: 120, RUNNING: 25}
"""How many days ago each was asked."""
SUBJECTS = {FINISHED: StatutorySubject.RENT_POLICY, RUNNING: StatutorySubject.SERVICE_COSTS}
TOPICS = {RUNNING: "servicekosten-schoon"}
STEPS: Sequence[tuple[str, int, Party, NewStep]] = (
    (FINISHED, 118, TENANTS, NewStep(StepKind.RECEIVED, 1)),
    (FINISHED, 90, TENANTS, NewStep(StepKind.ADVISED, 2, verdict=Verdict.CONDITIONS)),
    (FINISHED, 80, LANDLORD, NewStep(StepKind.DECIDED, 3, outcome=Outcome.PARTLY)),
    (FINISHED, 60, LANDLORD, NewStep(StepKind.CARRIED_OUT, 4)),
    (RUNNING, 23, TENANTS, NewStep(StepKind.RECEIVED, 1)),
    (RUNNING, 11, TENANTS, NewStep(StepKind.NOTED, 2)),
)
"""Which case, how many days ago, who, and what; the words are in the texts of the demo."""


def plan_advice(year: DemoYear) -> Sequence[Happening]:
    """Return what both parties do in two cases."""
    cases: dict[str, int] = {}
    happenings = []
    for key, days in ASKED.items():
        at = _morning(year, days)
        happenings.append(Happening(at, partial(_ask, year, key, cases, at)))
    for key, days, party, step in STEPS:
        at = _morning(year, days)
        happenings.append(Happening(at, partial(_act, year, (cases, key), party, step, at)))
    return happenings


def _morning(year: DemoYear, days: int) -> datetime:
    return local_moment(days_before(year.order.today, days), 10)


def _ask(year: DemoYear, key: str, cases: dict[str, int], at: datetime) -> None:
    draft = CaseDraft(
        kind=CaseKind.REQUESTED,
        subject=SUBJECTS[key],
        title=say(f"demo-advice-{key}-title"),
        text=say(f"demo-advice-{key}-sent"),
        topic_id=year.topics[TOPICS[key]] if key in TOPICS else None,
        terms=TERMS,
        form_key=f"demo-advice-{key}",
    )
    delegate = year.officers[Role.DELEGATE, LANDLORD]
    cases[key] = start_case(draft, delegate, least_days=TERMS.advice_days, at=at).id


def _act(year: DemoYear, case: tuple[dict[str, int], str], party: Party, step: NewStep, at: datetime) -> None:
    cases, key = case
    done = replace(step, text=say(f"demo-advice-{key}-{step.kind}"))
    take_step(get_case(cases[key]), done, year.officers[Role.DELEGATE, party], at=at)
