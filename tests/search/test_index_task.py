"""The task that keeps the index, on each database: nothing is lost, whatever dies or breaks."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.discussion import service as discussion
from forum.discussion.models import Post
from forum.discussion.queries import get_thread
from forum.discussion.rules import PostState
from forum.jobs.registry import stopping
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.queries import get_member
from forum.search import jobs, service
from forum.search.engine import Filters, Order, SearchEngine
from forum.search.engines import engine_at
from forum.search.errors import SearchUnavailable
from forum.search.queries import list_unindexed
from forum.search.query_text import read_query
from tests.faults.killing import kill_after, start
from tests.search.conftest import IndexNow
from tests.support.cast import make_post, make_tenant, make_thread
from tests.support.queries import counted_queries

LEAKING = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
"""The library leaves a file that it cannot read for the garbage collector to close."""


def found(engine: SearchEngine, query: str) -> list[int]:
    return list(engine.search(read_query(query), Filters(), Order.BEST, most=100))


def waiting() -> set[int]:
    """Return the posts that the index does not know as they are."""
    db.session.rollback()
    return set(db.session.scalars(select(Post.id).where(~Post.is_indexed)))


def test_a_new_post_is_found_after_one_turn(index_now: IndexNow) -> None:
    post = make_post(make_thread(), make_tenant(), "De **huurverhoging** is hoog.")
    assert waiting() == {post.id}

    engine = index_now()

    assert found(engine, "verhoging") == [post.id]
    assert not waiting()


def test_what_changes_in_a_post_changes_in_the_index(index_now: IndexNow) -> None:
    thread, author = make_thread(), make_tenant()
    edited, withdrawn, hidden = (make_post(thread, author, f"De lift, zin {number}.") for number in range(3))
    index_now()

    with unit_of_work():
        actor = author.as_actor(thread.opens_at)
        body = discussion.Body.of("De trap.")
        at = thread.opens_at
        discussion.edit_post(edited, 1, body, actor, window=timedelta(hours=1), at=at)
        discussion.withdraw_post(withdrawn, actor, at=at)
        hidden.state = PostState.HIDDEN
    assert waiting() == {edited.id, withdrawn.id, hidden.id}
    engine = index_now()

    assert found(engine, "lift") == []
    assert found(engine, "trap") == [edited.id]
    assert not waiting()


def test_reactions_leave_the_index_alone(index_now: IndexNow) -> None:
    thread = make_thread()
    post = make_post(thread, make_tenant())
    index_now()

    with unit_of_work():
        post.valuable_count += 1

    assert not waiting()


def test_a_turn_without_work_is_one_query(index_now: IndexNow) -> None:
    make_post(make_thread(), make_tenant())
    index_now()

    with counted_queries() as sent:
        index_now()

    assert len(sent) == 1


def test_looking_for_work_reads_an_index_and_not_all_posts(searching: Flask) -> None:
    with counted_queries() as sent:
        list_unindexed(most=1)
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0]}", (1,) * sent[0].count("?"))
    else:
        connection.exec_driver_sql("TRUNCATE post CASCADE")  # rows of earlier tests still take pages
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # an empty table is read as a whole
        plan = connection.exec_driver_sql(f"EXPLAIN {sent[0]}", {"most": 1})

    assert "ix_post_not_indexed" in str(plan.all())


def test_a_post_that_changes_while_it_is_indexed_is_indexed_again(index_now: IndexNow) -> None:
    thread, author = make_thread(), make_tenant()
    one, other = (make_post(thread, author, f"De lift, zin {number}.") for number in range(2))
    read = list_unindexed(most=10)

    with unit_of_work():
        body, actor = discussion.Body.of("De trap."), author.as_actor(thread.opens_at)
        discussion.edit_post(one, 1, body, actor, window=timedelta(hours=1), at=thread.opens_at)
    with unit_of_work():
        service.mark_indexed(read)

    assert waiting() == {one.id}
    assert other.id not in waiting()


def test_a_post_that_is_hidden_while_it_is_indexed_is_taken_out_after_all(index_now: IndexNow) -> None:
    post = make_post(make_thread(), make_tenant(), "De lift.")
    read = list_unindexed(most=10)

    with unit_of_work():
        db.session.execute(update(Post).where(Post.id == post.id).values(state=PostState.HIDDEN))
    with unit_of_work():
        service.mark_indexed(read)

    assert waiting() == {post.id}
    assert found(index_now(), "lift") == []


def test_dying_between_index_and_database_only_indexes_again(
    index_now: IndexNow, searching: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread, author = make_thread(), make_tenant()
    make_post(thread, author, "De tuin.")
    engine = index_now()
    post_id = make_post(thread, author, "De lift.").id

    def index_and_die() -> None:
        with searching.app_context():
            monkeypatch.setattr(service, "mark_indexed", lambda _posts: os._exit(9))
            jobs.index_posts(at=now())

    _, status = os.waitpid(start(index_and_die), 0)

    assert os.waitstatus_to_exitcode(status) == 9
    assert waiting() == {post_id}
    assert found(engine, "lift") == [post_id]
    index_now()
    assert found(engine, "lift") == [post_id]
    assert not waiting()


def test_a_process_that_is_killed_while_it_writes_loses_nothing(
    index_now: IndexNow, searching: Flask
) -> None:
    thread, author = make_thread(), make_tenant()
    thread_id, author_id = thread.topic_id, author.id
    make_post(thread, author, "De lift, zin nul.")
    engine = index_now()

    def index_again_and_again() -> None:
        with searching.app_context():
            while True:
                with engine.writing(wait_seconds=5):
                    jobs.make_anew(engine)
                jobs.index_posts(at=now())

    killed = 0
    for turn in range(4):
        thread, author = get_thread(thread_id), get_member(author_id)
        make_post(thread, author, f"De lift, zin {turn + 1}.")
        killed += kill_after(start(index_again_and_again), 0.1 + 0.13 * turn)
        assert len(found(engine, "lift")) >= 1 + turn
        index_now()
        assert len(found(engine, "lift")) == 2 + turn

    assert killed == 4
    assert not waiting()
    assert len(list(Path(searching.config["SETTINGS"].search_url[7:]).glob("index-*"))) <= 2


@LEAKING
@pytest.mark.parametrize("ruin", ["remove", "empty", "cut", "garbage", "old", "pointer"])
def test_a_ruined_index_is_made_anew(index_now: IndexNow, searching: Flask, ruin: str) -> None:
    thread, author = make_thread(), make_tenant()
    post = make_post(thread, author, "De lift.")
    hidden = make_post(thread, author, "De lift ook.")
    with unit_of_work():
        hidden.state = PostState.HIDDEN
    index_now()
    root = Path(searching.config["SETTINGS"].search_url[7:])
    spoil(root, ruin)
    engine_at.cache_clear()  # as a process that starts

    engine = index_now()

    assert found(engine, "lift") == [post.id]
    assert not waiting()


def spoil(root: Path, ruin: str) -> None:
    """Do to an index what a disk, an upgrade or a hand may do to it."""
    current = root / "current"
    _version, name = current.read_text().split()
    segment = next((root / name).glob("*.seg"))
    if ruin == "remove":
        for path in (root / name).iterdir():
            path.unlink()
        (root / name).rmdir()
    elif ruin == "empty":
        segment.write_bytes(b"")
    elif ruin == "cut":
        os.truncate(segment, segment.stat().st_size // 2)
    elif ruin == "garbage":
        segment.write_bytes(b"\xff" * segment.stat().st_size)
    elif ruin == "old":
        current.write_text(f"0-abc\n{name}\n")
    elif ruin == "pointer":
        current.write_bytes(b"\x00\xff../..")


@LEAKING
def test_an_index_that_turns_out_to_be_damaged_while_searching_is_made_anew(
    index_now: IndexNow, searching: Flask
) -> None:
    post = make_post(make_thread(), make_tenant(), "De lift.")
    engine = index_now()
    spoil(Path(searching.config["SETTINGS"].search_url[7:]), "garbage")
    other_process = engine_at.__wrapped__(searching.config["SETTINGS"].search_url)

    with pytest.raises(SearchUnavailable):
        found(other_process, "lift")
    index_now()

    assert found(other_process, "lift") == [post.id]
    assert found(engine, "lift") == [post.id]


def test_an_index_of_an_older_version_answers_until_the_new_one_is_there(
    index_now: IndexNow, searching: Flask
) -> None:
    post = make_post(make_thread(), make_tenant(), "De lift.")
    engine = index_now()
    spoil(Path(searching.config["SETTINGS"].search_url[7:]), "old")

    assert engine.needs_rebuild()
    assert found(engine, "lift") == [post.id]
    index_now()
    assert not engine.needs_rebuild()


def test_while_another_process_writes_the_posts_wait(index_now: IndexNow, searching: Flask) -> None:
    engine = engine_at(searching.config["SETTINGS"].search_url)
    post = make_post(make_thread(), make_tenant(), "De lift.")

    with engine.writing():
        index_now()

    assert waiting() == {post.id}
    index_now()
    assert not waiting()


def test_two_tasks_at_once_lose_nothing(index_now: IndexNow, searching: Flask) -> None:
    thread, author = make_thread(), make_tenant()
    index_now()
    for number in range(20):
        make_post(thread, author, f"De lift, zin {number}.")

    def run() -> None:
        with searching.app_context():
            jobs.index_posts(at=now())
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(found(index_now(), "lift")) == 20
    assert not waiting()


def test_a_rebuild_stops_when_asked_and_changes_nothing(index_now: IndexNow, searching: Flask) -> None:
    post = make_post(make_thread(), make_tenant(), "De lift.")
    engine = index_now()
    spoil(Path(searching.config["SETTINGS"].search_url[7:]), "old")

    stopping.set()
    index_now()

    assert engine.needs_rebuild()
    assert found(engine, "lift") == [post.id]


def test_many_posts_are_indexed_in_turns(index_now: IndexNow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "POSTS_PER_BATCH", 3)
    monkeypatch.setattr(jobs, "BATCHES_PER_TURN", 2)
    index_now()
    thread, author = make_thread(), make_tenant()
    for number in range(8):
        make_post(thread, author, f"De lift, zin {number}.")

    index_now()
    assert len(waiting()) == 2
    index_now()

    assert not waiting()
