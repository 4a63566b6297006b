"""Signing and publishing the agenda on the database, and what each party must do now."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.agenda import deciding, service, signing
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
from forum.kernel.actor import VISITOR, Party
from forum.kernel.database import db
from tests.agenda.agendas import LATER, signed_agenda, some_delegate, some_tenant
from tests.support.cast import T0, make_agenda, make_agreed_topic, make_topic, topic_text

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("agreed", [1, 3])
def test_signing_fewer_or_more_than_the_number_is_refused_with_the_reason(agreed: int) -> None:
    agenda = make_agenda(topics_wanted=2)
    for number in range(agreed):
        make_agreed_topic(agenda, title=f"Onderwerp {number}")

    with pytest.raises(WrongNumberOfTopics) as refusal:
        signing.sign_agenda(agenda, some_delegate(), at=T0)

    assert refusal.value.details == {"agreed": agreed, "wanted": 2}


def test_a_party_signs_once() -> None:
    agenda = make_agenda(topics_wanted=1)
    signing.set_period(make_agreed_topic(agenda), T0, LATER, some_delegate(), at=T0)
    signing.sign_agenda(agenda, some_delegate(), at=T0)

    with pytest.raises(AlreadySigned):
        signing.sign_agenda(agenda, some_delegate(), at=T0)


def test_a_new_agreement_drops_the_signatures() -> None:
    agenda = signed_agenda()

    make_agreed_topic(agenda, title="Een te veel")

    assert agenda.signatures == []
    with pytest.raises(WrongNumberOfTopics):
        signing.publish_agenda(agenda, some_delegate(), at=T0)


@pytest.mark.parametrize(
    ("days", "signatures"),
    [pytest.param(0, 2, id="the same period again"), pytest.param(1, 0, id="another last day")],
)
def test_another_period_drops_the_signatures(days: int, signatures: int) -> None:
    agenda = signed_agenda()

    closes_at = LATER + timedelta(days=days)
    signing.set_period(agenda.topics[0], T0, closes_at, some_delegate(), at=T0)

    assert len(agenda.signatures) == signatures


def test_an_idea_of_a_tenant_leaves_the_signatures() -> None:
    agenda = signed_agenda()

    service.suggest_topic(agenda, "Een hondenveld", "Dan is het schoner.", some_tenant(), at=T0)

    assert len(agenda.signatures) == 2


def test_publishing_needs_both_signatures_and_every_period() -> None:
    agenda = make_agenda(topics_wanted=1)
    topic = make_agreed_topic(agenda)
    with pytest.raises(PeriodRefused):
        signing.sign_agenda(agenda, some_delegate(), at=T0)
    signing.set_period(topic, T0, LATER, some_delegate(), at=T0)
    signing.sign_agenda(agenda, some_delegate(), at=T0)
    with pytest.raises(NotSigned):
        signing.publish_agenda(agenda, some_delegate(), at=T0)
    signing.sign_agenda(agenda, some_delegate(Party.LANDLORD), at=T0)

    published = signing.publish_agenda(agenda, some_delegate(), at=T0)

    assert [row.state for row in published] == [TopicState.PUBLISHED]
    assert (agenda.state, agenda.published_at) == (AgendaState.PUBLISHED, T0)


def test_a_period_ends_after_it_begins() -> None:
    topic = make_agreed_topic()

    with pytest.raises(PeriodRefused):
        signing.set_period(topic, LATER, T0, some_delegate(), at=T0)


def test_a_proposal_without_agreement_has_no_period() -> None:
    with pytest.raises(TopicClosed):
        signing.set_period(make_topic(), T0, LATER, some_delegate(), at=T0)


def test_nothing_changes_after_publishing() -> None:
    agenda = signed_agenda()
    topic: Topic = agenda.topics[0]
    signing.publish_agenda(agenda, some_delegate(), at=T0)
    delegate = some_delegate()

    for step in (
        lambda: service.suggest_topic(agenda, "Te laat", "Helaas.", some_tenant(), at=T0),
        lambda: service.propose_topic(agenda, topic_text("Te laat"), delegate, at=T0),
        lambda: service.edit_topic(topic, 1, topic_text("Te laat"), delegate, reason="", at=T0),
        lambda: service.approve_topic(topic, 1, delegate, at=T0),
        lambda: deciding.decide_topic(topic, DecisionKind.DECLINED, "Toch niet.", delegate, at=T0),
        lambda: signing.set_period(topic, T0, LATER, delegate, at=T0),
        lambda: signing.sign_agenda(agenda, delegate, at=T0),
        lambda: signing.publish_agenda(agenda, delegate, at=T0),
    ):
        with pytest.raises(AgendaPublished):
            step()


# What each must do now


def _tasks(agenda: Agenda, party: Party) -> list[str]:
    db.session.commit()
    return [task.sentence for task in agenda_overview(agenda, some_delegate(party)).tasks[party]]


def test_each_party_reads_what_it_must_do_now() -> None:
    agenda = make_agenda(topics_wanted=1)
    assert _tasks(agenda, Party.TENANTS) == ["Stel meer onderwerpen voor. Nog nodig: 1."]

    topic = make_topic(agenda, title="De lift")
    service.approve_topic(topic, 1, some_delegate(), at=T0)
    assert _tasks(agenda, Party.TENANTS) == ["Niets. De andere partij is aan de beurt."]
    assert _tasks(agenda, Party.LANDLORD) == ["Lees “De lift”. Geef akkoord of verander de tekst."]

    service.approve_topic(topic, 1, some_delegate(Party.LANDLORD), at=T0)
    assert _tasks(agenda, Party.LANDLORD) == ["Kies een periode voor “De lift”."]
    assert not agenda_overview(agenda, some_delegate()).may["sign"]

    signing.set_period(topic, T0, LATER, some_delegate(), at=T0)
    assert _tasks(agenda, Party.LANDLORD) == ["Onderteken de agenda."]
    for party in Party:
        signing.sign_agenda(agenda, some_delegate(party), at=T0)
    assert _tasks(agenda, Party.TENANTS) == ["Publiceer de agenda."]


def test_long_lists_of_ideas_come_in_parts_and_a_tenant_sees_only_their_own(database: Flask) -> None:
    agenda, tenant = make_agenda(), some_tenant()
    for number in range(TOPICS_PER_PAGE + 5):
        service.suggest_topic(agenda, f"Idee {number}", "Omdat het kan.", some_tenant(), at=T0)
    own = service.suggest_topic(agenda, "Mijn idee", "Omdat ik het wil.", tenant, at=T0)
    db.session.commit()

    first = agenda_overview(agenda, some_delegate()).ideas
    assert first.next_id is not None
    second = agenda_overview(agenda, some_delegate(), ideas_before=first.next_id).ideas

    assert (len(first.topics), len(second.topics), second.next_id) == (TOPICS_PER_PAGE, 6, None)
    assert not {topic.id for topic in first.topics} & {topic.id for topic in second.topics}
    assert [topic.id for topic in agenda_overview(agenda, tenant).ideas.topics] == [own.id]
    assert agenda_overview(agenda, VISITOR).ideas.topics == []
