"""The migrations run up, down and up again, with data, on a database of its own of each kind."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from flask import Flask
from flask_migrate import check, downgrade
from sqlalchemy import inspect, select

from forum.discussion import reacting
from forum.discussion.rules import PostSource, Stance
from forum.kernel.clock import now
from forum.kernel.database import Base, db
from forum.kernel.migrations import upgrade_tables
from tests.support.cast import make_post, make_tenant, make_thread
from tests.support.panels import make_panel

Rows = Mapping[str, Sequence[tuple[Any, ...]]]


@pytest.fixture
def filled(empty: Flask) -> Flask:
    """Return an application of the newest version with a debate and a panel in it."""
    upgrade_tables(empty)
    fill()
    return empty


def fill() -> None:
    """Make a thread with posts, stances and a panel, and one without anything."""
    thread, _quiet = make_thread(opens_at=now()), make_thread()
    first, second = (question.id for question in thread.questions)
    for stance, question_id in ((Stance.FOR, first), (Stance.FOR, second), (Stance.AGAINST, first)):
        tenant = make_tenant()
        root = make_post(thread, tenant, at=thread.opens_at, question_id=question_id)
        reply = make_post(thread, tenant, at=thread.opens_at, reply_to=root.id)
        reply.source, reply.form_key = PostSource.EMAIL, f"mail:{reply.id}"
        reacting.take_stance(thread, stance, tenant.as_actor(thread.opens_at), at=thread.opens_at)
    make_panel(thread)
    db.session.commit()


def all_rows() -> Rows:
    """Return every row of every table."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_down_to_the_first_version_and_up_again_keeps_every_row(filled: Flask) -> None:
    before = all_rows()

    downgrade(revision="0001")
    stayed = inspect(db.engine).get_table_names()
    upgrade_tables(filled)

    assert before["thread"]
    assert before["panel"]
    after = all_rows()
    assert {name: after[name] for name in stayed if name in after} == {
        name: before[name] for name in stayed if name in before
    }


def test_down_to_nothing_and_up_again_gives_the_tables_of_the_models(filled: Flask) -> None:
    downgrade(revision="base")
    left = set(inspect(db.engine).get_table_names())
    upgrade_tables(filled)

    check()

    assert left == {"alembic_version"}
    assert not any(all_rows().values())
