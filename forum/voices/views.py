"""The page that tells moderators and delegates whose voice is missing in a debate."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.models import Thread
from forum.discussion.queries import get_thread, get_thread_row
from forum.kernel.actor import Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.texts.catalogue import say
from forum.voices import queries, service
from forum.voices.errors import ActionDayRefused
from forum.voices.forms import ActionForm, tell_action
from forum.voices.page import action_lines, as_csv, show_count, tables_of
from forum.voices.radar import Radar, read_radar
from forum.web.access import current_actor, staff_only
from forum.web.downloads import download

voice_pages = Blueprint("voices", __name__)
SEEING = (Role.MODERATOR, Role.DELEGATE)


@voice_pages.get("/onderwerpen/<int:topic_id>/wie-ontbreekt")
@staff_only(*SEEING)
def show_radar(topic_id: int) -> ResponseReturnValue:
    """Show which groups read, write and are valued less than their share, and what can be done."""
    thread = get_thread(topic_id)
    radar = _radar(thread)
    form = ActionForm(formdata=None, day=local_day(now()))
    form.offer(radar.suggestions)
    return _page(thread, radar, form)


@voice_pages.post("/onderwerpen/<int:topic_id>/wie-ontbreekt")
@staff_only(*SEEING)
def note_action(topic_id: int) -> ResponseReturnValue:
    """Note that something was done for a group."""
    thread, form = get_thread(topic_id), ActionForm()
    radar = _radar(thread)
    form.offer(radar.suggestions)
    if not form.validate():
        return _page(thread, radar, form), 422
    try:
        with unit_of_work():
            service.note_action(get_thread_row(topic_id), form.done, current_actor(), at=now())
    except ActionDayRefused as refusal:
        form.day.errors = [say(refusal.code)]
        return _page(get_thread(topic_id), radar, form), 422
    flash(say("voices-noted"))
    return redirect(url_for("voices.show_radar", topic_id=topic_id))


@voice_pages.post("/onderwerpen/<int:topic_id>/wie-ontbreekt/weghalen/<int:action_id>")
@staff_only(*SEEING)
def remove_action(topic_id: int, action_id: int) -> ResponseReturnValue:
    """Take back what was noted by mistake."""
    with unit_of_work():
        service.remove_action(queries.get_action(topic_id, action_id), current_actor(), at=now())
    flash(say("voices-removed"))
    return redirect(url_for("voices.show_radar", topic_id=topic_id))


@voice_pages.post("/onderwerpen/<int:topic_id>/wie-ontbreekt/bestand")
@staff_only(*SEEING)
def download_table(topic_id: int) -> ResponseReturnValue:
    """Send the tables as CSV, and record that somebody took them."""
    with unit_of_work():
        thread = get_thread_row(topic_id)
        service.record_export(thread, current_actor(), at=now())
        content = as_csv(_radar(thread))
    return download(content, "text/csv", f"wie-ontbreekt-{topic_id}.csv")


def _radar(thread: Thread) -> Radar:
    return read_radar(thread.topic_id, year=local_day(now()).year)


def _page(thread: Thread, radar: Radar, form: ActionForm) -> str:
    return render_template(
        "voices/radar.html",
        thread=thread,
        radar=radar,
        totals=[(measure, show_count(radar.totals[measure])) for measure in radar.totals],
        tables=tables_of(radar),
        suggestions=[tell_action(row.kind, row.grouping, row.group) for row in radar.suggestions],
        form=form,
        actions=action_lines(radar, queries.list_actions(thread.topic_id)),
    )
