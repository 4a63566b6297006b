"""A recommendation that was a mistake, or the same as another, is taken back, and stays to be read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.discussion.queries import get_thread_row
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.clock import local_day
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden, ForumError
from forum.notifications.models import Notification
from forum.notifications.shown import show
from forum.outcomes import answering, queries, telling, withdrawing
from forum.outcomes.errors import (
    AlreadyAnswered,
    MergedWrongly,
    NotPublished,
    RecommendationWithdrawn,
    TopicShut,
)
from forum.outcomes.logbook import count_standings, log_entries
from forum.outcomes.models import Recommendation
from forum.outcomes.policy import can_withdraw_recommendation
from forum.outcomes.rules import Standing
from forum.outcomes.thread_notes import outcome_note
from forum.outcomes.withdrawing import Withdrawal
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_post, make_site, make_staff, make_tenant
from tests.support.outcomes import (
    ANSWER_DAYS,
    adopting,
    give_answer,
    make_cited_debate,
    make_draft,
    make_landlord,
    make_moderator_of,
    make_published,
    publish,
)
from tests.support.panels import OVER
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
LATER = OVER + timedelta(days=1)
LATE = OVER + timedelta(days=ANSWER_DAYS + 1)
WHY = "Dit advies stond er twee keer."


def _withdraw(row: Recommendation, into: Recommendation | None = None, by: Actor | None = None) -> None:
    withdrawal = Withdrawal(WHY, into.id if into else None)
    withdrawing.withdraw_recommendation(row, withdrawal, by or make_moderator_of(), at=LATER)
    db.session.commit()


def _two() -> tuple[Recommendation, Recommendation]:
    thread, post = make_cited_debate()
    make_draft(thread, post)
    make_draft(thread, post, title="Een monteur binnen een werkdag")
    publish(thread)
    first, second = queries.list_published(thread.topic_id)
    return first, second


def test_what_was_withdrawn_stays_with_reason_and_date_and_waits_for_nothing() -> None:
    first, second = _two()
    thread_id = first.thread_id

    _withdraw(second, first)

    entries = log_entries(queries.list_published(thread_id), local_day(LATE))
    assert [entry.standing for entry in entries] == [Standing.OVERDUE, Standing.WITHDRAWN]
    counts = count_standings([entry.standing for entry in entries])
    assert (counts.published, counts.answered, counts.overdue, counts.withdrawn) == (1, 0, 1, 1)
    assert (second.withdrawn_at, second.withdrawn_because, second.merged_into) == (LATER, WHY, first)
    assert queries.list_unanswered_numbers(thread_id) == [1]
    assert queries.count_overdue([thread_id], local_day(LATE)) == {thread_id: 1}
    assert [row.id for row in queries.list_waiting()] == [first.id]
    assert [row.id for row in queries.list_due(local_day(LATE))] == [first.id]
    note = outcome_note(thread_id, [row.post_id or 0 for row in second.citations], at=LATE)
    assert (note.published, note.overdue, note.withdrawn) == (1, 1, 1)
    assert [built.number for built in note.built_on] == [1]
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "recommendation.withdrawn"))
    assert (entry.details["number"], entry.details["why"]) == (2, WHY)


def test_a_topic_closes_without_an_answer_to_what_was_withdrawn() -> None:
    first, second = _two()
    for row in (first, second):
        _withdraw(row)

    answering.close_topic(get_thread_row(first.thread_id), make_moderator_of(), at=LATER)

    assert first.thread.closed_at == LATER


def test_who_was_told_of_it_is_told_once_that_it_was_withdrawn() -> None:
    first, second = _two()
    told = set(
        db.session.execute(
            select(Notification.kind, Notification.member_id).where(
                Notification.event.in_(["advised", "asked"])
            )
        )
    )

    _withdraw(second, first)
    telling.tell_of_withdrawal(second, at=LATER)

    rows = db.session.scalars(select(Notification).where(Notification.event == "withdrawn")).all()
    assert sorted((row.kind, row.member_id) for row in rows) == sorted(told)
    assert len(told) > 1
    shown = show(rows)[0]
    assert [(line.words[:2], line.said) for line in shown.lines] == [("2.", "Ingetrokken")]
    asked = db.session.scalars(select(Notification).where(Notification.event == "asked")).all()
    lines = [(line.words[:2], line.said) for line in show(asked)[0].lines]
    assert lines == [("1.", ""), ("2.", "Ingetrokken")]


@pytest.mark.parametrize(
    ("role", "party", "may"),
    [
        (Role.MODERATOR, Party.TENANTS, True),
        (Role.DELEGATE, Party.TENANTS, True),
        (Role.MODERATOR, Party.LANDLORD, False),
        (Role.DELEGATE, Party.LANDLORD, False),
        (Role.COORDINATOR, None, False),
    ],
)
def test_who_publishes_withdraws_but_not_who_has_to_answer(
    role: Role, party: Party | None, may: bool
) -> None:
    actor, (first, _) = actor_of(make_staff(role, party)), _two()

    assert can_withdraw_recommendation(actor, None) is may
    if not may:
        with pytest.raises(Forbidden):
            _withdraw(first, by=actor)


def test_who_runs_the_panel_withdraws_what_it_advised() -> None:
    coordinator = make_staff(Role.COORDINATOR)

    assert can_withdraw_recommendation(actor_of(coordinator), coordinator.id)
    assert not can_withdraw_recommendation(actor_of(coordinator), coordinator.id + 1)


def test_when_nothing_is_withdrawn() -> None:
    first, second = _two()
    thread = first.thread
    draft = make_draft(thread, make_post(thread, make_tenant()))
    elsewhere = make_published(*make_cited_debate())

    for merged in (first, draft, elsewhere):
        with pytest.raises(MergedWrongly):
            _withdraw(first, merged)
    with pytest.raises(NotPublished):
        _withdraw(draft)
    _withdraw(second)
    with pytest.raises(RecommendationWithdrawn):
        _withdraw(second)
    with pytest.raises(MergedWrongly):
        _withdraw(first, second)
    with pytest.raises(RecommendationWithdrawn):
        give_answer(second)
    give_answer(first)
    with pytest.raises(AlreadyAnswered):
        _withdraw(first)
    thread.closed_at = LATER
    db.session.commit()
    with pytest.raises(TopicShut):
        _withdraw(first)


def test_of_an_answer_and_a_withdrawal_at_once_one_is_refused(database: Flask) -> None:
    first, _ = _two()
    row_id, landlord, moderator = first.id, make_landlord(), make_moderator_of()

    def answer() -> None:
        with unit_of_work():
            answering.give_answer(queries.get_published(row_id), 0, adopting(LATER), landlord, at=LATER)

    def withdraw() -> None:
        with unit_of_work():
            row = queries.get_published(row_id)
            withdrawing.withdraw_recommendation(row, Withdrawal(WHY), moderator, at=LATER)

    acts: list[Callable[[], None]] = [answer, withdraw]
    raised = at_once(database, acts)

    refused = [type(error) for error in raised if error is not None]
    assert refused in ([AlreadyAnswered], [RecommendationWithdrawn])
    assert all(issubclass(kind, ForumError) for kind in refused)


def test_everybody_reads_that_it_was_withdrawn_and_the_writer_reads_what_follows(browser: Browser) -> None:
    make_site()
    first, second = _two()
    year = first.thread.topic.agenda.year
    logbook, asked = f"/onderwerpen/{first.thread_id}/invloed", f"/adviezen/{second.id}/intrekken"
    landlord = browser.another().sign_in(make_staff(Role.MODERATOR, Party.LANDLORD))
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.visit(browser.visit(logbook).link("Advies 2 intrekken"))

    refused = browser.submit(page, "Trek het advies in", why="")
    page = browser.submit(page, "Trek het advies in", why=WHY, merged_into=str(first.id))

    assert (refused.status, "Schrijf waarom u het advies intrekt." in refused.text) == (422, True)
    told = " ".join(page.soup.select("#advies-2")[0].get_text().split())
    assert "Ingetrokken op" in told
    assert WHY in told
    assert "Het staat nu in advies 1" in told
    assert "intrekken" not in told
    assert "Geef antwoord op advies 2" not in landlord.visit(logbook).text
    assert landlord.visit(asked).status == 403
    assert "Dit advies is al ingetrokken." in browser.visit(asked).text
    drafts = " ".join(browser.visit(f"/onderwerpen/{first.thread_id}/adviezen").text.split())
    assert f"Advies 2: {second.title} is ingetrokken" in drafts
    visitor = browser.another().sign_in(make_tenant())
    assert "Ingetrokken: 1" in visitor.visit(f"/agenda/{year}/invloed").text
    whole = visitor.visit(f"/agenda/{year}/invloed/afdrukken")
    assert WHY in whole.text
    assert "Lees het bericht van" in whole.text
