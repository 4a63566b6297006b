"""Pages for everybody: the logbook of influence of a topic, and that of a year."""

from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from forum.agenda.queries import get_agenda
from forum.discussion.fronts import period_of
from forum.discussion.outcome_notes import register_outcome_source
from forum.discussion.queries import get_thread
from forum.discussion.rules import phase_of
from forum.kernel.clock import local_day, now
from forum.outcomes import policy, queries
from forum.outcomes.logbook import count_standings, log_entries
from forum.outcomes.rules import standing_of
from forum.outcomes.thread_notes import outcome_note
from forum.web.access import current_actor, readers

outcome_pages = Blueprint("outcomes", __name__)
register_outcome_source(outcome_note)


@outcome_pages.get("/onderwerpen/<int:topic_id>/invloed")
@readers
def show_logbook(topic_id: int) -> ResponseReturnValue:
    """Show what was advised on a topic: from which posts, what the answer was, and what was done."""
    thread, actor, at = get_thread(topic_id), current_actor(), now()
    entries = log_entries(queries.list_published(topic_id), local_day(at))
    return render_template(
        "outcomes/logbook.html",
        thread=thread,
        phase=phase_of(period_of(thread), at),
        entries=entries,
        counts=count_standings([entry.standing for entry in entries]),
        may_answer=policy.can_answer_recommendation(actor),
        may_write=policy.can_write_recommendation(actor, None),
    )


@outcome_pages.get("/agenda/<int:year>/invloed")
@readers
def show_year(year: int) -> ResponseReturnValue:
    """Show what was advised on the topics of a year, and how far each is."""
    agenda, today = get_agenda(year), local_day(now())
    rows = [(row, standing_of(row.course, today)) for row in queries.list_of_year(agenda.id)]
    return render_template(
        "outcomes/year.html",
        agenda=agenda,
        topics=[(thread, list(group)) for thread, group in groupby(rows, key=lambda pair: pair[0].thread)],
        counts=count_standings([standing for _, standing in rows]),
    )
