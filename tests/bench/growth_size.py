"""Measure how pages grow: `python -m tests.bench.growth_size [--quick]`.

The page of one thread at 1,000, 100,000 and 1,000,000 posts, and the front page at 100, 10,000 and 100,000
tenants, on SQLite. Prints queries and milliseconds of CPU per request, in this process, without a web server.
"""

import contextvars
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import click
from flask import Flask
from sqlalchemy import text

from forum.app import create_app
from forum.discussion.models import Post
from forum.kernel.database import db
from forum.settings.config import load_settings
from tests.bench.large_forum import Size, make_forum
from tests.support.queries import counted_queries

THREAD = "/onderwerpen/1/de-lift-in-gebouw-1-is-vaak-stuk"
FIRST = Size(members=100, threads=5, posts=1_400, long_thread=1_000, stances=100)
ROUNDS, REQUESTS = 5, 40

# More posts are the first twenty over again, all opening posts; what differs of them stands here.
OF_THEIR_OWN = {
    "id": "1000000 + more.number",
    "root_id": "NULL",
    "parent_id": "NULL",
    "depth": "0",
    "number": "more.number",
    "reply_count": "0",
    "question_id": "NULL",
    "question_number": "NULL",
    "form_key": "NULL",
    "external_key": "NULL",
    "text": "''",
    "text_key": "'more-' || more.number",
    "valuable_count": "more.number % 7",
    "agree_count": "more.number % 5",
    "is_indexed": "1",
}
POST_COLUMNS = [column.name for column in Post.__table__.columns]
MORE_POSTS = f"""
    INSERT INTO post ({", ".join(POST_COLUMNS)})
    WITH RECURSIVE more(number) AS (
        SELECT (SELECT root_count FROM thread WHERE topic_id = 1) + 1
        UNION ALL SELECT number + 1 FROM more WHERE number < :posts
    )
    SELECT {", ".join(OF_THEIR_OWN.get(name, f"post.{name}") for name in POST_COLUMNS)}
    FROM more JOIN post ON post.id = more.number % 20 + 1
"""
MORE_HOMES = """
    INSERT INTO household (id, street, house_number, postcode, city)
    WITH RECURSIVE more(id) AS (
        SELECT (SELECT max(id) FROM member) + 1 UNION ALL SELECT id + 1 FROM more WHERE id < :tenants
    )
    SELECT id, 'Lindelaan', id, '1000AB', 'Veldhoven' FROM more
"""
MORE_TENANTS = """
    INSERT INTO member (id, number, first_name, last_name, display_name, language, household_id, state)
    SELECT id, 'H' || id, '', '', 'Huurder ' || id, 'nl', id, 'active' FROM household
    WHERE id > (SELECT max(id) FROM member)
"""


def grow_thread(posts: int) -> None:
    """Make the long thread this long."""
    with db.engine.begin() as connection:
        connection.execute(text(MORE_POSTS), {"posts": posts})
        counts = "UPDATE thread SET root_count = :posts, post_count = :posts WHERE topic_id = 1"
        connection.execute(text(counts), {"posts": posts})


def grow_tenants(tenants: int) -> None:
    """Let this many people rent."""
    with db.engine.begin() as connection:
        connection.execute(text(MORE_HOMES), {"tenants": tenants})
        connection.execute(text(MORE_TENANTS))


def print_cost(app: Flask, label: str, path: str) -> None:
    """Print what one page costs now."""
    client = app.test_client()
    with counted_queries() as sent:
        answer = contextvars.Context().run(client.get, path)  # as a server: with nothing of the one before
    assert answer.status_code == 200, f"{path} gave {answer.status_code}"
    costs = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REQUESTS):
            contextvars.Context().run(client.get, path)
        costs.append((time.process_time() - start) * 1000 / REQUESTS)
    click.echo(f"{label:44} {len(sent):3} queries {median(costs):7.2f} ms")


def print_growth(app: Flask, *, posts: Sequence[int], tenants: Sequence[int]) -> None:
    """Print the two curves."""
    for size in posts:
        if size > FIRST.long_thread:
            grow_thread(size)
        last = f"{THREAD}?pagina={size // 20}"
        for name, path in (
            ("first page", THREAD),
            ("last page", last),
            ("most valued", f"{THREAD}?sorteer=waardevol"),
        ):
            print_cost(app, f"thread of {size:,} posts, {name}", path)
    for size in tenants:
        if size > FIRST.members:
            grow_tenants(size)
        print_cost(app, f"front page, {size:,} tenants", "/")


@click.command()
@click.option("--quick", is_flag=True, help="Smaller sizes.")
def main(quick: bool) -> None:
    """Make a forum, let it grow, and print what its pages cost on the way."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        make_forum(Path(folder), FIRST)
        settings = {"INSTANCE_PATH": folder, "SECRET_KEY": "b" * 40, "PUBLIC_READING": "yes"}
        app = create_app(load_settings(settings))
        stack.enter_context(app.app_context())
        stack.callback(db.engine.dispose)
        print_growth(
            app,
            posts=(1_000, 10_000, 50_000) if quick else (1_000, 100_000, 1_000_000),
            tenants=(100, 1_000, 10_000) if quick else (100, 10_000, 100_000),
        )


if __name__ == "__main__":
    main()
