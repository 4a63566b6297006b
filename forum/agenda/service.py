"""Changing topics: suggest, propose, edit, approve, rate. How one leaves the table is in `deciding.py`."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from forum.agenda import policy
from forum.agenda.errors import (
    AgendaPublished,
    AlreadyApproved,
    NothingChanged,
    NotYetProposed,
    StatutoryNotMarked,
    TextChanged,
    TopicClosed,
    YearOver,
    YearTaken,
    YearTooFar,
)
from forum.agenda.models import Agenda, Approval, Topic, TopicDecision, TopicRating, TopicVersion
from forum.agenda.queries import find_agenda, find_topic_by_text
from forum.agenda.rules import (
    OPEN_STATES,
    AgendaState,
    DecisionKind,
    InfluenceLevel,
    StatutorySubject,
    TopicState,
    startable_years,
    state_after_approvals,
)
from forum.audit import service as audit
from forum.kernel.actor import Actor, Party
from forum.kernel.clock import local_day
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden


@dataclass(frozen=True, slots=True)
class TopicText:
    """What a version of a topic says."""

    title: str
    question: str
    why: str
    fixed: str
    open: str
    level: InfluenceLevel
    stance_question: str = ""
    subquestions: str = ""
    statutory: StatutorySubject | None = None
    only_opinions: bool = False


def text_of(version: TopicVersion) -> TopicText:
    """Return what a version says, without who wrote it and when."""
    return TopicText(**{field.name: getattr(version, field.name) for field in fields(TopicText)})


def start_agenda(year: int, topics_wanted: int, actor: Actor, *, at: datetime) -> Agenda:
    """Start the agenda of a year; the forum itself may start any, delegates this year's or the next.

    Raises:
        Forbidden: the actor is no delegate.
        YearTooFar, YearOver: it is neither this year nor the next one.
        YearTaken: there is one.
    """
    check_startable(year, actor, at=at)
    agenda = Agenda(year=year, topics_wanted=topics_wanted)
    try:
        with db.session.begin_nested():  # two delegates at once: the year is unique, the second one hears so
            db.session.add(agenda)
    except IntegrityError as error:
        raise YearTaken(year=year) from error
    audit.record(actor, "agenda.started", agenda_id=agenda.id, year=year, at=at)
    return agenda


def check_startable(year: int, actor: Actor, *, at: datetime) -> None:
    """Refuse a year whose agenda this actor cannot start now.

    Raises:
        Forbidden: the actor is no delegate.
        YearTaken: there is one.
        YearOver: it is before this year.
        YearTooFar: it is after the next one.
    """
    if not policy.can_start_agenda(actor):
        raise Forbidden(action="start-agenda")
    if find_agenda(year) is not None:
        raise YearTaken(year=year)
    first, last = startable_years(local_day(at).year)
    if actor.is_system:
        return
    if year < first:
        raise YearOver(year=year)
    if year > last:
        raise YearTooFar(year=year, from_year=year - (last - first))


def suggest_topic(agenda: Agenda, title: str, why: str, actor: Actor, *, at: datetime) -> Topic:
    """Record a tenant's suggestion; it waits until a party adopts it. Sent twice, it is one suggestion.

    Raises:
        Forbidden: the actor is not signed in, or paused.
        AgendaPublished: the topics of the year are fixed.
    """
    if not policy.can_suggest_topic(actor) or actor.member_id is None:
        raise Forbidden(action="suggest-topic")
    lock_draft(agenda)
    text = TopicText(title=title, question="", why=why, fixed="", open="", level=InfluenceLevel.ADVISING)
    sent_before = find_topic_by_text(agenda, actor.member_id, TopicState.SUGGESTED, title=title, why=why)
    if sent_before is not None:
        return sent_before
    topic = add_topic(agenda, text, TopicState.SUGGESTED, actor, actor.member_id, at=at)
    topic.suggested_by_id = actor.member_id
    audit.record(actor, "topic.suggested", topic_id=topic.id, at=at)
    return topic


def propose_topic(agenda: Agenda, text: TopicText, actor: Actor, *, at: datetime) -> Topic:
    """Propose a topic for the actor's party; its approval is still a step of its own. Sent twice, it is one.

    Raises:
        Forbidden: the actor is no delegate.
        AgendaPublished: the topics of the year are fixed.
    """
    if not policy.can_propose_topic(actor) or actor.member_id is None:
        raise Forbidden(action="propose-topic")
    lock_draft(agenda)
    text = _marked(text, None, actor)
    sent_before = find_topic_by_text(agenda, actor.member_id, TopicState.PROPOSED, **asdict(text))
    if sent_before is not None:
        return sent_before
    topic = add_topic(agenda, text, TopicState.PROPOSED, actor, actor.member_id, at=at)
    audit.record(actor, "topic.proposed", topic_id=topic.id, at=at)
    return topic


def edit_topic(
    topic: Topic, shown_version: int, text: TopicText, actor: Actor, *, reason: str, at: datetime
) -> Topic:
    """Write the next version of a topic, or adopt a suggestion with its first full text; approvals drop.

    The same text sent twice by the same person (a double click) is one version.

    Raises:
        Forbidden: the actor is no delegate.
        TopicClosed: the topic is not on the table any more.
        TextChanged: somebody wrote a newer version than the one the editor was shown.
        NothingChanged: the text is the text that stands.
    """
    member_id = lock_as_delegate(topic, actor, "edit-topic")
    check_on_table(topic)
    text = _marked(text, topic.text, actor)
    is_idea = topic.state is TopicState.SUGGESTED
    is_same = not is_idea and text_of(topic.text) == text
    if is_same and shown_version == topic.version - 1 and topic.text.member_id == member_id:
        return topic
    _check_version(topic, shown_version)
    if is_same:
        raise NothingChanged(topic_id=topic.id)

    if topic.state is TopicState.AGREED:
        drop_signatures(topic)
    topic.version += 1
    topic.state = TopicState.PROPOSED
    topic.party = topic.party or actor.party
    topic.versions.append(_version_row(topic, text, actor, member_id, at=at))
    kind = DecisionKind.ADOPTED if is_idea else DecisionKind.REPHRASED
    add_decision(topic, kind, actor, member_id, reason, at=at)
    audit.record(actor, "topic.edited", topic_id=topic.id, version=topic.version, at=at)
    return topic


def approve_topic(topic: Topic, version: int, actor: Actor, *, at: datetime) -> Topic:
    """Record one party's approval; the second one puts the topic on the agenda.

    Raises:
        Forbidden: the actor is no delegate.
        TopicClosed: the topic is not on the table any more.
        NotYetProposed: it is still an idea.
        TextChanged: `version` is not the text that stands now.
        StatutoryNotMarked: a statutory subject without the tenant organisation's mark.
        AlreadyApproved: the actor's party approved this text before.
    """
    member_id = lock_as_delegate(topic, actor, "approve-topic")
    check_on_table(topic)
    if topic.state is TopicState.SUGGESTED:
        raise NotYetProposed(topic_id=topic.id)
    _check_version(topic, version)
    if topic.text.needs_mark:
        raise StatutoryNotMarked
    if actor.party in topic.approved_by:
        raise AlreadyApproved(topic_id=topic.id, party=actor.party)

    topic.approvals.append(Approval(version=version, party=party_of(actor), member_id=member_id, at=at))
    topic.state = state_after_approvals(topic.approved_by)
    if topic.state is TopicState.AGREED:
        drop_signatures(topic)
    audit.record(actor, "topic.approved", topic_id=topic.id, version=version, at=at)
    return topic


def rate_topic(topic: Topic, importance: int, influence: int, actor: Actor, *, at: datetime) -> None:
    """Record how important a party finds a topic and how much influence it expects, 1 to 5; the last counts.

    Raises:
        Forbidden: the actor is no delegate.
        TopicClosed: the topic is not on the table any more.
    """
    member_id = lock_as_delegate(topic, actor, "rate-topic")
    check_on_table(topic)
    rating = next((row for row in topic.ratings if row.party == actor.party), None)
    if rating is None:
        rating = TopicRating(topic_id=topic.id, party=party_of(actor))
        db.session.add(rating)
    rating.importance, rating.influence = importance, influence
    rating.member_id, rating.at = member_id, at
    audit.record(actor, "topic.rated", topic_id=topic.id, importance=importance, influence=influence, at=at)


def party_of(actor: Actor) -> Party:
    """Return the party of a delegate whom the policy let through."""
    assert actor.party is not None, "the policy lets only delegates of a party through"
    return actor.party


def lock_as_delegate(topic: Topic, actor: Actor, action: str) -> int:
    """Lock the draft agenda and the topic, in that order; return the member behind the actor.

    Raises:
        Forbidden: the actor is no delegate.
        AgendaPublished: the topics of the year are fixed.
    """
    if not policy.can_act_for_party(actor) or actor.member_id is None:
        raise Forbidden(action=action, topic_id=topic.id)
    lock_draft(topic.agenda)
    lock(topic)
    return actor.member_id


def check_on_table(topic: Topic) -> None:
    """Refuse a change of a topic that is not on the table any more.

    Raises:
        TopicClosed: it is not.
    """
    if topic.state not in OPEN_STATES:
        raise TopicClosed(topic_id=topic.id, title=topic.title)


def _check_version(topic: Topic, shown: int) -> None:
    if shown != topic.version:
        raise TextChanged(topic_id=topic.id, approved=shown, current=topic.version)


def _marked(text: TopicText, before: TopicVersion | None, actor: Actor) -> TopicText:
    """Return a text with the mark that stands: only the tenant organisation sets it or takes it away."""
    if actor.party is Party.TENANTS:
        return text
    stands = before is not None and before.only_opinions and before.statutory == text.statutory
    return replace(text, only_opinions=stands)


def lock_draft(agenda: Agenda) -> None:
    """Lock an agenda that is about to change.

    Raises:
        AgendaPublished: the topics of the year are fixed.
    """
    lock(agenda)
    if agenda.state is AgendaState.PUBLISHED:
        raise AgendaPublished(year=agenda.year)


def drop_signatures(topic: Topic) -> None:
    """Take the signatures away: they stand under the agreed topics, and those change now."""
    topic.agenda.signatures.clear()


def add_decision(
    topic: Topic, kind: DecisionKind, actor: Actor, member_id: int, reason: str, *, at: datetime
) -> None:
    """Add a line to what was decided about a topic, with the reason that everybody reads."""
    topic.decisions.append(
        TopicDecision(kind=kind, party=actor.party, member_id=member_id, reason=reason, at=at)
    )


def add_topic(
    agenda: Agenda, text: TopicText, state: TopicState, actor: Actor, member_id: int, *, at: datetime
) -> Topic:
    """Put a topic with its first text on a locked agenda."""
    party = actor.party if state is TopicState.PROPOSED else None
    topic = Topic(agenda_id=agenda.id, state=state, version=1, party=party, created_at=at)
    db.session.add(topic)
    db.session.flush()
    topic.versions.append(_version_row(topic, text, actor, member_id, at=at))
    db.session.flush()
    return topic


def _version_row(
    topic: Topic, text: TopicText, actor: Actor, member_id: int, *, at: datetime
) -> TopicVersion:
    return TopicVersion(version=topic.version, **asdict(text), member_id=member_id, party=actor.party, at=at)
