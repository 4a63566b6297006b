"""The front page, the pages about the forum itself, and whether it is well."""

from typing import NamedTuple

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from forum.discussion.fronts import Front, LatestAgenda, find_latest_agenda, list_fronts
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.web.access import public, readers
from forum.web.templating import render_shown

home_pages = Blueprint("home", __name__)


class ShownFront(NamedTuple):
    """All that the front page follows from."""

    agenda: LatestAgenda | None
    fronts: tuple[Front, ...]


@home_pages.get("/")
@readers
def front() -> ResponseReturnValue:
    """Show the topics of the year and what is going on in each."""
    agenda = find_latest_agenda()
    fronts = tuple(list_fronts(agenda.id, at=now())) if agenda else ()
    return render_shown("home/front.html", ShownFront(agenda, fronts), ShownFront._asdict)


@home_pages.get("/huisregels")
@public
def house_rules() -> ResponseReturnValue:
    """Show the rules of the house."""
    return render_template("home/house_rules.html")


@home_pages.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Show what is kept of people, why and until when."""
    return render_template("home/privacy.html")


@home_pages.get("/toegankelijkheid")
@public
def accessibility() -> ResponseReturnValue:
    """Show how accessible the forum is and where to complain."""
    return render_template("home/accessibility.html")


@home_pages.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer 200 only when the database answers and has its tables."""
    db.session.execute(text("SELECT 1 FROM site LIMIT 1"))
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
