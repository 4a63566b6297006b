"""Steps of the demo year about what was advised: recommendations, answers, work, a topic that closes."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from forum.demo.content import RecommendationContent
from forum.demo.moments import COURSES, days_before, local_moment
from forum.demo.panel_steps import Happening
from forum.demo.year import DemoYear
from forum.discussion.queries import get_thread_row
from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day
from forum.kernel.database import db
from forum.meetings.models import MinutesPoint
from forum.outcomes import telling
from forum.outcomes.answering import AnswerText, give_answer, report_work
from forum.outcomes.models import Recommendation
from forum.outcomes.queries import list_panels_of, list_published
from forum.outcomes.rules import BUNDLED_WITHIN
from forum.outcomes.service import (
    RecommendationText,
    cite,
    publish_recommendations,
    write_recommendation,
)
from forum.panels.rules import PanelState

ADVISED = "tuin-fietsenberging"
PUBLISHED, OVERDUE_SINCE = 10, 2
"""Days before today: when the recommendations were published, and the last day for an answer."""
CONSULTATION, CONSULTATION_TERM = "polis-affordable-housing", 42
"""The consultation that comes along: what was advised is written for its posts, not for those of another."""
MINUTE = timedelta(minutes=1)


def plan_recommendations(year: DemoYear) -> Sequence[Happening]:
    """Return what happens after the panel has met: one of the answers is too late."""
    contents, answering = _of(year, ADVISED), COURSES[ADVISED].answering
    assert answering is not None, "told only of a topic that has answers"
    published = local_moment(days_before(year.order.today, PUBLISHED), 16)
    answered = local_moment(days_before(year.order.today, answering), 9)
    told = answered + len(contents) * MINUTE + BUNDLED_WITHIN
    term = PUBLISHED - OVERDUE_SINCE
    happenings = [
        Happening(published, partial(_publish, year, ADVISED, contents, term, published)),
        Happening(answered, partial(_answer_all, year, ADVISED, contents, answered)),
        Happening(told, partial(_tell, year, ADVISED, told)),
    ]
    for number, content in enumerate(contents, start=1):
        for days, text in content.notes:
            at = local_moment(days_before(year.order.today, days), 11, number)
            happenings.append(Happening(at, partial(_report, year, content, number, text, at)))
    return happenings


def advise_on_consultation(year: DemoYear, moment: Callable[[int], datetime]) -> None:
    """Carry the consultation that comes along through: advised, answered and done.

    Args:
        year: the year while it is made.
        moment: gives a moment on about that many days ago, later than the one before.
    """
    key = year.content.consultation.key
    contents = _of(year, key)
    _publish(year, key, contents, CONSULTATION_TERM, moment(395))
    _answer_all(year, key, contents, moment(370))
    _tell(year, key, moment(369))
    for number, content in enumerate(contents, start=1):
        for days, text in content.notes:
            _report(year, content, number, text, moment(days))


def _of(year: DemoYear, key: str) -> Sequence[RecommendationContent]:
    return [content for content in year.content.recommendations if content.topic == key]


def _publish(
    year: DemoYear, key: str, contents: Sequence[RecommendationContent], term: int, at: datetime
) -> None:
    thread, moderator = get_thread_row(year.topics[key]), year.officers[Role.MODERATOR, Party.TENANTS]
    held = [panel.id for panel in list_panels_of(thread.topic_id) if panel.state is PanelState.HELD]
    for content in contents:
        text = RecommendationText(content.title, content.text, panel_id=held[0] if held else None)
        draft = write_recommendation(thread, text, moderator, at=at)
        for post, quote in content.cites:
            cite(draft, str(year.posts[key, post]), quote, moderator, at=at)
        for title, quote in content.points.items():
            point_id = db.session.scalar(select(MinutesPoint.id).where(MinutesPoint.title == title))
            cite(draft, f"/verslagpunten/{point_id}", quote, moderator, at=at)
    publish_recommendations(thread, moderator, answer_days=term, at=at)


def _answer_all(year: DemoYear, key: str, contents: Sequence[RecommendationContent], at: datetime) -> None:
    landlord = year.officers[Role.DELEGATE, Party.LANDLORD]
    for row, content in zip(list_published(year.topics[key]), contents, strict=True):
        if content.answer is None:
            continue
        work_by = days_before(year.order.today, content.work_by) if content.work_by is not None else None
        text = AnswerText(content.answer, content.reason, content.owner, work_by)
        give_answer(row, 0, text, landlord, at=at + (row.number or 0) * MINUTE)


def _tell(year: DemoYear, key: str, at: datetime) -> None:
    telling.tell_of_answers(get_thread_row(year.topics[key]), at=at)


def _report(year: DemoYear, content: RecommendationContent, number: int, text: str, at: datetime) -> None:
    landlord = year.officers[Role.DELEGATE, Party.LANDLORD]
    is_last = text == content.notes[-1][1]
    done_on = local_day(at) if content.is_done and is_last else None
    report_work(_find(year, content.topic, number), text, landlord, done_on=done_on, at=at)


def _find(year: DemoYear, key: str, number: int) -> Recommendation:
    return next(row for row in list_published(year.topics[key]) if row.number == number)
