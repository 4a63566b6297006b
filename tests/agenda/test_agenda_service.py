"""The steps of the parties on the database: who may do what, when, and what it leaves behind."""

import pytest
from sqlalchemy import select

from forum.agenda import deciding, service, signing
from forum.agenda.errors import (
    AlreadyApproved,
    AlreadyOnTable,
    NothingChanged,
    NotYetProposed,
    PartiesAgree,
    StatutoryNotMarked,
    TextChanged,
    TopicClosed,
    YearTaken,
)
from forum.agenda.models import Topic
from forum.agenda.rules import DecisionKind, StatutorySubject, TopicState
from forum.audit.models import AuditEntry
from forum.kernel.actor import VISITOR, Actor, Party
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from tests.agenda.agendas import LATER, signed_agenda, some_delegate, some_tenant
from tests.support.cast import T0, make_agenda, make_agreed_topic, make_topic, topic_text

pytestmark = pytest.mark.usefixtures("database")
RENT = StatutorySubject.RENT_POLICY


def _state(topic: Topic) -> str:
    return topic.state.value


def _actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


# Starting, suggesting, proposing


def test_a_year_has_one_agenda() -> None:
    make_agenda(2026)

    with pytest.raises(YearTaken):
        make_agenda(2026)


def test_a_tenant_suggests_and_a_party_adopts() -> None:
    idea = service.suggest_topic(make_agenda(), "Een hondenveld", "Dan is het schoner.", some_tenant(), at=T0)
    assert _state(idea) == "suggested"

    service.edit_topic(idea, 1, topic_text("Een hondenveld"), some_delegate(), reason="Goed idee.", at=T0)

    assert idea.state is TopicState.PROPOSED
    assert idea.party is Party.TENANTS
    assert [decision.kind for decision in idea.decisions] == [DecisionKind.ADOPTED]
    assert [version.version for version in idea.versions] == [1, 2]


def test_an_idea_cannot_be_approved_before_a_party_adopts_it() -> None:
    idea = service.suggest_topic(make_agenda(), "Een hondenveld", "Dan is het schoner.", some_tenant(), at=T0)

    with pytest.raises(NotYetProposed):
        service.approve_topic(idea, 1, some_delegate(), at=T0)


def test_an_idea_sent_twice_is_one_idea() -> None:
    agenda, tenant = make_agenda(), some_tenant()

    first = service.suggest_topic(agenda, "Een hondenveld", "Dan is het schoner.", tenant, at=T0)
    second = service.suggest_topic(agenda, "Een hondenveld", "Dan is het schoner.", tenant, at=T0)
    of_neighbour = service.suggest_topic(
        agenda, "Een hondenveld", "Dan is het schoner.", some_tenant(), at=T0
    )

    assert first.id == second.id != of_neighbour.id


def test_a_proposal_sent_twice_is_one_proposal() -> None:
    agenda, delegate = make_agenda(), some_delegate()

    topics = {service.propose_topic(agenda, topic_text(), delegate, at=T0).id for _ in range(2)}

    assert len(topics) == 1


