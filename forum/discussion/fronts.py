"""What the front page shows of each thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select

from forum.agenda.models import Agenda, Topic, TopicVersion
from forum.agenda.rules import AgendaState
from forum.discussion.models import Thread
from forum.discussion.rules import Period, Phase, phase_of
from forum.kernel.reading import read


@dataclass(frozen=True, slots=True)
class Front:
    """One topic on the front page."""

    topic_id: int
    title: str
    question: str
    phase: Phase
    opens_at: datetime
    closes_at: datetime
    post_count: int


_LATEST = (
    select(Agenda.id, Agenda.year)
    .order_by((Agenda.state == AgendaState.PUBLISHED).desc(), Agenda.year.desc())
    .limit(1)
)
_FRONTS = (
    select(
        Thread.topic_id,
        Thread.opens_at,
        Thread.closes_at,
        Thread.answering_at,
        Thread.closed_at,
        Thread.post_count,
        TopicVersion.title,
        TopicVersion.question,
    )
    .select_from(Thread)
    .join(Topic, Topic.id == Thread.topic_id)
    .join(TopicVersion, and_(TopicVersion.topic_id == Topic.id, TopicVersion.version == Topic.version))
    .where(Topic.agenda_id == bindparam("agenda_id"))
    .order_by(Thread.topic_id)
)


class LatestAgenda(NamedTuple):
    """The year that the front page is about."""

    id: int
    year: int


def find_latest_agenda() -> LatestAgenda | None:
    """Return the last agenda that was published; before there is one, the last there is.

    So a next agenda that the parties begin leaves the debates of this year where everybody finds them.
    """
    rows = read(_LATEST)
    return LatestAgenda._make(rows[0]) if rows else None


def list_fronts(agenda_id: int, *, at: datetime) -> Sequence[Front]:
    """Return the threads of a year in the order of their topics."""
    return [
        Front(
            topic_id=row.topic_id,
            title=row.title,
            question=row.question,
            phase=phase_of(Period(row.opens_at, row.closes_at, row.answering_at, row.closed_at), at),
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            post_count=row.post_count,
        )
        for row in read(_FRONTS, agenda_id=agenda_id)
    ]


def period_of(thread: Thread) -> Period:
    """Return the moments of a thread that its phase follows from."""
    return Period(thread.opens_at, thread.closes_at, thread.answering_at, thread.closed_at)
