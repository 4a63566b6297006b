"""What the front page shows of each thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, literal, or_, select

from forum.agenda.models import Agenda, Topic, TopicVersion
from forum.agenda.rules import AgendaState
from forum.discussion.adding_queries import LockedThread
from forum.discussion.heads import UNREAD_COUNT
from forum.discussion.models import Thread, ThreadVisit
from forum.discussion.rules import Period, Phase, phase_of
from forum.kernel.reading import read
from forum.settings.models import Site
from forum.settings.queries import SITE_COLUMNS, THE_SITE, SiteNames, no_site, site_in


@dataclass(frozen=True, slots=True)
class Front:
    """One topic on the front page; `unread` counts what is new to a member who was there before."""

    topic_id: int
    year: int
    title: str
    question: str
    phase: Phase
    opens_at: datetime
    closes_at: datetime
    post_count: int
    unread: int = 0


YEARS_BACK = 3
"""Years before the last one of which open debates are shown; so the list stays a list one can read."""
_COLUMNS = (
    Thread.topic_id,
    Agenda.year.label("topic_year"),
    Thread.opens_at,
    Thread.closes_at,
    Thread.answering_at,
    Thread.closed_at,
    Thread.post_count,
    TopicVersion.title,
    TopicVersion.question,
)
_TEXT_NOW = and_(TopicVersion.topic_id == Topic.id, TopicVersion.version == Topic.version)
_FRONTS = (
    select(*_COLUMNS)
    .select_from(Thread)
    .join(Topic, Topic.id == Thread.topic_id)
    .join(Agenda, Agenda.id == Topic.agenda_id)
    .join(TopicVersion, _TEXT_NOW)
    .where(Topic.agenda_id == bindparam("agenda_id"))
    .order_by(Thread.topic_id)
)
_LATEST = (
    select(Agenda.id, Agenda.year)
    .order_by((Agenda.state == AgendaState.PUBLISHED).desc(), Agenda.year.desc())
    .limit(1)
    .subquery()
)
# year by year, so that the threads of all other years are never looked at
_IS_NEAR = or_(Agenda.id == _LATEST.c.id, Agenda.year.between(_LATEST.c.year - YEARS_BACK, _LATEST.c.year))
_IS_SHOWN = or_(Agenda.id == _LATEST.c.id, Thread.closed_at.is_(None))
_FRONTS_OF_LATEST = (
    select(_LATEST.c.id.label("agenda_id"), _LATEST.c.year, *_COLUMNS, *SITE_COLUMNS)
    .select_from(_LATEST)
    .outerjoin(Agenda, _IS_NEAR)
    .outerjoin(Topic, Topic.agenda_id == Agenda.id)
    .outerjoin(Thread, and_(Thread.topic_id == Topic.id, _IS_SHOWN))
    .outerjoin(TopicVersion, _TEXT_NOW)
    .outerjoin(Site, THE_SITE)
    .order_by(Agenda.year.desc(), Thread.topic_id)
)


_LATEST_FRONTS = _FRONTS_OF_LATEST.add_columns(literal(0).label("unread"))
_LATEST_FRONTS_FOR_MEMBER = _FRONTS_OF_LATEST.add_columns(UNREAD_COUNT).outerjoin(
    ThreadVisit,
    and_(ThreadVisit.thread_id == Thread.topic_id, ThreadVisit.member_id == bindparam("member_id")),
)


class LatestAgenda(NamedTuple):
    """The year that the front page is about, and the names of the site."""

    id: int
    year: int
    site: SiteNames


def list_latest_fronts(
    member_id: int | None = None, *, at: datetime
) -> tuple[LatestAgenda | None, Sequence[Front]]:
    """Return the last agenda that was published, before there is one the last there is, and the threads.

    Those of its year, and of earlier years what is not closed: a next agenda, begun or published, leaves the
    debates that go on where everybody finds them. The last year comes first.
    """
    statement = _LATEST_FRONTS if member_id is None else _LATEST_FRONTS_FOR_MEMBER
    rows = read(statement, member_id=member_id)
    if not rows:
        return None, ()
    fronts = [_front(row, at, row.unread or 0) for row in rows if row.topic_id is not None]
    return LatestAgenda(rows[0].agenda_id, rows[0].year, site_in(rows[0])), fronts


_LATEST_TITLES = _FRONTS_OF_LATEST.with_only_columns(Thread.topic_id, TopicVersion.title, *SITE_COLUMNS)


def list_latest_titles() -> tuple[SiteNames, Sequence[tuple[int, str]]]:
    """Return the names of the site, and the number and title of each thread that the front page shows."""
    rows = read(_LATEST_TITLES)
    site = site_in(rows[0]) if rows else no_site()
    return site, [(row.topic_id, row.title) for row in rows if row.topic_id is not None]


def list_fronts(agenda_id: int, *, at: datetime) -> Sequence[Front]:
    """Return the threads of a year in the order of their topics."""
    return [_front(row, at) for row in read(_FRONTS, agenda_id=agenda_id)]


def _front(row: Row[Any], at: datetime, unread: int = 0) -> Front:
    return Front(
        topic_id=row.topic_id,
        year=row.topic_year,
        title=row.title,
        question=row.question,
        phase=phase_of(Period(row.opens_at, row.closes_at, row.answering_at, row.closed_at), at),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        post_count=row.post_count,
        unread=unread,
    )


def period_of(thread: Thread | LockedThread) -> Period:
    """Return the moments of a thread that its phase follows from."""
    return Period(thread.opens_at, thread.closes_at, thread.answering_at, thread.closed_at)
