"""One page of results: what the engine found, of that only what readers may see."""

from collections.abc import Sequence
from typing import NamedTuple

from forum.search.engine import Filters, Order, SearchEngine
from forum.search.queries import FoundPost, list_found, list_visible
from forum.search.query_text import Wanted

PAGE_SIZE = 20
COUNTED_MOST = 200
"""Posts that are looked up and counted; past these a better question helps more than a next page."""


class ResultPage(NamedTuple):
    """Twenty results at most, and how many there are; `has_more` when there are even more than `total`."""

    results: Sequence[FoundPost]
    total: int
    has_more: bool
    page: int
    pages: int


def search_posts(
    engine: SearchEngine, wanted: Wanted, filters: Filters, order: Order, *, page: int
) -> ResultPage:
    """Search, and return a page of what readers may see; the last page when there are not so many.

    All that the engine found is looked up, so that a post which was hidden a moment ago is not even counted.

    Raises:
        SearchUnavailable: there is no index that can be read.
    """
    found = engine.search(wanted, filters, order, most=COUNTED_MOST + 1)
    visible = list_visible(found[:COUNTED_MOST])
    pages = max(1, -(-len(visible) // PAGE_SIZE))
    page = min(page, pages)
    shown = list_found(visible[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return ResultPage(shown, len(visible), len(found) > COUNTED_MOST, page, pages)
