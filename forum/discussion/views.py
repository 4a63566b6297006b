"""Pages of a discussion: the thread, one post with its replies, writing, reacting."""

import secrets
from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forum.agenda.queries import get_agenda
from forum.agenda.signing import publish_agenda as sign_and_publish
from forum.discussion import policy, queries, service
from forum.discussion.errors import PostGone, ThreadNotOpen, UnknownMember
from forum.discussion.forms import EditForm, EnteredPostForm, PostForm, ReactionForm, StanceForm
from forum.discussion.fronts import period_of
from forum.discussion.models import Post, Thread
from forum.discussion.queries import OLDEST, ORDERS, ThreadHead
from forum.discussion.rules import (
    PAGE_SIZE,
    REPLIES_SHOWN,
    Phase,
    PostSource,
    PostState,
    ReactionKind,
    Stance,
    phase_of,
)
from forum.discussion.thread_page import (
    count_pages,
    place_of,
    posts_html,
    read_thread,
    thread_path,
    thread_values,
)
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, readers, staff_only
from forum.web.links import slug as slug_of
from forum.web.templating import render_shown

discussion_pages = Blueprint("discussion", __name__)
SKIPPED = "stance_skipped"


@discussion_pages.post("/agenda/<int:year>/publiceren")
@staff_only(Role.DELEGATE)
def publish_agenda(year: int) -> ResponseReturnValue:
    """Publish the signed agenda and open a thread for each of its topics."""
    with unit_of_work():
        service.open_threads(sign_and_publish(get_agenda(year), current_actor(), at=now()))
    flash(say("agenda-published"))
    return redirect(url_for("agenda.show_agenda", year=year))


@discussion_pages.get("/onderwerpen/<int:topic_id>")
@readers
def find_thread(topic_id: int) -> ResponseReturnValue:
    """Go to the full address of a thread."""
    return redirect(thread_path(topic_id, queries.get_thread(topic_id).topic.title))


@discussion_pages.get("/onderwerpen/<int:topic_id>/<slug>")
@readers
def show_thread(topic_id: int, slug: str) -> ResponseReturnValue:
    """Show one page of a thread; a tenant is first asked for a stance."""
    thread = queries.get_thread_head(topic_id)
    if slug != slug_of(thread.title):
        return redirect(thread_path(topic_id, thread.title, **request.args.to_dict()))
    if _asks_stance(thread):
        return render_template(
            "discussion/stance.html", thread=queries.get_thread(topic_id), form=StanceForm()
        )
    return _thread_page(thread, None, status=200)


def _phase(thread: Thread) -> Phase:
    return phase_of(period_of(thread), now())


def _asks_stance(thread: ThreadHead) -> bool:
    actor = current_actor()
    if not thread.stance_question or not policy.can_give_stance(actor, phase_of(thread.period, now())):
        return False
    if thread.topic_id in session.get(SKIPPED, []):
        return False
    return actor.member_id is not None and queries.current_stance(thread.topic_id, actor.member_id) is None


def _thread_page(thread: ThreadHead, form: PostForm | None, *, status: int) -> ResponseReturnValue:
    actor, phase = current_actor(), phase_of(thread.period, now())
    order = request.args.get("sorteer", OLDEST)
    order = order if order in ORDERS else OLDEST
    page = min(max(1, request.args.get("pagina", 1, type=int)), count_pages(thread.root_count))
    shown = read_thread(thread, order, page, actor=actor, phase=phase)
    if not policy.can_write_post(actor, phase):
        return render_shown("discussion/thread.html", shown, thread_values), status
    html = render_template("discussion/thread.html", **thread_values(shown), form=_writing_form(form))
    return html, status


def _writing_form(form: PostForm | None) -> PostForm:
    form = form or PostForm(formdata=None)
    form.form_key.data = form.form_key.data or secrets.token_urlsafe(16)
    return form


@discussion_pages.get("/onderwerpen/<int:topic_id>/mening")
@members_only
def ask_stance(topic_id: int) -> ResponseReturnValue:
    """Ask a member's stance, again when they want to change it."""
    thread = queries.get_thread(topic_id)
    if not thread.stance_question or not policy.can_give_stance(current_actor(), _phase(thread)):
        raise ThreadNotOpen
    return render_template("discussion/stance.html", thread=thread, form=StanceForm())


