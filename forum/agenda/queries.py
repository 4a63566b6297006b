"""Reading agendas and topics."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import selectinload

from forum.agenda.models import Agenda, Topic, TopicVersion
from forum.agenda.rules import SHELVED_STATES, AgendaState, TopicState
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import NotFound

TOPICS_PER_PAGE = 20
LAST_ID = 2**31 - 1
"""Above every id: a list that starts at its newest row."""


def find_agenda(year: int) -> Agenda | None:
    """Return the agenda of a year."""
    return db.session.scalar(select(Agenda).where(Agenda.year == year)) if year <= LAST_ID else None


def get_agenda(year: int) -> Agenda:
    """Return the agenda of a year.

    Raises:
        NotFound: there is none.
    """
    agenda = find_agenda(year)
    if agenda is None:
        raise NotFound(year=year)
    return agenda


def list_years() -> Sequence[int]:
    """Return the years that have an agenda, the last one first."""
    return db.session.scalars(select(Agenda.year).order_by(Agenda.year.desc())).all()


def get_topic(topic_id: int) -> Topic:
    """Return a topic.

    Raises:
        NotFound: there is none with this number.
    """
    topic = db.session.get(Topic, topic_id) if topic_id <= LAST_ID else None
    if topic is None:
        raise NotFound(topic_id=topic_id)
    return topic


def find_topic_by_text(agenda: Agenda, member_id: int, state: TopicState, **text: object) -> Topic | None:
    """Return the topic that a member made with exactly this first text, while it is in a state."""
    return db.session.scalar(
        select(Topic)
        .join(Topic.versions)
        .where(Topic.agenda_id == agenda.id, Topic.state == state, Topic.version == 1)
        .where(TopicVersion.member_id == member_id)
        .where(*(getattr(TopicVersion, name) == value for name, value in text.items()))
        .limit(1)
    )


def find_next_draft(year: int) -> Agenda | None:
    """Return the first agenda after a year that is still being made."""
    return db.session.scalar(
        select(Agenda)
        .where(Agenda.year > year, Agenda.state == AgendaState.DRAFT)
        .order_by(Agenda.year)
        .limit(1)
    )


def find_carried(topic: Topic) -> Topic | None:
    """Return the topic of a later agenda that took over the text of this one."""
    return db.session.scalar(select(Topic).where(Topic.carried_from_id == topic.id))


def list_topics(agenda: Agenda, *states: TopicState) -> list[Topic]:
    """Return the topics of a year in these states, with all that the agenda page shows, oldest first."""
    return list(
        db.session.scalars(
            select(Topic)
            .where(Topic.agenda_id == agenda.id, Topic.state.in_(states))
            .options(selectinload(Topic.versions), selectinload(Topic.approvals))
            .order_by(Topic.id)
        )
    )


def page_of_topics(
    agenda: Agenda, states: Collection[TopicState], *, before_id: int, seen_by: Actor
) -> tuple[list[Topic], int | None]:
    """Return up to 20 topics an actor may see, newest first, and the id to go on from, `None` at the end.

    Args:
        agenda: the year.
        states: where the topics stand.
        before_id: only topics made before this one.
        seen_by: who looks.
    """
    found = (
        select(Topic)
        .where(Topic.agenda_id == agenda.id, Topic.state.in_(states), Topic.id < before_id)
        .options(selectinload(Topic.versions), selectinload(Topic.decisions))
        .order_by(Topic.id.desc())
        .limit(TOPICS_PER_PAGE + 1)
    )
    if not seen_by.is_staff:
        found = found.where(_shown_to(seen_by, agenda))
    topics = list(db.session.scalars(found))
    shown = topics[:TOPICS_PER_PAGE]
    return shown, shown[-1].id if len(topics) > TOPICS_PER_PAGE else None


def _shown_to(actor: Actor, agenda: Agenda) -> ColumnElement[bool]:
    """Return `can_see_topic` for ideas and shelved topics as a condition, so that a page of them is full."""
    own = Topic.suggested_by_id == actor.member_id if actor.member_id is not None else false()
    if agenda.state is not AgendaState.PUBLISHED:
        return own
    return or_(own, and_(Topic.state.in_(SHELVED_STATES), Topic.party.is_not(None)))


def list_all_topics() -> list[Topic]:
    """Return every topic of every year, oldest first."""
    return list(db.session.scalars(select(Topic).options(selectinload(Topic.versions)).order_by(Topic.id)))


def count_topics(agenda: Agenda) -> dict[TopicState, int]:
    """Return how many topics of a year are in each state; a state without topics is left out."""
    counted = select(Topic.state, func.count()).where(Topic.agenda_id == agenda.id).group_by(Topic.state)
    return dict(db.session.execute(counted).all())
