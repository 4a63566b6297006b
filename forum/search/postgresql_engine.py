"""The search engine in the database of a forum on PostgreSQL: nothing on the disk of any web server.

The words come ready from `analysis.py`, so no dictionary of the database has a say. An index is a table,
made and dropped here as others do with files; the table `search_index` names the one that counts.
"""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from forum.search.analysis import all_stems_of, fingerprint, ways_to_find, words_in
from forum.search.engine import Filters, IndexedPost, Order, milliseconds
from forum.search.errors import IndexBusy, IndexDamaged, SearchUnavailable
from forum.search.query_text import Wanted

log = structlog.get_logger()

SCHEMA_VERSION = 1
PAUSE_SECONDS = 0.05
LOCK = 0x1DE4_F0DA
"""Number of the lock in the database that keeps two processes from writing."""
COUNTED_MOST = 1000
"""Posts that are looked at to count words."""
POSITIONS_MOST = 255
"""Places of one word in one post that the database keeps."""

_TABLE = """
    CREATE TABLE {name} (
        post_id bigint PRIMARY KEY, topic_id bigint NOT NULL, author_id bigint NOT NULL, at bigint NOT NULL,
        stance text NOT NULL, is_answered boolean NOT NULL, words tsvector NOT NULL, stems tsvector NOT NULL
    )
"""
_INDEXES = (
    "CREATE INDEX ON {name} USING gin (words)",
    "CREATE INDEX ON {name} USING gin (stems)",
    "CREATE INDEX ON {name} (at DESC, post_id DESC)",
    "CREATE INDEX ON {name} (author_id)",
)
_TABLES = r"""
    SELECT tablename FROM pg_tables
    WHERE schemaname = current_schema() AND tablename LIKE 'search\_posts\_%'
"""
_NEWEST = "SELECT post_id FROM {name} WHERE %s ORDER BY at DESC, post_id DESC LIMIT :most"
_INSERT = """
    INSERT INTO {name} VALUES (
        :post_id, :topic_id, :author_id, :at, :stance, :is_answered,
        CAST(:words AS tsvector), CAST(:stems AS tsvector)
    )
"""

Answer = TypeVar("Answer")


class PostgresqlEngine:
    """Searches and writes on connections of its own, beside the transaction of a request."""

    def __init__(self, database: Engine) -> None:
        """Know the database; nothing is asked of it yet."""
        self.version = f"postgresql-{SCHEMA_VERSION}-{fingerprint()}"
        self._database = database

    def search(self, wanted: Wanted, filters: Filters, order: Order, *, most: int) -> Sequence[int]:
        """Return the numbers of at most so many posts in their order.

        Raises:
            SearchUnavailable: there is no index that can be read.
        """
        return self._reading(
            lambda connection, name: _search(connection, name, wanted, filters, order=order, most=most)
        )

    def counts_of(self, words: Collection[str]) -> Mapping[str, int]:
        """Return in how many posts each of these very words stands.

        Raises:
            SearchUnavailable: there is no index that can be read.
        """
        return self._reading(lambda connection, name: _counts(connection, name, words))

    def _reading(self, look: Callable[[Connection, str], Answer]) -> Answer:
        try:
            try:
                return self._look(look)
            except ProgrammingError:  # made anew between two looks at it
                return self._look(look)
        except DBAPIError as error:
            log.warning("search failed", reason=str(error.orig))
            raise SearchUnavailable from error

    def _look(self, look: Callable[[Connection, str], Answer]) -> Answer:
        with self._database.connect() as connection:
            current = _current(connection)
            if current is None:
                raise SearchUnavailable
            return look(connection, current[0])

    @contextmanager
    def writing(self, *, wait_seconds: float = 0) -> Iterator[None]:
        """Keep other processes from writing; the lock goes with the connection, also when that is cut.

        Raises:
            IndexBusy: another process was writing all that time.
        """
        deadline = time.monotonic() + wait_seconds
        with self._database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
                if time.monotonic() >= deadline:
                    raise IndexBusy
                time.sleep(PAUSE_SECONDS)
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})

    def needs_rebuild(self) -> bool:
        """Tell whether the index is missing or made by an older version; the database looks after damage."""
        with self._database.connect() as connection:
            current = _current(connection)
        return current is None or current[1] != self.version

    def write(self, posts: Sequence[IndexedPost], gone: Sequence[int]) -> None:
        """Put posts in the index, in the place of what was there of them, and take others out.

        Raises:
            IndexDamaged: it needs to be made anew.
        """
        changed = [*(post.post_id for post in posts), *gone]
        try:
            with self._database.begin() as connection:
                current = _current(connection)
                if current is None:
                    raise IndexDamaged
                _execute(
                    connection, "DELETE FROM {name} WHERE post_id = ANY(:ids)", current[0], {"ids": changed}
                )
                _insert(connection, current[0], posts)
        except ProgrammingError as error:  # it has other columns
            raise IndexDamaged from error

    def rebuild(self, batches: Iterable[Sequence[IndexedPost]]) -> None:
        """Make the index anew out of these posts; until that is done, the index of before answers."""
        name = f"search_posts_{secrets.token_hex(8)}"
        with self._database.begin() as connection:
            _drop_all_but(connection, (_current(connection) or ("", ""))[0])
            _execute(connection, _TABLE, name)
        for batch in batches:
            with self._database.begin() as connection:
                _insert(connection, name, batch)
        with self._database.begin() as connection:
            for index in _INDEXES:
                _execute(connection, index, name)
            connection.execute(text("CREATE TABLE IF NOT EXISTS search_index (name text, version text)"))
            connection.execute(text("DELETE FROM search_index"))
            connection.execute(
                text("INSERT INTO search_index VALUES (:name, :version)"),
                {"name": name, "version": self.version},
            )
        with self._database.begin() as connection:
            _execute(connection, "ANALYZE {name}", name)
            _drop_all_but(connection, name)


