"""What a published agenda left comes back on the next one, once."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from forum.agenda.carrying import carry_topic
from forum.agenda.deciding import decide_topic
from forum.agenda.errors import NoNextAgenda
from forum.agenda.models import Agenda, Topic
from forum.agenda.queries import get_topic
from forum.agenda.rules import AgendaState, DecisionKind, StatutorySubject, TopicState
from forum.agenda.service import suggest_topic, text_of
from forum.kernel.actor import Actor, Party
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from tests.agenda.agendas import some_delegate, some_tenant, topic_path
from tests.support.browser import Browser
from tests.support.cast import T0, make_agenda, make_topic
from tests.support.together import at_once

BUTTON = "Neem mee naar de agenda van 2027"


def publish(agenda: Agenda) -> None:
    agenda.state, agenda.published_at = AgendaState.PUBLISHED, T0
    db.session.commit()


def left_topic(**changes: object) -> Topic:
    """Return a topic that the landlord postponed in a year that is published by now."""
    topic = make_topic(make_agenda(2026), title="Camera’s in de hal", **changes)  # type: ignore[arg-type]
    decide_topic(topic, DecisionKind.POSTPONED, "Later.", some_delegate(Party.LANDLORD), at=T0)
    publish(topic.agenda)
    return topic


def test_a_postponed_topic_is_taken_along_to_the_next_agenda(tenants: Browser, landlord: Browser) -> None:
    topic = left_topic(statutory=StatutorySubject.RENT_POLICY, only_opinions=True)
    early = landlord.visit(topic_path(topic))
    for year in (2028, 2027):
        make_agenda(year)
    form = landlord.visit(topic_path(topic))

    page = landlord.submit(form, BUTTON)
    again = tenants.post(f"{topic_path(topic)}/meenemen", csrf_token=token_of(tenants))

    assert "als de partijen een volgende agenda beginnen" in early.text
    assert "Dit onderwerp staat nu ook op de agenda van 2027." in page.text
    assert again.path == page.path
    carried = db.session.scalars(select(Topic).where(Topic.carried_from_id == topic.id)).one()
    assert (carried.agenda.year, carried.state, carried.party) == (2027, TopicState.PROPOSED, Party.LANDLORD)
    assert text_of(carried.text) == text_of(topic.text)
    assert landlord.visit(page.link("agenda van 2026")).link("agenda van 2027") == topic_path(carried)
    assert not tenants.visit(topic_path(topic)).has_button("Neem mee")


def token_of(browser: Browser) -> str:
    return browser.visit("/uitloggen").token


@pytest.mark.usefixtures("database")
def test_an_idea_comes_along_as_the_idea_of_its_writer() -> None:
    writer = some_tenant()
    idea = suggest_topic(make_agenda(2026), "Een hondenveld", "Dat is schoner.", writer, at=T0)
    publish(idea.agenda)
    make_agenda(2027)

    carried = carry_topic(idea, some_delegate(), at=T0)

    assert (carried.state, carried.party, carried.text.party) == (TopicState.SUGGESTED, None, None)
    assert carried.suggested_by_id == carried.text.member_id == writer.member_id


@pytest.mark.usefixtures("database")
def test_what_cannot_be_taken_along_is_refused() -> None:
    topic = left_topic()
    with pytest.raises(NoNextAgenda):
        carry_topic(topic, some_delegate(), at=T0)
    make_agenda(2027)
    with pytest.raises(Forbidden):
        carry_topic(topic, some_tenant(), at=T0)
    topic.state = TopicState.PUBLISHED
    with pytest.raises(Forbidden):
        carry_topic(topic, some_delegate(), at=T0)
    topic.state, topic.agenda.state = TopicState.POSTPONED, AgendaState.DRAFT
    with pytest.raises(Forbidden):
        carry_topic(topic, some_delegate(), at=T0)


def test_two_parties_that_take_it_along_at_once_take_it_once(database: Flask) -> None:
    topic_id = left_topic().id
    make_agenda(2027)
    delegates = [some_delegate(party) for party in Party]
    db.session.rollback()

    def carry(actor: Actor) -> None:
        with unit_of_work():
            carry_topic(get_topic(topic_id), actor, at=T0)

    raised = at_once(database, [partial(carry, actor) for actor in delegates])

    assert raised == [None, None]
    assert len(db.session.scalars(select(Topic).where(Topic.carried_from_id == topic_id)).all()) == 1
