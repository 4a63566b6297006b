"""Steps in a case: once, in their order, by the right party; and what the delegates hear."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from forum.advice.errors import (
    CaseChanged,
    DayNotPossible,
    PeriodTooShort,
    StepNotPossible,
    TextNeeded,
    TooEarly,
)
from forum.advice.jobs import remind_delegates
from forum.advice.models import AdviceCase, AdviceStep
from forum.advice.queries import get_case
from forum.advice.rules import CaseKind, CaseState, Outcome, StepKind, Terms, Verdict
from forum.advice.service import CaseDraft, NewStep, start_case, take_step
from forum.agenda.rules import StatutorySubject
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden, NotFound
from forum.notifications.models import Notification
from tests.support.cast import T0, actor_of, make_delegate, make_staff, make_tenant
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
DRAFT = CaseDraft(
    kind=CaseKind.REQUESTED,
    subject=StatutorySubject.RENT_POLICY,
    title="Huurverhoging in juli",
    text="Wij willen de huur met 3 procent verhogen.",
    topic_id=None,
    terms=Terms(42, 14, 3),
    form_key="een",
)
DAY = timedelta(days=1)


def both() -> tuple[Actor, Actor]:
    """Return a delegate of the tenants and one of the landlord."""
    tenants, landlord = (actor_of(make_delegate(party)) for party in Party)
    return tenants, landlord


def make_case(actor: Actor, **changes: object) -> AdviceCase:
    case = start_case(replace(DRAFT, **changes), actor, least_days=42, at=T0)  # type: ignore[arg-type]
    db.session.commit()
    return get_case(case.id)


def step(kind: StepKind, shown: int = 1, **fields: object) -> NewStep:
    return NewStep(kind, shown, **fields)  # type: ignore[arg-type]


def test_a_case_goes_from_request_to_carrying_out() -> None:
    tenants, landlord = both()
    case = make_case(landlord)

    take_step(case, step(StepKind.RECEIVED, 1, day=T0.date(), text="Ontvangen."), tenants, at=T0)
    take_step(
        case, step(StepKind.ADVISED, 2, verdict=Verdict.NEGATIVE, text="Te veel."), tenants, at=T0 + DAY
    )
    take_step(
        case, step(StepKind.DECIDED, 3, outcome=Outcome.NOT, text="Het moet."), landlord, at=T0 + 2 * DAY
    )
    with pytest.raises(TooEarly) as early:
        take_step(case, step(StepKind.CARRIED_OUT, 4, day=date(2026, 3, 7)), landlord, at=T0 + 9 * DAY)
    take_step(case, step(StepKind.CARRIED_OUT, 4, day=date(2026, 3, 10)), landlord, at=T0 + 9 * DAY)

    assert early.value.details == {"day": date(2026, 3, 10)}, (
        "Wednesday, three days, two of them working days"
    )
    assert case.state is case.clock.state is CaseState.CARRIED_OUT
    assert [row.number for row in case.steps] == [1, 2, 3, 4, 5]


def test_the_same_form_twice_is_one_case_and_a_double_click_one_step() -> None:
    tenants, landlord = both()
    case = make_case(landlord)

    again = start_case(DRAFT, landlord, least_days=42, at=T0)
    first, second = (
        take_step(case, step(StepKind.NOTED, text="De tekening komt later."), tenants, at=T0)
        for _ in range(2)
    )

    assert again.id == case.id
    assert first.id == second.id


def test_two_clicks_at_once_are_one_case(database: Flask) -> None:
    _, landlord = both()

    def click() -> None:
        with unit_of_work():
            start_case(DRAFT, landlord, least_days=42, at=T0)

    assert at_once(database, [click, click]) == [None, None]
    db.session.rollback()
    assert db.session.query(AdviceCase).count() == 1


def test_who_looks_at_an_old_page_is_told_so() -> None:
    tenants, landlord = both()
    case = make_case(landlord)
    take_step(case, step(StepKind.WITHDRAWN, text="Het plan gaat niet door."), landlord, at=T0)

    with pytest.raises(CaseChanged):
        take_step(case, step(StepKind.ADVISED, verdict=Verdict.POSITIVE), tenants, at=T0)
    with pytest.raises(StepNotPossible):
        take_step(case, step(StepKind.ADVISED, 2, verdict=Verdict.POSITIVE), tenants, at=T0)


def test_two_parties_at_once_take_one_step(database: Flask) -> None:
    tenants, landlord = both()
    case_id = make_case(landlord).id

    def act(actor: Actor, new: NewStep) -> None:
        with unit_of_work():
            take_step(get_case(case_id), new, actor, at=T0)

    raised = at_once(
        database,
        [
            lambda: act(tenants, step(StepKind.ADVISED, verdict=Verdict.POSITIVE)),
            lambda: act(landlord, step(StepKind.WITHDRAWN, text="Wij zien ervan af.")),
        ],
    )

    db.session.rollback()
    assert sorted(type(error).__name__ for error in raised) == ["CaseChanged", "NoneType"]
    assert db.session.query(AdviceStep).count() == 2
    assert get_case(case_id).state is get_case(case_id).clock.state


@pytest.mark.parametrize(
    ("new", "party", "error"),
    [
        pytest.param(
            step(StepKind.ADVISED, verdict=Verdict.NEGATIVE), 0, TextNeeded, id="against, without a word"
        ),
        pytest.param(
            step(StepKind.DECIDED, outcome=Outcome.WITHOUT), 1, StepNotPossible, id="before the period ends"
        ),
        pytest.param(
            step(StepKind.RECEIVED, day=date(2026, 3, 3)), 0, DayNotPossible, id="received tomorrow"
        ),
        pytest.param(
            step(StepKind.RECEIVED, day=date(2025, 3, 3)), 0, DayNotPossible, id="received a year ago"
        ),
        pytest.param(step(StepKind.RECEIVED, day=date(2026, 3, 2)), 1, StepNotPossible, id="by who sent it"),
        pytest.param(step(StepKind.EXTENSION_AGREED), 1, StepNotPossible, id="nobody asked"),
    ],
)
def test_a_step_that_cannot_be_is_refused(new: NewStep, party: int, error: type[Exception]) -> None:
    actors = both()
    case_id = make_case(actors[1]).id

    with pytest.raises(error), unit_of_work():
        take_step(get_case(case_id), new, actors[party], at=T0)

    assert db.session.query(AdviceStep).count() == 1


def test_after_the_period_there_can_be_a_decision_without_advice_and_no_other() -> None:
    _, landlord = both()
    case, later = make_case(landlord), T0 + 50 * DAY

    with pytest.raises(StepNotPossible):
        take_step(case, step(StepKind.DECIDED, outcome=Outcome.FOLLOWED), landlord, at=later)
    take_step(case, step(StepKind.DECIDED, outcome=Outcome.WITHOUT), landlord, at=later)

    assert case.state is CaseState.DECIDED


def test_only_delegates_of_the_right_party_start_a_case_and_only_delegates_take_steps() -> None:
    tenants, landlord = both()
    case = make_case(landlord)

    for actor in (tenants, actor_of(make_tenant()), actor_of(make_staff(Role.MODERATOR, Party.LANDLORD))):
        with pytest.raises(Forbidden):
            start_case(replace(DRAFT, form_key="twee"), actor, least_days=42, at=T0)
    with pytest.raises(NotFound):
        take_step(case, step(StepKind.NOTED, text="?"), actor_of(make_staff(Role.ADMIN)), at=T0)
    with pytest.raises(PeriodTooShort):
        start_case(replace(DRAFT, form_key="twee", terms=Terms(41, 14, 3)), landlord, least_days=42, at=T0)


def test_an_unsolicited_advice_needs_nobody_and_waits_for_an_answer() -> None:
    tenants, landlord = both()
    case = make_case(tenants, kind=CaseKind.UNSOLICITED)

    assert case.clock.due == date(2026, 3, 16)
    take_step(case, step(StepKind.DECIDED, outcome=Outcome.PARTLY, text="De helft."), landlord, at=T0)
    assert case.state is CaseState.DECIDED


def told(member_id: int | None) -> list[str]:
    rows = db.session.query(Notification).filter_by(member_id=member_id).order_by(Notification.id)
    return [row.event.removeprefix("advice-") for row in rows]


def test_reminders_come_once_to_who_must_act_and_to_both_when_it_is_too_late() -> None:
    tenants, landlord = both()
    due = make_case(landlord).clock.due
    assert due == date(2026, 4, 13)
    noon = datetime.combine(due, T0.timetz())

    for days in (-20, -8, -7, -7, -3, -1, 0, 1, 1, 9):
        remind_delegates(at=noon + days * DAY)

    assert told(tenants.member_id) == ["new", "week", "day", "over"]
    assert told(landlord.member_id) == ["over"]


def test_more_days_move_the_reminders() -> None:
    """Two weeks more end on King's Day, so the day after."""
    tenants, landlord = both()
    case = make_case(landlord)
    take_step(case, step(StepKind.EXTENSION_ASKED, days=14, text="De tekening ontbreekt."), tenants, at=T0)
    take_step(case, step(StepKind.EXTENSION_AGREED, 2), landlord, at=T0)
    db.session.commit()

    remind_delegates(at=datetime(2026, 4, 12, 9, tzinfo=T0.tzinfo))
    remind_delegates(at=datetime(2026, 4, 27, 9, tzinfo=T0.tzinfo))

    assert told(tenants.member_id) == ["new", "new", "day"]
