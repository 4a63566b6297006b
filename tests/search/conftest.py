"""A search index of its own for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from forum.jobs.registry import stopping
from forum.kernel.clock import now
from forum.search.engine import SearchEngine
from forum.search.engines import engine_at
from forum.search.jobs import index_posts
from forum.search.postgresql_engine import PostgresqlEngine
from forum.search.tantivy_engine import TantivyEngine
from forum.search.whoosh_engine import WhooshEngine
from tests.conftest import make_settings, new_database

IndexNow = Callable[[], SearchEngine]


ENGINES = ("whoosh", "tantivy", "postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Engine]:
    """Return an empty database on PostgreSQL: an engine in it needs no table of the forum."""
    database = create_engine(
        make_settings(Path("/nowhere"), **new_database("postgresql", "_search")).database_url
    )
    yield database
    database.dispose()


@pytest.fixture
def engine_named(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], SearchEngine]:
    """Return what makes an engine by its name, without an index yet."""

    def make(name: str) -> SearchEngine:
        if name == "whoosh":
            return WhooshEngine(tmp_path / name)
        if name == "tantivy":
            return TantivyEngine(tmp_path / name)
        database: Engine = request.getfixturevalue("postgresql")
        with database.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS search_index"))
        return PostgresqlEngine(database)

    return make


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, engine_named: Callable[[str], SearchEngine]) -> SearchEngine:
    """Return each engine in turn, without an index yet; every test with it holds for all of them."""
    return engine_named(request.param)


@pytest.fixture(autouse=True)
def _not_stopping() -> Iterator[None]:
    stopping.clear()
    yield
    stopping.clear()


@pytest.fixture
def searching(database: Flask, tmp_path: Path) -> Iterator[Flask]:
    """Return the application with an index folder of its own."""
    before = database.config["SETTINGS"]
    database.config["SETTINGS"] = make_settings(
        before.instance_path, DATABASE_URL=before.database_url, SEARCH_URL=f"whoosh:{tmp_path / 'search'}"
    )
    yield database
    database.config["SETTINGS"] = before
    engine_at.cache_clear()


@pytest.fixture
def index_now(searching: Flask) -> IndexNow:
    """Return what runs the task once, and gives the engine of the application."""

    def run() -> SearchEngine:
        index_posts(at=now())
        return engine_at(searching.config["SETTINGS"].search_url)

    return run
