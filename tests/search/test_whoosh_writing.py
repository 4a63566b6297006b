"""A large Whoosh index is made in a process of its own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forum.discussion.rules import Stance
from forum.search import whoosh_writing
from forum.search.engine import Filters, IndexedPost, Order
from forum.search.errors import SearchUnavailable
from forum.search.query_text import Wanted, read_query
from forum.search.whoosh_engine import WhooshEngine

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_writing, "POSTS_HERE_MOST", 0)


def test_what_another_process_made_is_the_same(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    posts = [
        IndexedPost(1, 1, 7, AT, "Het café\n“is” 😀 dicht\x00", Stance.FOR, is_answered=True),
        IndexedPost(2, 1, 8, AT, "het café"),
    ]

    with engine.writing():
        engine.rebuild([posts[:1], posts[1:]])

    assert not engine.needs_rebuild()
    assert list(engine.search(read_query('"cafe is dicht"'), Filters(), Order.BEST, most=9)) == [1]
    assert list(engine.search(read_query("cafe"), Filters(), Order.BEST, most=9)) == [2, 1]
    filters = Filters(stance=Stance.FOR, is_answered=True, since=AT, author_ids=frozenset({7}))
    assert list(engine.search(Wanted(), filters, Order.BEST, most=9)) == [1]


def test_who_stops_sending_leaves_no_index(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    posts = [IndexedPost(number, 1, 7, AT, "de lift") for number in range(1, 4)]

    with pytest.raises(ZeroDivisionError), engine.writing():
        engine.rebuild(posts[: 1 // number] for number in (1, 1, 0))

    assert engine.needs_rebuild()
    with pytest.raises(SearchUnavailable):
        engine.search(Wanted(), Filters(), Order.BEST, most=9)


def test_a_process_that_fails_is_heard_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = WhooshEngine(tmp_path)
    monkeypatch.setattr(whoosh_writing, "END", "dne\n")

    with pytest.raises(OSError, match="stopped with"), engine.writing():
        engine.rebuild([[IndexedPost(1, 1, 7, AT, "de lift")]])

    assert engine.needs_rebuild()
