"""What the forum asks of a search engine. It finds numbers of posts; what may be shown is asked elsewhere."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from forum.discussion.rules import Stance
from forum.search.query_text import Wanted


class Order(StrEnum):
    """Which post stands first; the values are those in the address of the page."""

    BEST = "beste"
    NEWEST = "nieuw"


@dataclass(frozen=True, slots=True)
class IndexedPost:
    """What is known of a post in the index: its words, and what can be filtered and sorted by.

    Attributes:
        stance: the first answer of its author to the stance question, where they let others find it.
        is_answered: whether staff replied to it.
    """

    post_id: int
    topic_id: int
    author_id: int
    at: datetime
    text: str
    stance: Stance | None = None
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """Only posts like these; `None` is any.

    Attributes:
        author_ids: by one of these members; nobody finds nothing.
        since: written at this moment or later.
        until: written before this moment.
        is_answered: only those that staff replied to; otherwise all.
    """

    topic_id: int | None = None
    author_ids: frozenset[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    stance: Stance | None = None
    is_answered: bool = False


def milliseconds(at: datetime) -> int:
    """Return a moment as every index has it."""
    return int(at.timestamp() * 1000)


class SearchEngine(Protocol):
    """An index of posts. Any number of threads and processes read it while one process writes."""

    def search(self, wanted: Wanted, filters: Filters, order: Order, *, most: int) -> Sequence[int]:
        """Return the numbers of at most so many posts in their order.

        With `Order.BEST` posts with all the very words stand first. Within that, and with `Order.NEWEST`, the
        newest stand first, and the highest number of those of one millisecond.

        Raises:
            SearchUnavailable: there is no index that can be read.
        """

    def counts_of(self, words: Collection[str]) -> Mapping[str, int]:
        """Return in how many posts each of these very words stands, without those that stand in none.

        A count may be too high by posts that went away, and ends somewhere above a thousand.

        Raises:
            SearchUnavailable: there is no index that can be read.
        """

    def writing(self, *, wait_seconds: float = 0) -> AbstractContextManager[None]:
        """Keep other processes from writing. What follows is called within this.

        Raises:
            IndexBusy: another process was writing all that time.
        """

    def needs_rebuild(self) -> bool:
        """Tell whether the index is missing, damaged, or made by an older version; also outside `writing`."""

    def write(self, posts: Sequence[IndexedPost], gone: Sequence[int]) -> None:
        """Put posts in the index, in the place of what was there of them, and take others out.

        On return all of it is found, and stays found when the process or the computer stops.

        Raises:
            IndexDamaged: it needs to be made anew.
        """

    def rebuild(self, batches: Iterable[Sequence[IndexedPost]]) -> None:
        """Make the index anew out of these posts; until that is done, the index of before answers."""
