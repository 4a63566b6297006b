"""What the page of a thread tells of the recommendations on its topic."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select, union_all

from forum.discussion.outcome_notes import BuiltOn, OutcomeNote
from forum.kernel.clock import local_day
from forum.kernel.reading import read
from forum.meetings.models import MinutesPoint
from forum.outcomes.models import Citation, Recommendation

_POSTS: BindParameter[int] = bindparam("post_ids", expanding=True)
_CITED = union_all(
    select(Citation.recommendation_id, Citation.post_id).where(Citation.post_id.in_(_POSTS)),
    select(Citation.recommendation_id, MinutesPoint.post_id)
    .join(MinutesPoint, MinutesPoint.id == Citation.point_id)
    .where(MinutesPoint.post_id.in_(_POSTS)),
).subquery()
"""What is cited of some posts; a post with a point of minutes is cited by that point."""
_NOTES = (
    select(
        Recommendation.number,
        Recommendation.answer_by,
        Recommendation.answer_version,
        Recommendation.withdrawn_at,
        _CITED.c.post_id,
    )
    .outerjoin(_CITED, _CITED.c.recommendation_id == Recommendation.id)
    .where(Recommendation.thread_id == bindparam("topic_id"), Recommendation.published_at.is_not(None))
    .order_by(Recommendation.number)
)


def outcome_note(topic_id: int, post_ids: Collection[int], *, at: datetime) -> OutcomeNote:
    """Return how many recommendations a topic has, and which of these posts those that stand cite."""
    found, today = read(_NOTES, topic_id=topic_id, post_ids=list(post_ids)), local_day(at)
    rows = [row for row in found if row.withdrawn_at is None]
    terms = {row.number: (row.answer_by, row.answer_version > 0) for row in rows}
    return OutcomeNote(
        published=len(terms),
        answered=sum(is_answered for _, is_answered in terms.values()),
        overdue=sum(not is_answered and answer_by < today for answer_by, is_answered in terms.values()),
        built_on=tuple(
            BuiltOn(row.post_id, row.number, logbook_path(topic_id, row.number))
            for row in rows
            if row.post_id is not None
        ),
        withdrawn=len({row.number for row in found if row.withdrawn_at is not None}),
    )


def logbook_path(topic_id: int, number: int) -> str:
    """Return the address of a recommendation in the logbook of its topic."""
    return f"/onderwerpen/{topic_id}/invloed#advies-{number}"
