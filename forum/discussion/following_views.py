"""Following a thread, by the buttons on its page."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from forum.discussion import queries
from forum.discussion.following import follow
from forum.discussion.forms import FollowForm
from forum.discussion.rules import FollowLevel
from forum.discussion.thread_page import thread_path
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only

following_pages = Blueprint("following", __name__)


@following_pages.post("/onderwerpen/<int:topic_id>/volgen")
@members_only
def follow_thread(topic_id: int) -> ResponseReturnValue:
    """Choose of what in a thread one hears."""
    thread = queries.get_thread(topic_id)
    target = redirect(thread_path(topic_id, thread.topic.title))
    level = FollowLevel(FollowForm.from_request().level.data)
    with unit_of_work():
        follow(queries.get_thread_row(topic_id), level, current_actor(), at=now())
    flash(say(f"follow-kept-{level}"))
    return target
