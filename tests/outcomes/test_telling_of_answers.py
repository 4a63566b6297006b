"""Who hears of an answer: authors once, together, by mail or letter; followers too; the landlord in time."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.discussion.following import follow
from forum.discussion.models import Post
from forum.discussion.queries import get_thread_row
from forum.discussion.rules import FollowLevel, PostSource, PostState
from forum.kernel.clock import local_day
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.members.models import MemberState
from forum.notifications.models import Notification
from forum.notifications.shown import show
from forum.outcomes import answering, letters, telling
from forum.outcomes.answering import AnswerText
from forum.outcomes.jobs import remind_landlord, tell_of_answers
from forum.outcomes.models import Heard, Recommendation
from forum.outcomes.rules import BUNDLED_WITHIN, REMINDED_BEFORE, AnswerKind
from forum.texts.language import speaking
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_post, make_tenant
from tests.support.outcomes import (
    REASON,
    give_answer,
    make_cited_debate,
    make_cited_point,
    make_draft,
    make_landlord,
    make_moderator_of,
    make_published,
    publish,
)
from tests.support.panels import OVER
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")

ANSWERED = OVER + timedelta(days=3)
TOLD = ANSWERED + BUNDLED_WITHIN


def news(member_id: int, kind: str = "answer") -> list[tuple[str, str]]:
    """Return event and text of what a member heard, oldest first."""
    rows = db.session.scalars(
        select(Notification)
        .where(Notification.member_id == member_id, Notification.kind == kind)
        .order_by(Notification.id)
    ).all()
    return [
        (
            row.event,
            ". ".join(f"{line.words}: {line.said}" if line.said else line.words for line in item.lines),
        )
        for row, item in zip(rows, show(rows), strict=True)
    ]


def heard() -> list[tuple[int, int, bool]]:
    """Return which recommendation who heard of, and whether by letter."""
    rows = db.session.scalars(select(Heard).order_by(Heard.recommendation_id, Heard.member_id))
    return [(row.recommendation_id, row.member_id, row.by_letter) for row in rows]


def test_an_author_hears_once_of_all_answers_that_were_given_together() -> None:
    thread, post = make_cited_debate()
    first, second = (make_draft(thread, post, title=title) for title in ("Een", "Twee"))
    publish(thread)
    give_answer(first, at=ANSWERED - timedelta(minutes=10))
    give_answer(second, AnswerText(AnswerKind.NOT, REASON), at=ANSWERED)

    tell_of_answers(at=TOLD - timedelta(minutes=1))
    assert news(post.author_id) == []
    for minutes in (0, 5):
        tell_of_answers(at=TOLD + timedelta(minutes=minutes))

    assert news(post.author_id) == [("contributed", "1. Een: Overgenomen. 2. Twee: Niet overgenomen")]
    assert heard() == [(row.id, post.author_id, False) for row in (first, second)]


def test_each_reads_what_was_answered_in_their_own_language() -> None:
    thread, post = make_cited_debate()
    make_published(thread, post, title="Wat nu?")
    give_answer(db.session.query(Recommendation).one(), at=ANSWERED)
    tell_of_answers(at=TOLD)

    with speaking("en"):
        in_english = news(post.author_id)

    assert in_english == [("contributed", "1. Wat nu?: Adopted")]


def test_what_the_landlord_is_asked_says_nothing_of_an_answer() -> None:
    thread, post = make_cited_debate()
    landlord = make_landlord().member_id or 0
    row = make_published(thread, post, title="Een")
    before = news(landlord)
    give_answer(row, at=ANSWERED)

    assert news(landlord) == before == [("asked", "1. Een")]


def test_a_later_answer_is_another_message_and_a_changed_one_is_told_as_such() -> None:
    thread, post = make_cited_debate()
    first, second = (make_draft(thread, post, title=title) for title in ("Een", "Twee"))
    publish(thread)
    give_answer(first, at=ANSWERED)
    tell_of_answers(at=TOLD)

    give_answer(second, at=TOLD + timedelta(days=1))
    tell_of_answers(at=TOLD + timedelta(days=2))
    give_answer(first, AnswerText(AnswerKind.NOT, REASON), at=TOLD + timedelta(days=3))
    tell_of_answers(at=TOLD + timedelta(days=4))

    assert [event for event, _ in news(post.author_id)] == ["contributed", "contributed", "changed"]
    assert len(heard()) == 2


def _hide(post: Post) -> None:
    post.state = PostState.HIDDEN


def _import(post: Post) -> None:
    post.source = PostSource.IMPORT


def _move(post: Post) -> None:
    post.author.state = MemberState.GONE


@pytest.mark.parametrize("change", [_hide, _import, _move])
def test_who_cannot_be_told_is_not(change: Callable[[Post], None]) -> None:
    thread, post = make_cited_debate()
    row = make_published(thread, post)
    change(post)
    db.session.commit()
    give_answer(row, at=ANSWERED)

    tell_of_answers(at=TOLD)

    assert heard() == []
    assert db.session.get_one(Recommendation, row.id).told_at == TOLD


def test_others_hear_of_the_first_answer_and_followers_of_each() -> None:
    thread, post = make_cited_debate()
    writer, follower = make_tenant(), make_tenant()
    make_post(thread, writer)
    follow(thread, FollowLevel.EVERYTHING, actor_of(follower), at=OVER)
    for title in ("Een", "Twee"):
        row = make_published(thread, post, title=title)
        give_answer(row, at=ANSWERED)
        tell_of_answers(at=TOLD)

    told = Counter(
        member_id for member_id in (writer.id, follower.id) for event, _ in news(member_id) if not event
    )
    assert told == {writer.id: 1, follower.id: 2}
    assert [event for event, _ in news(post.author_id)] == ["contributed", "contributed"]


def test_who_wants_to_hear_nothing_of_the_thread_hears_nothing() -> None:
    thread, post = make_cited_debate()
    follow(thread, FollowLevel.NOTHING, actor_of(post.author), at=OVER)
    row = make_published(thread, post)
    give_answer(row, at=ANSWERED)

    tell_of_answers(at=TOLD)

    assert news(post.author_id) == []


def test_work_that_is_done_is_told_to_who_heard_of_the_answer() -> None:
    thread, post = make_cited_debate()
    row = make_published(thread, post)
    give_answer(row, at=ANSWERED)
    tell_of_answers(at=TOLD)

    answering.report_work(row, "De monteur komt.", make_landlord(), done_on=local_day(TOLD), at=TOLD)

    assert [event for event, _ in news(post.author_id)] == ["contributed", "done"]


def test_the_landlord_hears_what_is_asked_and_once_what_is_due() -> None:
    landlord = make_landlord().member_id
    assert landlord is not None
    thread, post = make_cited_debate()
    row = make_published(thread, post)
    assert row.answer_by is not None
    due = OVER + (row.answer_by - local_day(OVER))

    for before in (REMINDED_BEFORE + timedelta(days=1), REMINDED_BEFORE, timedelta(0)):
        remind_landlord(at=due - before)

    assert [event for event, _ in news(landlord)] == ["asked", "due"]
    assert [event for event, _ in news(post.author_id, "phase")] == ["advised"]


def test_the_landlord_hears_once_of_work_that_is_late_and_everybody_reads_it(browser: Browser) -> None:
    landlord = make_landlord().member_id
    assert landlord is not None
    thread, post = make_cited_debate()
    row = make_published(thread, post)
    give_answer(row, at=ANSWERED)
    assert row.answer is not None
    assert row.answer.work_by is not None
    last = ANSWERED + (row.answer.work_by - local_day(ANSWERED))

    for late in (timedelta(0), timedelta(days=1), timedelta(days=2)):
        remind_landlord(at=last + late)

    assert [event for event, _ in news(landlord)] == ["asked", "late"]
    page = browser.sign_in(make_tenant()).visit(f"/onderwerpen/{thread.topic_id}/invloed")
    assert "Werk te laat: 1" in page.text
    assert "Te laat: nog niet klaar" in page.text


@pytest.mark.parametrize("email", ["", None])
def test_who_was_there_when_a_cited_point_was_made_hears_that_it_counted(email: str | None) -> None:
    thread, post, attendee = make_cited_point(email=email)
    row = make_draft(thread, post)
    publish(thread)
    give_answer(row, at=ANSWERED)

    tell_of_answers(at=TOLD)

    assert row.citations[0].point is not None, "the panel said it, not who wrote the post of the point"
    assert heard() == [(row.id, attendee.id, email is None)]
    assert [event for event, _ in news(attendee.id)] == ["contributed"]
    assert [letter.wrote for letter in letters.list_letters()] == ([False] if email is None else [])


def test_whom_no_mail_reaches_gets_one_letter_that_is_posted_once() -> None:
    thread, post = make_cited_debate(email=None)
    rows = [make_draft(thread, post, title=title) for title in ("Een", "Twee")]
    publish(thread)
    for row in rows:
        give_answer(row, at=ANSWERED)
    tell_of_answers(at=TOLD)
    moderator = make_moderator_of()

    [letter] = letters.print_letters(moderator, at=TOLD)
    assert (letter.member.id, [row.title for row in letter.rows]) == (post.author_id, ["Een", "Twee"])
    with pytest.raises(Forbidden):
        letters.mark_posted(letter.heard_ids, make_landlord(), at=TOLD)
    counts = [letters.mark_posted(letter.heard_ids, moderator, at=TOLD + timedelta(hours=n)) for n in (1, 2)]

    assert counts == [1, 0]
    assert letters.list_letters() == []
    assert {row.posted_at for row in db.session.scalars(select(Heard))} == {TOLD + timedelta(hours=1)}


def test_two_rounds_at_once_tell_everybody_once(database: Flask) -> None:
    thread, post = make_cited_debate(email=None)
    row = make_published(thread, post)
    give_answer(row, at=ANSWERED)
    thread_id, author_id = thread.topic_id, post.author_id

    def tell() -> None:
        with unit_of_work():
            telling.tell_of_answers(get_thread_row(thread_id), at=TOLD)

    raised = at_once(database, [tell, tell])

    db.session.rollback()
    assert raised == [None, None]
    assert len(heard()) == 1
    assert [event for event, _ in news(author_id)] == ["contributed"]
