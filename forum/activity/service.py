"""Scoring a topic of the database: live for its owner, frozen for a panel."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert

from forum.activity.facts import facts_sha256, topic_facts
from forum.activity.models import FrozenScore, ScoreSnapshot
from forum.activity.queries import find_snapshot
from forum.activity.scoring import score_topic
from forum.activity.scoring_facts import ActivityScore
from forum.activity.scoring_policy import DEFAULT_POLICY
from forum.audit import service as audit
from forum.discussion.models import Thread
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock


def live_scores(thread: Thread, *, at: datetime) -> dict[str, ActivityScore]:
    """Return the scores of a topic as they are now, or as they were when its debate ended, by member id."""
    return score_topic(topic_facts(thread, frozen_at=min(at, thread.closes_at)), DEFAULT_POLICY)


def freeze_scores(thread: Thread, actor: Actor, *, at: datetime) -> ScoreSnapshot:
    """Store the scores of a topic as they were when its debate ended; a second time gives the first ones.

    The scores carry over to later topics, so they are stored once and never change.
    """
    lock(thread)
    made = find_snapshot(thread.topic_id)
    if made is not None:
        return made
    frozen_at = min(at, thread.closes_at)
    facts = topic_facts(thread, frozen_at=frozen_at)
    snapshot = ScoreSnapshot(
        topic_id=thread.topic_id,
        frozen_at=frozen_at,
        made_at=at,
        policy_name=DEFAULT_POLICY.name,
        policy=asdict(DEFAULT_POLICY),
        facts_sha256=facts_sha256(facts),
    )
    db.session.add(snapshot)
    db.session.flush()
    rows = [
        {
            "snapshot_id": snapshot.id,
            "member_id": int(member_id),
            "score_cp": score.score,
            "parts": asdict(score.parts),
            "is_eligible": score.eligible,
            "why_not": [reason.value for reason in score.why_not],
        }
        for member_id, score in score_topic(facts, DEFAULT_POLICY).items()
    ]
    if rows:
        db.session.execute(insert(FrozenScore), rows)
    audit.record(actor, "scores.frozen", topic_id=thread.topic_id, members=len(rows), at=at)
    return snapshot
