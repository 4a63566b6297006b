"""What stands on the sheet of a topic: for a board in the hall, a waiting room, somebody without a screen."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forum.agenda.models import TopicVersion
from forum.discussion.models import Thread
from forum.discussion.rules import Stance
from forum.discussion.summary_queries import find_summary
from forum.paper import queries
from forum.texts.markdown import plain_text

LONGEST_CONTRIBUTION = 350


@dataclass(frozen=True, slots=True)
class Contribution:
    """The beginning of a post, without its author: a sheet hangs where everybody passes."""

    text: str
    valuable_count: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A thread on paper; `summary` is the text that both parties keep above it, if there is one."""

    thread: Thread
    text: TopicVersion
    summary: Markup | None
    in_favour: Sequence[Contribution]
    opposed: Sequence[Contribution]


def sheet_of(thread: Thread) -> Sheet:
    """Read what stands on the sheet of a thread."""
    summary = find_summary(thread.topic_id, thread.summary_version)
    return Sheet(
        thread,
        thread.topic.text,
        Markup(summary.html) if summary else None,  # noqa: S704 - sanitised when it was written
        in_favour=_contributions(thread, Stance.FOR),
        opposed=_contributions(thread, Stance.AGAINST),
    )


def _contributions(thread: Thread, stance: Stance) -> Sequence[Contribution]:
    return [
        Contribution(textwrap.shorten(plain_text(text), LONGEST_CONTRIBUTION, placeholder=" …"), count)
        for text, count in queries.list_most_valued(thread.topic_id, stance)
    ]
