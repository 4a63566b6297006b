"""Background work around answers: tell of them together, remind of what is due."""

from datetime import datetime

from forum.discussion.queries import get_thread_row
from forum.jobs.registry import task
from forum.kernel.database import unit_of_work
from forum.outcomes import panel_ends, telling
from forum.panels.queries import get_panel


@task("outcomes.tell", every_seconds=60)
def tell_of_answers(*, at: datetime) -> None:
    """Tell of answers, a topic at a time, once no other has followed for a while."""
    for thread_id in telling.list_threads_to_tell(at):
        with unit_of_work():
            telling.tell_of_answers(get_thread_row(thread_id), at=at)


@task("outcomes.end_panels", every_seconds=3600)
def end_advised_panels(*, at: datetime) -> None:
    """Dissolve the panels that lived until their advice was given, once it is."""
    for panel_id in panel_ends.list_advised_panels(at):
        with unit_of_work():
            panel_ends.end_when_advised(get_panel(panel_id), at=at)


@task("outcomes.remind", every_seconds=3600)
def remind_landlord(*, at: datetime) -> None:
    """Remind the landlord of answers that are due, and of work that is late."""
    with unit_of_work():
        telling.remind_landlord(at=at)
