"""Background work of polls: telling of those that opened or are over."""

from datetime import datetime

from forum.jobs.registry import task
from forum.kernel.database import unit_of_work
from forum.polls.queries import get_poll, list_untold
from forum.polls.telling import tell_of_poll


@task("polls.tell", every_seconds=30)
def tell_of_polls(*, at: datetime) -> None:
    """Tell of polls that opened or are over; not in the request, however many follow a thread."""
    for poll_id in list_untold(at):
        with unit_of_work():
            tell_of_poll(get_poll(poll_id), at=at)
