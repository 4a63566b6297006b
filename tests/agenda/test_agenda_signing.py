"""Signing and publishing the agenda on the database, and what each party must do now."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.agenda import service, signing
from forum.agenda.errors import (
    AgendaPublished,
    AlreadySigned,
    NotSigned,
    PeriodRefused,
    TopicClosed,
    WrongNumberOfTopics,
)
from forum.agenda.models import Agenda, Topic
from forum.agenda.overview import agenda_overview
from forum.agenda.queries import TOPICS_PER_PAGE
from forum.agenda.rules import AgendaState, DecisionKind, TopicState
from forum.kernel.actor import VISITOR, Actor, Party
from forum.kernel.database import db
from tests.support.cast import (
    T0,
    actor_of,
    make_agenda,
    make_agreed_topic,
    make_delegate,
    make_tenant,
    make_topic,
    topic_text,
)

pytestmark = pytest.mark.usefixtures("database")
LATER = T0 + timedelta(days=42)


def _delegate(party: Party = Party.TENANTS) -> Actor:
    return actor_of(make_delegate(party))


def _tenant() -> Actor:
    return actor_of(make_tenant())


def _signed_agenda(topics: int = 1) -> Agenda:
    """Return an agenda with its number of agreed topics, both signatures and every period."""
    agenda = make_agenda(topics_wanted=topics)
    for number in range(topics):
        topic = make_agreed_topic(agenda, title=f"Onderwerp {number}")
        signing.set_period(topic, T0, LATER, _delegate(), at=T0)
    for party in Party:
        signing.sign_agenda(agenda, _delegate(party), at=T0)
    db.session.commit()
    return agenda


@pytest.mark.parametrize("agreed", [1, 3])
def test_signing_fewer_or_more_than_the_number_is_refused_with_the_reason(agreed: int) -> None:
    agenda = make_agenda(topics_wanted=2)
    for number in range(agreed):
        make_agreed_topic(agenda, title=f"Onderwerp {number}")

    with pytest.raises(WrongNumberOfTopics) as refusal:
        signing.sign_agenda(agenda, _delegate(), at=T0)

    assert refusal.value.details == {"agreed": agreed, "wanted": 2}


def test_a_party_signs_once() -> None:
    agenda = make_agenda(topics_wanted=1)
    make_agreed_topic(agenda)
    signing.sign_agenda(agenda, _delegate(), at=T0)

    with pytest.raises(AlreadySigned):
        signing.sign_agenda(agenda, _delegate(), at=T0)


def test_a_new_agreement_drops_the_signatures() -> None:
    agenda = _signed_agenda()

    make_agreed_topic(agenda, title="Een te veel")

    assert agenda.signatures == []
    with pytest.raises(WrongNumberOfTopics):
        signing.publish_agenda(agenda, _delegate(), at=T0)


def test_an_idea_of_a_tenant_leaves_the_signatures() -> None:
    agenda = _signed_agenda()

    service.suggest_topic(agenda, "Een hondenveld", "Dan is het schoner.", _tenant(), at=T0)

    assert len(agenda.signatures) == 2


def test_publishing_needs_both_signatures_and_every_period() -> None:
    agenda = make_agenda(topics_wanted=1)
    topic = make_agreed_topic(agenda)
    signing.sign_agenda(agenda, _delegate(), at=T0)
    with pytest.raises(NotSigned):
        signing.publish_agenda(agenda, _delegate(), at=T0)
    signing.sign_agenda(agenda, _delegate(Party.LANDLORD), at=T0)
    with pytest.raises(PeriodRefused):
        signing.publish_agenda(agenda, _delegate(), at=T0)
    signing.set_period(topic, T0, LATER, _delegate(), at=T0)

    published = signing.publish_agenda(agenda, _delegate(), at=T0)

    assert [row.state for row in published] == [TopicState.PUBLISHED]
    assert (agenda.state, agenda.published_at) == (AgendaState.PUBLISHED, T0)


def test_a_period_ends_after_it_begins() -> None:
    topic = make_agreed_topic()

    with pytest.raises(PeriodRefused):
        signing.set_period(topic, LATER, T0, _delegate(), at=T0)


def test_a_proposal_without_agreement_has_no_period() -> None:
    with pytest.raises(TopicClosed):
        signing.set_period(make_topic(), T0, LATER, _delegate(), at=T0)


def test_nothing_changes_after_publishing() -> None:
    agenda = _signed_agenda()
    topic: Topic = agenda.topics[0]
    signing.publish_agenda(agenda, _delegate(), at=T0)
    delegate = _delegate()

    for step in (
        lambda: service.suggest_topic(agenda, "Te laat", "Helaas.", _tenant(), at=T0),
        lambda: service.propose_topic(agenda, topic_text("Te laat"), delegate, at=T0),
        lambda: service.edit_topic(topic, 1, topic_text("Te laat"), delegate, reason="", at=T0),
        lambda: service.approve_topic(topic, 1, delegate, at=T0),
        lambda: service.decide_topic(topic, DecisionKind.DECLINED, "Toch niet.", delegate, at=T0),
        lambda: signing.set_period(topic, T0, LATER, delegate, at=T0),
        lambda: signing.sign_agenda(agenda, delegate, at=T0),
        lambda: signing.publish_agenda(agenda, delegate, at=T0),
    ):
        with pytest.raises(AgendaPublished):
            step()


# What each must do now


def _tasks(agenda: Agenda, party: Party) -> list[str]:
    db.session.commit()
    return [task.sentence for task in agenda_overview(agenda, _delegate(party)).tasks[party]]


def test_each_party_reads_what_it_must_do_now() -> None:
    agenda = make_agenda(topics_wanted=1)
    assert _tasks(agenda, Party.TENANTS) == ["Stel meer onderwerpen voor. Nog nodig: 1."]

    topic = make_topic(agenda, title="De lift")
    service.approve_topic(topic, 1, _delegate(), at=T0)
    assert _tasks(agenda, Party.TENANTS) == ["Niets. De andere partij is aan de beurt."]
    assert _tasks(agenda, Party.LANDLORD) == ["Lees “De lift”. Geef akkoord of verander de tekst."]

    service.approve_topic(topic, 1, _delegate(Party.LANDLORD), at=T0)
    assert _tasks(agenda, Party.LANDLORD) == ["Kies een periode voor “De lift”.", "Onderteken de agenda."]

    signing.set_period(topic, T0, LATER, _delegate(), at=T0)
    for party in Party:
        signing.sign_agenda(agenda, _delegate(party), at=T0)
    assert _tasks(agenda, Party.TENANTS) == ["Publiceer de agenda."]


def test_long_lists_of_ideas_come_in_parts_and_a_tenant_sees_only_their_own(database: Flask) -> None:
    agenda, tenant = make_agenda(), _tenant()
    for number in range(TOPICS_PER_PAGE + 5):
        service.suggest_topic(agenda, f"Idee {number}", "Omdat het kan.", _tenant(), at=T0)
    own = service.suggest_topic(agenda, "Mijn idee", "Omdat ik het wil.", tenant, at=T0)
    db.session.commit()

    first = agenda_overview(agenda, _delegate()).ideas
    assert first.next_id is not None
    second = agenda_overview(agenda, _delegate(), ideas_before=first.next_id).ideas

    assert (len(first.topics), len(second.topics), second.next_id) == (TOPICS_PER_PAGE, 6, None)
    assert not {topic.id for topic in first.topics} & {topic.id for topic in second.topics}
    assert [topic.id for topic in agenda_overview(agenda, tenant).ideas.topics] == [own.id]
    assert agenda_overview(agenda, VISITOR).ideas.topics == []
