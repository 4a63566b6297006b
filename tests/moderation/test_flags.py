"""Flagging a post: once, not one's own, not without end."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.discussion.entering import enter_post
from forum.discussion.errors import PostGone, Suspended
from forum.discussion.models import Post
from forum.discussion.rules import PostSource
from forum.discussion.service import Body, Placement, withdraw_post
from forum.kernel.actor import Party
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from forum.moderation import queries, service
from forum.moderation.errors import OwnPostFlagged, TooManyFlags
from forum.moderation.models import Flag
from forum.moderation.rules import FLAGS_PER_DAY, FlagReason, QueueFilter
from tests.support.cast import T0, make_post, make_tenant, make_thread
from tests.support.moderation import flag, make_moderator
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")


def count_flags() -> int:
    return db.session.scalar(select(func.count(Flag.id))) or 0


def test_a_member_has_one_open_flag_on_a_post() -> None:
    post, member = make_post(make_thread(), make_tenant()), make_tenant()

    first = flag(post, FlagReason.ABUSE, by=member, at=T0)
    again = flag(post, FlagReason.OFF_TOPIC, by=member, at=T0)
    flag(post, at=T0)

    assert again.id == first.id
    assert again.reason is FlagReason.ABUSE
    assert count_flags() == 2


def test_a_flag_that_is_sent_twice_at_once_is_one(app: Flask) -> None:
    post_id, member_id = make_post(make_thread(), make_tenant()).id, make_tenant().id

    def send() -> None:
        with unit_of_work():
            actor = db.session.get_one(Member, member_id).as_actor(T0)
            service.flag_post(db.session.get_one(Post, post_id), FlagReason.ABUSE, "", actor, at=T0)

    db.session.rollback()
    raised = at_once(app, [send, send])

    assert raised == [None, None]
    assert count_flags() == 1


def test_nobody_flags_their_own_post_nor_one_they_entered() -> None:
    thread, tenant, moderator = make_thread(), make_tenant(), make_moderator(Party.TENANTS)
    place, body = Placement(source=PostSource.PHONE), Body.of("De lift is alweer stuk, zegt mevrouw.")
    post = enter_post(thread.topic_id, body, place, tenant.number or "", moderator.as_actor(T0), at=T0)

    for member in (tenant, moderator):
        with pytest.raises(OwnPostFlagged):
            flag(post, by=member, at=T0)

    assert count_flags() == 0


def test_who_is_paused_cannot_flag() -> None:
    post, member = (
        make_post(make_thread(), make_tenant()),
        make_tenant(suspended_until=T0 + timedelta(days=1)),
    )

    with pytest.raises(Suspended):
        flag(post, by=member, at=T0)


def test_what_was_withdrawn_cannot_be_flagged() -> None:
    author = make_tenant()
    post = make_post(make_thread(), author)
    withdraw_post(post, author.as_actor(T0), at=T0)

    with pytest.raises(PostGone):
        flag(post, at=T0)


def test_a_member_flags_so_many_posts_a_day_and_others_go_on() -> None:
    thread, author, eager = make_thread(), make_tenant(), make_tenant()
    posts = [make_post(thread, author) for _ in range(FLAGS_PER_DAY + 1)]
    for post in posts[:-1]:
        service.flag_post(post, FlagReason.OTHER, "", eager.as_actor(T0), at=T0)

    with pytest.raises(TooManyFlags):
        flag(posts[-1], by=eager, at=T0)
    flag(posts[-1], at=T0)
    flag(posts[-1], by=eager, at=T0 + timedelta(days=1, minutes=1))

    assert count_flags() == FLAGS_PER_DAY + 2


def test_the_queue_begins_with_aggression_and_then_what_waits_longest() -> None:
    thread, author = make_thread(), make_tenant()
    early, late, urgent = (make_post(thread, author) for _ in range(3))
    for post, reason in (
        (early, FlagReason.OTHER),
        (late, FlagReason.ABUSE),
        (urgent, FlagReason.AGGRESSION),
    ):
        flag(post, reason, at=T0)
    flag(late, at=T0)

    assert list(queries.list_flagged(QueueFilter(), 1)) == [urgent.id, early.id, late.id]
    assert queries.list_flagged_topics() == [(thread.topic_id, 3)]
    assert list(queries.list_flagged(QueueFilter(thread.topic_id + 1), 1)) == []
    assert list(queries.list_flagged(QueueFilter(reason=FlagReason.ABUSE), 1)) == [late.id]
    assert queries.count_flagged(QueueFilter(thread.topic_id, FlagReason.OTHER)) == 1
