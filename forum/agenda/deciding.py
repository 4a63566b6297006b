"""Taking a topic off the table and putting it back: decline, postpone, resume, show both views."""

from datetime import datetime

from forum.agenda import policy
from forum.agenda.errors import AlreadyOnTable, NotYetProposed, PartiesAgree, TopicClosed
from forum.agenda.models import PartyView, Topic
from forum.agenda.rules import OPEN_STATES, DecisionKind, TopicState, state_after_approvals
from forum.agenda.service import add_decision, check_on_table, drop_signatures, lock_as_delegate, party_of
from forum.audit import service as audit
from forum.kernel.actor import Actor, Party
from forum.kernel.database import db

CLOSING_STATES = {
    DecisionKind.DECLINED: TopicState.DECLINED,
    DecisionKind.POSTPONED: TopicState.POSTPONED,
}


def decide_topic(topic: Topic, kind: DecisionKind, reason: str, actor: Actor, *, at: datetime) -> Topic:
    """Decline or postpone a topic, with a reason everybody can read.

    The party that closes a topic takes its approval back; the other party's approval of this text stays.

    Raises:
        Forbidden: the actor is no delegate.
        TopicClosed: somebody closed the topic a moment ago.
    """
    member_id = lock_as_delegate(topic, actor, "decide-topic")
    check_on_table(topic)

    if topic.state is TopicState.AGREED:
        drop_signatures(topic)
    _take_approval_back(topic, party_of(actor))
    topic.state = CLOSING_STATES[kind]
    add_decision(topic, kind, actor, member_id, reason, at=at)
    audit.record(actor, f"topic.{kind}", topic_id=topic.id, reason=reason, at=at)
    return topic


def resume_topic(topic: Topic, reason: str, actor: Actor, *, at: datetime) -> Topic:
    """Put a declined or postponed topic back on the table, as the idea or the proposal it was.

    Raises:
        Forbidden: the actor is no delegate.
        AlreadyOnTable: somebody did so a moment ago.
        TopicClosed: both standpoints were given; that is final.
    """
    member_id = lock_as_delegate(topic, actor, "resume-topic")
    if topic.state in OPEN_STATES:
        raise AlreadyOnTable(topic_id=topic.id, title=topic.title)
    if not policy.can_resume_topic(actor, topic.state):
        raise TopicClosed(topic_id=topic.id, title=topic.title)

    topic.state = state_after_approvals(topic.approved_by) if topic.party else TopicState.SUGGESTED
    add_decision(topic, DecisionKind.RESUMED, actor, member_id, reason, at=at)
    audit.record(actor, "topic.resumed", topic_id=topic.id, reason=reason, at=at)
    return topic


def give_view(topic: Topic, text: str, actor: Actor, *, at: datetime) -> Topic:
    """Write a party's view on a topic without agreement; when both wrote theirs, both are published.

    This is the way out of a dead end that is not a vote.

    Raises:
        Forbidden: the actor is no delegate.
        TopicClosed: the topic is not on the table any more.
        NotYetProposed: it is an idea without a full text.
        PartiesAgree: both parties approved the text.
    """
    member_id = lock_as_delegate(topic, actor, "give-view")
    check_on_table(topic)
    if topic.state is TopicState.SUGGESTED:
        raise NotYetProposed(topic_id=topic.id)
    if topic.state is TopicState.AGREED:
        raise PartiesAgree(topic_id=topic.id, title=topic.title)
    view = next((row for row in topic.views if row.party == actor.party), None)
    if view is None:
        view = PartyView(topic_id=topic.id, party=party_of(actor))
        topic.views.append(view)
    view.text, view.member_id, view.at = text, member_id, at
    if {row.party for row in topic.views} == set(Party):
        topic.state = TopicState.BOTH_VIEWS
        add_decision(topic, DecisionKind.BOTH_VIEWS, actor, member_id, "", at=at)
    audit.record(actor, "topic.view_given", topic_id=topic.id, at=at)
    return topic


def _take_approval_back(topic: Topic, party: Party) -> None:
    for approval in [row for row in topic.approvals if row.version == topic.version and row.party == party]:
        topic.approvals.remove(approval)
        db.session.delete(approval)
