"""`forum search`: make the index anew by hand."""

import json
import sys
import time
from collections.abc import Callable

import click
from flask import current_app
from flask.cli import with_appcontext

from forum.kernel.refusals import CommandRefused
from forum.search.engines import engine_at
from forum.search.errors import IndexBusy
from forum.search.jobs import make_anew
from forum.search.queries import count_posts

WAIT_SECONDS = 10


@click.group()
def search() -> None:
    """The index in which the page /zoeken searches."""


@search.command()
@with_appcontext
def rebuild() -> None:
    """Make the index anew out of all posts, while the forum serves and searches in the one of before.

    Needed after putting back a copy of the database. Prints as JSON how many posts were read and the seconds
    it took. Interrupted, it leaves the index of before.
    """
    engine = engine_at(current_app.config["SETTINGS"].search_url)
    started, total = time.monotonic(), count_posts()
    try:
        with engine.writing(wait_seconds=WAIT_SECONDS):
            make_anew(engine, _progress(total))
    except IndexBusy as error:
        message = "another process is writing the index (forum serve, or another rebuild); try again later"
        raise CommandRefused(message) from error
    finally:
        if sys.stderr.isatty():
            click.echo(err=True)
    click.echo(json.dumps({"posts": total, "seconds": round(time.monotonic() - started, 1)}))


def _progress(total: int) -> Callable[[int], None]:
    if not sys.stderr.isatty():
        return lambda _done: None
    return lambda done: click.echo(f"\r{done:>9,} of {total:,} posts", nl=False, err=True)
