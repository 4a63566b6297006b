"""Lets the index follow what a post is found by but does not hold itself: a stance, a reply by staff.

The models report it, so whoever changes them need not think of the index. A row is marked also when it has
its mark already: then the task that takes the mark away waits for this transaction, and looks again.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, event, exists, inspect, select, update

from forum.discussion.models import Post, StanceAnswer
from forum.members.models import RoleGrant

_POSTS, _GRANTS = Post.__table__, RoleGrant.__table__
assert isinstance(_POSTS, Table)
assert isinstance(_GRANTS, Table)
_MARK = update(_POSTS).values(is_indexed=False)


def _mark(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Have posts indexed again; their rows are locked in the order in which the task locks them."""
    ordered = select(_POSTS.c.id).where(*which).order_by(_POSTS.c.id).with_for_update()
    connection.execute(_MARK.where(_POSTS.c.id.in_(ordered)))


@event.listens_for(StanceAnswer, "after_insert")
def _find_by_new_stance(_mapper: Any, connection: Connection, answer: StanceAnswer) -> None:
    if answer.is_findable:
        _find_by_stance(connection, answer)


@event.listens_for(StanceAnswer, "after_update")
def _find_by_changed_stance(_mapper: Any, connection: Connection, answer: StanceAnswer) -> None:
    if inspect(answer).attrs.is_findable.history.added:
        _find_by_stance(connection, answer)


def _find_by_stance(connection: Connection, answer: StanceAnswer) -> None:
    _mark(connection, _POSTS.c.author_id == answer.member_id, _POSTS.c.thread_id == answer.thread_id)


@event.listens_for(Post, "after_insert")
def _find_by_new_answer(_mapper: Any, connection: Connection, reply: Post) -> None:
    if reply.parent_id is not None:
        _find_by_answer(connection, reply)


@event.listens_for(Post, "after_update")
def _find_by_changed_answer(_mapper: Any, connection: Connection, reply: Post) -> None:
    if reply.parent_id is not None and inspect(reply).attrs.state.history.added:
        _find_by_answer(connection, reply)


def _find_by_answer(connection: Connection, reply: Post) -> None:
    by_staff = exists().where(_GRANTS.c.member_id == reply.author_id)
    connection.execute(_MARK.where(_POSTS.c.id == reply.parent_id, by_staff))


@event.listens_for(RoleGrant, "after_insert")
@event.listens_for(RoleGrant, "after_delete")
def _find_by_role(_mapper: Any, connection: Connection, grant: RoleGrant) -> None:
    replies = _POSTS.alias()
    answered = select(replies.c.parent_id).where(
        replies.c.author_id == grant.member_id, replies.c.parent_id.is_not(None)
    )
    _mark(connection, _POSTS.c.id.in_(answered))
