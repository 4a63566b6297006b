"""Counting over the whole forum; no person can be found back in it."""

from sqlalchemy import func, select

from forum.discussion.models import Thread
from forum.kernel.database import db
from forum.members.models import Member, MemberState


def count_members() -> dict[str, int]:
    """Return how many members there are in each state."""
    rows = db.session.execute(select(Member.state, func.count()).group_by(Member.state))
    counts = dict(rows.all())
    return {state.value: counts.get(state, 0) for state in MemberState}


def count_posts() -> int:
    """Return how many posts there are in all threads."""
    return db.session.scalar(select(func.sum(Thread.post_count))) or 0
