"""Counting who reads, writes and is valued in a debate, by group: three queries, whatever the size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, func, literal, select, union_all

from forum.discussion.models import Post, Reaction, StanceAnswer, ThreadVisit
from forum.discussion.rules import PostState
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.members.models import (
    DISTRICT_OF_HOME,
    IS_TENANT,
    Complex,
    District,
    Household,
    Member,
)
from forum.voices.models import VoiceAction
from forum.voices.rules import ActionKind, Grouping

READ, WROTE, VALUED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Counted:
    """Tenants who are alike: where or how they are, and how many there are, read, wrote and were valued."""

    key: tuple[Any, ...]
    counts: tuple[int, ...]


def count_by_place(thread_id: int) -> Sequence[Counted]:
    """Return the counts of a debate by the names of district and complex; either can be unknown."""
    return _counted(
        thread_id,
        select(District.name, Complex.name)
        .select_from(Member)
        .outerjoin(Household, Household.id == Member.household_id)
        .outerjoin(Complex, Complex.id == Household.complex_id)
        .outerjoin(District, District.id == DISTRICT_OF_HOME),
        District.name,
        Complex.name,
    )


def count_by_birth_year(thread_id: int) -> Sequence[Counted]:
    """Return the counts of a debate by birth year, which can be unknown."""
    return _counted(thread_id, select(Member.birth_year), Member.birth_year)


def count_by_language(thread_id: int) -> Sequence[Counted]:
    """Return the counts of a debate by the code of a language."""
    return _counted(thread_id, select(Member.language), Member.language)


def _counted(thread_id: int, groups: Select[*tuple[Any, ...]], *by: Any) -> Sequence[Counted]:
    """Count the active tenants by some columns; staff are none."""
    part = _taking_part(thread_id)
    level = func.coalesce(part.c.level, 0)
    counted = (
        groups.add_columns(
            func.count(), *(func.count().filter(level >= least) for least in (READ, WROTE, VALUED))
        )
        .outerjoin(part, part.c.member_id == Member.id)
        .where(IS_TENANT)
        .group_by(*by)
    )
    rows = db.session.execute(counted).all()
    return [Counted(tuple(row[: len(by)]), tuple(row[len(by) :])) for row in rows]


def _taking_part(thread_id: int) -> Subquery:
    """Return how far each member takes part: who reacts or answers read too, who is valued wrote."""
    posts = select(Post.author_id, func.max(Post.valuable_count)).where(
        Post.thread_id == thread_id, Post.state == PostState.VISIBLE
    )
    authors = posts.group_by(Post.author_id).subquery()
    signs = union_all(
        select(ThreadVisit.member_id, literal(READ).label("level")).where(ThreadVisit.thread_id == thread_id),
        select(Reaction.member_id, literal(READ)).where(Reaction.thread_id == thread_id),
        select(StanceAnswer.member_id, literal(READ)).where(StanceAnswer.thread_id == thread_id),
        select(authors.c[0], literal(WROTE)),
        select(authors.c[0], literal(VALUED)).where(authors.c[1] > 0),
    ).subquery()
    return (
        select(signs.c.member_id, func.max(signs.c.level).label("level"))
        .group_by(signs.c.member_id)
        .subquery()
    )


def list_actions(thread_id: int) -> Sequence[VoiceAction]:
    """Return what was done for groups of a debate, the last first."""
    return db.session.scalars(
        select(VoiceAction)
        .where(VoiceAction.thread_id == thread_id)
        .order_by(VoiceAction.done_on.desc(), VoiceAction.id.desc())
        .limit(100)
    ).all()


def find_action(
    thread_id: int, kind: ActionKind, grouping: Grouping, group: str, *, done_on: date
) -> VoiceAction | None:
    """Return what was noted for a group on a day."""
    return db.session.scalar(
        select(VoiceAction).filter_by(
            thread_id=thread_id, kind=kind, grouping=grouping, group_name=group, done_on=done_on
        )
    )


def get_action(thread_id: int, action_id: int) -> VoiceAction:
    """Return what was done for a group of a debate.

    Raises:
        NotFound: in this debate there is none with this number.
    """
    action = db.session.get(VoiceAction, action_id)
    if action is None or action.thread_id != thread_id:
        raise NotFound(action_id=action_id)
    return action
