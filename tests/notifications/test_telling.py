"""Who is told of what happens in a thread."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.discussion import reacting, service
from forum.discussion.following import follow
from forum.discussion.jobs import tell_of_phases, tell_of_posts
from forum.discussion.mentions import list_mentionable
from forum.discussion.models import Post, Thread
from forum.discussion.queries import get_post, get_thread_row
from forum.discussion.rules import TOLD_WITHIN, FollowLevel, PostState, ReactionKind
from forum.discussion.telling import tell_of_mentions
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from forum.notifications.rules import Frequency, NotificationKind
from tests.notifications.cast import told
from tests.support.cast import T0, actor_of, make_post, make_tenant, make_thread
from tests.support.queries import counted_queries
from tests.support.together import at_once

SOON = T0 + timedelta(minutes=1)


def follows(member: Member, thread: Thread, level: FollowLevel = FollowLevel.EVERYTHING) -> None:
    with unit_of_work():
        follow(get_thread_row(thread.topic_id), level, actor_of(member), at=T0)


def kinds(member: Member) -> list[str]:
    return [row.kind.value for row in told(member)]


def test_who_is_answered_and_who_follows_hear_of_a_post_once(database: Flask) -> None:
    anja, bert, carla, daan = (make_tenant() for _ in range(4))
    thread = make_thread()
    post = make_post(thread, anja)
    for follower in (anja, bert, carla):
        follows(follower, thread)
    tell_of_posts(at=SOON)
    reply = make_post(thread, bert, reply_to=post.id, at=SOON)

    tell_of_posts(at=SOON)
    tell_of_posts(at=SOON)

    assert kinds(anja) == ["reply"]
    assert kinds(bert) == ["followed"]
    assert kinds(carla) == ["followed", "followed"]
    assert kinds(daan) == []
    [row] = told(anja)
    assert (row.path, row.title, row.about_id) == (f"/berichten/{reply.id}", thread.topic.title, reply.id)
    assert row.mail_as is Frequency.AT_ONCE


def test_nobody_hears_of_an_answer_to_themselves(database: Flask) -> None:
    anja, thread = make_tenant(), make_thread()
    post = make_post(thread, anja)
    make_post(thread, anja, reply_to=post.id)

    tell_of_posts(at=SOON)

    assert told() == []


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (FollowLevel.EVERYTHING, ["reply", "followed"]),
        (FollowLevel.REPLIES, ["reply"]),
        (FollowLevel.NOTHING, []),
    ],
)
def test_the_level_decides_what_one_hears(database: Flask, level: FollowLevel, expected: list[str]) -> None:
    anja, bert, thread = make_tenant(), make_tenant(), make_thread()
    post = make_post(thread, anja)
    follows(anja, thread, level)
    make_post(thread, bert, reply_to=post.id)
    make_post(thread, bert)

    tell_of_posts(at=SOON)

    assert kinds(anja) == expected


@pytest.mark.parametrize("state", [PostState.HIDDEN, PostState.DELETED])
def test_nobody_hears_of_a_post_that_went_before_its_turn(database: Flask, state: PostState) -> None:
    anja, bert, thread = make_tenant(), make_tenant(), make_thread()
    post = make_post(thread, anja)
    reply = make_post(thread, bert, reply_to=post.id)
    with unit_of_work():
        db.session.get_one(Post, reply.id).state = state

    tell_of_posts(at=SOON)

    assert told() == []


def test_old_posts_are_passed_over_in_one_go(database: Flask) -> None:
    anja, bert, thread = make_tenant(), make_tenant(), make_thread()
    post = make_post(thread, anja)
    for _ in range(5):
        make_post(thread, bert, reply_to=post.id)

    with counted_queries() as sent:
        tell_of_posts(at=T0 + TOLD_WITHIN + timedelta(seconds=1))

    assert told() == []
    assert db.session.query(Post).filter(Post.is_told.is_(False)).count() == 0
    assert sum("UPDATE post" in statement for statement in sent) == 1


def test_many_posts_that_nobody_follows_take_as_few_queries_as_one(database: Flask) -> None:
    bert, threads = make_tenant(), [make_thread() for _ in range(3)]

    def queries_to_tell_of(count: int) -> int:
        for number in range(count):
            make_post(threads[number % 3], bert)
        with counted_queries() as sent:
            tell_of_posts(at=SOON)
        assert db.session.query(Post).filter(Post.is_told.is_(False)).count() == 0
        return len(sent)

    assert queries_to_tell_of(20) == queries_to_tell_of(1)


def test_two_tasks_at_once_tell_each_member_once(database: Flask) -> None:
    anja, bert, thread = make_tenant(), make_tenant(), make_thread()
    post = make_post(thread, anja)
    follows(anja, thread)
    for _ in range(3):
        make_post(thread, bert, reply_to=post.id)

    raised = at_once(database, [lambda: tell_of_posts(at=SOON)] * 3)

    assert raised == [None] * 3
    assert kinds(anja) == ["reply"] * 3


def value(post: Post, member: Member) -> None:
    with unit_of_work():
        reacting.add_reaction(get_post(post.id), ReactionKind.VALUABLE, actor_of(member), at=SOON)


def test_all_who_value_a_post_are_one_notification_that_opens_again(database: Flask) -> None:
    anja, bert, carla, thread = make_tenant(), make_tenant(), make_tenant(), make_thread()
    post = make_post(thread, anja)
    value(post, bert)
    [first] = told(anja)
    assert (first.kind, first.count, first.mail_as) == (NotificationKind.VALUED, 1, Frequency.WEEKLY)
    with unit_of_work():
        told(anja)[0].read_at = SOON

    value(post, carla)

    [row] = told(anja)
    assert (row.count, row.read_at) == (2, None)


def test_taking_a_reaction_back_and_giving_it_again_is_no_news(database: Flask) -> None:
    anja, bert, thread = make_tenant(), make_tenant(), make_thread()
    post = make_post(thread, anja)
    value(post, bert)
    with unit_of_work():
        row = told(anja)[0]
        row.read_at = SOON
        reacting.remove_reaction(get_post(post.id), ReactionKind.VALUABLE, actor_of(bert), at=SOON)

    value(post, bert)

    assert [row.read_at for row in told(anja)] == [SOON]


def test_to_agree_tells_nobody(database: Flask) -> None:
    anja, bert, thread = make_tenant(), make_tenant(), make_thread()
    post = make_post(thread, anja)

    with unit_of_work():
        reacting.add_reaction(get_post(post.id), ReactionKind.AGREE, actor_of(bert), at=SOON)

    assert told() == []


def test_who_is_involved_hears_that_the_debate_is_over(database: Flask) -> None:
    anja, bert, carla, thread = make_tenant(), make_tenant(), make_tenant(), make_thread()
    make_post(thread, anja)
    make_post(thread, carla)
    follows(carla, thread, FollowLevel.NOTHING)
    tell_of_phases(at=SOON)
    assert told() == []

    over = thread.closes_at + timedelta(minutes=1)
    tell_of_phases(at=over)
    tell_of_phases(at=over)

    [row] = told()
    assert (row.member_id, row.kind, row.event) == (anja.id, NotificationKind.PHASE, "panel")
    assert bert.id != row.member_id


def test_writing_a_post_tells_nobody_in_the_request(database: Flask) -> None:
    anja, thread = make_tenant(), make_thread()
    for _ in range(3):
        follows(make_tenant(), thread)

    with counted_queries() as sent:
        make_post(thread, anja)

    assert not any("follow" in statement or "notification" in statement for statement in sent)


def test_who_is_mentioned_hears_so_at_once_and_not_as_a_follower_too(database: Flask) -> None:
    anja, bert = make_tenant("Anja de Wit"), make_tenant()
    thread = make_thread()
    first = make_post(thread, anja)
    follows(anja, thread)
    tell_of_posts(at=SOON)
    words = "@Anja de Wit zei het al: de lift is elke maand wel een keer stuk."
    body = service.Body.of(words, list_mentionable(thread.topic_id, words))
    for _ in range(2):
        with unit_of_work():
            place = service.Placement(reply_to=first.id)
            service.write_post(thread.topic_id, body, place, actor_of(bert), at=SOON)

    tell_of_posts(at=SOON)

    assert kinds(anja) == ["mention"]


@pytest.mark.parametrize(
    ("level", "expected"), [(FollowLevel.REPLIES, ["mention"]), (FollowLevel.NOTHING, [])]
)
def test_who_wants_to_hear_nothing_is_not_told_of_a_mention(
    database: Flask, level: FollowLevel, expected: list[str]
) -> None:
    anja, bert, thread = make_tenant("Anja de Wit"), make_tenant(), make_thread()
    make_post(thread, anja)
    follows(anja, thread, level)
    post = make_post(thread, bert, at=SOON)

    with unit_of_work():
        tell_of_mentions(get_post(post.id), {anja.id}, at=SOON)

    assert kinds(anja) == expected
