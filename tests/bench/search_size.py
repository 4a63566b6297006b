"""Measure searching: `python -m tests.bench.search_size [--quick] [--postgresql URL]`.

Builds the index of a large forum with each engine, then prints seconds for that and milliseconds of CPU for
each kind of question, by the engine alone and for the whole page in this process, without a web server; and
how long the task takes for one new post and for 200. PostgreSQL works elsewhere, so of that engine it prints
time on the clock, in an empty database that is named.
"""

import contextvars
import os
import resource
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import click
from flask.testing import FlaskClient
from sqlalchemy import create_engine, update

from forum.app import create_app
from forum.discussion.models import Post
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.search.engine import Filters, Order, SearchEngine
from forum.search.engines import engine_at
from forum.search.jobs import index_posts, make_anew
from forum.search.postgresql_engine import PostgresqlEngine
from forum.search.query_text import read_query
from forum.search.results import COUNTED_MOST
from forum.settings.config import load_settings
from tests.bench.large_forum import Size, make_forum

QUESTIONS = {
    "common word": "lift",
    "two words": "monteur trap",
    "phrase": '"de lift"',
    "beginning": "mon*",
    "rare word": "12345",
    "nothing": "waterschade",
}
ROUNDS = 15
Clock = Callable[[], float]


def cost_ms(act: Callable[[], object], clock: Clock) -> tuple[float, float]:
    """Return what doing something costs the first time, and the median of the times after that."""
    costs = []
    for _ in range(ROUNDS + 1):
        start = clock()
        act()
        costs.append((clock() - start) * 1000)
    return costs[0], median(costs[1:])


def print_questions(engine: SearchEngine, clock: Clock, client: FlaskClient | None) -> None:
    """Print what each question costs, best and newest first; without a client for the engine only."""
    for name, text in QUESTIONS.items():
        wanted = read_query(text)
        for order in Order:
            search = partial(engine.search, wanted, Filters(), order, most=COUNTED_MOST + 1)
            found = len(search())
            _first, alone = cost_ms(search, clock)
            line = f"{name:12} {order.value:6} {found:5} found, engine {alone:6.1f} ms"
            if client:
                values = {"q": text, "volgorde": order.value}
                page = partial(contextvars.Context().run, client.get, "/zoeken", query_string=values)
                line += f", page {cost_ms(page, clock)[1]:6.1f} ms"
            click.echo(line)


def print_first_questions(engine: SearchEngine, clock: Clock) -> None:
    """Print what the very first questions to an index cost, before anything of it is kept."""
    for name, text in QUESTIONS.items():
        first, _later = cost_ms(
            partial(engine.search, read_query(text), Filters(), Order.BEST, most=COUNTED_MOST + 1), clock
        )
        click.echo(f"{name:12} for the first time: {first:6.1f} ms")


def print_turns() -> None:
    """Print how long a turn of the task takes with nothing to do, for one post, and for 200."""
    for posts in (0, 1, 1, 1, 200):
        with unit_of_work():
            db.session.execute(update(Post).where(Post.id <= posts).values(is_indexed=False))
        start = time.perf_counter()
        index_posts(at=now())
        click.echo(f"a turn of the task, {posts:3} posts: {(time.perf_counter() - start) * 1000:8.1f} ms")


def print_index(engine: SearchEngine, size: Size, folder: Path) -> None:
    """Make the index, and print what that costs; processes that it starts count too."""
    start, cpu = time.perf_counter(), os.times()
    with engine.writing():
        make_anew(engine)
    used = sum(os.times()[:4]) - sum(cpu[:4])
    megabytes = sum(path.stat().st_size for path in folder.rglob("*")) / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    click.echo(
        f"index of {size.posts:,} posts: {time.perf_counter() - start:.1f} s, {used:.1f} s CPU,"
        f" {megabytes:.1f} MB on disk, at most {most} MiB in this process"
    )


def measure(folder: Path, size: Size, search_url: str) -> None:
    """Measure an engine that has its index in a folder."""
    settings = load_settings(
        {
            "INSTANCE_PATH": str(folder),
            "SECRET_KEY": "b" * 40,
            "PUBLIC_READING": "yes",
            "SEARCH_URL": search_url,
        }
    )
    app = create_app(settings)
    with app.app_context():
        engine = engine_at(settings.search_url)
        print_index(engine, size, Path(settings.search_url.partition(":")[2]))
        print_first_questions(engine, time.process_time)
        print_questions(engine, time.process_time, app.test_client())
        print_turns()
        db.session.remove()
        db.engine.dispose()


def measure_postgresql(folder: Path, size: Size, url: str) -> None:
    """Measure the engine on PostgreSQL with the posts of the forum on SQLite."""
    app = create_app(load_settings({"INSTANCE_PATH": str(folder), "SECRET_KEY": "b" * 40}))
    database = create_engine(load_settings({"INSTANCE_PATH": str(folder), "DATABASE_URL": url}).database_url)
    with app.app_context():
        engine = PostgresqlEngine(database)
        print_index(engine, size, folder / "nothing")
        print_questions(engine, time.perf_counter, None)
        db.session.remove()
        db.engine.dispose()
    database.dispose()


@click.command()
@click.option("--quick", is_flag=True, help="A forum of a tenth of the size.")
@click.option("--postgresql", default="", help="Address of an empty database, to measure that engine too.")
def main(quick: bool, postgresql: str) -> None:
    """Make a forum and its index, and print what searching costs."""
    size = Size(threads=50, posts=5_000) if quick else Size()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_forum(folder, size)
        for engine in ("whoosh", "tantivy"):
            click.echo(f"-- {engine}")
            measure(folder, size, f"{engine}:{folder / engine}")
        if postgresql:
            click.echo("-- postgresql (on the clock)")
            measure_postgresql(folder, size, postgresql)


if __name__ == "__main__":
    main()
