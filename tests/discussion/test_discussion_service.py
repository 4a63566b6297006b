"""Writing, editing, withdrawing and reacting, on a real database."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.audit.models import AuditEntry
from forum.discussion import queries, reacting, service
from forum.discussion.entering import enter_post
from forum.discussion.errors import EditWindowClosed, OwnPost, PostChanged, PostGone, Suspended, ThreadNotOpen
from forum.discussion.models import Post, Reaction
from forum.discussion.rules import PostSource, PostState, ReactionKind, Stance
from forum.discussion.service import Body, Placement
from forum.kernel.actor import Party, Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden, NotFound
from forum.members.errors import UnknownTenant
from forum.members.queries import get_member
from tests.support.cast import (
    T0,
    actor_of,
    make_post,
    make_staff,
    make_tenant,
    make_thread,
)
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
HOUR = timedelta(hours=1)
TEXT = Body.of("De lift is deze maand vier keer stuk geweest, en niemand weet waarom.")


def test_posts_are_numbered_in_their_thread_and_replies_under_their_opening_post() -> None:
    thread, anja, piet = make_thread(), make_tenant(), make_tenant()
    first, second = make_post(thread, anja), make_post(thread, piet)
    reply = make_post(thread, piet, reply_to=first.id)
    answer = make_post(thread, anja, reply_to=reply.id)
    deeper = make_post(thread, piet, reply_to=answer.id)

    assert [first.number, second.number] == [1, 2]
    assert [(post.number, post.depth, post.root_id) for post in (reply, answer, deeper)] == [
        (1, 1, first.id),
        (2, 2, first.id),
        (3, 2, first.id),
    ]
    assert (thread.root_count, thread.post_count, first.reply_count) == (2, 5, 3)


def test_a_form_sent_twice_is_one_post() -> None:
    thread, anja = make_thread(), actor_of(make_tenant())

    made = [
        service.write_post(thread.topic_id, TEXT, Placement(form_key="k1"), anja, at=T0) for _ in range(2)
    ]

    assert made[0] == made[1]
    assert thread.post_count == 1


def test_the_same_words_from_a_form_that_came_back_are_one_post() -> None:
    thread, anja, piet = make_thread(), actor_of(make_tenant()), actor_of(make_tenant())
    sent = [(anja, 0, "k1"), (anja, 9, "k2"), (piet, 9, "k3"), (anja, 11, "k4")]

    made = [
        service.write_post(
            thread.topic_id, TEXT, Placement(form_key=key), actor, at=T0 + timedelta(minutes=minutes)
        )
        for actor, minutes, key in sent
    ]
    db.session.commit()

    assert made[0] == made[1]
    assert len(set(made)) == thread.post_count == 3


def test_two_posts_of_marks_alone_are_two_posts() -> None:
    thread, anja = make_thread(), actor_of(make_tenant())
    bodies = [Body.of(text) for text in ("\N{THUMBS UP SIGN}", "\N{PARTY POPPER}")]

    made = [service.write_post(thread.topic_id, body, Placement(), anja, at=T0) for body in bodies]

    assert made[0] != made[1]


def test_the_same_words_under_two_posts_are_two_replies() -> None:
    thread, anja = make_thread(), actor_of(make_tenant())
    posts = [make_post(thread, make_tenant()) for _ in range(2)]

    made = [
        service.write_post(thread.topic_id, TEXT, Placement(reply_to=post.id), anja, at=T0) for post in posts
    ]

    assert made[0] != made[1]


def test_the_same_words_a_second_time_are_marked_as_duplicate() -> None:
    thread, anja, piet = make_thread(), make_tenant(), make_tenant()
    make_post(thread, anja, TEXT.source)

    copied = make_post(thread, piet, TEXT.source.upper())
    reworded = make_post(thread, anja, TEXT.source + " Echt.")
    other = make_post(thread, piet, "Ik vind de schimmel in de badkamer veel erger dan de lift die stuk is.")

    assert [copied.is_duplicate, reworded.is_duplicate, other.is_duplicate] == [True, True, False]


def test_nobody_writes_before_the_thread_opens_or_after_it_closes() -> None:
    thread, anja = make_thread(), actor_of(make_tenant())

    for at in (thread.opens_at - HOUR, thread.closes_at + HOUR):
        with pytest.raises(ThreadNotOpen):
            service.write_post(thread.topic_id, TEXT, Placement(), anja, at=at)


def test_a_paused_member_cannot_write() -> None:
    thread, member = make_thread(), make_tenant(suspended_until=T0 + HOUR)

    with pytest.raises(Suspended):
        service.write_post(thread.topic_id, TEXT, Placement(), member.as_actor(T0), at=T0)


def test_a_reply_goes_to_a_post_of_the_same_thread_that_can_be_read() -> None:
    thread, other, anja = make_thread(), make_thread("Schimmel"), make_tenant()
    elsewhere, gone = make_post(other, anja), make_post(thread, anja)
    service.withdraw_post(gone, actor_of(anja), at=T0)

    with pytest.raises(NotFound):
        service.write_post(thread.topic_id, TEXT, Placement(reply_to=elsewhere.id), actor_of(anja), at=T0)
    with pytest.raises(PostGone):
        service.write_post(thread.topic_id, TEXT, Placement(reply_to=gone.id), actor_of(anja), at=T0)
    with pytest.raises(NotFound):
        service.write_post(
            thread.topic_id, TEXT, Placement(question_id=other.questions[0].id), actor_of(anja), at=T0
        )


def test_a_post_entered_for_a_tenant_is_the_tenants_and_the_log_knows_who_typed_it() -> None:
    thread, tenant = make_thread(), make_tenant()
    moderator = make_staff(Role.MODERATOR, Party.TENANTS)

    post = enter_post(
        thread.topic_id,
        TEXT,
        Placement(source=PostSource.PHONE),
        tenant.number or "",
        actor_of(moderator),
        at=T0,
    )

    assert (post.author_id, post.entered_by_id, post.source) == (tenant.id, moderator.id, PostSource.PHONE)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "post.entered")).one()
    assert (entry.member_id, entry.details["member_id"]) == (moderator.id, tenant.id)


def test_entering_needs_a_role_and_a_tenant_who_exists() -> None:
    thread, tenant = make_thread(), make_tenant()
    moderator = make_staff(Role.MODERATOR, Party.TENANTS)

    with pytest.raises(Forbidden):
        enter_post(thread.topic_id, TEXT, Placement(), tenant.number or "", actor_of(tenant), at=T0)
    with pytest.raises(UnknownTenant):
        enter_post(thread.topic_id, TEXT, Placement(), "H999999", actor_of(moderator), at=T0)


def test_an_edit_keeps_what_stood_before() -> None:
    thread, anja = make_thread(), make_tenant()
    post = make_post(thread, anja, "Eerst stond hier dit, en dat was lang genoeg om mee te tellen.")

    service.edit_post(post, 1, TEXT, actor_of(anja), window=HOUR, at=T0 + HOUR)
    db.session.commit()

    assert (post.version, post.text, post.edited_at) == (2, TEXT.source, T0 + HOUR)
    assert [(old.version, old.text[:6]) for old in post.revisions] == [(1, "Eerst ")]


def test_an_edit_is_refused_when_late_foreign_or_based_on_an_older_text() -> None:
    thread, anja, piet = make_thread(), make_tenant(), make_tenant()
    post = make_post(thread, anja)

    with pytest.raises(EditWindowClosed):
        service.edit_post(post, 1, TEXT, actor_of(anja), window=HOUR, at=T0 + 2 * HOUR)
    with pytest.raises(NotFound):
        service.edit_post(post, 1, TEXT, actor_of(piet), window=HOUR, at=T0)
    service.edit_post(post, 1, TEXT, actor_of(anja), window=HOUR, at=T0)
    with pytest.raises(PostChanged):
        service.edit_post(post, 1, Body.of("nog iets anders"), actor_of(anja), window=HOUR, at=T0)


def test_a_withdrawn_post_keeps_its_place_and_its_replies() -> None:
    thread, anja, piet = make_thread(), make_tenant(), make_tenant()
    post = make_post(thread, anja)
    reply = make_post(thread, piet, reply_to=post.id)

    service.withdraw_post(post, actor_of(anja), at=T0)
    service.withdraw_post(post, actor_of(anja), at=T0)

    assert (post.state, reply.state, post.number) == (PostState.DELETED, PostState.VISIBLE, 1)
    with pytest.raises(NotFound):
        service.withdraw_post(reply, actor_of(anja), at=T0)


def test_a_reaction_counts_once_and_can_be_taken_back() -> None:
    thread, anja, piet = make_thread(), make_tenant(), actor_of(make_tenant())
    post = make_post(thread, anja)

    counts = []
    for change in (
        reacting.add_reaction,
        reacting.add_reaction,
        reacting.remove_reaction,
        reacting.remove_reaction,
    ):
        change(post, ReactionKind.VALUABLE, piet, at=T0)
        counts.append(post.valuable_count)
    reacting.add_reaction(post, ReactionKind.AGREE, piet, at=T0)

    assert counts == [1, 1, 0, 0]
    assert (post.valuable_count, post.agree_count) == (0, 1)
    assert db.session.scalar(select(func.count()).select_from(Reaction)) == 2


def test_nobody_values_their_own_post_or_a_hidden_one() -> None:
    thread, anja, piet = make_thread(), make_tenant(), make_tenant()
    post = make_post(thread, anja)

    with pytest.raises(OwnPost):
        reacting.add_reaction(post, ReactionKind.VALUABLE, actor_of(anja), at=T0)
    post.state = PostState.HIDDEN
    with pytest.raises(PostGone):
        reacting.add_reaction(post, ReactionKind.VALUABLE, actor_of(piet), at=T0)


def test_the_first_stance_stays_beside_the_last() -> None:
    thread, anja = make_thread(), make_tenant()

    reacting.take_stance(thread, Stance.FOR, actor_of(anja), at=T0)
    answer = reacting.take_stance(thread, Stance.AGAINST, actor_of(anja), at=T0 + HOUR)

    assert (answer.first, answer.first_at, answer.current) == (Stance.FOR, T0, Stance.AGAINST)
    assert (thread.for_count, thread.against_count, thread.neutral_count) == (0, 1, 0)


def test_the_counts_of_a_thread_are_those_of_the_answers() -> None:
    thread, tenants = make_thread(), [make_tenant() for _ in range(4)]
    taken = [
        (0, "for"),
        (1, "for"),
        (2, "neutral"),
        (0, "neutral"),
        (1, "for"),
        (3, "against"),
        (0, "against"),
    ]

    for place, stance in taken:
        reacting.take_stance(thread, Stance(stance), actor_of(tenants[place]), at=T0)

    assert (thread.for_count, thread.against_count, thread.neutral_count) == (1, 2, 1)


def test_staff_take_no_stance() -> None:
    thread, delegate = make_thread(), make_staff(Role.DELEGATE, Party.LANDLORD)

    with pytest.raises(Forbidden):
        reacting.take_stance(thread, Stance.FOR, actor_of(delegate), at=T0)


def test_eight_tenants_who_write_at_once_get_eight_numbers(database: Flask) -> None:
    thread = make_thread()
    authors = [make_tenant().id for _ in range(8)]
    topic_id = thread.topic_id
    db.session.rollback()

    raised = at_once(database, [partial(_write, topic_id, member_id) for member_id in authors])

    assert raised == [None] * 8

    numbers = db.session.scalars(select(Post.number).where(Post.thread_id == topic_id).order_by(Post.number))
    assert list(numbers) == list(range(1, 9))
    assert queries.get_thread(topic_id).post_count == 8


def _write(topic_id: int, member_id: int) -> None:
    with unit_of_work():
        author = get_member(member_id)
        body = Body.of(f"Dit is het bericht van deelnemer {member_id} over de lift, en het is lang genoeg.")
        service.write_post(topic_id, body, Placement(), author.as_actor(T0), at=T0)
