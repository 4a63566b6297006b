"""What the agenda pages show, worked out before the template: groups, permissions, tasks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.agenda import policy
from forum.agenda.models import Agenda, Topic
from forum.agenda.queries import LAST_ID, count_topics, list_topics, list_years, page_of_topics
from forum.agenda.rules import SHELVED_STATES, AgendaState, TopicState, can_be_published, startable_years
from forum.kernel.actor import Actor, Party
from forum.texts.catalogue import say
from forum.web.languages import dutch


@dataclass(frozen=True, slots=True)
class Task:
    """Something a party has to do now: at a topic, at a place on the agenda page, or just in words.

    `step` is the form on the page of the topic, where that is not at its top.
    """

    sentence: str
    topic_id: int | None = None
    step: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class TopicPage:
    """Part of a long list, and the id to go on from; `None` where it ends."""

    topics: Sequence[Topic]
    next_id: int | None


@dataclass(frozen=True, slots=True)
class AgendaYears:
    """The years that have an agenda, the last one first, and the one this visitor may start now."""

    existing: Sequence[int]
    to_start: int | None


def agenda_years(actor: Actor, *, this_year: int) -> AgendaYears:
    """Return the years there are, and which one comes next for somebody who may start it."""
    existing = list_years()
    free = [year for year in startable_years(this_year) if year not in existing]
    may_start = bool(free) and policy.can_start_agenda(actor)
    return AgendaYears(existing, free[0] if may_start else None)


@dataclass(frozen=True, slots=True)
class AgendaOverview:
    """The agenda page: topics by where they stand, and what this visitor may do."""

    agreed: Sequence[Topic]
    proposed: Sequence[Topic]
    both_views: Sequence[Topic]
    ideas: TopicPage
    closed: TopicPage
    agreed_count: int
    signatures: Mapping[Party, datetime]
    tasks: Mapping[Party, Sequence[Task]]
    may: Mapping[str, bool]
    is_published: bool


def agenda_overview(
    agenda: Agenda, actor: Actor, *, ideas_before: int = LAST_ID, closed_before: int = LAST_ID
) -> AgendaOverview:
    """Return what an actor sees on the agenda page; the two long lists go on from the ids that are given."""
    agreed = list_topics(agenda, TopicState.AGREED, TopicState.PUBLISHED)
    proposed = list_topics(agenda, TopicState.PROPOSED)
    signatures = {signature.party: signature.at for signature in agenda.signatures}
    is_draft = agenda.state is AgendaState.DRAFT
    return AgendaOverview(
        agreed=_seen_by(actor, agreed),
        proposed=_seen_by(actor, proposed),
        both_views=list_topics(agenda, TopicState.BOTH_VIEWS),
        ideas=_page(agenda, (TopicState.SUGGESTED,), actor, ideas_before),
        closed=_page(agenda, SHELVED_STATES, actor, closed_before),
        agreed_count=len(agreed),
        signatures=signatures,
        tasks=_tasks(agenda, agreed, proposed) if is_draft and actor.is_staff else {},
        may=_agenda_permissions(agenda, agreed, actor) if is_draft else {},
        is_published=not is_draft,
    )


def _seen_by(actor: Actor, topics: Sequence[Topic]) -> list[Topic]:
    return [
        topic
        for topic in topics
        if policy.can_see_topic(actor, is_public=topic.is_public, suggested_by_id=topic.suggested_by_id)
    ]


def _page(agenda: Agenda, states: Collection[TopicState], actor: Actor, before_id: int) -> TopicPage:
    return TopicPage(*page_of_topics(agenda, states, before_id=before_id, seen_by=actor))


def _agenda_permissions(agenda: Agenda, agreed: Sequence[Topic], actor: Actor) -> dict[str, bool]:
    signed_by = {signature.party for signature in agenda.signatures}
    is_full = len(agreed) == agenda.topics_wanted
    may_sign = policy.can_sign_agenda(actor) and is_full and all(topic.opens_at for topic in agreed)
    return {
        "suggest": policy.can_suggest_topic(actor),
        "propose": policy.can_propose_topic(actor),
        "sign": may_sign and actor.party not in signed_by,
        "publish": may_sign and can_be_published(signed_by, agenda.topics_wanted, len(agreed)),
    }


def _tasks(agenda: Agenda, agreed: Sequence[Topic], proposed: Sequence[Topic]) -> dict[Party, Sequence[Task]]:
    counts = count_topics(agenda)
    shared = [*_number_tasks(agenda.topics_wanted, len(agreed), len(proposed))]
    if counts.get(TopicState.SUGGESTED):
        ideas = say("task-ideas", count=counts[TopicState.SUGGESTED])
        shared.append(Task(ideas, anchor="ideeen"))
    tasks: dict[Party, Sequence[Task]] = {}
    for party in Party:
        own = [*_proposal_tasks(proposed, party), *shared]
        if len(agreed) == agenda.topics_wanted:
            own += _closing_tasks(agenda, agreed, party)
        tasks[party] = own or [Task(say("task-none"))]
    return tasks


def _proposal_tasks(proposed: Sequence[Topic], party: Party) -> Iterator[Task]:
    for topic in proposed:
        if topic.text.needs_mark:
            if party is Party.TENANTS:
                yield Task(say("task-mark", title=dutch(topic.title)), topic.id)
        elif party not in topic.approved_by:
            yield Task(say("task-approve", title=dutch(topic.title)), topic.id)


def _number_tasks(wanted: int, agreed: int, proposed: int) -> Iterator[Task]:
    if agreed > wanted:
        yield Task(say("task-too-many", count=agreed - wanted), anchor="akkoord")
    if agreed + proposed < wanted:
        yield Task(say("task-propose", count=wanted - agreed - proposed))


def _closing_tasks(agenda: Agenda, agreed: Sequence[Topic], party: Party) -> Iterator[Task]:
    """Yield what remains once the number is right: periods, signatures, publishing."""
    signed_by = {signature.party for signature in agenda.signatures}
    without_period = [topic for topic in agreed if topic.opens_at is None]
    for topic in without_period:
        yield Task(say("task-period", title=topic.title), topic.id, step="period")
    if without_period:
        return
    if party not in signed_by:
        yield Task(say("task-sign"), anchor="ondertekenen")
    elif signed_by == set(Party):
        yield Task(say("task-publish"), anchor="ondertekenen")


def topic_permissions(topic: Topic, actor: Actor) -> dict[str, bool]:
    """Return what an actor may do with a topic, for the buttons on its page."""
    if topic.agenda.state is not AgendaState.DRAFT:
        return {"carry": policy.can_carry_topic(actor, topic.state, topic.agenda.state)}
    return {
        "edit": policy.can_edit_topic(actor, topic.state),
        "adopt": policy.can_adopt_topic(actor, topic.state),
        "mark": policy.can_approve_topic(actor, topic.state) and topic.text.needs_mark,
        "approve": policy.can_approve_topic(actor, topic.state)
        and actor.party not in topic.approved_by
        and not topic.text.needs_mark,
        "rate": policy.can_decide_topic(actor, topic.state),
        "decide": policy.can_decide_topic(actor, topic.state),
        "view": policy.can_give_view(actor, topic.state),
        "resume": policy.can_resume_topic(actor, topic.state),
        "period": policy.can_set_period(actor, topic.state),
    }
