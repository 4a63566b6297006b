"""`forum search rebuild`: the index made anew by hand."""

import json
import threading

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from forum.discussion.rules import PostState
from forum.kernel.database import db, unit_of_work
from forum.search import cli
from forum.search.engine import Filters, Order
from forum.search.engines import engine_at
from forum.search.jobs import make_anew
from forum.search.query_text import read_query
from tests.search.conftest import IndexNow
from tests.search.test_index_task import waiting
from tests.support.cast import make_post, make_tenant, make_thread


def run(app: Flask) -> Result:
    return CliRunner().invoke(cli.search, ["rebuild"], obj=ScriptInfo(create_app=lambda: app))


def test_a_rebuild_finds_all_visible_posts_and_marks_them(searching: Flask) -> None:
    thread, author = make_thread(), make_tenant()
    posts = [make_post(thread, author, f"De lift, zin {number}.") for number in range(3)]
    with unit_of_work():
        posts[2].state = PostState.HIDDEN
    ids = [post.id for post in posts]

    done = run(searching)

    assert done.exit_code == 0
    assert json.loads(done.stdout)["posts"] == 3
    engine = engine_at(searching.config["SETTINGS"].search_url)
    assert set(engine.search(read_query("lift"), Filters(), Order.BEST, most=9)) == set(ids[:2])
    assert not waiting()


def test_a_rebuild_brings_back_what_the_index_lost(searching: Flask, index_now: IndexNow) -> None:
    post = make_post(make_thread(), make_tenant(), "De lift.")
    post_id, engine = post.id, index_now()
    with engine.writing():
        engine.write([], [post_id])
    assert not engine.search(read_query("lift"), Filters(), Order.BEST, most=9)

    assert run(searching).exit_code == 0

    assert list(engine.search(read_query("lift"), Filters(), Order.BEST, most=9)) == [post_id]


def test_while_another_process_writes_a_rebuild_is_refused(
    searching: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "WAIT_SECONDS", 0.1)

    with engine_at(searching.config["SETTINGS"].search_url).writing():
        done = run(searching)

    assert done.exit_code == 1
    assert done.stderr.startswith("forum: another process is writing the index")


def test_two_rebuilds_at_once_come_one_after_the_other(searching: Flask) -> None:
    post_id = make_post(make_thread(), make_tenant(), "De lift.").id
    engine = engine_at(searching.config["SETTINGS"].search_url)

    def rebuild() -> None:
        with searching.app_context(), engine.writing(wait_seconds=20):
            make_anew(engine)
            db.session.remove()

    threads = [threading.Thread(target=rebuild) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert list(engine.search(read_query("lift"), Filters(), Order.BEST, most=9)) == [post_id]
    assert not engine.needs_rebuild()
