"""Changing and withdrawing a post of one's own, and what a post said before."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.discussion import policy, service
from forum.discussion.errors import EditWindowClosed
from forum.discussion.forms import EditForm
from forum.discussion.history import count_history_pages, list_versions
from forum.discussion.models import Post
from forum.discussion.picture_views import receive_pictures
from forum.discussion.pictures import chosen_in
from forum.discussion.queries import get_post
from forum.discussion.rules import is_editable
from forum.discussion.writing import Return, read_body, reason_to_return
from forum.discussion.writing_views import chosen_pictures, edit_window, get_readable
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, readers
from forum.web.links import page_asked

editing_pages = Blueprint("editing", __name__)


def _own(post_id: int) -> Post:
    post = get_readable(post_id)
    if not policy.can_change_post(current_actor(), post.author_id):
        raise NotFound(post_id=post_id)
    return post


@editing_pages.route("/berichten/<int:post_id>/wijzigen", methods=["GET", "POST"])
@members_only
def edit_post(post_id: int) -> ResponseReturnValue:
    """Change a post of one's own, and its pictures, while that is allowed."""
    post, window = _own(post_id), edit_window()
    if not is_editable(post.at, now(), window):
        raise EditWindowClosed
    form = _form_for(post)
    if not form.is_submitted() or form.errors:
        return _editing_page(post, form, status=form.status)
    body = read_body(form, post.thread_id)
    if (back := reason_to_return(form, body)) is not None:
        return _editing_page(post, form, back, status=back.status)
    with unit_of_work():
        service.edit_post(
            get_post(post_id),
            form.version.data or 0,
            body,
            current_actor(),
            pictures=chosen_pictures(form.pictures) if form.tells_pictures.data else None,
            window=window,
            at=now(),
        )
    flash(say("post-edited"))
    return redirect(url_for("discussion.find_post", post_id=post_id))


def _form_for(post: Post) -> EditForm:
    """Return the form with the post as it stands, or checked as it was sent, with its pictures received."""
    form = EditForm(obj=post)
    if not form.is_submitted():
        form.show_pictures(chosen_in(post.pictures))
        return form
    form.validate()
    if form.tells_pictures.data:  # also when the text is refused: a file that was chosen must not be lost
        receive_pictures(form)
    return form


def _editing_page(
    post: Post, form: EditForm, back: Return | None = None, *, status: int
) -> ResponseReturnValue:
    page = render_template("discussion/edit.html", thread=post.thread, post=post, form=form, back=back)
    return page, status


@editing_pages.route("/berichten/<int:post_id>/intrekken", methods=["GET", "POST"])
@members_only
def withdraw_post(post_id: int) -> ResponseReturnValue:
    """Ask whether to withdraw a post of one's own, and do so."""
    if request.method != "POST":
        post = _own(post_id)
        return render_template("discussion/withdraw.html", thread=post.thread, post=post)
    with unit_of_work():
        service.withdraw_post(get_post(post_id), current_actor(), at=now())
    flash(say("post-withdrawn"))
    return redirect(url_for("discussion.find_post", post_id=post_id))


@editing_pages.get("/berichten/<int:post_id>/versies")
@readers
def show_history(post_id: int) -> ResponseReturnValue:
    """Show what a post said before its edits, newest first, with the words that changed."""
    post = get_readable(post_id)
    pages = count_history_pages(post)
    page = page_asked(pages)
    return render_template(
        "discussion/history.html",
        thread=post.thread,
        post=post,
        versions=list_versions(post, page),
        page=page,
        pages=pages,
    )
