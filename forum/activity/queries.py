"""Reading frozen scores."""

from sqlalchemy import select

from forum.activity.models import ScoreSnapshot
from forum.kernel.database import db


def find_snapshot(topic_id: int) -> ScoreSnapshot | None:
    """Return the frozen scores of a topic, `None` while its debate goes on."""
    return db.session.scalar(select(ScoreSnapshot).where(ScoreSnapshot.topic_id == topic_id))
