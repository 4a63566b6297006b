"""Reading polls. Who chose what is read by that member alone: all else are counts."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from forum.discussion.models import Thread
from forum.discussion.rules import PostSource
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.polls.models import Ballot, Poll, positions_in
from forum.polls.rules import Ballots

SHOWN_MOST = 50
"""Polls on the page of one thread, the newest: so that it stays a page."""


def get_poll(poll_id: int) -> Poll:
    """Return a poll with its options, thread and topic.

    Raises:
        NotFound: there is none with this number.
    """
    poll = db.session.scalar(
        select(Poll)
        .where(Poll.id == poll_id)
        .options(selectinload(Poll.options), joinedload(Poll.thread).joinedload(Thread.topic))
    )
    if poll is None:
        raise NotFound(poll_id=poll_id)
    return poll


def list_polls(thread_id: int) -> Sequence[Poll]:
    """Return the polls on a topic with their options, oldest first."""
    newest = db.session.scalars(
        select(Poll)
        .where(Poll.thread_id == thread_id)
        .order_by(Poll.id.desc())
        .limit(SHOWN_MOST)
        .options(selectinload(Poll.options), joinedload(Poll.thread))
    ).all()
    return newest[::-1]


def find_own_ballot(poll_id: int, member_id: int | None) -> Ballot | None:
    """Return what a member answered; hand in the number of whoever asks, of nobody else."""
    return db.session.get(Ballot, (poll_id, member_id)) if member_id is not None else None


def count_ballots(poll_id: int) -> Ballots:
    """Return how often each answer was given."""
    rows = db.session.execute(
        select(Ballot.choices, func.count()).where(Ballot.poll_id == poll_id).group_by(Ballot.choices)
    )
    return {positions_in(choices): number for choices, number in rows}


def count_entered(poll_id: int) -> int:
    """Return how many ballots staff entered for tenants."""
    entered = select(func.count()).where(Ballot.poll_id == poll_id, Ballot.source != PostSource.WEB)
    return db.session.scalar(entered) or 0


def list_voters(poll_id: int) -> Collection[int]:
    """Return who took part, to tell them of the result; not what they answered."""
    return db.session.scalars(select(Ballot.member_id).where(Ballot.poll_id == poll_id)).all()


def list_untold(at: datetime) -> Sequence[int]:
    """Return polls of which something is still to be told: that they are there, or that they are over."""
    is_over = or_(Poll.closes_at <= at, Poll.closed_at <= at, Thread.closed_at <= at)
    return db.session.scalars(
        select(Poll.id)
        .join(Thread, Thread.topic_id == Poll.thread_id)
        .where(or_(Poll.is_told.is_(False), Poll.is_result_told.is_(False) & is_over))
        .order_by(Poll.id)
    ).all()