@pytest.mark.parametrize(
    ("step", "action"),
    [
        ("propose", lambda topic, actor: service.propose_topic(topic.agenda, topic_text(), actor, at=T0)),
        (
            "edit",
            lambda topic, actor: service.edit_topic(topic, 1, topic_text("Nieuw"), actor, reason="", at=T0),
        ),
        ("approve", lambda topic, actor: service.approve_topic(topic, 1, actor, at=T0)),
        ("rate", lambda topic, actor: service.rate_topic(topic, 3, 3, actor, at=T0)),
        (
            "decline",
            lambda topic, actor: deciding.decide_topic(topic, DecisionKind.DECLINED, "Nee.", actor, at=T0),
        ),
        ("resume", lambda topic, actor: deciding.resume_topic(topic, "Toch wel.", actor, at=T0)),
        ("view", lambda topic, actor: deciding.give_view(topic, "Wij vinden …", actor, at=T0)),
        ("period", lambda topic, actor: signing.set_period(topic, T0, LATER, actor, at=T0)),
        ("sign", lambda topic, actor: signing.sign_agenda(topic.agenda, actor, at=T0)),
        ("publish", lambda topic, actor: signing.publish_agenda(topic.agenda, actor, at=T0)),
    ],
)
@pytest.mark.parametrize("who", ["tenant", "paused delegate", "visitor"])
def test_only_a_delegate_takes_a_step(step: str, action: object, who: str) -> None:
    topic = make_topic()
    delegate = some_delegate()
    actors = {
        "tenant": some_tenant(),
        "paused delegate": Actor(delegate.member_id, delegate.party, delegate.roles, suspended=True),
        "visitor": VISITOR,
    }

    with pytest.raises(Forbidden):
        action(topic, actors[who])  # type: ignore[operator]

    assert topic.state is TopicState.PROPOSED
    assert topic.version == 1


# Approving and editing


def test_the_second_party_puts_a_topic_on_the_agenda() -> None:
    topic = make_topic()

    service.approve_topic(topic, 1, some_delegate(Party.LANDLORD), at=T0)
    assert _state(topic) == "proposed"
    service.approve_topic(topic, 1, some_delegate(Party.TENANTS), at=T0)

    assert topic.state is TopicState.AGREED
    assert _actions().count("topic.approved") == 2


def test_two_delegates_of_one_party_are_one_approval() -> None:
    topic = make_topic()
    service.approve_topic(topic, 1, some_delegate(), at=T0)

    with pytest.raises(AlreadyApproved):
        service.approve_topic(topic, 1, some_delegate(), at=T0)

    assert topic.state is TopicState.PROPOSED


def test_an_approval_of_an_older_text_is_refused() -> None:
    topic = make_topic()
    service.edit_topic(topic, 1, topic_text("Beter"), some_delegate(), reason="", at=T0)

    with pytest.raises(TextChanged) as refusal:
        service.approve_topic(topic, 1, some_delegate(), at=T0)

    assert refusal.value.details == {"topic_id": topic.id, "approved": 1, "current": 2}


def test_an_edit_drops_both_approvals_and_the_signatures() -> None:
    agenda = signed_agenda()
    topic = agenda.topics[0]

    service.edit_topic(topic, 1, topic_text("Beter"), some_delegate(Party.LANDLORD), reason="Korter.", at=T0)

    assert topic.state is TopicState.PROPOSED
    assert topic.approved_by == frozenset()
    assert agenda.signatures == []
    assert topic.decisions[-1].reason == "Korter."


def test_an_edit_of_an_older_text_is_refused() -> None:
    topic = make_topic()
    service.edit_topic(topic, 1, topic_text("Van de een"), some_delegate(), reason="", at=T0)

    with pytest.raises(TextChanged):
        service.edit_topic(
            topic, 1, topic_text("Van de ander"), some_delegate(Party.LANDLORD), reason="", at=T0
        )

    assert topic.title == "Van de een"


def test_an_edit_sent_twice_is_one_version() -> None:
    topic, delegate = make_topic(), some_delegate()

    for _ in range(2):
        service.edit_topic(topic, 1, topic_text("Beter"), delegate, reason="", at=T0)

    assert topic.version == 2
    assert len(topic.decisions) == 1


def test_an_edit_without_a_change_is_refused_and_keeps_the_approvals() -> None:
    topic = make_agreed_topic()

    with pytest.raises(NothingChanged):
        service.edit_topic(topic, 1, topic_text(), some_delegate(), reason="", at=T0)

    assert topic.state is TopicState.AGREED


def test_versions_stay_as_they_were() -> None:
    topic = make_topic(title="Eerst")

    service.edit_topic(topic, 1, topic_text("Daarna"), some_delegate(), reason="", at=T0)
    service.edit_topic(topic, 2, topic_text("Ten slotte"), some_delegate(), reason="", at=T0)

    assert [version.title for version in topic.versions] == ["Eerst", "Daarna", "Ten slotte"]


