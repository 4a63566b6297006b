"""What is kept of an arrangement and put back is what was made, on each database."""

from dataclasses import dataclass, field

import pytest

from forum.agenda.models import Topic
from forum.audit.service import find_broken_entry
from forum.kernel.database import db
from tests.conftest import empty_database
from tests.demo.small_year import content_hash
from tests.support.cast import make_agreed_topic, make_thread
from tests.support.kept import made_once

pytestmark = pytest.mark.usefixtures("database")


@dataclass
class Maker:
    """Makes a thread, and counts how often."""

    made: list[int] = field(default_factory=list)

    def make(self) -> int:
        """Return the number of the topic."""
        self.made.append(make_thread().topic_id)
        return self.made[-1]


def test_the_second_time_the_same_rows_are_put_back_and_counting_goes_on() -> None:
    maker = Maker()
    first, rows = made_once("put back", maker.make), content_hash()
    empty_database()

    second = made_once("put back", maker.make)

    assert content_hash() == rows
    assert (maker.made, second) == ([first], first)
    assert find_broken_entry() is None
    assert make_agreed_topic().id == first + 1


def test_beside_rows_of_the_same_tables_it_is_made_again() -> None:
    maker = Maker()
    made_once("made again", maker.make)

    made_once("made again", maker.make)

    assert len(set(maker.made)) == 2
    assert db.session.query(Topic).count() == 2


def test_what_was_made_beside_other_rows_is_not_kept() -> None:
    maker = Maker()
    make_thread()
    made_once("not kept", maker.make)
    empty_database()

    made_once("not kept", maker.make)

    assert len(maker.made) == 2
    assert db.session.query(Topic).count() == 1
