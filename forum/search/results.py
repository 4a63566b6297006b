"""One page of results: what the engine found, of that only what readers may see, with the words marked."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from forum.search.engine import Filters, Order, SearchEngine
from forum.search.excerpts import Piece, excerpt
from forum.search.queries import list_found, list_visible
from forum.search.query_text import Wanted
from forum.texts.markdown_words import PageWords

PAGE_SIZE = 20
COUNTED_MOST = 200
"""Posts that are looked up and counted; past these a better question helps more than a next page."""

PIECES_KEPT = 500
"""Of the questions and posts that were shown last, in each process; known by their whole value."""


class Result(NamedTuple):
    """A post that was found."""

    post_id: int
    title: str
    author_name: str
    at: datetime
    pieces: tuple[Piece, ...]


class ResultPage(NamedTuple):
    """Twenty results at most, and how many there are; `has_more` when there are even more than `total`."""

    results: tuple[Result, ...]
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
    results = [
        Result(post.id, post.title, post.author_name, post.at, _pieces(post.html, wanted)) for post in shown
    ]
    return ResultPage(tuple(results), len(visible), len(found) > COUNTED_MOST, page, pages)


@lru_cache(maxsize=PIECES_KEPT)
def _pieces(html: str, wanted: Wanted) -> tuple[Piece, ...]:
    return excerpt(PageWords.read(html).text(), wanted)
