"""The search engine of a forum without a server for it: Whoosh, with its index in a folder."""

import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import TypeVar

import structlog

from forum.search.analysis import fingerprint
from forum.search.engine import Filters, IndexedPost, Order
from forum.search.errors import SearchUnavailable
from forum.search.folder_engine import FolderEngine
from forum.search.index_folder import Current
from forum.search.query_text import Wanted
from forum.search.whoosh_segments import Place, Segment, SegmentOrder
from forum.search.whoosh_writing import document, make_index, writer_of

with warnings.catch_warnings():  # the library is of before Python 3.6
    warnings.simplefilter("ignore")
    from whoosh import query
    from whoosh.index import EmptyIndexError, open_dir
    from whoosh.reading import IndexReader, ReaderClosed
    from whoosh.searching import Searcher

log = structlog.get_logger()

Answer = TypeVar("Answer")

SCHEMA_VERSION = 3


class WhooshEngine(FolderEngine):
    """One searcher per process, since what it has read makes it quick; threads take turns with it."""

    def __init__(self, root: Path) -> None:
        """Know where the index is; nothing is opened yet."""
        super().__init__(root, f"whoosh-{SCHEMA_VERSION}-{fingerprint()}", _is_readable)
        self._searcher: Searcher | None = None
        self._read_of: Current | None = None
        self._orders: dict[str, SegmentOrder] = {}

    def search(self, wanted: Wanted, filters: Filters, order: Order, *, most: int) -> Sequence[int]:
        """Return the numbers of at most so many posts in their order.

        Raises:
            SearchUnavailable: there is no index that can be read.
        """
        return self._reading(lambda searcher: self._search(searcher, wanted, filters, order=order, most=most))

    def counts_of(self, words: Collection[str]) -> Mapping[str, int]:
        """Return in how many posts each of these very words stands.

        Raises:
            SearchUnavailable: there is no index that can be read.
        """
        return self._reading(lambda searcher: _counts(searcher.reader(), words))

    def _reading(self, look: Callable[[Searcher], Answer]) -> Answer:
        """Look in the index as it is now.

        Raises:
            SearchUnavailable: there is no index that can be read.
        """
        with self._turn:
            try:
                return self._look_again(look)
            except SearchUnavailable:
                raise
            except Exception as error:  # a damaged file can fail in any way
                self._close()
                log.exception("search failed", index=str(self._folder.root))
                self._folder.suspect()
                raise SearchUnavailable from error

    def _look_again(self, look: Callable[[Searcher], Answer]) -> Answer:
        try:
            return look(self._fresh_searcher())
        except (ReaderClosed, FileNotFoundError, EmptyIndexError):  # it changed between two looks at it
            self._close()
            return look(self._fresh_searcher())

    def _search(
        self, searcher: Searcher, wanted: Wanted, filters: Filters, *, order: Order, most: int
    ) -> Sequence[int]:
        found = [(segment, segment.find(wanted, filters)) for segment in self._segments(searcher)]
        if order is Order.NEWEST or not wanted.words:
            tiers = [[(segment, posts.all) for segment, posts in found]]
        else:
            tiers = [
                [(segment, posts.exact) for segment, posts in found],
                [(segment, posts.all & ~posts.exact) for segment, posts in found],
            ]
        places: list[Place] = []
        for tier in tiers:
            newest = (segment.newest(posts, wanted.phrases) for segment, posts in tier if posts)
            places += islice(merge(*newest, reverse=True), most - len(places))
        return [place.number for place in places]

    def _segments(self, searcher: Searcher) -> list[Segment]:
        """Return the segments of the index; what was read of one that is still there stays."""
        leaves = [leaf for leaf, _offset in searcher.reader().leaf_readers() if leaf.doc_count_all()]
        named = [(leaf.segment().segment_id(), leaf) for leaf in leaves]
        self._orders = {name: self._orders.get(name) or SegmentOrder(leaf) for name, leaf in named}
        return [Segment(leaf, self._orders[name]) for name, leaf in named]

    def _fresh_searcher(self) -> Searcher:
        current = self._folder.current()
        if current is None:
            raise SearchUnavailable
        if self._searcher is None or current != self._read_of:
            self._close()
            self._searcher = open_dir(str(self._folder.root / current.name)).searcher()
            self._read_of = current
        elif not self._searcher.up_to_date():
            self._searcher = self._searcher.refresh()
        return self._searcher

    def _close(self) -> None:
        searcher, self._searcher = self._searcher, None
        if searcher is not None:
            searcher.close()

    def write(self, posts: Sequence[IndexedPost], gone: Sequence[int]) -> None:
        """Put posts in the index, in the place of what was there of them, and take others out.

        Raises:
            IndexDamaged: it needs to be made anew.
        """
        with self._changing() as path, writer_of(open_dir(str(path))) as writer:
            changed = [*(post.post_id for post in posts), *gone]
            writer.delete_by_query(query.Or([query.Term("key", str(post_id)) for post_id in changed]))
            for post in posts:
                writer.add_document(**document(post))

    def rebuild(self, batches: Iterable[Sequence[IndexedPost]]) -> None:
        """Make the index anew out of these posts; until that is done, the index of before answers."""
        path = self._folder.new()
        make_index(path, batches)
        self._folder.switch_to(path, self.version)
        self._care.found_well()


def _counts(reader: IndexReader, words: Collection[str]) -> Mapping[str, int]:
    counts = {word: reader.doc_frequency("words", word) for word in words}
    return {word: count for word, count in counts.items() if count}


def _is_readable(path: Path, *, to_the_end: bool) -> bool:
    """Tell whether an index opens; `to_the_end` whether all in it can be read, which takes seconds."""
    try:
        with open_dir(str(path)).reader() as reader:
            if to_the_end:
                _read_all(reader)
    except Exception:  # a damaged file can fail in any way
        log.warning("search index is damaged", index=str(path), exc_info=True)
        return False
    return True


def _read_all(reader: IndexReader) -> None:
    if reader.doc_count_all():
        for name in ("number", "at", "text"):
            column = reader.column_reader(name)
            for place in reader.all_doc_ids():
                column[place]
    for name, term in reader.all_terms():
        for _place in reader.postings(name, term).all_ids():
            pass
