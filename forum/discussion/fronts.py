"""What the front page shows of each thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.agenda.models import Agenda, Topic
from forum.discussion.models import Thread
from forum.discussion.rules import Period, Phase, phase_of
from forum.kernel.database import db


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


def list_fronts(agenda: Agenda, *, at: datetime) -> Sequence[Front]:
    """Return the threads of a year in the order of their topics."""
    threads = db.session.scalars(
        select(Thread)
        .join(Thread.topic)
        .where(Topic.agenda_id == agenda.id)
        .options(joinedload(Thread.topic).selectinload(Topic.versions))
        .order_by(Thread.topic_id)
    )
    return [
        Front(
            topic_id=thread.topic_id,
            title=thread.topic.title,
            question=thread.topic.text.question,
            phase=phase_of(period_of(thread), at),
            opens_at=thread.opens_at,
            closes_at=thread.closes_at,
            post_count=thread.post_count,
        )
        for thread in threads
    ]


def period_of(thread: Thread) -> Period:
    """Return the moments of a thread that its phase follows from."""
    return Period(thread.opens_at, thread.closes_at, thread.answering_at, thread.closed_at)
