"""Taking along to the next agenda what a published one left."""

from datetime import datetime

from forum.agenda import policy
from forum.agenda.errors import NoNextAgenda
from forum.agenda.models import Topic
from forum.agenda.queries import find_carried, find_next_draft
from forum.agenda.rules import TopicState
from forum.agenda.service import add_topic, lock_draft, text_of
from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.errors import Forbidden


def carry_topic(topic: Topic, actor: Actor, *, at: datetime) -> Topic:
    """Put the text of a topic on the next agenda, as the idea or the proposal it was; twice is once.

    Raises:
        Forbidden: the actor is no delegate, or no published agenda left the topic behind.
        NoNextAgenda: the parties did not begin a later agenda, or published it.
    """
    if not policy.can_carry_topic(actor, topic.state, topic.agenda.state) or actor.member_id is None:
        raise Forbidden(action="carry-topic", topic_id=topic.id)
    agenda = find_next_draft(topic.agenda.year)
    if agenda is None:
        raise NoNextAgenda(year=topic.agenda.year)
    lock_draft(agenda)
    carried = find_carried(topic)
    if carried is not None:
        return carried

    if topic.party is None:
        writer, state = Actor(member_id=topic.text.member_id), TopicState.SUGGESTED
    else:
        writer, state = actor, TopicState.PROPOSED
    carried = add_topic(agenda, text_of(topic.text), state, writer, writer.member_id or 0, at=at)
    carried.suggested_by_id = topic.suggested_by_id
    carried.carried_from_id = topic.id
    audit.record(actor, "topic.carried", topic_id=carried.id, from_topic_id=topic.id, at=at)
    return carried
