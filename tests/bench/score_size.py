"""Measure freezing the scores of a very large topic: `python -m tests.bench.score_size`.

On SQLite, a third of the posts replies. One process makes the forum; a second one reads the topic, scores it
and stores the scores, and prints what that took: CPU seconds and the peak memory of the whole process.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import func, select, text

from forum.activity.models import FrozenScore
from forum.activity.service import freeze_scores
from forum.app import create_app
from forum.discussion.queries import get_thread
from forum.kernel.actor import SYSTEM
from forum.kernel.database import db
from forum.settings.config import load_settings
from tests.bench.growth_size import FIRST, grow_tenants, grow_thread
from tests.bench.large_forum import STRIDE, make_forum

TOPIC = 1
OPENED = f"(SELECT opens_at FROM thread WHERE topic_id = {TOPIC})"
MOMENT = f"datetime({OPENED}, '+' || (%s * {STRIDE} %% 2400000) || ' seconds') || '.000000'"
LAST_POST = "(SELECT max(id) FROM post)"
SPREAD_POSTS = f"""
    UPDATE post SET
        author_id = id * {STRIDE} % :members + 1,
        at = {MOMENT % "id"},
        counted_chars = 20 + id % 400,
        parent_id = CASE WHEN id % 3 = 0 AND id > {LAST_POST} - :posts + {FIRST.posts} THEN id - 1 END
    WHERE thread_id = {TOPIC}
"""
NO_REACTIONS = f"DELETE FROM reaction WHERE thread_id = {TOPIC}"
MORE_REACTIONS = f"""
    INSERT INTO reaction (thread_id, post_id, member_id, kind, at)
    WITH RECURSIVE more(nth) AS (SELECT 0 UNION ALL SELECT nth + 1 FROM more WHERE nth < :reactions - 1)
    SELECT {TOPIC}, {LAST_POST} - nth % (:posts - {FIRST.posts}),
        (nth + nth / :posts) * 31 % :members + 1, 'valuable', {MOMENT % "nth"}
    FROM more
"""


def _app_in(folder: str) -> Flask:
    return create_app(load_settings({"INSTANCE_PATH": folder, "SECRET_KEY": "b" * 40}))


def make_topic(folder: str, *, members: int, posts: int, reactions: int) -> None:
    """Make a forum with one large topic, the facts spread over people, posts and time without randomness."""
    make_forum(Path(folder), FIRST)
    with _app_in(folder).app_context():
        grow_thread(posts)
        grow_tenants(members)
        sizes = {"members": members, "posts": posts, "reactions": reactions}
        with db.engine.begin() as connection:
            for statement in (SPREAD_POSTS, NO_REACTIONS, MORE_REACTIONS):
                connection.execute(text(statement), sizes)
        db.engine.dispose()


def print_freeze(folder: str) -> None:
    """Freeze the scores of the topic and print what it took."""
    with _app_in(folder).app_context():
        thread = get_thread(TOPIC)
        started = time.process_time()
        snapshot = freeze_scores(thread, SYSTEM, at=thread.closes_at)
        db.session.commit()
        took = time.process_time() - started
        scores = select(func.count()).where(FrozenScore.snapshot_id == snapshot.id)
        scored, eligible = db.session.scalar(scores), db.session.scalar(scores.where(FrozenScore.is_eligible))
        db.engine.dispose()
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(f"{scored} members scored and stored, {eligible} eligible")
    click.echo(f"{took:6.1f} s CPU, {peak_mib:6.0f} MiB at the peak")


@click.command()
@click.option("--members", default=100_000, show_default=True)
@click.option("--posts", default=1_000_000, show_default=True)
@click.option("--reactions", default=3_000_000, show_default=True)
@click.option("--folder", help="Freeze in a forum that was made before.")
def main(members: int, posts: int, reactions: int, folder: str | None) -> None:
    """Score one large topic of the database."""
    if folder:
        print_freeze(folder)
        return
    with tempfile.TemporaryDirectory() as made:
        click.echo(f"{members} members, {posts} posts, {reactions} reactions")
        make_topic(made, members=members, posts=posts, reactions=reactions)
        command = [sys.executable, "-m", "tests.bench.score_size", "--folder", made]
        sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
