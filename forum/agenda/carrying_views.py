"""The step from a published agenda to the next one."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from forum.agenda import carrying
from forum.agenda.queries import get_topic
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

carrying_pages = Blueprint("carrying", __name__, url_prefix="/agenda")


@carrying_pages.post("/onderwerp/<int:topic_id>/meenemen")
@staff_only(Role.DELEGATE)
def carry_topic(topic_id: int) -> ResponseReturnValue:
    """Put what a published agenda left on the next one."""
    with unit_of_work():
        carried = carrying.carry_topic(get_topic(topic_id), current_actor(), at=now())
        carried_id, year = carried.id, carried.agenda.year
    flash(say("topic-carried", year=year))
    return redirect(url_for("agenda.show_topic", topic_id=carried_id))
