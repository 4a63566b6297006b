"""Pages of a discussion: the thread, one post with its replies, writing, reacting."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from forum.agenda.queries import get_agenda
from forum.agenda.signing import publish_agenda as sign_and_publish
from forum.discussion import policy, queries, reacting, service
from forum.discussion.entering import enter_post as enter_for_tenant
from forum.discussion.errors import ThreadNotOpen
from forum.discussion.forms import EnteredPostForm, PostForm, ReactionForm, StanceForm
from forum.discussion.fronts import period_of
from forum.discussion.heads import (
    ReadSoFar,
    ThreadHead,
    get_head_for_member,
    get_thread_head,
    without_counts,
)
from forum.discussion.models import Thread
from forum.discussion.new_posts import reading_of
from forum.discussion.picture_views import receive_pictures
from forum.discussion.queries import OLDEST, ORDERS, PageChoice
from forum.discussion.replies_page import read_replies
from forum.discussion.rules import (
    REPLIES_SHOWN,
    Phase,
    PostSource,
    ReactionKind,
    Stance,
    page_of,
    phase_of,
)
from forum.discussion.thread_page import (
    ShownThread,
    count_pages,
    place_of,
    read_thread,
    thread_html,
    thread_path,
    writing_html,
)
from forum.discussion.writing import Return, read_body, reason_to_return
from forum.discussion.writing_views import (
    edit_window,
    entering_page,
    get_readable,
    placement_in,
    reply_page,
)
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.members.errors import UnknownTenant
from forum.texts.catalogue import say
from forum.texts.language import spoken
from forum.texts.quoting import quote_of
from forum.web.access import current_actor, members_only, readers, staff_only
from forum.web.errors import in_words
from forum.web.form_times import new_form_key
from forum.web.links import page_asked
from forum.web.links import slug as slug_of
from forum.web.templating import know_site, render_shown

discussion_pages = Blueprint("discussion", __name__)
SKIPPED = "stance_skipped"
CHOICES = ("sorteer", "vraag", "pagina")
"""What an address says after the question mark of the part of a thread that is shown."""


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
    return _to_full_address(topic_id, queries.get_thread(topic_id).topic.title)


@discussion_pages.get("/onderwerpen/<int:topic_id>/<slug>")
@readers
def show_thread(topic_id: int, slug: str) -> ResponseReturnValue:
    """Show one page of a thread; a tenant is first asked for a stance."""
    thread, so_far = _head(topic_id)
    if slug != slug_of(thread.title):
        return _to_full_address(topic_id, thread.title)
    if _asks_stance(thread, so_far):
        return render_template(
            "discussion/stance.html", thread=queries.get_thread(topic_id), form=StanceForm()
        )
    return _thread_page(thread, so_far, None, status=200)


def _to_full_address(topic_id: int, title: str) -> ResponseReturnValue:
    """Go to the address that holds the title, and keep which part of the thread was asked for."""
    kept = {name: request.args[name] for name in CHOICES if name in request.args}
    return redirect(thread_path(topic_id, title, **kept))


def _phase(thread: Thread) -> Phase:
    return phase_of(period_of(thread), now())


def _head(topic_id: int) -> tuple[ThreadHead, ReadSoFar | None]:
    member_id = current_actor().member_id
    if member_id is None:
        head, so_far = get_thread_head(topic_id), None
    else:
        head, so_far = get_head_for_member(topic_id, member_id)
    know_site(head.site)
    return head, so_far


def _asks_stance(thread: ThreadHead, so_far: ReadSoFar | None) -> bool:
    """Tell whether to ask first: who skipped the question once and read the posts is not asked again."""
    if not thread.stance_question or thread.own_stance is not None:
        return False
    if so_far is not None and so_far.read_to is not None:
        return False
    if not policy.can_give_stance(current_actor(), phase_of(thread.period, now())):
        return False
    return thread.topic_id not in session.get(SKIPPED, [])


def _thread_page(
    thread: ThreadHead,
    so_far: ReadSoFar | None,
    form: PostForm | None,
    back: Return | None = None,
    *,
    status: int,
) -> ResponseReturnValue:
    at = now()
    phase = phase_of(thread.period, at)
    shown = read_thread(
        thread, _choice(thread), so_far, actor=current_actor(), phase=phase, window=edit_window(), at=at
    )
    if so_far is None:
        return render_shown("discussion/thread.html", shown, _thread_values), status
    values = _thread_values(shown) | {"reading": reading_of(so_far, shown.new)}
    if form is not None:
        values |= {"form": form, "form_key": form.form_key.data or new_form_key(), "back": back}
    return render_template("discussion/thread.html", **values), status


def _choice(thread: ThreadHead) -> PageChoice:
    """Return which page of a thread is asked for; what does not exist becomes what is nearest."""
    order, wanted = request.args.get("sorteer", OLDEST), request.args.get("vraag", type=int)
    question = next((row for row in thread.questions if row.id == wanted), None)
    pages = count_pages((question or thread).root_count)
    page = page_asked(pages)
    return PageChoice(order if order in ORDERS else OLDEST, page, question)


def _thread_values(shown: ShownThread) -> dict[str, Any]:
    thread, actor, phase = shown.thread, shown.reader, shown.phase
    values = {
        "thread": thread,
        "phase": phase,
        "page": thread_html(shown),
        "may_write": policy.can_write_post(actor, phase),
        "may_enter": policy.can_enter_post(actor, phase, is_below_minutes=False),
        "may_write_summary": policy.can_write_summary(actor),
        "may_make_panel": actor.has_role(Role.MODERATOR),
    }
    if values["may_write"]:
        chosen = shown.choice.question.id if shown.choice.question else None
        fields = writing_html(thread.topic_id, without_counts(thread.questions), chosen, spoken())
        values |= {"form_key": new_form_key(), "empty_form": fields}
    return values


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
        reacting.take_stance(
            queries.get_thread_row(topic_id),
            Stance(form.stance.data),
            current_actor(),
            at=now(),
            is_findable=form.is_findable.data,
        )
    flash(say("stance-kept"))
    return target


@discussion_pages.post("/onderwerpen/<int:topic_id>/berichten")
@members_only
def write_post(topic_id: int) -> ResponseReturnValue:
    """Add a post or a reply."""
    form = PostForm()
    form.validate()
    if form.has_pictures and _may_place(topic_id, form):
        receive_pictures(form)
    if form.errors:
        return _writing_again(topic_id, form, None, status=422)
    body = read_body(form, topic_id)
    if (back := reason_to_return(form, body)) is not None:
        return _writing_again(topic_id, form, back, status=back.status)
    with unit_of_work():
        post_id = service.write_post(topic_id, body, placement_in(form), current_actor(), at=now())
    flash(say("post-written"))
    return redirect(url_for("discussion.find_post", post_id=post_id))


def _may_place(topic_id: int, form: PostForm) -> bool:
    """Tell whether the actor may write what is in a form, before its pictures are taken in."""
    answered = queries.find_post_in(topic_id, form.reply_to.data)
    return policy.can_reply(
        current_actor(),
        _phase(queries.get_thread_row(topic_id)),
        is_below_minutes=queries.is_about_minutes(answered),
    )


def _writing_again(topic_id: int, form: PostForm, back: Return | None, *, status: int) -> ResponseReturnValue:
    if form.reply_to.data and not form.reply_to.errors:
        return reply_page(queries.get_post(form.reply_to.data), form, back, status=status)
    return _thread_page(*_head(topic_id), form, back, status=status)


@discussion_pages.route("/onderwerpen/<int:topic_id>/namens", methods=["GET", "POST"])
@staff_only(Role.MODERATOR, Role.DELEGATE)
def enter_post(topic_id: int) -> ResponseReturnValue:
    """Enter a post for a tenant who phoned, wrote or spoke at a meeting."""
    thread, form = queries.get_thread(topic_id), EnteredPostForm()
    form.reply_to.data = form.reply_to.data or request.args.get("op", type=int)
    if not form.validate_on_submit():
        return entering_page(thread, form, status=form.status)
    body = read_body(form, topic_id)
    if (back := reason_to_return(form, body)) is not None:
        return entering_page(thread, form, back, status=back.status)
    place = placement_in(form, PostSource(form.source.data))
    try:
        with unit_of_work():
            number = form.number.data or ""
            post = enter_for_tenant(topic_id, body, place, number, current_actor(), at=now())
            said = say("post-entered", name=post.author.display_name)
    except UnknownTenant as error:
        return entering_page(thread, form, refusal=in_words(error), status=422)
    flash(said)
    return redirect(url_for("discussion.enter_post", topic_id=topic_id))


@discussion_pages.get("/berichten/<int:post_id>")
@readers
def find_post(post_id: int) -> ResponseReturnValue:
    """Go to the place of a post in its thread."""
    post = queries.get_post(post_id)
    root = post if post.root_id is None else queries.get_post(post.root_id)
    here = f"#bericht-{post.id}"
    if post.root_id is not None and post.number > REPLIES_SHOWN:
        page = page_of(post.number)
        return redirect(url_for("discussion.show_replies", post_id=root.id, pagina=page) + here)
    return redirect(place_of(post.thread, root.number) + here)


@discussion_pages.get("/berichten/<int:post_id>/antwoorden")
@readers
def show_replies(post_id: int) -> ResponseReturnValue:
    """Show an opening post with all replies, a page at a time."""
    root = queries.get_post(post_id)
    if root.root_id is not None:
        return redirect(url_for("discussion.find_post", post_id=post_id))
    thread, reader = queries.get_thread(root.thread_id), current_actor()
    pages = count_pages(root.reply_count)
    page = page_asked(pages)
    back = place_of(thread, root.number) + f"#bericht-{root.id}"
    return render_template(
        "discussion/replies.html",
        thread=thread,
        shown=read_replies(root, page, reader, _phase(thread), window=edit_window(), at=now()),
        page=page,
        pages=pages,
        back=back,
    )


@discussion_pages.get("/berichten/<int:post_id>/antwoord")
@members_only
def reply(post_id: int) -> ResponseReturnValue:
    """Show the form to reply to a post, with that post above it, and its words in the form when asked for."""
    post = get_readable(post_id)
    form = PostForm(formdata=None, reply_to=post_id)
    form.text.data = quote_of(post.text) if "citaat" in request.args else ""
    return reply_page(post, form, status=200)


@discussion_pages.post("/berichten/<int:post_id>/reactie")
@members_only
def react(post_id: int) -> ResponseReturnValue:
    """Add or take back *waardevol* or *eens*."""
    form = ReactionForm.from_request()
    with unit_of_work():
        post = queries.get_post(post_id)
        if form.add.data:
            reacting.add_reaction(post, ReactionKind(form.add.data), current_actor(), at=now())
        elif form.remove.data:
            reacting.remove_reaction(post, ReactionKind(form.remove.data), current_actor(), at=now())
    return redirect(url_for("discussion.find_post", post_id=post_id))
