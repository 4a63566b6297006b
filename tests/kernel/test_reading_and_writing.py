"""Statements of columns: they are part of the transaction of the session, whatever came before it."""

from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import bindparam, insert, select, update

from forum.discussion.models import Question
from forum.kernel.database import db, flushed_connection, unit_of_work
from forum.kernel.reading import read
from forum.kernel.writing import write, write_one
from tests.support.cast import make_thread

TEXTS = select(Question.text).where(Question.thread_id == bindparam("topic_id")).order_by(Question.id)
RENAME = update(Question).where(Question.thread_id == bindparam("topic_id")).values(text=bindparam("words"))
ADD = insert(Question)


class Undone(Exception):
    """What a test raises to have its work undone."""


def texts(topic_id: int) -> set[str]:
    """Return the texts of the questions of a thread."""
    return {row.text for row in read(TEXTS, topic_id=topic_id)}


@pytest.fixture
def topic_id(database: Flask) -> int:
    """Return a thread with one question."""
    thread = make_thread()
    for question in thread.questions[1:]:
        db.session.delete(question)
    db.session.commit()
    return thread.topic_id


def test_a_row_that_is_added_has_an_id_and_the_defaults_of_its_columns(topic_id: int) -> None:
    with unit_of_work():
        question_id = write_one(ADD, thread_id=topic_id, position=9, text="Hoe lang?")

    question = db.session.get_one(Question, question_id)
    assert (question.text, question.root_count, question.post_count) == ("Hoe lang?", 0, 0)


def test_what_was_changed_in_the_session_is_read_and_written_over(topic_id: int) -> None:
    with unit_of_work():
        db.session.query(Question).one().text = "Wie?"

        assert texts(topic_id) == {"Wie?"}
        assert write(RENAME, topic_id=topic_id, words="Wat?").rowcount == 1
        assert texts(topic_id) == {"Wat?"}

    assert texts(topic_id) == {"Wat?"}


def test_what_was_written_is_undone_with_its_transaction(topic_id: int) -> None:
    before = texts(topic_id)
    with suppress(Undone), unit_of_work():
        write(RENAME, topic_id=topic_id, words="Nooit")
        raise Undone

    assert texts(topic_id) == before


def test_after_a_savepoint_the_same_transaction_goes_on(topic_id: int) -> None:
    with unit_of_work():
        write(RENAME, topic_id=topic_id, words="Buiten")
        around = flushed_connection()
        with suppress(Undone), db.session.begin_nested():
            write(RENAME, topic_id=topic_id, words="Binnen")
            raise Undone

        assert flushed_connection() is around
        assert texts(topic_id) == {"Buiten"}

    assert texts(topic_id) == {"Buiten"}


def test_each_transaction_has_its_own_connection_and_sees_what_others_did(topic_id: int) -> None:
    texts(topic_id)
    before = flushed_connection()
    db.session.rollback()
    with db.engine.begin() as other:
        other.execute(RENAME, {"topic_id": topic_id, "words": "Van een ander"})

    assert texts(topic_id) == {"Van een ander"}
    assert flushed_connection() is not before
    assert before.closed
