"""A step of the demo year: during two debates something is done for a group that takes part too little."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from forum.demo.moments import COURSES, days_before, local_moment
from forum.demo.panel_steps import Happening
from forum.demo.year import DemoYear
from forum.discussion.queries import get_thread_row
from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day
from forum.voices.radar import read_radar
from forum.voices.service import Done, note_action

NOTED: Sequence[tuple[str, int]] = (("samenleven", 25), ("lift-schimmel", 12))
"""In which debate, and how many days after it opened."""


def plan_actions(year: DemoYear) -> Sequence[Happening]:
    """Return when a moderator looks who is missing, and does something about the largest gap."""
    happenings = []
    for key, days in NOTED:
        at = local_moment(days_before(year.order.today, COURSES[key].opens - days), 11)
        happenings.append(Happening(at, partial(_act, year, key, at)))
    return happenings


def _act(year: DemoYear, key: str, at: datetime) -> None:
    today, moderator = local_day(at), year.officers[Role.MODERATOR, Party.TENANTS]
    for suggestion in read_radar(year.topics[key], year=today.year).suggestions[:1]:
        done = Done(suggestion.kind, suggestion.grouping, suggestion.group, today)
        note_action(get_thread_row(year.topics[key]), done, moderator, at=at)