@discussion_pages.post("/onderwerpen/<int:topic_id>/mening")
@members_only
def take_stance(topic_id: int) -> ResponseReturnValue:
    """Record the answer to the stance question, or that the member skips it for now."""
    thread = queries.get_thread(topic_id)
    target = redirect(thread_path(topic_id, thread.topic.title))
    if "skip" in request.form:
        session[SKIPPED] = [*session.get(SKIPPED, []), topic_id][-50:]
        return target
    form = StanceForm()
    if not form.validate():
        return render_template("discussion/stance.html", thread=thread, form=form), 422
    with unit_of_work():
        service.take_stance(queries.get_thread(topic_id), Stance(form.stance.data), current_actor(), at=now())
    flash(say("stance-kept"))
    return target


@discussion_pages.post("/onderwerpen/<int:topic_id>/berichten")
@members_only
def write_post(topic_id: int) -> ResponseReturnValue:
    """Add a post or a reply."""
    form = PostForm()
    if not form.validate():
        if form.reply_to.data:
            return _reply_page(queries.get_post(form.reply_to.data), form, status=422)
        return _thread_page(queries.get_thread_head(topic_id), form, status=422)
    body = service.Body.of(form.text.data or "")
    with unit_of_work():
        post = service.write_post(queries.get_thread(topic_id), body, _place(form), current_actor(), at=now())
        post_id = post.id
    flash(say("post-written"))
    return redirect(url_for("discussion.find_post", post_id=post_id))


def _place(form: PostForm, source: PostSource = PostSource.WEB) -> service.Placement:
    return service.Placement(
        reply_to=form.reply_to.data,
        question_id=form.question.data,
        source=source,
        form_key=form.form_key.data or None,
    )


@discussion_pages.route("/onderwerpen/<int:topic_id>/namens", methods=["GET", "POST"])
@staff_only(Role.MODERATOR, Role.DELEGATE)
def enter_post(topic_id: int) -> ResponseReturnValue:
    """Enter a post for a tenant who phoned, wrote or spoke at a meeting."""
    thread, form = queries.get_thread(topic_id), EnteredPostForm()
    refusal = ""
    if form.validate_on_submit():
        body = service.Body.of(form.text.data or "")
        try:
            with unit_of_work():
                service.enter_post(
                    queries.get_thread(topic_id),
                    body,
                    _place(form, PostSource(form.source.data)),
                    form.number.data or "",
                    current_actor(),
                    at=now(),
                )
        except UnknownMember as error:
            refusal = say(error.code, **error.details)
        else:
            flash(say("post-entered"))
            return redirect(url_for("discussion.enter_post", topic_id=topic_id))
    form.form_key.data = form.form_key.data or secrets.token_urlsafe(16)
    page = render_template("discussion/enter.html", thread=thread, form=form, refusal=refusal)
    return page, 422 if form.errors or refusal else 200


@discussion_pages.get("/berichten/<int:post_id>")
@readers
def find_post(post_id: int) -> ResponseReturnValue:
    """Go to the place of a post in its thread."""
    post = queries.get_post(post_id)
    root = post if post.root_id is None else queries.get_post(post.root_id)
    if post.root_id is not None and post.number > REPLIES_SHOWN:
        page = (post.number - 1) // PAGE_SIZE + 1
        return redirect(
            url_for("discussion.show_replies", post_id=root.id, pagina=page) + f"#bericht-{post.id}"
        )
    return redirect(place_of(post.thread, root.number) + f"#bericht-{post.id}")


def _readable(post_id: int) -> Post:
    post = queries.get_post(post_id)
    if post.state is not PostState.VISIBLE:
        raise PostGone(post_id=post_id)
    return post