def test_the_last_rating_of_a_party_counts() -> None:
    topic = make_topic()

    service.rate_topic(topic, 2, 3, some_delegate(), at=T0)
    service.rate_topic(topic, 5, 4, some_delegate(), at=T0)
    service.rate_topic(topic, 1, 1, some_delegate(Party.LANDLORD), at=T0)
    db.session.refresh(topic)

    ratings = {rating.party: (rating.importance, rating.influence) for rating in topic.ratings}
    assert ratings == {Party.TENANTS: (5, 4), Party.LANDLORD: (1, 1)}


# Statutory subjects


@pytest.mark.parametrize(
    ("party", "only_opinions", "is_marked"),
    [
        pytest.param(Party.TENANTS, True, True, id="the tenant organisation marks it"),
        pytest.param(Party.TENANTS, False, False, id="the tenant organisation forgets the mark"),
        pytest.param(Party.LANDLORD, True, False, id="the landlord cannot mark it"),
        pytest.param(Party.LANDLORD, False, False, id="the landlord without the mark"),
    ],
)
def test_a_statutory_subject_is_approved_only_with_the_mark_of_the_tenant_organisation(
    party: Party, only_opinions: bool, is_marked: bool
) -> None:
    topic = make_topic(party=party, statutory=RENT, only_opinions=only_opinions)

    assert (topic.text.statutory, topic.text.only_opinions) == (RENT, is_marked)
    for approving in Party:
        if is_marked:
            service.approve_topic(topic, 1, some_delegate(approving), at=T0)
        else:
            with pytest.raises(StatutoryNotMarked):
                service.approve_topic(topic, 1, some_delegate(approving), at=T0)


@pytest.mark.parametrize(
    ("statutory", "only_opinions", "is_marked"),
    [
        pytest.param(RENT, False, True, id="the form of the landlord has no tick; the mark stays"),
        pytest.param(StatutorySubject.DEMOLITION, True, False, id="another subject needs a mark of its own"),
        pytest.param(None, True, False, id="no statutory subject, no mark"),
    ],
)
def test_the_landlord_may_edit_a_marked_topic_but_not_widen_the_mark(
    statutory: StatutorySubject | None, only_opinions: bool, is_marked: bool
) -> None:
    topic = make_topic(statutory=RENT, only_opinions=True)
    text = topic_text("Korter", statutory=statutory, only_opinions=only_opinions)

    service.edit_topic(topic, 1, text, some_delegate(Party.LANDLORD), reason="", at=T0)

    assert topic.text.only_opinions is is_marked


# Declining, postponing, resuming, both standpoints


@pytest.mark.parametrize(
    ("kind", "state"),
    [(DecisionKind.DECLINED, TopicState.DECLINED), (DecisionKind.POSTPONED, TopicState.POSTPONED)],
)
def test_a_topic_is_closed_with_a_reason_and_comes_back(kind: DecisionKind, state: TopicState) -> None:
    topic = make_topic()

    deciding.decide_topic(topic, kind, "Geen geld dit jaar.", some_delegate(Party.LANDLORD), at=T0)
    assert (topic.state, topic.decisions[-1].reason) == (state, "Geen geld dit jaar.")
    deciding.resume_topic(topic, "Er is toch geld.", some_delegate(), at=T0)

    assert topic.state is TopicState.PROPOSED
    assert [row.kind for row in topic.decisions] == [kind, DecisionKind.RESUMED]


def test_an_idea_that_comes_back_is_an_idea_again() -> None:
    idea = service.suggest_topic(make_agenda(), "Een hondenveld", "Dan is het schoner.", some_tenant(), at=T0)
    deciding.decide_topic(idea, DecisionKind.POSTPONED, "Later.", some_delegate(), at=T0)

    deciding.resume_topic(idea, "Nu wel.", some_delegate(), at=T0)

    assert idea.state is TopicState.SUGGESTED


