"""What is new to a member on a page of posts: which posts, the mark before them, what the page says of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from forum.discussion.heads import ReadSoFar
from forum.discussion.queries import PostRow
from forum.discussion.rules import REPLIES_SHOWN, PostState
from forum.discussion.visits import count_new_replies
from forum.kernel.actor import Actor
from forum.texts.language import kept_by_language
from forum.web.templating import macro

MARKS_KEPT = 20
"""One for each depth in each language."""


def new_to(reader: Actor, rows: Sequence[PostRow], so_far: ReadSoFar | None) -> frozenset[int]:
    """Return which of the posts others wrote since the reader was here before, and were not read yet."""
    if so_far is None or so_far.read_to is None:
        return frozenset()
    later = (row for row in rows if row.id > so_far.read_to and row.author_id != reader.member_id)
    return frozenset(row.id for row in later if row.state is PostState.VISIBLE) - so_far.beyond


def new_below(
    reader: Actor, rows: Sequence[PostRow], so_far: ReadSoFar | None, new: Collection[int]
) -> tuple[tuple[int, int], ...]:
    """Return the opening posts with more replies than the page shows, and how many of those are new.

    When all that is new stands on the page, nothing more is read.
    """
    roots = [row.id for row in rows if row.root_id is None and row.reply_count > REPLIES_SHOWN]
    if so_far is None or not so_far.unread or not roots or reader.member_id is None:
        return ()
    if so_far.unread > len(new):
        counts: Mapping[int, int] = count_new_replies(roots, so_far, reader.member_id)
    else:
        counts = Counter(row.root_id for row in rows if row.id in new and row.root_id is not None)
    return tuple((root, counts[root]) for root in roots if root in counts)


class Reading(NamedTuple):
    """What is new to a member in a thread, and which of it is on this page."""

    is_first: bool
    unread: int
    newest: int
    new_here: Sequence[int]


def reading_of(so_far: ReadSoFar, new: frozenset[int]) -> Reading | None:
    """Return what to tell a member of what is new, and to hear from their page; `None` when it is nothing."""
    is_first = so_far.read_to is None
    if not is_first and not so_far.unread:
        return None
    return Reading(is_first, so_far.unread, so_far.newest, sorted(new))


@kept_by_language(MARKS_KEPT)
def new_mark(depth: int) -> Markup:
    """Return what stands before a post that is new to its reader; so all readers share the post itself."""
    return macro("discussion/thread_part.html", "new_mark")(depth)


def marked(row: PostRow, html: Markup, new: Collection[int]) -> Markup:
    """Return the HTML of a post, with the mark before it when it is among the new ones."""
    return new_mark(row.depth) + html if row.id in new else html