@discussion_pages.get("/berichten/<int:post_id>/antwoorden")
@readers
def show_replies(post_id: int) -> ResponseReturnValue:
    """Show an opening post with all replies, a page at a time."""
    root = queries.get_post(post_id)
    if root.root_id is not None:
        return redirect(url_for("discussion.find_post", post_id=post_id))
    thread = queries.get_thread(root.thread_id)
    pages = count_pages(root.reply_count)
    page = min(max(1, request.args.get("pagina", 1, type=int)), pages)
    rows = [queries.get_shown_post(root), *queries.list_replies(root, page)]
    questions = queries.list_questions(thread.topic_id)
    posts = posts_html(rows, questions, actor=current_actor(), phase=_phase(thread))
    back = place_of(thread, root.number) + f"#bericht-{root.id}"
    return render_template(
        "discussion/replies.html",
        thread=thread,
        root=rows[0],
        posts=posts,
        page=page,
        pages=pages,
        back=back,
    )


@discussion_pages.get("/berichten/<int:post_id>/antwoord")
@members_only
def reply(post_id: int) -> ResponseReturnValue:
    """Show the form to reply to a post, with that post above it."""
    return _reply_page(_readable(post_id), PostForm(formdata=None, reply_to=post_id), status=200)


def _reply_page(post: Post, form: PostForm, *, status: int) -> ResponseReturnValue:
    thread = queries.get_thread(post.thread_id)
    form = _writing_form(form)
    row, questions = queries.get_shown_post(post), queries.list_questions(thread.topic_id)
    [shown] = posts_html([row], questions, actor=current_actor(), phase=Phase.CLOSED)
    page = render_template(
        "discussion/reply.html",
        thread=thread,
        post=row,
        shown=shown,
        form=form,
        may_write=policy.can_write_post(current_actor(), _phase(thread)),
    )
    return page, status


def _own(post_id: int) -> Post:
    post = _readable(post_id)
    if not policy.can_change_post(current_actor(), post.author_id):
        raise NotFound(post_id=post_id)
    return post


@discussion_pages.route("/berichten/<int:post_id>/wijzigen", methods=["GET", "POST"])
@members_only
def edit_post(post_id: int) -> ResponseReturnValue:
    """Change a post of one's own while that is allowed."""
    post = _own(post_id)
    form = EditForm(obj=post)
    if not form.validate_on_submit():
        page = render_template("discussion/edit.html", thread=post.thread, post=post, form=form)
        return page, 422 if form.errors else 200
    body = service.Body.of(form.text.data or "")
    window = timedelta(minutes=current_app.config["SETTINGS"].edit_window_minutes)
    with unit_of_work():
        service.edit_post(
            queries.get_post(post_id), form.version.data or 0, body, current_actor(), window=window, at=now()
        )
    flash(say("post-edited"))
    return redirect(url_for("discussion.find_post", post_id=post_id))


@discussion_pages.route("/berichten/<int:post_id>/intrekken", methods=["GET", "POST"])
@members_only
def withdraw_post(post_id: int) -> ResponseReturnValue:
    """Ask whether to withdraw a post of one's own, and do so."""
    if request.method != "POST":
        post = _own(post_id)
        return render_template("discussion/withdraw.html", thread=post.thread, post=post)
    with unit_of_work():
        service.withdraw_post(queries.get_post(post_id), current_actor(), at=now())
    flash(say("post-withdrawn"))
    return redirect(url_for("discussion.find_post", post_id=post_id))


@discussion_pages.get("/berichten/<int:post_id>/versies")
@readers
def show_history(post_id: int) -> ResponseReturnValue:
    """Show what a post said before its edits, newest first."""
    post = _readable(post_id)
    versions = [(post.version, post.edited_at or post.at, post.html)]
    versions += [(old.version, old.at, old.html) for old in reversed(post.revisions)]
    return render_template(
        "discussion/history.html",
        thread=post.thread,
        post=post,
        versions=[
            {"number": number, "at": at, "html": Markup(html)}  # noqa: S704 - sanitised when it was written
            for number, at, html in versions
        ],
    )


@discussion_pages.post("/berichten/<int:post_id>/reactie")
@members_only
def react(post_id: int) -> ResponseReturnValue:
    """Add or take back *waardevol* or *eens*."""
    form = ReactionForm.from_request()
    with unit_of_work():
        post = queries.get_post(post_id)
        if form.add.data:
            service.add_reaction(post, ReactionKind(form.add.data), current_actor(), at=now())
        elif form.remove.data:
            service.remove_reaction(post, ReactionKind(form.remove.data), current_actor(), at=now())
    return redirect(url_for("discussion.find_post", post_id=post_id))
