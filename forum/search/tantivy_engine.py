"""The search engine for a large forum on one computer: Tantivy, with its index in a folder."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

import structlog
import tantivy
from tantivy import FieldType, Index, IndexWriter, Occur, Query, Searcher

from forum.search.analysis import all_stems_of, fingerprint, ways_to_find, words_in
from forum.search.engine import Filters, IndexedPost, Order, milliseconds
from forum.search.errors import SearchUnavailable
from forum.search.folder_engine import FolderEngine
from forum.search.index_folder import Current
from forum.search.query_text import Wanted

log = structlog.get_logger()

SCHEMA_VERSION = 1
WRITER_BYTES = 16_000_000
"""Of words that are not in a file yet."""
NUMBER_BITS = 22
"""Of the number of a post in the order of two posts of one millisecond."""
META = "meta.json"

Answer = TypeVar("Answer")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("marks", tokenizer_name="whitespace", index_option="basic")
    builder.add_integer_field("number", fast=True)
    builder.add_integer_field("place", fast=True, indexed=True)
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


SCHEMA = _schema()
"""`marks` is what can be filtered by: `topic-3`, `author-7`, `stance-for`, `answered`."""


class State(NamedTuple):
    """Which state of which index was opened."""

    current: Current
    written: int


class TantivyEngine(FolderEngine):
    """One index per process, opened anew when it changed."""

    rewritten = (META,)

    def __init__(self, root: Path) -> None:
        """Know where the index is; nothing is opened yet."""
        super().__init__(root, f"tantivy-{SCHEMA_VERSION}-{fingerprint()}", _is_readable)
        self._index: Index | None = None
        self._opened: State | None = None

    def search(self, wanted: Wanted, filters: Filters, order: Order, *, most: int) -> Sequence[int]:
        """Return the numbers of at most so many posts in their order.

        Raises:
            SearchUnavailable: there is no index that can be read.
        """
        return self._reading(lambda searcher: _search(searcher, wanted, filters, order=order, most=most))

    def counts_of(self, words: Collection[str]) -> Mapping[str, int]:
        """Return in how many posts each of these very words stands.

        Raises:
            SearchUnavailable: there is no index that can be read.
        """
        return self._reading(lambda searcher: _counts(searcher, words))

    def _reading(self, look: Callable[[Searcher], Answer]) -> Answer:
        try:
            return look(self._fresh_searcher())
        except SearchUnavailable:
            raise
        except Exception as error:  # a damaged file can fail in any way
            self._opened = None
            log.exception("search failed", index=str(self._folder.root))
            self._folder.suspect()
            raise SearchUnavailable from error

    def _fresh_searcher(self) -> Searcher:
        with self._turn:
            state = self._state() or self._state()  # the first may have been replaced this very moment
            if state is None:
                raise SearchUnavailable
            if self._index is None or state != self._opened:
                self._index, self._opened = _open(self._folder.root / state.current.name), state
            return self._index.searcher()

    def _state(self) -> State | None:
        """Return the index that counts as it is now; `None` when there is none, or one of another engine."""
        current = self._folder.current()
        if current is None:
            return None
        try:
            return State(current, (self._folder.root / current.name / META).stat().st_mtime_ns)
        except FileNotFoundError:
            return None

    def write(self, posts: Sequence[IndexedPost], gone: Sequence[int]) -> None:
        """Put posts in the index, in the place of what was there of them, and take others out.

        Raises:
            IndexDamaged: it needs to be made anew.
        """
        with self._changing() as path, _writer(_open(path)) as writer:
            for post_id in [*(post.post_id for post in posts), *gone]:
                writer.delete_documents_by_term("key", str(post_id))
            for post in posts:
                writer.add_document(_document(post))

    def rebuild(self, batches: Iterable[Sequence[IndexedPost]]) -> None:
        """Make the index anew out of these posts; until that is done, the index of before answers."""
        path = self._folder.new()
        with _writer(Index(SCHEMA, str(path))) as writer:
            for batch in batches:
                for post in batch:
                    writer.add_document(_document(post))
        self._folder.switch_to(path, self.version)
        self._care.found_well()


def _open(path: Path) -> Index:
    index = Index.open(str(path))
    index.config_reader("manual")
    return index


@contextmanager
def _writer(index: Index) -> Iterator[IndexWriter]:
    """Write to an index: all of it, or nothing."""
    writer = index.writer(WRITER_BYTES, 1)
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()


def _document(post: IndexedPost) -> tantivy.Document:
    words = [word.folded for word in words_in(post.text)]
    marks = [f"topic-{post.topic_id}", f"author-{post.author_id}"]
    marks += [f"stance-{post.stance}"] if post.stance else []
    marks += ["answered"] if post.is_answered else []
    return tantivy.Document(
        key=str(post.post_id),
        marks=" ".join(marks),
        number=post.post_id,
        place=_place(post.at, post.post_id),
        words=" ".join(words),
        stems=" ".join(sorted({stem for word in set(words) for stem in all_stems_of(word)})),
    )


def _place(at: datetime, number: int = 0) -> int:
    """Return where a post stands in the order: by its moment, then by its number."""
    return milliseconds(at) << NUMBER_BITS | number & (1 << NUMBER_BITS) - 1


def _search(
    searcher: Searcher, wanted: Wanted, filters: Filters, *, order: Order, most: int
) -> Sequence[int]:
    demands = [*_filters(filters), *(_phrase(phrase) for phrase in wanted.phrases)]
    demands += [_beginning(beginning) for beginning in wanted.beginnings]
    exact = [_term("words", word) for word in wanted.words]
    fitting = _all([*demands, *(_word(word) for word in wanted.words)])
    if order is Order.NEWEST or not exact:
        return _newest(searcher, fitting, most)
    first = _newest(searcher, _all([*demands, *exact]), most)
    others = Query.boolean_query([(Occur.Must, fitting), (Occur.MustNot, _all(exact))])
    return [*first, *_newest(searcher, others, most - len(first))]


def _newest(searcher: Searcher, asked: Query, most: int) -> Sequence[int]:
    if most == 0 or searcher.num_docs == 0:
        return []
    hits = searcher.search(asked, most, count=False, order_by_field="place").hits
    return [
        int(number or 0) for number in searcher.fast_field_values("number", [hit for _place, hit in hits])
    ]


def _counts(searcher: Searcher, words: Collection[str]) -> Mapping[str, int]:
    counts = {word: searcher.doc_freq("words", word) for word in words}
    return {word: count for word, count in counts.items() if count}


def _filters(filters: Filters) -> list[Query]:
    marks = [f"topic-{filters.topic_id}"] if filters.topic_id is not None else []
    marks += [f"stance-{filters.stance}"] if filters.stance is not None else []
    marks += ["answered"] if filters.is_answered else []
    asked = [_term("marks", mark) for mark in marks]
    if filters.author_ids is not None:
        authors = [_term("marks", f"author-{author}") for author in sorted(filters.author_ids)]
        asked.append(_any(authors))
    if filters.since is not None or filters.until is not None:
        since = None if filters.since is None else _place(filters.since)
        until = None if filters.until is None else _place(filters.until) - 1
        asked.append(Query.range_query(SCHEMA, "place", FieldType.Integer, since, until))
    return asked


def _word(word: str) -> Query:
    return _any(
        [
            _all([_any([_term("stems", stem) for stem in sorted(stems)]) for stems in way])
            for way in ways_to_find(word)
        ]
    )


def _phrase(words: tuple[str, ...]) -> Query:
    if len(words) == 1:
        return _term("words", words[0])
    return Query.phrase_query(SCHEMA, "words", list(words))


def _beginning(beginning: str) -> Query:
    return Query.regex_query(SCHEMA, "words", f"{beginning}.*")


def _term(name: str, term: str) -> Query:
    return Query.term_query(SCHEMA, name, term, index_option="basic")


def _all(asked: Sequence[Query]) -> Query:
    if not asked:
        return Query.all_query()
    return asked[0] if len(asked) == 1 else Query.boolean_query([(Occur.Must, one) for one in asked])


def _any(asked: Sequence[Query]) -> Query:
    if not asked:
        return Query.empty_query()
    return asked[0] if len(asked) == 1 else Query.boolean_query([(Occur.Should, one) for one in asked])


def _is_readable(path: Path, *, to_the_end: bool) -> bool:
    """Tell whether an index opens; `to_the_end` whether its posts and words can be read."""
    try:
        searcher = _open(path).searcher()
        if to_the_end:
            for name in ("words", "stems", "marks", "key"):
                searcher.terms_with_prefix(name, "")
            _newest(searcher, Query.all_query(), max(1, searcher.num_docs))
    except Exception:  # a damaged file can fail in any way
        log.warning("search index is damaged", index=str(path), exc_info=True)
        return False
    return True
