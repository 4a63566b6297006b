"""Which minutes are late or missing: everybody reads it where they read of the topic."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select

from forum.kernel.database import db
from forum.kernel.reading import read
from forum.meetings.models import Minutes
from forum.meetings.rules import MinutesState
from forum.meetings.terms import late_before
from forum.panels.models import Meeting, Panel
from forum.panels.rules import CONFIRMED_STATES

_IS_SENT = exists().where(Minutes.meeting_id == Meeting.id, Minutes.state != MinutesState.DRAFT)
_IS_HELD = and_(Panel.state.in_(CONFIRMED_STATES), Meeting.cancelled_at.is_(None))
_TAKES_MINUTES = and_(_IS_HELD, Meeting.no_minutes_because == "")
IS_LATE = and_(_TAKES_MINUTES, Meeting.ends_at < bindparam("late_before"), ~_IS_SENT)
"""That the minutes of a meeting of a panel should have been sent by now; it takes `late_before`."""
_OF_TOPICS = Panel.topic_id.in_(bindparam("topic_ids", expanding=True))
_LATE = (
    select(Meeting.panel_id, Meeting.id, Meeting.ends_at)
    .join(Panel, Panel.id == Meeting.panel_id)
    .where(_OF_TOPICS, IS_LATE)
    .order_by(Meeting.ends_at, Meeting.id)
)
LATE_BY_TOPIC = (
    select(Panel.topic_id, func.count().label("late"))
    .select_from(Meeting)
    .join(Panel, Panel.id == Meeting.panel_id)
    .where(_OF_TOPICS, IS_LATE)
    .group_by(Panel.topic_id)
)
"""How many minutes are late, by topic."""


def list_late_of_topic(topic_id: int, *, at: datetime) -> Sequence[tuple[int, int, datetime]]:
    """Return panel, number and end of the meetings on a topic whose minutes are late, the oldest first."""
    rows = read(_LATE, topic_ids=[topic_id], late_before=late_before(at))
    return [(row.panel_id, row.id, row.ends_at) for row in rows]


def list_late_of_panel(panel_id: int, *, at: datetime) -> Sequence[int]:
    """Return the numbers of the meetings of a panel whose minutes are late, the oldest first."""
    late = (
        select(Meeting.id)
        .join(Panel, Panel.id == Meeting.panel_id)
        .where(Panel.id == panel_id, IS_LATE)
        .order_by(Meeting.ends_at, Meeting.id)
    )
    return db.session.scalars(late, {"late_before": late_before(at)}).all()


def count_late(topic_ids: Sequence[int], *, at: datetime) -> Mapping[int, int]:
    """Return how many minutes are late, by topic; none are left out."""
    rows = read(LATE_BY_TOPIC, topic_ids=topic_ids, late_before=late_before(at))
    return {row.topic_id: row.late for row in rows}


def list_late(at: datetime, most: int) -> Sequence[int]:
    """Return meetings whose minutes are late and of which nobody was told."""
    late = (
        select(Meeting.id)
        .join(Panel, Panel.id == Meeting.panel_id)
        .where(IS_LATE, Meeting.late_told_at.is_(None))
        .order_by(Meeting.id)
        .limit(most)
    )
    return db.session.scalars(late, {"late_before": late_before(at)}).all()


def has_open_minutes(topic_id: int, *, at: datetime) -> bool:
    """Tell whether a meeting on the topic is over without fixed minutes, or a reason for having none."""
    is_locked = exists().where(Minutes.meeting_id == Meeting.id, Minutes.state == MinutesState.LOCKED)
    is_begun = exists().where(Minutes.meeting_id == Meeting.id)
    is_open = and_(_TAKES_MINUTES, or_(Meeting.ends_at <= at, is_begun), ~is_locked)
    found = (
        select(Meeting.id)
        .join(Panel, Panel.id == Meeting.panel_id)
        .where(Panel.topic_id == topic_id, is_open)
        .limit(1)
    )
    return db.session.scalar(found) is not None


def list_without_minutes(topic_id: int) -> Sequence[Meeting]:
    """Return the meetings on a topic of which somebody said why no minutes come, the oldest first."""
    return db.session.scalars(
        select(Meeting)
        .join(Panel, Panel.id == Meeting.panel_id)
        .where(Panel.topic_id == topic_id, _IS_HELD, Meeting.no_minutes_because != "")
        .order_by(Meeting.ends_at, Meeting.id)
    ).all()
