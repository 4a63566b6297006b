"""The page on which people search."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.fronts import list_latest_fronts
from forum.discussion.rules import Stance
from forum.kernel.clock import now
from forum.search.engine import Order
from forum.search.engines import engine_at
from forum.search.forms import Asked
from forum.search.queries import list_authors_named, list_visible
from forum.search.query_text import read_query
from forum.search.results import ResultPage, search_posts
from forum.search.suggestions import LITTLE, suggest
from forum.texts.catalogue import say
from forum.web.access import readers
from forum.web.templating import know_site

AUTHORS_MOST = 100
"""Of one name."""

search_pages = Blueprint("search", __name__)


@search_pages.get("/zoeken")
@readers
def search() -> ResponseReturnValue:
    """Search posts; without a question show the form only."""
    asked, at = Asked.from_address(request.args), now()
    agenda, fronts = list_latest_fronts(at=at)
    if agenda:
        know_site(agenda.site)
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
        topics=[(front.topic_id, front.title) for front in fronts],
        stances=[(stance, say(f"stance-{stance}")) for stance in Stance],
        has_question=has_question,
        **(_found(asked, authors, at) if has_question and not errors else {}),
    )
    return page, 422 if errors else 200


def _found(asked: Asked, author_ids: frozenset[int] | None, at: datetime) -> dict[str, Any]:
    """Return what was found, with what was perhaps meant when that is little, and where it goes on."""
    engine = engine_at(current_app.config["SETTINGS"].search_url)
    filters = asked.filters(author_ids, at)
    found = search_posts(engine, read_query(asked.text), filters, asked.order, page=asked.page)
    meant = None
    if found.total <= LITTLE:
        meant = suggest(engine, asked.text, filters, found=found.total, visible=list_visible)
    return {"found": found, "meant": meant, **_links(asked, found, meant)}


def _links(asked: Asked, found: ResultPage, meant: str | None) -> dict[str, Any]:
    """Return where the same question in another order, on another page or in other words is."""

    def here(order: Order, page: int = 1, text: str | None = None) -> str:
        return url_for("search.search", **asked.values(order=order, page=page, text=text))

    page = found.page
    return {
        "order_hrefs": {order.value: here(order) for order in Order},
        "previous_href": here(asked.order, page - 1) if page > 1 else None,
        "next_href": here(asked.order, page + 1) if page < found.pages else None,
        "meant_href": here(asked.order, text=meant),
    }
