"""Starting a case of statutory advice, taking steps in it, and telling the delegates of its terms."""

from dataclasses import dataclass
from datetime import date, datetime

from forum.advice import policy, queries
from forum.advice.errors import (
    CaseChanged,
    DayNotPossible,
    PeriodTooShort,
    StepNotPossible,
    TextNeeded,
    TooEarly,
    TooManyDocuments,
)
from forum.advice.models import AdviceCase, AdviceDocument, AdviceStep
from forum.advice.rules import (
    CaseKind,
    CaseState,
    Clock,
    Outcome,
    StepKind,
    Terms,
    Verdict,
    needs_text,
    possible_days,
    possible_outcomes,
    reminder_for,
)
from forum.agenda.queries import get_topic
from forum.agenda.rules import StatutorySubject
from forum.audit import service as audit
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.clock import local_day
from forum.kernel.database import db, lock
from forum.kernel.documents import SentDocument
from forum.kernel.errors import Forbidden, NotFound
from forum.members.queries import get_member, list_acting
from forum.notifications.rules import NotificationKind
from forum.notifications.service import notify_all

DOCUMENTS_MOST = 30


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """What a party starts with. `form_key` makes a double click one case; the case keeps these terms."""

    kind: CaseKind
    subject: StatutorySubject
    title: str
    text: str
    topic_id: int | None
    terms: Terms
    form_key: str


@dataclass(frozen=True, slots=True)
class NewStep:
    """What a party does, today when there is no `day`; `shown` is how many steps there were on the page."""

    kind: StepKind
    shown: int
    day: date | None = None
    text: str = ""
    days: int | None = None
    verdict: Verdict | None = None
    outcome: Outcome | None = None


def start_case(draft: CaseDraft, actor: Actor, *, least_days: int, at: datetime) -> AdviceCase:
    """Ask for advice, or give it unasked. The same form again gives the same case.

    Args:
        draft: what the case begins with.
        actor: a delegate of the party that starts such a case.
        least_days: how many days there are for an advice at least.
        at: the moment.

    Raises:
        Forbidden: the actor is no delegate of that party.
        PeriodTooShort: the period for the advice is shorter than `least_days`.
        NotFound: there is no such topic.
    """
    if not policy.can_start_case(actor, draft.kind) or actor.member_id is None:
        raise Forbidden(action="start-advice-case", kind=draft.kind)
    if draft.terms.advice_days < least_days:
        raise PeriodTooShort(least=least_days)
    lock(get_member(actor.member_id))  # two clicks of one person come one after the other
    made = queries.find_case_by_form_key(draft.form_key)
    if made is not None:
        return made
    if draft.topic_id is not None:
        get_topic(draft.topic_id)
    case = AdviceCase(
        kind=draft.kind,
        subject=draft.subject,
        title=draft.title,
        topic_id=draft.topic_id,
        advice_days=draft.terms.advice_days,
        reasons_days=draft.terms.reasons_days,
        wait_days=draft.terms.wait_days,
        state=CaseState.ADVICE if draft.kind is CaseKind.REQUESTED else CaseState.DECISION,
        form_key=draft.form_key,
        created_at=at,
    )
    db.session.add(case)
    db.session.flush()
    _add(case, NewStep(StepKind.SENT, 0, text=draft.text), actor, at=at)
    return case


def take_step(case: AdviceCase, new: NewStep, actor: Actor, *, at: datetime) -> AdviceStep:
    """Take one step in a case. The same step from the same page again is the step that was taken.

    Raises:
        NotFound: the actor is no delegate.
        CaseChanged: another step was taken after the page was shown.
        StepNotPossible: the case does not wait for this, or not from this party.
        DayNotPossible: the day is to come, or too long ago.
        TooEarly: the plan could not be carried out on that day.
        TextNeeded: this step says nothing without words.
    """
    if not policy.can_see_cases(actor):
        raise NotFound(case_id=case.id)
    lock(case)
    taken = _find_same(case, new, actor)
    if taken is not None:
        return taken
    if new.shown != len(case.steps):
        raise CaseChanged(case_id=case.id, steps=len(case.steps))
    clock, today = case.clock, local_day(at)
    if new.kind not in policy.steps_of(actor, clock, today):
        raise StepNotPossible(case_id=case.id, step=new.kind)
    if new.kind is StepKind.DECIDED and new.outcome not in possible_outcomes(clock):
        raise StepNotPossible(case_id=case.id, step=new.kind)
    _check_day(clock, new, today)
    if not new.text and needs_text(new.kind, new.verdict, new.outcome):
        raise TextNeeded
    return _add(case, new, actor, at=at)


