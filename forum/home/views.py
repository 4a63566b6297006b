"""The front page, the pages about the forum itself, and whether it is well."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from forum.agenda.debate_states import register_state_source
from forum.discussion.queries import get_thread
from forum.home.front_page import front_values, list_front_states, read_front
from forum.home.logbook import SHOWN_MOST, list_acts
from forum.kernel.clock import now
from forum.kernel.database import connect_anew
from forum.moderation.first_posts import find_agreed_days
from forum.web.access import current_actor, public, readers
from forum.web.templating import current_site, know_site, render_shown
from forum.web.times import show_moment

home_pages = Blueprint("home", __name__)
register_state_source(list_front_states)


@home_pages.get("/")
@readers
def front() -> ResponseReturnValue:
    """Show the topics of the year and what is going on in each."""
    shown = read_front(current_actor().member_id, now())
    if shown.agenda:
        know_site(shown.agenda.site)
    return render_shown("home/front.html", shown, front_values)


@home_pages.get("/huisregels")
@public
def house_rules() -> ResponseReturnValue:
    """Show the rules of the house."""
    return render_template("home/house_rules.html", first_post_days=find_agreed_days())


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


@home_pages.get("/onderwerpen/<int:topic_id>/logboek")
@readers
def show_logbook(topic_id: int) -> ResponseReturnValue:
    """Show which party did what with a topic."""
    thread, acts = get_thread(topic_id), list_acts(topic_id, current_site())
    rows = [(show_moment(act.at), act.by, act.what) for act in acts]
    return render_template("home/logbook.html", thread=thread, rows=rows, most=SHOWN_MOST)


@home_pages.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer 200 only when the database answers and has its tables."""
    with connect_anew() as connection:
        connection.execute(text("SELECT 1 FROM site LIMIT 1"))
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
