"""The replies under an opening post, a page at a time, each with what it answers in sight."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup

from forum.discussion import queries
from forum.discussion.editing import editable_by
from forum.discussion.heads import list_questions
from forum.discussion.models import Post
from forum.discussion.new_posts import Reading, new_to, reading_of
from forum.discussion.outcome_notes import find_outcome_note, with_advice
from forum.discussion.queries import PostRow
from forum.discussion.rules import Phase
from forum.discussion.thread_page import posts_html
from forum.discussion.visits import get_read_so_far
from forum.kernel.actor import Actor


class ShownReply(NamedTuple):
    """A post of the page; `answered` is the earlier reply that it answers, when that is on another page."""

    html: Markup
    answered: Markup


class RepliesPage(NamedTuple):
    """An opening post, one page of its replies, and what of them is new to the reader."""

    root: PostRow
    posts: Sequence[ShownReply]
    reading: Reading | None


def read_replies(
    root: Post, page: int, reader: Actor, phase: Phase, *, window: timedelta, at: datetime
) -> RepliesPage:
    """Read a page of replies, under the opening post that they belong to; `window` is for changing posts."""
    replies = queries.list_replies(root, page, reader)
    elsewhere = _answered_elsewhere(root, replies)
    answered = {row.id: row for row in queries.list_posts(elsewhere, reader)} if elsewhere else {}
    rows = [queries.get_shown_post(root, reader), *replies]
    so_far = get_read_so_far(root.thread_id, reader.member_id) if reader.member_id else None
    new = new_to(reader, rows, so_far)
    questions = list_questions(root.thread_id)
    editable = editable_by(reader, rows, window=window, at=at)
    posts = posts_html(rows, questions, actor=reader, phase=phase, new=new, editable=editable)
    minutes = frozenset({root.id} if root.is_of_minutes else ())
    earlier = posts_html(list(answered.values()), questions, actor=reader, phase=phase, minutes=minutes)
    above = dict(zip(answered, earlier, strict=True))
    note = find_outcome_note(root.thread, [row.id for row in rows], at=at)
    return RepliesPage(
        rows[0],
        [
            ShownReply(with_advice(row, html, note), above.pop(row.parent_id or 0, Markup()))
            for row, html in zip(rows, posts, strict=True)
        ],
        reading_of(so_far, new) if so_far else None,
    )


def _answered_elsewhere(root: Post, replies: Sequence[PostRow]) -> Sequence[int]:
    here = {root.id, *(row.id for row in replies)}
    return sorted({row.parent_id for row in replies if row.parent_id is not None} - here)