def _find_same(case: AdviceCase, new: NewStep, actor: Actor) -> AdviceStep | None:
    """Return the step that was taken from this very page by this very person: a double click."""
    later = case.steps[new.shown : new.shown + 1]
    same = (
        step
        for step in later
        if (step.kind, step.member_id, step.text) == (new.kind, actor.member_id, new.text)
    )
    return next(same, None)


def _check_day(clock: Clock, new: NewStep, today: date) -> None:
    day = new.day or today
    first, last = possible_days(clock, new.kind, today)
    if not first <= day <= last:
        raise DayNotPossible
    if new.kind is StepKind.CARRIED_OUT and clock.carry_out_from and day < clock.carry_out_from:
        raise TooEarly(day=clock.carry_out_from)


def _add(case: AdviceCase, new: NewStep, actor: Actor, *, at: datetime) -> AdviceStep:
    assert actor.party is not None, "only delegates take steps"
    step = AdviceStep(
        case_id=case.id,
        number=len(case.steps) + 1,
        kind=new.kind,
        party=actor.party,
        member_id=actor.member_id,
        day=new.day or local_day(at),
        at=at,
        text=new.text,
        days=new.days,
        verdict=new.verdict,
        outcome=new.outcome,
    )
    case.steps.append(step)
    case.state = case.clock.state
    db.session.flush()
    audit.record(actor, f"advice.{new.kind}", case_id=case.id, step=step.number, day=step.day, at=at)
    _tell(case, f"step:{step.number}", "new", [actor.party.other], at=at)
    return step


def add_document(case: AdviceCase, document: SentDocument, actor: Actor, *, at: datetime) -> AdviceDocument:
    """Put a document, whose file is kept, with a case; the other party hears of it.

    Raises:
        NotFound: the actor is no delegate.
        StepNotPossible: the case has ended.
        TooManyDocuments: there are as many as there may be.
    """
    if not policy.can_see_cases(actor) or actor.party is None:
        raise NotFound(case_id=case.id)
    lock(case)
    if not policy.can_change_documents(actor, case.state):
        raise StepNotPossible(case_id=case.id)
    if len(case.documents) >= DOCUMENTS_MOST:
        raise TooManyDocuments(most=DOCUMENTS_MOST)
    row = AdviceDocument(
        key=document.key,
        title=document.title,
        kind=document.kind,
        size_bytes=document.size_bytes,
        party=actor.party,
        member_id=actor.member_id,
        at=at,
    )
    case.documents.append(row)
    db.session.flush()
    audit.record(actor, "advice.document-added", case_id=case.id, document_id=row.id, at=at)
    _tell(case, f"document:{row.id}", "new", [actor.party.other], at=at)
    return row


def remove_document(document: AdviceDocument, actor: Actor, *, at: datetime) -> None:
    """Take a document of one's own party away; its file goes with the next cleaning.

    Raises:
        Forbidden: it is of the other party.
        StepNotPossible: the case has ended, and stays as it is.
    """
    case = document.case
    lock(case)
    if actor.party is not document.party:
        raise Forbidden(action="remove-advice-document", document_id=document.id)
    if not policy.can_change_documents(actor, case.state):
        raise StepNotPossible(case_id=case.id)
    audit.record(actor, "advice.document-removed", case_id=case.id, document_id=document.id, at=at)
    db.session.delete(document)


def remind(case: AdviceCase, *, at: datetime) -> None:
    """Tell the delegates of a term that ends in a week, ends tomorrow or has passed; of each once.

    Before the end only the party hears that must act; of a term that has passed both do.
    """
    clock = case.clock
    reminder = reminder_for(clock, local_day(at))
    if reminder is None or clock.due is None or clock.turn is None:
        return
    told = list(Party) if clock.is_over(local_day(at)) else [clock.turn]
    _tell(case, f"{clock.state}:{clock.due.isoformat()}:{reminder}", reminder, told, at=at)


def _tell(case: AdviceCase, key: str, event: str, parties: list[Party], *, at: datetime) -> None:
    notify_all(
        [delegate.id for delegate in list_acting(parties, Role.DELEGATE)],
        NotificationKind.ANSWER,
        at=at,
        key=f"advice:{case.id}:{key}",
        event=f"advice-{event}",
        subject=f"advice:{case.id}",
        title=case.title,
        path=f"/advies/{case.id}",
    )
