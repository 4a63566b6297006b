"""Steps of the demo year about agendas: how the parties came to their topics, and an earlier consultation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from forum.agenda.deciding import decide_topic
from forum.agenda.models import Agenda, Topic
from forum.agenda.queries import get_topic
from forum.agenda.rules import DecisionKind, InfluenceLevel, TopicState
from forum.agenda.service import (
    TopicText,
    approve_topic,
    edit_topic,
    propose_topic,
    rate_topic,
    start_agenda,
    suggest_topic,
)
from forum.agenda.signing import publish_agenda, set_period, sign_agenda
from forum.demo.content import Proposal, Shelved
from forum.demo.moments import COURSES, Window, answer_window, days_before, office_moment, period_of
from forum.demo.recommendation_steps import CONSULTATION, advise_on_consultation
from forum.demo.year import DemoYear
from forum.discussion.models import Post
from forum.discussion.polis_import import import_consultation
from forum.discussion.queries import get_thread
from forum.discussion.rules import ReactionKind
from forum.discussion.service import open_threads
from forum.kernel.actor import SYSTEM, Party, Role
from forum.kernel.clock import AMSTERDAM
from forum.kernel.database import db
from forum.outcomes.answering import close_topic
from forum.texts.catalogue import say

REPHRASED = "verduurzaming"
"""The topic that the other party changed before it agreed; its last fixed point is what was added."""
CONSULTED = Window(
    datetime(2017, 6, 14, tzinfo=AMSTERDAM), datetime(2017, 7, 10, 23, 59, 59, tzinfo=AMSTERDAM)
)


class _Diary:
    """Office moments one after the other, so that no step of the parties comes before the step it follows."""

    def __init__(self, year: DemoYear, step: str) -> None:
        self.rng = year.chance(step)
        self.today = year.order.today
        self.last: datetime | None = None

    def on(self, days_ago: int) -> datetime:
        """Return a moment on about that day, later than the one before."""
        at = office_moment(days_before(self.today, days_ago), self.rng)
        if self.last is not None and at <= self.last:
            at = self.last + timedelta(minutes=self.rng.randint(3, 25))
        self.last = at
        return at


def hold_earlier_consultation(year: DemoYear) -> None:
    """Put a consultation that was held elsewhere on the agenda of the year before, when there is one."""
    consultation = year.order.consultation
    if consultation is None:
        return
    diary = _Diary(year, "earlier agenda")
    proposal = year.content.consultation
    agenda = start_agenda(year.order.today.year - 1, 1, SYSTEM, at=diary.on(421))
    topic = _propose(year, agenda, proposal.text, proposal.party, diary.on(419))
    for party in Party:
        _approve(year, topic, party, diary.on(414))
    _publish(year, agenda, {topic.id: CONSULTED}, diary, 409)
    year.topics[proposal.key] = topic.id
    thread = get_thread(topic.id)
    _introduce(year, proposal)
    bodies = {statement.id: year.bodies[statement.text] for statement in consultation.statements}
    import_consultation(thread, consultation, bodies, ReactionKind.VALUABLE, SYSTEM, at=diary.on(406))
    posts = db.session.execute(select(Post.external_key, Post.id).where(Post.thread_id == topic.id))
    year.posts.update({(proposal.key, str(key).rpartition(":")[2]): post_id for key, post_id in posts})
    if consultation.name == CONSULTATION:
        advise_on_consultation(year, diary.on)
    close_topic(thread, year.officers[Role.DELEGATE, Party.TENANTS], at=diary.on(300))


def agree_on_agenda(year: DemoYear) -> None:
    """Let the parties choose five topics, shelve some others, sign and publish."""
    diary = _Diary(year, "agenda")
    agenda = start_agenda(year.order.today.year, len(year.content.topics), SYSTEM, at=diary.on(214))
    _take_ideas(year, agenda, diary)
    topics = {
        proposal.key: _propose_in_turn(year, agenda, proposal, diary.on(205 - number))
        for number, proposal in enumerate(year.content.topics)
    }
    shelved = [
        (item, _propose_in_turn(year, agenda, item.proposal, diary.on(199)))
        for item in year.content.shelved
        if item.state is not TopicState.SUGGESTED
    ]
    _rate(year, [*topics.values(), *(topic for _, topic in shelved)], diary)
    for number, proposal in enumerate(year.content.topics):
        _agree(year, topics[proposal.key], proposal, diary, 194 - 4 * number)
    for item, topic in shelved:
        _shelve(year, topic, item, diary.on(172))
    periods = {topics[key].id: period_of(course, year.order.today) for key, course in COURSES.items()}
    _publish(year, agenda, periods, diary, 160)
    year.topics.update({key: topic.id for key, topic in topics.items()})
    for proposal in year.content.topics:
        _introduce(year, proposal)


def _take_ideas(year: DemoYear, agenda: Agenda, diary: _Diary) -> None:
    for item in year.content.shelved:
        if item.state is TopicState.SUGGESTED and item.author is not None:
            actor, text = year.tenant(year.voices[item.author]), item.proposal.text
            suggest_topic(agenda, text.title, text.why, actor, at=diary.on(208))


def _propose_in_turn(year: DemoYear, agenda: Agenda, proposal: Proposal, at: datetime) -> Topic:
    """Propose a topic as its party first wrote it: without what the other party added later.

    Only the tenant organisation can mark a statutory subject; a landlord who proposes one does it unmarked.
    """
    text = proposal.text
    if proposal.key == REPHRASED:
        text = replace(text, fixed=text.fixed.rpartition("\n")[0])
    if proposal.party is Party.LANDLORD:
        text = replace(text, statutory=None, only_opinions=False)
    return _propose(year, agenda, text, proposal.party, at)


def _propose(year: DemoYear, agenda: Agenda, text: TopicText, party: Party, at: datetime) -> Topic:
    return propose_topic(agenda, text, year.officers[Role.DELEGATE, party], at=at)


def _rate(year: DemoYear, topics: Sequence[Topic], diary: _Diary) -> None:
    """Let each party say how important a topic is and how much tenants can change."""
    levels = {level: number for number, level in enumerate(InfluenceLevel, start=2)}
    for days_ago, party in ((198, Party.TENANTS), (196, Party.LANDLORD)):
        for topic in topics:
            importance = diary.rng.choice((3, 4, 4, 5, 5))
            influence = min(5, levels[topic.text.level] + diary.rng.choice((-1, 0, 0)))
            delegate = year.officers[Role.DELEGATE, party]
            rate_topic(topic, importance, influence, delegate, at=diary.on(days_ago))


def _agree(year: DemoYear, topic: Topic, proposal: Proposal, diary: _Diary, days_ago: int) -> None:
    """Let both parties approve one text, which the other party first added to when it says so."""
    if proposal.key == REPHRASED:
        _approve(year, topic, proposal.party, diary.on(days_ago + 1))
        editor = year.officers[Role.DELEGATE, proposal.party.other]
        edit_topic(
            topic, topic.version, proposal.text, editor, reason=say("demo-rephrased"), at=diary.on(days_ago)
        )
    first = proposal.party.other if proposal.key == REPHRASED else proposal.party
    _approve(year, topic, first, diary.on(days_ago))
    _approve(year, topic, first.other, diary.on(days_ago - 3))


def _approve(year: DemoYear, topic: Topic, party: Party, at: datetime) -> None:
    approve_topic(topic, topic.version, year.officers[Role.DELEGATE, party], at=at)


def _shelve(year: DemoYear, topic: Topic, item: Shelved, at: datetime) -> None:
    """Decline what the other party proposed, or postpone what one proposed oneself."""
    is_declined = item.state is TopicState.DECLINED
    kind = DecisionKind.DECLINED if is_declined else DecisionKind.POSTPONED
    party = item.proposal.party.other if is_declined else item.proposal.party
    decide_topic(topic, kind, item.reason, year.officers[Role.DELEGATE, party], at=at)


def _publish(
    year: DemoYear, agenda: Agenda, periods: Mapping[int, Window], diary: _Diary, days_ago: int
) -> None:
    """Give each topic its period, sign for both parties and publish."""
    landlord = year.officers[Role.DELEGATE, Party.LANDLORD]
    for topic_id, period in periods.items():
        set_period(get_topic(topic_id), period.start, period.end, landlord, at=diary.on(days_ago))
    for party in Party:
        sign_agenda(agenda, year.officers[Role.DELEGATE, party], at=diary.on(days_ago - 3))
    tenants = year.officers[Role.DELEGATE, Party.TENANTS]
    open_threads(publish_agenda(agenda, tenants, at=diary.on(days_ago - 4)))


def _introduce(year: DemoYear, proposal: Proposal) -> None:
    """Put the introduction above a thread, and the moment from which its answers could be read."""
    thread = get_thread(year.topics[proposal.key])
    body = year.bodies[proposal.introduction]
    thread.introduction, thread.introduction_html = body.source, body.rendered.html
    course = COURSES.get(proposal.key)
    answers = answer_window(course, year.order.today) if course else None
    thread.answering_at = answers.start if answers else None
    db.session.flush()