def test_the_party_that_closes_a_topic_takes_its_approval_back() -> None:
    """Else the other party could put it back on the agenda alone."""
    topic = make_agreed_topic()
    deciding.decide_topic(topic, DecisionKind.POSTPONED, "Later.", some_delegate(Party.LANDLORD), at=T0)

    deciding.resume_topic(topic, "Nu wel.", some_delegate(Party.TENANTS), at=T0)
    db.session.commit()

    assert topic.state is TopicState.PROPOSED
    assert topic.approved_by == {Party.TENANTS}


def test_closing_an_agreed_topic_drops_the_signatures_and_closing_another_does_not() -> None:
    agenda = signed_agenda()
    proposal = make_topic(agenda, title="Nog een voorstel")
    idea = service.suggest_topic(agenda, "Een hondenveld", "Dan is het schoner.", some_tenant(), at=T0)
    for other in (proposal, idea):
        deciding.decide_topic(other, DecisionKind.DECLINED, "Past niet.", some_delegate(), at=T0)
    assert {signature.party for signature in agenda.signatures} == set(Party)

    deciding.decide_topic(agenda.topics[0], DecisionKind.POSTPONED, "Later.", some_delegate(), at=T0)

    assert agenda.signatures == []


def test_a_topic_that_is_closed_stays_closed_for_every_step() -> None:
    topic = make_topic()
    deciding.decide_topic(topic, DecisionKind.DECLINED, "Nee.", some_delegate(), at=T0)
    landlord = some_delegate(Party.LANDLORD)

    for step in (
        lambda: service.approve_topic(topic, 1, landlord, at=T0),
        lambda: service.edit_topic(topic, 1, topic_text("Nieuw"), landlord, reason="", at=T0),
        lambda: service.rate_topic(topic, 1, 1, landlord, at=T0),
        lambda: deciding.decide_topic(topic, DecisionKind.POSTPONED, "Later.", landlord, at=T0),
        lambda: deciding.give_view(topic, "Wij vinden …", landlord, at=T0),
        lambda: signing.set_period(topic, T0, LATER, landlord, at=T0),
    ):
        with pytest.raises(TopicClosed):
            step()


def test_resuming_twice_reads_that_it_is_on_the_table() -> None:
    topic = make_topic()
    deciding.decide_topic(topic, DecisionKind.DECLINED, "Nee.", some_delegate(), at=T0)
    deciding.resume_topic(topic, "Toch wel.", some_delegate(), at=T0)

    with pytest.raises(AlreadyOnTable):
        deciding.resume_topic(topic, "Toch wel.", some_delegate(), at=T0)


def test_a_dead_end_is_published_as_both_standpoints() -> None:
    topic = make_topic()

    deciding.give_view(topic, "Eerst dit.", some_delegate(), at=T0)
    deciding.give_view(topic, "Panelen op elk dak.", some_delegate(), at=T0)
    assert _state(topic) == "proposed"
    deciding.give_view(topic, "Dat kan niet op oude daken.", some_delegate(Party.LANDLORD), at=T0)

    assert topic.state is TopicState.BOTH_VIEWS
    assert {view.party: view.text for view in topic.views} == {
        Party.TENANTS: "Panelen op elk dak.",
        Party.LANDLORD: "Dat kan niet op oude daken.",
    }
    with pytest.raises(TopicClosed):
        deciding.resume_topic(topic, "Toch.", some_delegate(), at=T0)


def test_there_is_no_standpoint_on_what_both_approved_or_on_an_idea() -> None:
    idea = service.suggest_topic(make_agenda(), "Een hondenveld", "Dan is het schoner.", some_tenant(), at=T0)

    with pytest.raises(PartiesAgree):
        deciding.give_view(make_agreed_topic(), "Toch niet.", some_delegate(), at=T0)
    with pytest.raises(NotYetProposed):
        deciding.give_view(idea, "Toch niet.", some_delegate(), at=T0)
