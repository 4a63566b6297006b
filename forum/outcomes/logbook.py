"""What the logbook of influence tells: from a sentence in a post to what was done with it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from forum.discussion.rules import PostState
from forum.outcomes.models import Answer, Citation, Recommendation
from forum.outcomes.rules import Standing, is_quoted, promises_work, standing_of
from forum.texts.markdown import plain_text


class ShownSource(NamedTuple):
    """A post or a point of minutes that a recommendation builds on; a point is of nobody, so it has a title.

    Of a post that cannot be read only its place is left.
    """

    href: str
    by: str
    quote: str
    is_readable: bool = True
    title: str = ""


class LogEntry(NamedTuple):
    """A recommendation with where it came from, the answer that stands, and the ones before it."""

    row: Recommendation
    standing: Standing
    sources: Sequence[ShownSource]
    answer: Answer | None
    earlier: Sequence[Answer]
    takes_work: bool
    may_be_withdrawn: bool


class Counts(NamedTuple):
    """How many recommendations stand, and how far they are; what was withdrawn is counted apart."""

    published: int
    answered: int
    overdue: int
    late: int
    done: int
    withdrawn: int


def log_entries(rows: Sequence[Recommendation], on: date) -> Sequence[LogEntry]:
    """Return recommendations as the logbook shows them on a day."""
    return [_entry(row, on) for row in rows]


def _entry(row: Recommendation, on: date) -> LogEntry:
    answer = row.answer
    return LogEntry(
        row,
        standing_of(row.course, on),
        [shown_source(citation) for citation in row.citations],
        answer,
        list(reversed(row.answers[:-1])),
        takes_work=answer is not None and promises_work(answer.kind) and row.done_on is None,
        may_be_withdrawn=answer is None and row.withdrawn_at is None,
    )


def shown_source(citation: Citation) -> ShownSource:
    """Return a source as everybody may see it: of what was hidden, withdrawn or rewritten no words stay."""
    post, point = citation.post, citation.point
    if point is not None:
        return ShownSource(f"/verslagpunten/{point.id}", "", citation.quote, title=point.title)
    assert post is not None, "a citation has one source"
    href = f"/berichten/{post.id}"
    if post.state is not PostState.VISIBLE:
        return ShownSource(href, "", "", is_readable=False)
    quote = citation.quote if is_quoted(plain_text(post.text), citation.quote) else ""
    return ShownSource(href, post.author.display_name, quote)


def count_standings(standings: Sequence[Standing]) -> Counts:
    """Return how many recommendations are how far."""
    by_standing = Counter(standings)
    waiting = by_standing[Standing.WAITING] + by_standing[Standing.OVERDUE]
    standing = len(standings) - by_standing[Standing.WITHDRAWN]
    return Counts(
        published=standing,
        answered=standing - waiting,
        overdue=by_standing[Standing.OVERDUE],
        late=by_standing[Standing.LATE],
        done=by_standing[Standing.DONE],
        withdrawn=by_standing[Standing.WITHDRAWN],
    )
