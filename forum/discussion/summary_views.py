"""Pages of the summary above a thread: writing it, and what it said before."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forum.discussion import policy
from forum.discussion.errors import SummaryChanged
from forum.discussion.forms import SummaryForm
from forum.discussion.models import Thread
from forum.discussion.queries import get_thread, get_thread_row
from forum.discussion.service import Body
from forum.discussion.summaries import write_summary
from forum.discussion.summary_queries import SummaryVersion, find_summary, list_versions
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.texts.catalogue import say
from forum.texts.comparison import compare_texts
from forum.web.access import current_actor, readers, staff_only
from forum.web.errors import in_words

summary_pages = Blueprint("summary", __name__)


@summary_pages.route("/onderwerpen/<int:topic_id>/samenvatting", methods=["GET", "POST"])
@staff_only(Role.MODERATOR, Role.DELEGATE)
def edit_summary(topic_id: int) -> ResponseReturnValue:
    """Write the summary of a thread, or its next version."""
    thread = get_thread(topic_id)
    standing = find_summary(topic_id, thread.summary_version)
    form = SummaryForm(text=standing.text if standing else "", version=thread.summary_version)
    if not form.validate_on_submit():
        return _form_page(thread, form), form.status
    body = Body.of(form.text.data or "")
    try:
        with unit_of_work():
            shown = form.version.data or 0
            write_summary(get_thread_row(topic_id), shown, body, current_actor(), at=now())
    except SummaryChanged as refusal:
        return _refused_page(refusal, form, topic_id), refusal.status
    flash(say("summary-kept"))
    return redirect(url_for("discussion.find_thread", topic_id=topic_id))


def _form_page(thread: Thread, form: SummaryForm, **details: object) -> str:
    return render_template("discussion/summary.html", thread=thread, form=form, **details)


def _refused_page(refusal: SummaryChanged, form: SummaryForm, topic_id: int) -> str:
    """Show what was typed beside what somebody else wrote meanwhile; sending it again builds on that."""
    thread = get_thread(topic_id)
    form.version.raw_data, form.version.data = None, thread.summary_version
    newer = find_summary(topic_id, thread.summary_version)
    return _form_page(
        thread,
        form,
        refusal=in_words(refusal),
        newer=newer,
        newer_html=Markup(newer.html if newer else ""),  # noqa: S704 - sanitised when it was written
    )


@summary_pages.get("/onderwerpen/<int:topic_id>/samenvatting/versies")
@readers
def show_versions(topic_id: int) -> ResponseReturnValue:
    """Show two versions of a summary beside each other: the ones in the address, else the last two."""
    thread, versions = get_thread(topic_id), list_versions(topic_id)
    before = _chosen("van", versions, thread.summary_version - 1)
    after = _chosen("naar", versions, thread.summary_version)
    texts = [find_summary(topic_id, version) for version in (before, after)]
    old, new = (text.text if text else "" for text in texts)
    return render_template(
        "discussion/summary_versions.html",
        thread=thread,
        versions=versions,
        before=before,
        after=after,
        compared=compare_texts(old, new),
        may_write=policy.can_write_summary(current_actor()),
    )


def _chosen(name: str, versions: Sequence[SummaryVersion], otherwise: int) -> int:
    """Return the version that the address asks for, when it is there."""
    wanted = request.args.get(name, type=int)
    return next((row.version for row in versions if row.version == wanted), max(1, otherwise))
