"""The search engine that the settings name."""

from functools import cache
from pathlib import Path

from forum.kernel.database import db
from forum.search.engine import SearchEngine


@cache
def engine_at(search_url: str) -> SearchEngine:
    """Return the engine for a `SEARCH_URL`, the same one all the life of this process.

    Only the library of the one that is used is loaded: the others cost memory, or are not there.
    """
    scheme, _, folder = search_url.partition(":")
    if scheme == "postgresql":
        from forum.search.postgresql_engine import PostgresqlEngine  # noqa: PLC0415

        return PostgresqlEngine(db.engine)
    if scheme == "tantivy":
        from forum.search.tantivy_engine import TantivyEngine  # noqa: PLC0415

        return TantivyEngine(Path(folder))
    from forum.search.whoosh_engine import WhooshEngine  # noqa: PLC0415

    return WhooshEngine(Path(folder))
