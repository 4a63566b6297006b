"""Terms of the Overlegwet and the Algemene termijnenwet, whose turn it is, and what each party can do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.advice.rules import (
    CaseKind,
    CaseState,
    Clock,
    Outcome,
    Reminder,
    Step,
    StepKind,
    Terms,
    Verdict,
    last_day,
    needs_text,
    possible_outcomes,
    possible_steps,
    read_clock,
    reminder_for,
)
from forum.kernel.actor import Party
from forum.kernel.holidays import is_working_day

TERMS = Terms(advice_days=42, reasons_days=14, wait_days=3)
TENANTS, LANDLORD = Party.TENANTS, Party.LANDLORD
SENT = Step(StepKind.SENT, LANDLORD, date(2026, 9, 7))
"""A Monday; six weeks later is Monday 19 October."""
DUE = date(2026, 10, 19)


def advised(verdict: Verdict, day: date = date(2026, 10, 1)) -> Step:
    return Step(StepKind.ADVISED, TENANTS, day, verdict=verdict)


def decided(outcome: Outcome, day: date = date(2026, 10, 12)) -> Step:
    return Step(StepKind.DECIDED, LANDLORD, day, outcome=outcome)


def received(day: date) -> Step:
    return Step(StepKind.RECEIVED, TENANTS, day)


def clock_after(*steps: Step, kind: CaseKind = CaseKind.REQUESTED) -> Clock:
    first = SENT if kind is CaseKind.REQUESTED else Step(StepKind.SENT, TENANTS, SENT.on)
    return read_clock(kind, TERMS, [first, *steps])


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        pytest.param("2026-09-07", 42, "2026-10-19", id="Monday, six weeks"),
        pytest.param("2026-09-05", 42, "2026-10-19", id="ends on a Saturday: the Monday after"),
        pytest.param("2026-09-06", 42, "2026-10-19", id="ends on a Sunday: the Monday after"),
        pytest.param("2026-02-20", 42, "2026-04-07", id="ends on Good Friday: the Tuesday after Easter"),
        pytest.param("2026-12-11", 14, "2026-12-28", id="ends at Christmas: the Monday after"),
        pytest.param("2026-10-12", 3, "2026-10-15", id="three days in a week"),
        pytest.param("2026-10-15", 3, "2026-10-19", id="Thursday, three days: Friday and Monday"),
        pytest.param("2026-10-16", 3, "2026-10-20", id="Friday, three days: Monday and Tuesday"),
        pytest.param("2026-04-02", 3, "2026-04-08", id="Thursday before Easter: Tuesday and Wednesday"),
    ],
)
def test_a_term_ends_as_the_law_counts(start: str, days: int, last: str) -> None:
    assert last_day(date.fromisoformat(start), days) == date.fromisoformat(last)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 90))
def test_a_term_is_never_shorter_ends_on_a_working_day_and_no_later_than_needed(
    start: date, days: int
) -> None:
    last = last_day(start, days)

    within = [start + timedelta(days=number) for number in range(1, (last - start).days + 1)]
    assert len(within) >= days
    assert is_working_day(last)
    working = sum(map(is_working_day, within))
    assert days < 3 or working >= 2
    assert (
        len(within) == days or working <= 2 or not any(is_working_day(day) for day in within[days - 1 : -1])
    )


@pytest.mark.parametrize(
    ("steps", "state", "due", "carry_out_from"),
    [
        pytest.param([], CaseState.ADVICE, DUE, date(2026, 10, 20), id="asked"),
        pytest.param(
            [received(date(2026, 9, 1))],
            CaseState.ADVICE,
            date(2026, 10, 13),
            date(2026, 10, 14),
            id="had it earlier",
        ),
        pytest.param(
            [received(date(2026, 9, 20))],
            CaseState.ADVICE,
            DUE,
            date(2026, 10, 20),
            id="a late receipt moves nothing",
        ),
        pytest.param(
            [advised(Verdict.POSITIVE)],
            CaseState.DECISION,
            None,
            date(2026, 10, 1),
            id="no objection: at once",
        ),
        pytest.param(
            [advised(Verdict.NONE)], CaseState.DECISION, None, date(2026, 10, 20), id="no advice: after it"
        ),
        pytest.param(
            [advised(Verdict.NEGATIVE)],
            CaseState.DECISION,
            date(2026, 10, 15),
            None,
            id="against: reasons first",
        ),
        pytest.param(
            [advised(Verdict.NEGATIVE), decided(Outcome.NOT)],
            CaseState.DECIDED,
            None,
            date(2026, 10, 16),
            id="not followed: three days after the reasons",
        ),
        pytest.param(
            [advised(Verdict.CONDITIONS), decided(Outcome.FOLLOWED)],
            CaseState.DECIDED,
            None,
            date(2026, 10, 20),
            id="followed: after the period",
        ),
        pytest.param(
            [decided(Outcome.WITHOUT, date(2026, 10, 26))],
            CaseState.DECIDED,
            None,
            date(2026, 10, 26),
            id="no advice came: from the decision",
        ),
        pytest.param(
            [Step(StepKind.WITHDRAWN, LANDLORD, SENT.on)], CaseState.WITHDRAWN, None, None, id="withdrawn"
        ),
    ],
)
def test_the_clock_says_what_a_case_waits_for(
    steps: list[Step], state: CaseState, due: date | None, carry_out_from: date | None
) -> None:
    clock = clock_after(*steps)

    assert (clock.state, clock.due) == (state, due)
    assert clock.carry_out_from == carry_out_from or state is CaseState.WITHDRAWN


def asked(days: int, party: Party = TENANTS) -> Step:
    return Step(StepKind.EXTENSION_ASKED, party, SENT.on, days=days)


def answered(kind: StepKind, party: Party = LANDLORD) -> Step:
    return Step(kind, party, SENT.on)


def test_days_count_only_when_both_agree_and_for_the_term_that_runs() -> None:
    refused = clock_after(asked(14), answered(StepKind.EXTENSION_REFUSED))
    agreed = clock_after(
        asked(14), answered(StepKind.EXTENSION_AGREED), asked(7), answered(StepKind.EXTENSION_AGREED)
    )
    later = clock_after(
        advised(Verdict.NEGATIVE), asked(7, LANDLORD), answered(StepKind.EXTENSION_AGREED, TENANTS)
    )

    assert refused.due == DUE
    assert agreed.due == DUE + timedelta(days=21)
    assert (later.advice_due, later.due) == (DUE, date(2026, 10, 22))


def test_an_unsolicited_advice_waits_for_an_answer_in_the_term_of_reasons() -> None:
    clock = clock_after(kind=CaseKind.UNSOLICITED)

    assert (clock.state, clock.turn, clock.due) == (CaseState.DECISION, LANDLORD, date(2026, 9, 21))
    assert clock.carry_out_from is None
    assert possible_outcomes(clock) == [Outcome.FOLLOWED, Outcome.PARTLY, Outcome.NOT]


BEFORE, AFTER = DUE, DUE + timedelta(days=1)
ALWAYS = {"noted"}


@pytest.mark.parametrize(
    ("steps", "today", "tenants", "landlord"),
    [
        pytest.param(
            [],
            BEFORE,
            {"received", "advised", "extension-asked"},
            {"extension-asked", "withdrawn"},
            id="asked",
        ),
        pytest.param(
            [],
            AFTER,
            {"received", "advised", "extension-asked"},
            {"extension-asked", "withdrawn", "decided"},
            id="the period is over: a late advice, or a decision",
        ),
        pytest.param(
            [received(SENT.on), asked(7)],
            BEFORE,
            {"advised", "extension-refused"},
            {"withdrawn", "extension-agreed", "extension-refused"},
            id="who asked can only take it back",
        ),
        pytest.param(
            [received(SENT.on), advised(Verdict.POSITIVE)],
            BEFORE,
            set(),
            {"withdrawn", "decided"},
            id="no term runs",
        ),
        pytest.param([decided(Outcome.NOT)], AFTER, None, {"carried-out"}, id="decided"),
        pytest.param([Step(StepKind.WITHDRAWN, LANDLORD, SENT.on)], BEFORE, None, None, id="withdrawn"),
    ],
)
def test_each_party_can_do_what_is_its_own(
    steps: list[Step], today: date, tenants: set[str] | None, landlord: set[str] | None
) -> None:
    clock = clock_after(*steps)

    for party, wanted in ((TENANTS, tenants), (LANDLORD, landlord)):
        if wanted is None:
            expected: set[str] = set()
        else:
            expected = wanted if "carried-out" in wanted else wanted | ALWAYS
        assert {str(step) for step in possible_steps(clock, party, today)} == expected


def test_only_an_advice_can_be_followed() -> None:
    assert possible_outcomes(clock_after()) == [Outcome.WITHOUT]
    assert possible_outcomes(clock_after(advised(Verdict.NONE))) == [Outcome.WITHOUT]
    assert Outcome.WITHOUT not in possible_outcomes(clock_after(advised(Verdict.POSITIVE)))


@pytest.mark.parametrize(
    ("kind", "verdict", "outcome", "needed"),
    [
        pytest.param(StepKind.ADVISED, Verdict.NEGATIVE, None, True, id="against"),
        pytest.param(StepKind.ADVISED, Verdict.POSITIVE, None, False, id="no objection"),
        pytest.param(StepKind.DECIDED, None, Outcome.PARTLY, True, id="followed in part"),
        pytest.param(StepKind.DECIDED, None, Outcome.FOLLOWED, False, id="followed"),
        pytest.param(StepKind.EXTENSION_ASKED, None, None, True, id="more days"),
        pytest.param(StepKind.EXTENSION_AGREED, None, None, False, id="a yes"),
    ],
)
def test_what_is_against_needs_words(
    kind: StepKind, verdict: Verdict | None, outcome: Outcome | None, needed: bool
) -> None:
    assert needs_text(kind, verdict, outcome) is needed


@pytest.mark.parametrize(
    ("days_left", "reminder"),
    [
        (8, None),
        (7, Reminder.WEEK),
        (2, Reminder.WEEK),
        (1, Reminder.DAY),
        (0, Reminder.DAY),
        (-1, Reminder.OVER),
    ],
)
def test_reminders_come_a_week_and_a_day_before_and_after(days_left: int, reminder: Reminder | None) -> None:
    assert reminder_for(clock_after(), DUE - timedelta(days=days_left)) is reminder
