"""What the front page shows: the debates by year, and what is going on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from forum.agenda.debate_states import DebateState
from forum.discussion.fronts import Front, LatestAgenda, list_fronts, list_latest_fronts
from forum.discussion.rules import Phase
from forum.home.queries import News, list_news
from forum.home.rules import ends_soon
from forum.kernel.clock import local_day
from forum.meetings.lateness import count_late
from forum.outcomes.queries import count_overdue

NO_NEWS = News((), ())


class ShownFront(NamedTuple):
    """All that the front page follows from."""

    agenda: LatestAgenda | None
    fronts: tuple[Front, ...]
    ending: tuple[Front, ...]
    news: News


def read_front(member_id: int | None, at: datetime) -> ShownFront:
    """Read the front page as it is at a moment, with what is new to a member."""
    agenda, fronts = list_latest_fronts(member_id, at=at)
    ending = [front for front in fronts if front.phase is Phase.OPEN and ends_soon(front.closes_at, at)]
    return ShownFront(
        agenda,
        tuple(fronts),
        tuple(sorted(ending, key=lambda front: front.closes_at)),
        list_news([front.topic_id for front in fronts], at=at) if fronts else NO_NEWS,
    )


def list_front_states(agenda_id: int, *, at: datetime) -> Mapping[int, DebateState]:
    """Return what the front page shows of each topic, for the agenda to show the same."""
    phases = {front.topic_id: front.phase for front in list_fronts(agenda_id, at=at)}
    overdue, late = count_overdue(list(phases), local_day(at)), count_late(list(phases), at=at)
    return {
        topic_id: DebateState(phase, overdue.get(topic_id, 0), late.get(topic_id, 0))
        for topic_id, phase in phases.items()
    }


def _by_year(fronts: Sequence[Front]) -> Sequence[tuple[int, list[Front]]]:
    """Return the debates of each year, the last year first, but after what goes on when it only plans."""
    years = [(year, list(group)) for year, group in groupby(fronts, key=attrgetter("year"))]
    return sorted(years, key=lambda year: all(front.phase is Phase.PLANNED for front in year[1]))


def front_values(shown: ShownFront) -> dict[str, Any]:
    """Return what the template of the front page shows; it follows from `shown` alone."""
    fronts, news = shown.fronts, shown.news
    is_silent = bool(fronts) and not any(front.post_count for front in fronts)
    return {
        "agenda": shown.agenda,
        "years": _by_year(fronts),
        "titles": {front.topic_id: front.title for front in fronts},
        "ending": shown.ending,
        "posts": news.posts,
        "panels": news.panels,
        "calls": news.calls,
        "overdue": dict(news.overdue),
        "late_minutes": dict(news.late_minutes),
        "is_silent": is_silent,
        "may_begin": any(front.phase is Phase.OPEN for front in fronts),
        "begins_at": min((front.opens_at for front in fronts if front.phase is Phase.PLANNED), default=None),
        "has_news": bool(news.posts or news.panels or news.calls or shown.ending or is_silent),
    }
