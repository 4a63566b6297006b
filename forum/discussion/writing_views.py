"""Pages with a form to write with, and what its scripts ask for: the text as it will look, and names."""

from datetime import timedelta
from typing import TypeVar

from flask import Blueprint, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from forum.discussion import policy
from forum.discussion.errors import PostGone
from forum.discussion.forms import EnteredPostForm, PicturesForm, PostForm, WritingForm
from forum.discussion.fronts import period_of
from forum.discussion.heads import list_questions
from forum.discussion.mentions import list_people
from forum.discussion.models import Post, Thread
from forum.discussion.pictures import ChosenPicture
from forum.discussion.queries import (
    find_post_in,
    get_post,
    get_shown_post,
    get_thread,
    get_thread_row,
    is_about_minutes,
)
from forum.discussion.rules import Phase, PostSource, PostState, phase_of
from forum.discussion.service import Placement
from forum.discussion.thread_page import posts_html
from forum.discussion.writing import Return, read_body, shown_html
from forum.kernel.actor import VISITOR
from forum.kernel.clock import now
from forum.texts.mentions import NAME_LONGEST
from forum.web.access import current_actor, members_only
from forum.web.form_times import new_form_key

writing_pages = Blueprint("writing", __name__)
Written = TypeVar("Written", bound=PostForm)


@writing_pages.post("/onderwerpen/<int:topic_id>/voorbeeld")
@members_only
def show_preview(topic_id: int) -> ResponseReturnValue:
    """Return a text as the safe HTML that its post would have; nothing when it cannot be placed."""
    thread, form = get_thread_row(topic_id), WritingForm()
    html = shown_html(read_body(form, thread.topic_id)) if form.validate() else ""
    return jsonify(html=html)


@writing_pages.get("/onderwerpen/<int:topic_id>/deelnemers")
@members_only
def suggest_people(topic_id: int) -> ResponseReturnValue:
    """Return some names of those who take part in the thread, for a text that mentions somebody."""
    thread, words = get_thread_row(topic_id), request.args.get("q", "")[:NAME_LONGEST]
    return jsonify(names=list(list_people(thread.topic_id, words, but=current_actor().member_id)))


def _with_key(form: Written) -> Written:
    """Give a form that came without a key one of now, so that it was open for no time at all."""
    form.form_key.data = form.form_key.data or new_form_key()
    return form


def placement_in(form: PostForm, source: PostSource = PostSource.WEB) -> Placement:
    """Return where the post of a form goes."""
    return Placement(
        reply_to=form.reply_to.data,
        question_id=form.question.data,
        source=source,
        form_key=_with_key(form).form_key.data,
        pictures=chosen_pictures(form.pictures) if form.has_pictures else (),
    )


def chosen_pictures(form: PicturesForm) -> tuple[ChosenPicture, ...]:
    """Return the pictures of a form after they were received."""
    return tuple(ChosenPicture(slot.kept.data, slot.alt.data) for slot in form.slots if slot.kept.data)


def get_readable(post_id: int) -> Post:
    """Return a post that can be read.

    Raises:
        NotFound: there is none.
        PostGone: it was hidden or withdrawn.
    """
    post = get_post(post_id)
    if post.state is not PostState.VISIBLE:
        raise PostGone(post_id=post_id)
    return post


def edit_window() -> timedelta:
    """Return how long after writing a post its author may change it here."""
    return timedelta(minutes=current_app.config["SETTINGS"].edit_window_minutes)


def reply_page(post: Post, form: PostForm, back: Return | None = None, *, status: int) -> ResponseReturnValue:
    """Return the page to reply to a post on, with what was typed."""
    thread = get_thread(post.thread_id)
    form = _with_key(form)
    row, questions = get_shown_post(post, current_actor()), list_questions(thread.topic_id)
    phase, is_below_minutes = phase_of(period_of(thread), now()), is_about_minutes(post)
    [shown] = posts_html([row], questions, actor=VISITOR, phase=Phase.CLOSED)
    page = render_template(
        "discussion/reply.html",
        thread=thread,
        post=row,
        shown=shown,
        form=form,
        back=back,
        is_quoting="citaat" in request.args,
        phase=phase,
        may_write=policy.can_reply(current_actor(), phase, is_below_minutes=is_below_minutes),
        may_enter=policy.can_enter_post(current_actor(), phase, is_below_minutes=is_below_minutes),
    )
    return page, status


def entering_page(
    thread: Thread, form: EnteredPostForm, back: Return | None = None, *, refusal: str = "", status: int
) -> ResponseReturnValue:
    """Return the page to enter a post on, with what was typed."""
    form = _with_key(form)
    answered = find_post_in(thread.topic_id, form.reply_to.data) if form.reply_to.data else None
    page = render_template(
        "discussion/enter.html", thread=thread, form=form, back=back, refusal=refusal, answered=answered
    )
    return page, status
