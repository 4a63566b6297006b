"""Who hears what of recommendations: that they are there, how they were answered, that the work is done."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import selectinload

from forum.discussion.follow_queries import list_followers, list_involved, without_muted
from forum.discussion.models import Post, Thread
from forum.discussion.rules import PostSource, PostState
from forum.discussion.telling import subject_of
from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day
from forum.kernel.database import db, lock
from forum.meetings.models import Minutes, MinutesPoint
from forum.members.models import Member, MemberState
from forum.members.queries import list_acting
from forum.notifications.abouts import About, Line, register_about
from forum.notifications.emails import is_reachable
from forum.notifications.models import Notification
from forum.notifications.rules import NotificationKind
from forum.notifications.service import notify_all
from forum.outcomes.models import Answer, Citation, Heard, Recommendation
from forum.outcomes.queries import list_due, list_late_work
from forum.outcomes.rules import BUNDLED_WITHIN, REMINDED_BEFORE
from forum.panels.models import Attendance
from forum.texts.catalogue import say

ADVICE = "advice"
ASKING = frozenset({"asked", "due"})
"""What the landlord is asked: there is no answer to show, or another one is wanted."""


def tell_of_recommendations(thread: Thread, rows: Sequence[Recommendation], *, at: datetime) -> None:
    """Tell who is involved that there are recommendations, and the landlord that they ask for an answer."""
    answering = _list_landlord_staff()
    about = _about(thread, rows)
    others = set(list_involved(thread.topic_id)) - set(answering)
    key = _key_of_publishing(max(row.id for row in rows))
    notify_all(others, NotificationKind.PHASE, at=at, event="advised", key=key, **about)
    notify_all(answering, NotificationKind.ANSWER, at=at, event="asked", key=key, **about)


def _list_landlord_staff() -> Sequence[int]:
    """Return who may answer for the landlord."""
    return [member.id for member in list_acting([Party.LANDLORD], Role.DELEGATE, Role.MODERATOR)]


def _about(thread: Thread, rows: Sequence[Recommendation]) -> dict[str, Any]:
    """Return what a notification says of recommendations on a topic."""
    return {
        "subject": subject_of(thread.topic_id),
        "title": thread.topic.title,
        "path": f"/onderwerpen/{thread.topic_id}/invloed#advies-{rows[0].number}",
        "about": ADVICE,
        "about_id": thread.topic_id,
        "text": " ".join(str(row.number) for row in rows),
    }


def _recommendations(told: Sequence[Notification]) -> Mapping[int, About]:
    """Return what can be said of recommendations: the text of a notification has their numbers."""
    rows = db.session.scalars(
        select(Recommendation)
        .where(
            Recommendation.thread_id.in_({news.about_id for news in told}),
            Recommendation.published_at.is_not(None),
        )
        .options(selectinload(Recommendation.answers))
    )
    found = {(row.thread_id, str(row.number)): row for row in rows}
    return {
        news.id: About([_line(found[news.about_id or 0, number], news) for number in news.text.split()])
        for news in told
    }


def _line(row: Recommendation, news: Notification) -> Line:
    if row.withdrawn_at is not None:
        return Line(f"{row.number}. {row.title}", say("standing-withdrawn"))
    is_of_answers = news.kind is NotificationKind.ANSWER and news.event not in ASKING
    said = say(f"kind-word-{row.answer.kind}") if is_of_answers and row.answer else ""
    return Line(f"{row.number}. {row.title}", said)


register_about(ADVICE, _recommendations)


def list_threads_to_tell(at: datetime) -> Sequence[int]:
    """Return the topics whose last answer that was not told of is old enough to tell of all together."""
    newest = func.max(Answer.at)
    return db.session.scalars(
        select(Recommendation.thread_id)
        .join(Answer, Answer.recommendation_id == Recommendation.id)
        .where(Recommendation.told_at.is_(None), Recommendation.answer_version > 0)
        .group_by(Recommendation.thread_id)
        .having(newest <= at - BUNDLED_WITHIN)
        .order_by(Recommendation.thread_id)
    ).all()


def tell_of_answers(thread: Thread, *, at: datetime) -> None:
    """Tell of the answers on a topic that nobody heard of yet, everybody once.

    The authors of what was cited, and who was there when a cited point was made, hear that it counted, in one
    message for all the answers that concern them; whom no mail reaches gets a letter. Of the first answers
    everybody hears who is involved, later only who follows the topic.
    """
    lock(thread)
    rows = _list_untold(thread.topic_id)
    if not rows:
        return
    is_first = not _was_told_before(thread.topic_id)
    heard = _hear(rows, at=at)
    for member_ids, told in _by_what_they_hear(heard).items():
        contributors = without_muted(thread.topic_id, told)
        mine = [row for row in rows if row.id in member_ids]
        key = f"contributed:{mine[-1].id}"
        about = _about(thread, mine)
        notify_all(contributors, NotificationKind.ANSWER, at=at, event="contributed", key=key, **about)
    followers = list_involved(thread.topic_id) if is_first else list_followers(thread.topic_id)
    others = set(followers) - set(heard)
    key = f"answered:{rows[-1].id}"
    notify_all(others, NotificationKind.ANSWER, at=at, key=key, **_about(thread, rows))
    for row in rows:
        row.told_at = at


def _list_untold(thread_id: int) -> Sequence[Recommendation]:
    return db.session.scalars(
        select(Recommendation)
        .where(
            Recommendation.thread_id == thread_id,
            Recommendation.told_at.is_(None),
            Recommendation.answer_version > 0,
        )
        .order_by(Recommendation.number)
    ).all()


def _was_told_before(thread_id: int) -> bool:
    told = select(Recommendation.id).where(
        Recommendation.thread_id == thread_id, Recommendation.told_at.is_not(None)
    )
    return db.session.scalar(told.limit(1)) is not None


def _hear(rows: Sequence[Recommendation], *, at: datetime) -> Mapping[int, frozenset[int]]:
    """Remember who hears of which of these, and return that by member.

    Not of a post that was hidden or withdrawn, nor of one from a consultation held elsewhere: nobody can be
    told there.
    """
    ids = [row.id for row in rows]
    wrote = (
        select(Citation.recommendation_id, Post.author_id.label("member_id"))
        .join(Post, Post.id == Citation.post_id)
        .where(
            Citation.recommendation_id.in_(ids),
            Post.state == PostState.VISIBLE,
            Post.source != PostSource.IMPORT,
        )
    )
    was_there = (
        select(Citation.recommendation_id, Attendance.member_id)
        .join(MinutesPoint, MinutesPoint.id == Citation.point_id)
        .join(Minutes, Minutes.id == MinutesPoint.minutes_id)
        .join(Attendance, Attendance.meeting_id == Minutes.meeting_id)
        .where(Citation.recommendation_id.in_(ids), Attendance.is_present)
    )
    contributed = union(wrote, was_there).subquery()
    found = db.session.execute(
        select(contributed.c.recommendation_id, Member)
        .join(Member, Member.id == contributed.c.member_id)
        .where(Member.state == MemberState.ACTIVE)
        .order_by(contributed.c.recommendation_id, Member.id)
    ).all()
    reached: dict[int, bool] = {}
    heard: dict[int, set[int]] = defaultdict(set)
    for recommendation_id, member in found:
        if member.id not in reached:
            reached[member.id] = is_reachable(member)
        heard[member.id].add(recommendation_id)
        db.session.add(
            Heard(
                recommendation_id=recommendation_id,
                member_id=member.id,
                at=at,
                by_letter=not reached[member.id],
            )
        )
    db.session.flush()
    return {member_id: frozenset(ids) for member_id, ids in heard.items()}


def _by_what_they_hear(heard: Mapping[int, frozenset[int]]) -> Mapping[frozenset[int], Collection[int]]:
    together: dict[frozenset[int], list[int]] = defaultdict(list)
    for member_id, ids in heard.items():
        together[ids].append(member_id)
    return together


def tell_of_change(row: Recommendation, *, at: datetime) -> None:
    """Tell who heard of an answer, and who follows the topic, that it was changed."""
    _tell_again(row, "changed", f"changed:{row.id}:{row.answer_version}", at=at)


def tell_of_work_done(row: Recommendation, *, at: datetime) -> None:
    """Tell who heard of an answer, and who follows the topic, that what it promised is done."""
    _tell_again(row, "done", f"done:{row.id}", at=at)


def _tell_again(row: Recommendation, event: str, key: str, *, at: datetime) -> None:
    heard = db.session.scalars(select(Heard.member_id).where(Heard.recommendation_id == row.id)).all()
    told = {*without_muted(row.thread_id, heard), *list_followers(row.thread_id)}
    about = _about(row.thread, [row])
    notify_all(told, NotificationKind.ANSWER, at=at, event=event, key=key, **about)


def tell_of_withdrawal(row: Recommendation, *, at: datetime) -> None:
    """Tell everybody who heard of a recommendation when it was published that it was taken back."""
    together = select(func.max(Recommendation.id)).where(
        Recommendation.thread_id == row.thread_id, Recommendation.published_at == row.published_at
    )
    heard = db.session.execute(
        select(Notification.kind, Notification.member_id).where(
            Notification.key == _key_of_publishing(db.session.scalar(together) or row.id)
        )
    ).all()
    about, key = _about(row.thread, [row]), f"withdrawn:{row.id}"
    for kind in (NotificationKind.PHASE, NotificationKind.ANSWER):
        told = [member_id for of_kind, member_id in heard if of_kind is kind]
        notify_all(told, kind, at=at, event="withdrawn", key=key, **about)


def _key_of_publishing(last_id: int) -> str:
    """Return the key under which recommendations were told of that were published together with this last."""
    return f"advised:{last_id}"


def remind_landlord(*, at: datetime) -> None:
    """Tell the landlord once of every answer that is due within a week, or overdue, and of late work."""
    answering = _list_landlord_staff()
    for row in list_due(local_day(at) + REMINDED_BEFORE):
        about = _about(row.thread, [row])
        notify_all(answering, NotificationKind.ANSWER, at=at, event="due", key=f"due:{row.id}", **about)
    for row in list_late_work(local_day(at)):
        about, key = _about(row.thread, [row]), f"late:{row.id}:{row.answer_version}"
        notify_all(answering, NotificationKind.ANSWER, at=at, event="late", key=key, **about)
