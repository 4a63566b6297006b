"""What the page of a thread tells of what came of it: recommendations, and the posts they build on.

Recommendations stand on a higher floor, so whoever knows them registers here.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, Protocol

from markupsafe import Markup

from forum.discussion.heads import ThreadHead
from forum.discussion.models import Thread
from forum.discussion.queries import PostRow
from forum.discussion.rules import PostState
from forum.web.templating import macro


class BuiltOn(NamedTuple):
    """That a recommendation cites a post."""

    post_id: int
    number: int
    href: str


class OutcomeNote(NamedTuple):
    """How many recommendations stand, are answered, are overdue; what they cite; how many were taken back."""

    published: int
    answered: int
    overdue: int
    built_on: tuple[BuiltOn, ...] = ()
    withdrawn: int = 0


class OutcomeSource(Protocol):
    """Whoever knows the recommendations on a topic."""

    def __call__(self, topic_id: int, post_ids: Collection[int], *, at: datetime) -> OutcomeNote:
        """Return what came of a topic, in one query; of what is cited only these posts."""


_sources: list[OutcomeSource] = []


def register_outcome_source(source: OutcomeSource) -> None:
    """Let the page of a thread show what this source knows."""
    if source not in _sources:
        _sources.append(source)


def find_outcome_note(
    thread: Thread | ThreadHead, post_ids: Collection[int], *, at: datetime
) -> OutcomeNote | None:
    """Return what everybody may know of what came of a thread; nothing is asked while nothing came of it."""
    if not thread.has_recommendations:
        return None
    return next((source(thread.topic_id, post_ids, at=at) for source in _sources), None)


def with_advice(row: PostRow, html: Markup, note: OutcomeNote | None) -> Markup:
    """Return the HTML of a post that can be read with the recommendations that build on it."""
    built = [built for built in note.built_on if built.post_id == row.id] if note else []
    if not built or row.state is not PostState.VISIBLE:
        return html
    return html + macro("discussion/thread_part.html", "built_on")(built, row.depth, row.author_name)
