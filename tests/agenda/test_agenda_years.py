"""One agenda after the other: starting the next year, finding the others, reading what was shelved."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.agenda.deciding import decide_topic
from forum.agenda.errors import YearTaken, YearTooFar
from forum.agenda.models import Agenda, Topic
from forum.agenda.rules import AgendaState, DecisionKind, TopicState
from forum.agenda.service import start_agenda, suggest_topic
from forum.agenda.signing import publish_agenda, set_period, sign_agenda
from forum.audit.models import AuditEntry
from forum.discussion.service import open_threads
from forum.kernel.actor import SYSTEM, VISITOR, Actor, Party, Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from tests.agenda.agendas import some_delegate
from tests.support.browser import Browser
from tests.support.cast import (
    T0,
    actor_of,
    make_agenda,
    make_agreed_topic,
    make_staff,
    make_tenant,
    make_topic,
)
from tests.support.together import at_once

AUTUMN = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def _autumn() -> Iterator[None]:
    with time_machine.travel(AUTUMN, tick=False):
        yield


def _shelve(topic: Topic, kind: DecisionKind, reason: str, party: Party) -> Topic:
    decide_topic(topic, kind, reason, some_delegate(party), at=T0)
    db.session.commit()
    return topic


def _publish(agenda: Agenda) -> None:
    """Let both parties sign the one agreed topic of a year, and publish it."""
    set_period(make_agreed_topic(agenda), T0, T0 + timedelta(days=9), some_delegate(), at=T0)
    for party in Party:
        sign_agenda(agenda, some_delegate(party), at=T0)
    open_threads(publish_agenda(agenda, some_delegate(), at=T0))
    db.session.commit()


# Starting


@pytest.mark.usefixtures("_autumn")
@pytest.mark.parametrize("party", Party)
def test_a_delegate_of_either_party_starts_the_agenda_of_the_next_year(
    tenants: Browser, landlord: Browser, party: Party
) -> None:
    make_agenda(2026)
    browser = tenants if party is Party.TENANTS else landlord

    form = browser.visit(browser.visit("/agenda/2026").link("Begin de agenda van 2027"))
    started = browser.submit(form, "Begin de agenda")

    assert "kiezen samen 5 onderwerpen voor 2027" in form.text
    assert started.path == "/agenda/2027"
    assert "De agenda van 2027 is begonnen." in started.text
    assert started.has_link("Stel een onderwerp voor")
    assert not started.has_link("Begin de agenda van")
    agenda = db.session.scalars(select(Agenda).where(Agenda.year == 2027)).one()
    assert (agenda.state, agenda.topics_wanted) == (AgendaState.DRAFT, 5)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.party, entry.details["year"]) == ("agenda.started", party, 2027)


@pytest.mark.usefixtures("_autumn")
def test_the_first_agenda_is_that_of_this_year(tenants: Browser) -> None:
    page = tenants.visit("/agenda/")

    assert page.link("Begin de agenda van 2026") == "/agenda/2026/beginnen"
    assert not tenants.another().sign_in(make_tenant()).visit("/agenda/").has_link("Begin de agenda")


@pytest.mark.usefixtures("_autumn")
def test_starting_twice_reads_that_the_agenda_is_there(tenants: Browser, landlord: Browser) -> None:
    make_agenda(2026)
    mine, theirs = tenants.visit("/agenda/2027/beginnen"), landlord.visit("/agenda/2027/beginnen")
    tenants.submit(mine, "Begin de agenda")

    late = landlord.submit(theirs, "Begin de agenda")
    again = landlord.visit("/agenda/2027/beginnen")

    assert (late.status, again.status) == (409, 409)
    assert "Er is al een agenda voor 2027." in late.text
    assert "Er is al een agenda voor 2027." in again.text


@pytest.mark.usefixtures("_autumn")
@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        pytest.param(2025, "Voor 2025 kunt u geen agenda meer beginnen.", id="over"),
        pytest.param(2028, "De agenda van 2028 kan vanaf 2027.", id="too far"),
    ],
)
def test_a_year_further_away_is_refused_with_when_it_can(tenants: Browser, year: int, sentence: str) -> None:
    make_agenda(2026)

    page = tenants.visit(f"/agenda/{year}/beginnen")

    assert page.status == 409
    assert sentence in page.text


@pytest.mark.usefixtures("_autumn")
@pytest.mark.parametrize("role", [None, Role.ADMIN, Role.COORDINATOR, Role.MODERATOR])
def test_nobody_else_starts_an_agenda(tenants: Browser, role: Role | None) -> None:
    make_agenda(2026)
    party = Party.TENANTS if role is Role.MODERATOR else None
    other = tenants.another().sign_in(make_staff(role, party) if role else make_tenant())
    page = other.visit("/agenda/2026")
    token = page.token

    assert not page.has_link("Begin de agenda")
    assert other.visit("/agenda/2027/beginnen").status == 403
    assert other.post("/agenda/2027/beginnen", csrf_token=token).status == 403
    assert db.session.scalars(select(Agenda.year)).all() == [2026]


@pytest.mark.usefixtures("database")
def test_the_service_refuses_who_is_no_delegate_and_a_year_far_away() -> None:
    for actor in (VISITOR, actor_of(make_tenant()), actor_of(make_staff(Role.MODERATOR, Party.LANDLORD))):
        with pytest.raises(Forbidden):
            start_agenda(2026, 5, actor, at=T0)
    with pytest.raises(YearTooFar):
        start_agenda(2028, 5, some_delegate(), at=T0)
    assert start_agenda(2028, 5, SYSTEM, at=T0).year == 2028


def test_two_delegates_who_start_at_once_start_one_agenda(database: Flask) -> None:
    delegates = [some_delegate(party) for party in Party]
    db.session.rollback()

    def start(actor: Actor) -> None:
        with unit_of_work():
            start_agenda(2027, 5, actor, at=AUTUMN)

    raised = at_once(database, [partial(start, actor) for actor in delegates])

    assert sorted(type(error).__name__ for error in raised) == ["NoneType", YearTaken.__name__]
    assert db.session.scalars(select(Agenda.year)).all() == [2027]


@pytest.mark.parametrize("form", ["voorstel", "idee"])
def test_a_published_agenda_takes_no_new_topics(tenants: Browser, form: str) -> None:
    _publish(make_agenda(2026, topics_wanted=1))

    page = tenants.visit(f"/agenda/2026/{form}")

    assert page.status == 409
    assert "De agenda van 2026 is gepubliceerd." in page.text


# Finding


def test_every_agenda_links_to_those_of_the_other_years(tenants: Browser) -> None:
    for year in (2024, 2025, 2026):
        make_agenda(year)
    neighbour = tenants.another().sign_in(make_tenant())

    page = neighbour.visit("/agenda/2025")
    links = [link.get_text() for link in page.soup.select("section[aria-labelledby=jaren] a")]

    assert links == ["Agenda 2026", "Agenda 2024"]
    assert neighbour.visit(page.link("Agenda 2024")).title.startswith("Agenda 2024")


def test_an_only_agenda_says_nothing_of_other_years(tenants: Browser) -> None:
    make_agenda(2026)

    assert "Andere jaren" not in tenants.another().sign_in(make_tenant()).visit("/agenda/2026").text


@pytest.mark.usefixtures("_autumn")
def test_beginning_the_next_agenda_leaves_the_debates_of_this_year_on_the_front_page(
    tenants: Browser,
) -> None:
    _publish(make_agenda(2026, topics_wanted=1))

    tenants.submit(tenants.visit("/agenda/2027/beginnen"), "Begin de agenda")

    assert tenants.visit("/").has_link("De lift is vaak stuk")
    assert tenants.visit("/agenda/").path == "/agenda/2027"


# What was shelved


def test_a_tenant_reads_in_a_published_agenda_what_was_shelved_why_and_by_whom(tenants: Browser) -> None:
    agenda = make_agenda(2026, topics_wanted=1)
    declined = make_topic(agenda, title="Camera’s in de hal")
    _shelve(declined, DecisionKind.DECLINED, "Eerst proberen wij beter licht.", Party.TENANTS)
    _shelve(
        make_topic(agenda, title="Zelf een tijd kiezen"),
        DecisionKind.POSTPONED,
        "Het systeem komt volgend jaar.",
        Party.LANDLORD,
    )
    neighbour = tenants.another().sign_in(make_tenant())
    before = neighbour.visit("/agenda/2026")
    hidden = neighbour.visit(f"/agenda/onderwerp/{declined.id}")
    _publish(agenda)

    after = neighbour.visit("/agenda/2026")
    topic_page = neighbour.visit(after.link("Camera’s in de hal"))

    assert "Camera’s" not in before.text
    assert hidden.status == 404
    assert "Uitgesteld of afgewezen" in after.text
    assert "Reden van Huurdersbelang: Eerst proberen wij beter licht." in after.text
    assert "Reden van Woonstede: Het systeem komt volgend jaar." in after.text
    assert topic_page.status == 200
    assert "Afgewezen door Huurdersbelang" in topic_page.text
    assert not topic_page.has_button("Zet terug op tafel")


def test_an_idea_that_no_party_adopted_stays_between_its_writer_and_the_parties(tenants: Browser) -> None:
    agenda, writer = make_agenda(2026, topics_wanted=1), make_tenant()
    idea = suggest_topic(agenda, "Een hondenveld", "Dan is het schoner.", actor_of(writer), at=T0)
    _shelve(idea, DecisionKind.DECLINED, "Daar is geen plek voor.", Party.LANDLORD)
    _publish(agenda)
    neighbour = tenants.another().sign_in(make_tenant())

    assert "Een hondenveld" not in neighbour.visit("/agenda/2026").text
    assert neighbour.visit(f"/agenda/onderwerp/{idea.id}").status == 404
    own = tenants.another().sign_in(writer).visit("/agenda/2026")
    assert "Reden van Woonstede: Daar is geen plek voor." in own.text
    assert idea.state is TopicState.DECLINED


def test_many_shelved_topics_come_a_page_at_a_time_for_a_tenant_too(tenants: Browser) -> None:
    agenda = make_agenda(2026, topics_wanted=1)
    for number in range(22):
        _shelve(make_topic(agenda, title=f"Plan {number:02}"), DecisionKind.DECLINED, "Nee.", Party.TENANTS)
    _publish(agenda)
    neighbour = tenants.another().sign_in(make_tenant())

    first = neighbour.visit("/agenda/2026")
    second = neighbour.visit(first.link("Eerder uitgesteld of afgewezen"))

    assert (first.has_link("Plan 02"), first.has_link("Plan 01")) == (True, False)
    assert (second.has_link("Plan 01"), second.has_link("Plan 02")) == (True, False)
