"""Letters to authors whom no mail reaches: what was answered to the point that they made."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.members.models import Member
from forum.outcomes import policy, queries
from forum.outcomes.models import Heard, Recommendation


class Letter(NamedTuple):
    """All that one person has not heard yet, in one envelope; `wrote` when a post of theirs is cited."""

    member: Member
    rows: Sequence[Recommendation]
    heard_ids: Sequence[int]
    wrote: bool


def list_letters() -> Sequence[Letter]:
    """Return the letters that must go, as many as fit in one batch."""
    return [
        _letter(list(heard)) for _, heard in groupby(queries.list_letters(), key=lambda row: row.member_id)
    ]


def _letter(heard: Sequence[Heard]) -> Letter:
    member, rows = heard[0].member, [row.recommendation for row in heard]
    posts = [citation.post for row in rows for citation in row.citations if citation.post is not None]
    wrote = any(post.author_id == member.id for post in posts)
    return Letter(member, rows, [row.id for row in heard], wrote)


def print_letters(actor: Actor, *, at: datetime) -> Sequence[Letter]:
    """Return the letters that must go, to print; the logbook keeps who saw where people live.

    Raises:
        Forbidden: the actor prints no letters.
    """
    _check_may_post(actor)
    letters = list_letters()
    if letters:
        seen = [letter.member.id for letter in letters]
        audit.record(actor, "answer_letters.printed", member_ids=seen, at=at)
    return letters


def _check_may_post(actor: Actor) -> None:
    if not policy.can_post_letters(actor):
        raise Forbidden(action="post-letters")


def mark_posted(heard_ids: Collection[int], actor: Actor, *, at: datetime) -> int:
    """Record that letters are in the post, and return how many; what was posted before stays as it was.

    Raises:
        Forbidden: the actor prints no letters.
    """
    _check_may_post(actor)
    waiting = [row for row in _lock_heard(heard_ids) if row.posted_at is None]
    for row in waiting:
        row.posted_at = at
    if waiting:
        audit.record(actor, "answer_letters.posted", heard_ids=[row.id for row in waiting], at=at)
    return len({row.member_id for row in waiting})


def _lock_heard(heard_ids: Collection[int]) -> Sequence[Heard]:
    return db.session.scalars(
        select(Heard).where(Heard.id.in_(heard_ids), Heard.by_letter).order_by(Heard.id).with_for_update()
    ).all()
