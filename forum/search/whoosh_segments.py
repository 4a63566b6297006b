"""The segments of a Whoosh index as sets of posts, so that a question costs little however many posts fit.

A set is one whole number: bit `r` stands for the post of rank `r` in its segment, the oldest being 0. Python
joins such sets at the speed of the processor, and the highest bits are the newest posts. A segment never
changes but for what is deleted from it, so the sets of common words are kept.
"""

import warnings
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import islice
from operator import and_, or_
from typing import Any, NamedTuple

from forum.search.analysis import ways_to_find
from forum.search.engine import Filters, milliseconds
from forum.search.query_text import Wanted

with warnings.catch_warnings():  # the library is of before Python 3.6
    warnings.simplefilter("ignore")
    from whoosh.reading import IndexReader, TermNotFound

SETS_KEPT_BYTES = 4_000_000
"""Of one segment, by process. At 50,000 posts these are 640 words."""
KEPT_FROM_POSTS = 64
"""A word that fewer posts have is read anew: that takes less than a millisecond."""
BEGINNING_WORDS_MOST = 1000
"""Words that one beginning stands for; a beginning that fits more of them finds the first ones only."""
PHRASE_CHECKS_MOST = 100_000
"""Posts of one segment that are looked at for a phrase, newest first, when they have all its words."""


class Place(NamedTuple):
    """Where a post stands among those that were found: newest first, and the higher number first."""

    at: int
    number: int


class Found(NamedTuple):
    """The posts of one segment that fit: those with the very words, and all."""

    exact: int
    all: int


class SegmentOrder:
    """What is read of a segment once: when its posts were written, and the sets that are asked for often."""

    def __init__(self, leaf: IndexReader) -> None:
        """Read the moments and the numbers of the posts."""
        total = leaf.doc_count_all()
        at, number = leaf.column_reader("at"), leaf.column_reader("number")
        every = range(total)
        places = sorted(zip((at[doc] for doc in every), (number[doc] for doc in every), every, strict=True))
        self.moments = array("q", (place[0] for place in places))
        self.numbers = array("q", (place[1] for place in places))
        self.docs = array("I", (place[2] for place in places))
        self.ranks = array("I", bytes(4 * total))
        for rank, doc in enumerate(self.docs):
            self.ranks[doc] = rank
        self._deleted = self._deleted_count = 0
        self._kept: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._kept_most = max(16, SETS_KEPT_BYTES * 8 // max(1, total))

    def set_of(self, docs: Iterable[int]) -> int:
        """Return documents of the segment as a set."""
        digits = bytearray(b"0") * len(self.ranks)
        ranks, last = self.ranks, len(self.ranks) - 1
        for doc in docs:
            digits[last - ranks[doc]] = 49  # the digit 1
        return int(digits, 2) if digits else 0

    def deleted(self, leaf: IndexReader) -> int:
        """Return what is deleted from the segment by now; that only grows."""
        segment = leaf.segment()
        if segment.deleted_count() != self._deleted_count:
            self._deleted = self.set_of(segment.deleted_docs())
            self._deleted_count = segment.deleted_count()
        return self._deleted

    def kept(self, name: str, term: str) -> int | None:
        """Return a set that was read before."""
        found = self._kept.get((name, term))
        if found is not None:
            self._kept.move_to_end((name, term))
        return found

    def keep(self, name: str, term: str, posts: int) -> None:
        """Keep a set for the next question that asks for it."""
        self._kept[name, term] = posts
        if len(self._kept) > self._kept_most:
            self._kept.popitem(last=False)


class Segment:
    """One segment as it is now: what is deleted from it is never found."""

    def __init__(self, leaf: IndexReader, order: SegmentOrder) -> None:
        """Know where to read."""
        self._leaf = leaf
        self._order = order
        self._every = (1 << len(order.ranks)) - 1
        self._there = self._every & ~order.deleted(leaf)

    def find(self, wanted: Wanted, filters: Filters) -> Found:
        """Return the posts that have all that is wanted; of a phrase only that its words are there."""
        demands = [self._allowed(filters)]
        demands += [self._words("words", phrase) for phrase in wanted.phrases]
        demands += [self._beginning(beginning) for beginning in wanted.beginnings]
        demands += [self._word(word) for word in wanted.words]
        found = reduce(and_, demands)
        return Found(found & self._words("words", wanted.words), found)

    def newest(self, posts: int, phrases: Sequence[tuple[str, ...]]) -> Iterator[Place]:
        """Yield those of a set of posts that have each of the phrases, newest first."""
        order, last = self._order, len(self._order.ranks) - 1
        ranks: Iterable[int] = (last - place for place in _ones(format(posts, f"0{last + 1}b")))
        long = [f" {' '.join(phrase)} ".encode() for phrase in phrases if len(phrase) > 1]
        if long:
            ranks = self._with_phrases(islice(ranks, PHRASE_CHECKS_MOST), long)
        return (Place(order.moments[rank], order.numbers[rank]) for rank in ranks)

    def _with_phrases(self, ranks: Iterable[int], phrases: Sequence[bytes]) -> Iterator[int]:
        texts: Any = self._leaf.column_reader("text")
        docs = self._order.docs
        for rank in ranks:
            text = texts[docs[rank]]
            if all(phrase in text for phrase in phrases):
                yield rank

    def _allowed(self, filters: Filters) -> int:
        allowed = self._there & self._period(filters)
        for name, value in (("topic", filters.topic_id), ("stance", filters.stance)):
            if value is not None:
                allowed &= self._posts(name, str(value))
        if filters.author_ids is not None:
            allowed &= reduce(or_, (self._posts("author", str(author)) for author in filters.author_ids), 0)
        return allowed & self._posts("answered", "1") if filters.is_answered else allowed

    def _period(self, filters: Filters) -> int:
        moments = self._order.moments
        first = 0 if filters.since is None else bisect_left(moments, milliseconds(filters.since))
        end = len(moments) if filters.until is None else bisect_left(moments, milliseconds(filters.until))
        return (1 << end) - 1 & ~((1 << first) - 1)

    def _word(self, word: str) -> int:
        found = 0
        for way in ways_to_find(word):
            found |= reduce(and_, (self._any("stems", stems) for stems in way))
        return found

    def _words(self, name: str, words: Iterable[str]) -> int:
        return reduce(and_, (self._posts(name, word) for word in words), self._every)

    def _any(self, name: str, terms: Iterable[str]) -> int:
        return reduce(or_, (self._posts(name, term) for term in terms), 0)

    def _beginning(self, beginning: str) -> int:
        kept = self._order.kept("beginning", beginning)
        if kept is None:
            words = islice(self._leaf.expand_prefix("words", beginning), BEGINNING_WORDS_MOST)
            kept = self._order.set_of(doc for word in words for doc in self._docs("words", word))
            self._order.keep("beginning", beginning, kept)
        return kept

    def _posts(self, name: str, term: str) -> int:
        posts = self._order.kept(name, term)
        if posts is None:
            docs = self._docs(name, term)
            posts = self._order.set_of(docs) if docs else 0
            if len(docs) >= KEPT_FROM_POSTS:
                self._order.keep(name, term, posts)
        return posts

    def _docs(self, name: str, term: str | bytes) -> list[int]:
        """Return the documents with a term, without those that were deleted before they were read."""
        try:
            return list(self._leaf.postings(name, term).all_ids())
        except TermNotFound:
            return []


def _ones(digits: str) -> Iterator[int]:
    """Yield where the digit 1 stands, from the left."""
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
