"""The page on which people search."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forum.discussion.fronts import list_latest_titles
from forum.discussion.rules import Stance
from forum.kernel.clock import now
from forum.search.engine import Order
from forum.search.engines import engine_at
from forum.search.excerpts import excerpt
from forum.search.forms import Asked
from forum.search.queries import FoundPost, list_authors_named, list_visible
from forum.search.query_text import Wanted, read_query
from forum.search.results import ResultPage, search_posts
from forum.search.suggestions import LITTLE, suggest
from forum.texts.catalogue import say
from forum.texts.language import spoken
from forum.texts.markdown_words import PageWords
from forum.web.access import readers
from forum.web.templating import know_site, macro

AUTHORS_MOST = 100
"""Of one name."""
FILTERS_KEPT, RESULTS_KEPT = 50, 500
"""Of the questions and posts that were shown last, in each process; known by their whole value."""

search_pages = Blueprint("search", __name__)


@search_pages.get("/zoeken")
@readers
def search() -> ResponseReturnValue:
    """Search posts; without a question show the form only."""
    asked, at = Asked.from_address(request.args), now()
    site, topics = list_latest_titles()
    know_site(site)
    errors, authors = asked.errors(), None
    if asked.author and not errors:
        authors = frozenset(list_authors_named(asked.author, most=AUTHORS_MOST + 1))
        if len(authors) > AUTHORS_MOST:
            errors["schrijver"] = say("search-author-too-common", most=AUTHORS_MOST)
    has_question = asked.is_narrowed if not asked.text else not read_query(asked.text).is_empty
    page = render_template(
        "search/search.html",
        asked=asked,
        errors=errors,
        filters=_filters_html(asked.without_words(), tuple(topics), tuple(errors.items()), spoken()),
        has_question=has_question,
        **(_found(asked, authors, at) if has_question and not errors else {}),
    )
    return page, 422 if errors else 200


@lru_cache(maxsize=FILTERS_KEPT)
def _filters_html(
    asked: Asked, topics: tuple[tuple[int, str], ...], errors: tuple[tuple[str, str], ...], _in: str
) -> Markup:
    """Return the fields that narrow a question; kept like the HTML of a post, since most questions do not."""
    stances = [(stance, say(f"stance-{stance}")) for stance in Stance]
    return macro("search/form.html", "filters")(asked, list(topics), stances, dict(errors))


def _found(asked: Asked, author_ids: frozenset[int] | None, at: datetime) -> dict[str, Any]:
    """Return what was found, with what was perhaps meant when that is little, and where it goes on."""
    engine, wanted = engine_at(current_app.config["SETTINGS"].search_url), read_query(asked.text)
    filters = asked.filters(author_ids, at)
    found = search_posts(engine, wanted, filters, asked.order, page=asked.page)
    meant = None
    if found.total <= LITTLE:
        meant = suggest(engine, asked.text, filters, found=found.total, visible=list_visible)
    results = [_result_html(post, wanted, spoken()) for post in found.results]
    return {"found": found, "results": results, "meant": meant, **_links(asked, found, meant)}


@lru_cache(maxsize=RESULTS_KEPT)
def _result_html(post: FoundPost, wanted: Wanted, _in: str) -> Markup:
    """Return a post that was found, with the words marked; kept like the HTML of a post."""
    pieces = excerpt(PageWords.read(post.html).text(), wanted)
    return macro("search/result.html", "result")(post, pieces)


def _links(asked: Asked, found: ResultPage, meant: str | None) -> dict[str, Any]:
    """Return where the same question in another order, on another page or in other words is."""
    start = url_for("search.search")

    def here(order: Order, page: int = 1, text: str | None = None) -> str:
        return f"{start}?{urlencode(asked.values(order=order, page=page, text=text))}"

    page = found.page
    return {
        "order_hrefs": {order.value: here(order) for order in Order},
        "previous_href": here(asked.order, page - 1) if page > 1 else None,
        "next_href": here(asked.order, page + 1) if page < found.pages else None,
        "meant_href": here(asked.order, text=meant),
    }
