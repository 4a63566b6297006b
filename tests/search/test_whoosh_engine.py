"""What only the Whoosh engine has to get right: its index changes while it is looked at."""

import warnings
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from forum.search.engine import Filters, IndexedPost, Order
from forum.search.query_text import read_query
from forum.search.whoosh_engine import WhooshEngine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh.index import EmptyIndexError
    from whoosh.searching import Searcher

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("fault", [EmptyIndexError, FileNotFoundError])
def test_what_was_replaced_in_the_middle_of_a_look_is_looked_for_again(
    fault: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine(tmp_path)
    with engine.writing():
        engine.rebuild([[IndexedPost(1, 1, 7, AT, "de lift")]])
    assert list(engine.search(read_query("lift"), Filters(), Order.BEST, most=9)) == [1]
    with engine.writing():
        engine.write([IndexedPost(2, 1, 7, AT, "de lift")], [])
    monkeypatch.setattr(Searcher, "refresh", Mock(side_effect=fault))

    found = engine.search(read_query("lift"), Filters(), Order.BEST, most=9)

    assert sorted(found) == [1, 2]
    assert not engine.needs_rebuild()
