"""Taking back a published recommendation: a mistake, or the same as another. It stays to be read."""

from dataclasses import dataclass
from datetime import datetime

from forum.audit import service as audit
from forum.discussion.queries import get_thread_row
from forum.kernel.actor import Actor
from forum.kernel.database import lock
from forum.kernel.errors import Forbidden
from forum.outcomes import policy, queries, telling
from forum.outcomes.errors import (
    AlreadyAnswered,
    MergedWrongly,
    NotPublished,
    RecommendationWithdrawn,
    TopicShut,
)
from forum.outcomes.models import Recommendation


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why a recommendation is taken back, and the one on the same topic that now says it, if any."""

    why: str
    merged_into_id: int | None = None


def withdraw_recommendation(
    row: Recommendation, withdrawal: Withdrawal, actor: Actor, *, at: datetime
) -> None:
    """Take a published recommendation back: it stays readable, asks for no answer; who heard of it hears so.

    Raises:
        Forbidden: the actor does not publish for its panel, or acts for the landlord.
        NotPublished: it is a draft, which is thrown away instead.
        TopicShut: the topic is closed.
        RecommendationWithdrawn: somebody did so before.
        AlreadyAnswered: the landlord answered; the answer stands.
        MergedWrongly: the other one is not on this topic, was taken back, or is this one.
    """
    thread = get_thread_row(row.thread_id)
    lock(thread)
    if not policy.can_withdraw_recommendation(actor, row.panel.coordinator_id if row.panel else None):
        raise Forbidden(action="withdraw-recommendation", recommendation_id=row.id)
    if row.published_at is None:
        raise NotPublished
    if thread.closed_at is not None:
        raise TopicShut
    if row.withdrawn_at is not None:
        raise RecommendationWithdrawn(number=row.number)
    if row.answer_version:
        raise AlreadyAnswered(number=row.number)
    others = {other.id for other in queries.list_standing(row.thread_id)} - {row.id}
    if withdrawal.merged_into_id is not None and withdrawal.merged_into_id not in others:
        raise MergedWrongly
    row.withdrawn_at, row.withdrawn_because = at, withdrawal.why
    row.merged_into_id = withdrawal.merged_into_id
    details = {"topic_id": row.thread_id, "number": row.number, "why": withdrawal.why}
    audit.record(actor, "recommendation.withdrawn", recommendation_id=row.id, **details, at=at)
    telling.tell_of_withdrawal(row, at=at)
