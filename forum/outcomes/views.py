"""Pages for everybody: the logbook of influence of a topic, and that of a year."""

from collections.abc import Sequence, Set
from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from forum.agenda.queries import get_agenda
from forum.discussion.fronts import period_of
from forum.discussion.outcome_notes import register_outcome_source
from forum.discussion.queries import get_thread
from forum.discussion.rules import phase_of
from forum.kernel.actor import Actor
from forum.kernel.clock import local_day, now
from forum.outcomes import policy, queries
from forum.outcomes.logbook import LogEntry, count_standings, log_entries
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
        withdrawable=set() if thread.closed_at else _withdrawable(entries, actor),
    )


def _withdrawable(entries: Sequence[LogEntry], actor: Actor) -> Set[int]:
    """Return the numbers of the rows that an actor may take back."""
    return {
        entry.row.id
        for entry in entries
        if entry.may_be_withdrawn
        and policy.can_withdraw_recommendation(
            actor, entry.row.panel.coordinator_id if entry.row.panel else None
        )
    }


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


@outcome_pages.get("/agenda/<int:year>/invloed/afdrukken")
@readers
def print_year(year: int) -> ResponseReturnValue:
    """Show all that was advised in a year whole: from the words it builds on to the work, to print."""
    agenda, at = get_agenda(year), now()
    entries = log_entries(queries.list_all_of_year(agenda.id), local_day(at))
    return render_template(
        "outcomes/year_whole.html",
        agenda=agenda,
        topics=[
            (thread, list(group)) for thread, group in groupby(entries, key=lambda entry: entry.row.thread)
        ],
        counts=count_standings([entry.standing for entry in entries]),
        at=at,
    )
