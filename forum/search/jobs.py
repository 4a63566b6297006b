"""The task that lets the search index follow the posts, within a second or two."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog
from flask import current_app

from forum.jobs.registry import stopping, task
from forum.kernel.database import db, unit_of_work
from forum.search import service
from forum.search.engine import SearchEngine
from forum.search.engines import engine_at
from forum.search.errors import IndexBusy, IndexDamaged, IndexingStopped
from forum.search.queries import list_unindexed, with_findings

log = structlog.get_logger()

POSTS_PER_BATCH = 200
BATCHES_PER_TURN = 5
"""Then the other tasks have their turn."""


@task("search.index", every_seconds=1)
def index_posts(*, at: datetime) -> None:  # noqa: ARG001 - an index has no deadlines
    """Bring the index up to date; make it anew when it is missing, damaged or of an older version."""
    engine = engine_at(current_app.config["SETTINGS"].search_url)
    if not engine.needs_rebuild() and not list_unindexed(most=1):
        return
    db.session.rollback()
    try:
        with engine.writing():
            _bring_up_to_date(engine)
    except (IndexBusy, IndexingStopped):  # the posts keep their mark, so they come next time
        db.session.rollback()


def _bring_up_to_date(engine: SearchEngine) -> None:
    if engine.needs_rebuild():
        make_anew(engine)
    for _ in range(BATCHES_PER_TURN):
        if stopping.is_set() or not index_batch(engine):
            return


def index_batch(engine: SearchEngine) -> int:
    """Put the posts that wait longest in the index; return how many it took."""
    posts = with_findings(list_unindexed(most=POSTS_PER_BATCH))
    db.session.rollback()
    if not posts:
        return 0
    try:
        service.write_posts(engine, posts)
    except IndexDamaged:
        log.warning("search index is made anew")
        make_anew(engine)
        return len(posts)
    with unit_of_work():
        service.mark_indexed(posts)
    return len(posts)


def make_anew(engine: SearchEngine, heard: Callable[[int], None] = lambda _done: None) -> None:
    """Make the whole index anew.

    Args:
        engine: whose index.
        heard: is told how many posts were read so far.

    Raises:
        IndexingStopped: this process was asked to stop; the index of before stays.
    """
    unmarked = service.rebuild_from_posts(engine, partial(_hear, heard))
    for start in range(0, len(unmarked), service.READ_BATCH):
        with unit_of_work():
            service.mark_indexed(unmarked[start : start + service.READ_BATCH])


def _hear(heard: Callable[[int], None], done: int) -> None:
    if stopping.is_set():
        raise IndexingStopped
    heard(done)
