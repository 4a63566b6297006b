"""A step of the demo year: both parties sum up a debate that is over."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from forum.demo.moments import COURSES, days_before, local_moment
from forum.demo.panel_steps import Happening
from forum.demo.year import DemoYear
from forum.discussion.queries import get_thread_row
from forum.discussion.service import Body
from forum.discussion.summaries import write_summary
from forum.kernel.actor import Party, Role
from forum.texts.catalogue import say

SUMMARISED = "samenleven"
DAYS_AFTER_CLOSING = {Party.TENANTS: 2, Party.LANDLORD: 4}


def plan_summaries(year: DemoYear) -> Sequence[Happening]:
    """Return the two versions of a summary: of one party, and what the other adds to it."""
    happenings = []
    for shown_version, (party, days) in enumerate(DAYS_AFTER_CLOSING.items()):
        at = local_moment(days_before(year.order.today, COURSES[SUMMARISED].closes - days), 10)
        happenings.append(Happening(at, partial(_write, year, party, shown_version, at)))
    return happenings


def _write(year: DemoYear, party: Party, shown_version: int, at: datetime) -> None:
    body = Body.of(say(f"demo-summary-{party}"))
    writer = year.officers[Role.MODERATOR, party]
    write_summary(get_thread_row(year.topics[SUMMARISED]), shown_version, body, writer, at=at)