def _execute(connection: Connection, statement: str, name: str, values: Any = None) -> Any:
    """Execute a statement on the table of an index; its name is ours, no input."""
    return connection.execute(text(statement.format(name=name)), values)


def _current(connection: Connection) -> tuple[str, str] | None:
    """Return the table that counts and its version, `None` when there is none."""
    if connection.scalar(text("SELECT to_regclass('search_index')")) is None:
        return None
    row = connection.execute(
        text("SELECT name, version FROM search_index WHERE to_regclass(name) IS NOT NULL")
    ).first()
    return (row.name, row.version) if row else None


def _drop_all_but(connection: Connection, name: str) -> None:
    tables = connection.scalars(text(_TABLES))
    for table in tables.all():
        if table != name:
            _execute(connection, "DROP TABLE {name}", table)


def _insert(connection: Connection, name: str, posts: Sequence[IndexedPost]) -> None:
    if posts:
        _execute(connection, _INSERT, name, [_row(post) for post in posts])


def _row(post: IndexedPost) -> Mapping[str, Any]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words_in(post.text), start=1):
        places[word.folded].append(place)
    stems = {stem for word in places for stem in all_stems_of(word)}
    return {
        "post_id": post.post_id,
        "topic_id": post.topic_id,
        "author_id": post.author_id,
        "at": milliseconds(post.at),
        "stance": str(post.stance or ""),
        "is_answered": post.is_answered,
        "words": " ".join(
            f"{_quoted(word)}:{','.join(map(str, found[:POSITIONS_MOST]))}" for word, found in places.items()
        ),
        "stems": " ".join(_quoted(stem) for stem in stems),
    }


def _quoted(word: str) -> str:
    """Return a word as a part of a text vector or a question: words have letters and digits only."""
    return f"'{word}'"


def _search(
    connection: Connection, name: str, wanted: Wanted, filters: Filters, *, order: Order, most: int
) -> Sequence[int]:
    demands, values = _filters(filters)
    words = [" <-> ".join(map(_quoted, phrase)) for phrase in wanted.phrases]
    words += [f"{_quoted(beginning)}:*" for beginning in wanted.beginnings]
    if words:
        demands.append("words @@ CAST(:words AS tsquery)")
        values["words"] = _all(words)
    fitting, exact = [*demands], "words @@ CAST(:exact AS tsquery)"
    if wanted.words:
        fitting.append("stems @@ CAST(:stems AS tsquery)")
        values["stems"] = _all([_word(word) for word in wanted.words])
        values["exact"] = _all([_quoted(word) for word in wanted.words])

    def newest(demands: Sequence[str], most: int) -> Sequence[int]:
        statement = _NEWEST % " AND ".join(demands or ["true"])
        return list(_execute(connection, statement, name, values | {"most": most}).scalars())

    if order is Order.NEWEST or not wanted.words:
        return newest(fitting, most)
    first = newest([*demands, exact], most)
    others = newest([*fitting, f"NOT {exact}"], most - len(first)) if len(first) < most else []
    return [*first, *others]


def _filters(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """Return what the rows must hold, and the values in it."""
    authors = None if filters.author_ids is None else sorted(filters.author_ids)
    asked: dict[str, tuple[str, Any]] = {
        "topic": ("topic_id = :topic", filters.topic_id),
        "authors": ("author_id = ANY(:authors)", authors),
        "since": ("at >= :since", filters.since and milliseconds(filters.since)),
        "until": ("at < :until", filters.until and milliseconds(filters.until)),
        "stance": ("stance = :stance", filters.stance and str(filters.stance)),
    }
    demands = [demand for demand, value in asked.values() if value is not None]
    values = {name: value for name, (_demand, value) in asked.items() if value is not None}
    return [*demands, "is_answered"] if filters.is_answered else demands, values


def _word(word: str) -> str:
    return _any(
        [
            _all([_any([_quoted(stem) for stem in sorted(stems)]) for stems in way])
            for way in ways_to_find(word)
        ]
    )


def _all(asked: Sequence[str]) -> str:
    return " & ".join(f"({one})" for one in asked)


def _any(asked: Sequence[str]) -> str:
    return " | ".join(f"({one})" for one in asked)


def _counts(connection: Connection, name: str, words: Collection[str]) -> Mapping[str, int]:
    statement = """
        SELECT word.lexeme, count(*) AS posts
        FROM (SELECT words FROM {name} WHERE words @@ CAST(:any AS tsquery) LIMIT :most) AS found,
            unnest(found.words) AS word
        WHERE word.lexeme = ANY(:words) GROUP BY word.lexeme
    """
    values = {"any": _any([_quoted(word) for word in words]), "words": list(words), "most": COUNTED_MOST}
    return {row.lexeme: row.posts for row in _execute(connection, statement, name, values)} if words else {}
