"""Signing and publishing the agenda of a year."""

from datetime import datetime

from forum.agenda import policy
from forum.agenda.errors import (
    AgendaPublished,
    AlreadySigned,
    NotSigned,
    PeriodRefused,
    TopicClosed,
    WrongNumberOfTopics,
)
from forum.agenda.models import Agenda, AgendaSignature, Topic
from forum.agenda.queries import list_topics
from forum.agenda.rules import AgendaState, TopicState, can_be_published
from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import lock
from forum.kernel.errors import Forbidden


def sign_agenda(agenda: Agenda, actor: Actor, *, at: datetime) -> Agenda:
    """Put one party's signature under the agreed topics and their periods as they are now.

    Raises:
        Forbidden: the actor is no delegate.
        AgendaPublished: it is published already.
        WrongNumberOfTopics: there are fewer or more agreed topics than the year's number.
        PeriodRefused: a topic has no period.
        AlreadySigned: the actor's party signed.
    """
    member_id = _check_may_sign(agenda, actor)
    agreed = _complete_topics(agenda)
    if any(signature.party == actor.party for signature in agenda.signatures):
        raise AlreadySigned(year=agenda.year)
    assert actor.party is not None, "the policy lets only delegates of a party through"

    agenda.signatures.append(AgendaSignature(party=actor.party, member_id=member_id, at=at))
    audit.record(actor, "agenda.signed", agenda_id=agenda.id, topics=len(agreed), at=at)
    return agenda


def set_period(topic: Topic, opens_at: datetime, closes_at: datetime, actor: Actor, *, at: datetime) -> None:
    """Say from when to when a topic is debated; another period drops the signatures.

    Raises:
        Forbidden: the actor is no delegate.
        AgendaPublished: the agenda is published already.
        TopicClosed: the parties do not agree on this topic, or not any more.
        PeriodRefused: it ends before it begins.
    """
    _check_may_sign(topic.agenda, actor)
    lock(topic)
    if not policy.can_set_period(actor, topic.state):
        raise TopicClosed(topic_id=topic.id, title=topic.title)
    if opens_at >= closes_at:
        raise PeriodRefused(title=topic.title)
    if (topic.opens_at, topic.closes_at) == (opens_at, closes_at):
        return
    topic.agenda.signatures.clear()
    topic.opens_at, topic.closes_at = opens_at, closes_at
    audit.record(actor, "topic.period_set", topic_id=topic.id, opens_at=opens_at, closes_at=closes_at, at=at)


def publish_agenda(agenda: Agenda, actor: Actor, *, at: datetime) -> list[Topic]:
    """Publish the signed agenda and return its topics, which the caller opens for debate.

    Raises:
        Forbidden: the actor is no delegate.
        AgendaPublished: it is published already.
        WrongNumberOfTopics: there are fewer or more agreed topics than the year's number.
        NotSigned: a party has not signed the topics as they are now.
        PeriodRefused: a topic has no period.
    """
    _check_may_sign(agenda, actor)
    agreed = _complete_topics(agenda)
    signed_by = {signature.party for signature in agenda.signatures}
    if not can_be_published(signed_by, agenda.topics_wanted, len(agreed)):
        raise NotSigned(year=agenda.year)

    agenda.state = AgendaState.PUBLISHED
    agenda.published_at = at
    for topic in agreed:
        topic.state = TopicState.PUBLISHED
    audit.record(actor, "agenda.published", agenda_id=agenda.id, topics=[topic.id for topic in agreed], at=at)
    return agreed


def _complete_topics(agenda: Agenda) -> list[Topic]:
    """Return the agreed topics of an agenda that has as many as it should, each with its period."""
    agreed = list_topics(agenda, TopicState.AGREED)
    if len(agreed) != agenda.topics_wanted:
        raise WrongNumberOfTopics(agreed=len(agreed), wanted=agenda.topics_wanted)
    for topic in agreed:
        if topic.opens_at is None or topic.closes_at is None:
            raise PeriodRefused(title=topic.title)
    return agreed


def _check_may_sign(agenda: Agenda, actor: Actor) -> int:
    if not policy.can_sign_agenda(actor) or actor.member_id is None:
        raise Forbidden(action="sign-agenda")
    lock(agenda)
    if agenda.state is AgendaState.PUBLISHED:
        raise AgendaPublished(year=agenda.year)
    return actor.member_id
