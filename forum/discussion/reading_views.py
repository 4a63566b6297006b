"""Reading long threads: what is new, what was read, which posts a member keeps, opinions side by side."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.discussion import kept_posts
from forum.discussion.forms import KeepForm, ReadForm
from forum.discussion.heads import get_thread_head
from forum.discussion.opinions import COUNTED_MOST, SHOWN_MOST, list_opinions
from forum.discussion.queries import get_post, get_thread_row
from forum.discussion.telling import note_posts_read, note_thread_read
from forum.discussion.visits import find_first_new as find_new_post
from forum.discussion.visits import mark_all, mark_shown
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, readers
from forum.web.templating import know_site

reading_pages = Blueprint("reading", __name__)


@reading_pages.get("/onderwerpen/<int:topic_id>/nieuw")
@members_only
def find_first_new(topic_id: int) -> ResponseReturnValue:
    """Go to the first post that is new to a member; when nothing is, to the thread."""
    post_id = find_new_post(get_thread_row(topic_id).topic_id, current_actor().member_id or 0)
    if post_id is None:
        return redirect(url_for("discussion.find_thread", topic_id=topic_id))
    return redirect(url_for("discussion.find_post", post_id=post_id))


@reading_pages.get("/onderwerpen/<int:topic_id>/meningen")
@readers
def show_opinions(topic_id: int) -> ResponseReturnValue:
    """Show what others value most of each stance, side by side."""
    thread = get_thread_head(topic_id)
    if not thread.stance_question:
        raise NotFound(topic_id=topic_id)
    know_site(thread.site)
    return render_template(
        "discussion/opinions.html",
        thread=thread,
        answers=thread.for_count + thread.against_count + thread.neutral_count,
        columns=list_opinions(topic_id, thread.questions),
        most=SHOWN_MOST,
        counted_most=COUNTED_MOST,
    )


@reading_pages.post("/berichten/<int:post_id>/bewaren")
@members_only
def keep_post(post_id: int) -> ResponseReturnValue:
    """Put a post in the list of a member, or take it out."""
    form = KeepForm.from_request()
    with unit_of_work():
        post = get_post(post_id)
        if form.keep.data == "1":
            kept_posts.keep_post(post, current_actor(), at=now())
        else:
            kept_posts.let_go(post, current_actor())
    flash(say("post-kept" if form.keep.data == "1" else "post-let-go"))
    return redirect(url_for("discussion.find_post", post_id=post_id))


@reading_pages.post("/onderwerpen/<int:topic_id>/gelezen")
@members_only
def mark_read(topic_id: int) -> ResponseReturnValue:
    """Remember that a member has read what a page showed, or with its button everything."""
    form = ReadForm.from_request()
    actor, newest = current_actor(), form.newest.data or 0
    with unit_of_work():
        thread = get_thread_row(topic_id)
        if form.all.data:
            mark_all(thread, newest, actor)
            note_thread_read(thread, newest, actor, at=now())
        else:
            mark_shown(thread, form.shown_posts, newest, actor)
            note_posts_read(form.shown_posts, actor, at=now())
    if not form.all.data:
        return "", HTTPStatus.NO_CONTENT
    flash(say("thread-all-read"))
    return redirect(url_for("discussion.find_thread", topic_id=topic_id))
