"""The index follows what a post is found by but does not hold itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.discussion import reacting
from forum.discussion.models import Post, Thread
from forum.discussion.rules import PostState, Stance
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member, RoleGrant
from forum.search import service
from forum.search.engine import Filters, Order
from forum.search.queries import list_unindexed, with_findings
from forum.search.query_text import Wanted
from tests.search.conftest import IndexNow
from tests.support.cast import make_delegate, make_post, make_tenant, make_thread


def waiting() -> set[int]:
    """Return the posts that the index does not know as they are."""
    db.session.rollback()
    return set(db.session.scalars(select(Post.id).where(~Post.is_indexed)))


def answered(index_now: IndexNow) -> set[int]:
    """Let the task run, and return the posts with an answer."""
    return set(index_now().search(Wanted(), Filters(is_answered=True), Order.NEWEST, most=10))


@pytest.fixture
def thread(index_now: IndexNow) -> Thread:
    """Return a thread with an index that is up to date."""
    thread = make_thread(opens_at=now() - timedelta(days=1))
    index_now()
    return thread


def take_stance(thread: Thread, member: Member, *, is_findable: bool) -> None:
    with unit_of_work():
        reacting.take_stance(thread, Stance.FOR, member.as_actor(now()), at=now(), is_findable=is_findable)


def test_a_stance_marks_the_posts_of_who_lets_them_be_found(thread: Thread, index_now: IndexNow) -> None:
    anja = make_tenant()
    post = make_post(thread, anja)
    make_post(thread, make_tenant())
    index_now()

    take_stance(thread, anja, is_findable=False)
    assert waiting() == set()
    take_stance(thread, anja, is_findable=True)
    assert waiting() == {post.id}
    index_now()
    take_stance(thread, anja, is_findable=False)
    assert waiting() == {post.id}


def test_a_reply_by_staff_counts_while_it_can_be_read(thread: Thread, index_now: IndexNow) -> None:
    post = make_post(thread, make_tenant())
    reply = make_post(thread, make_delegate(Party.LANDLORD), reply_to=post.id)
    assert answered(index_now) == {post.id}

    with unit_of_work():
        reply.state = PostState.HIDDEN
    assert answered(index_now) == set()
    with unit_of_work():
        reply.state = PostState.VISIBLE

    assert answered(index_now) == {post.id}


def test_who_gets_a_role_answered_before(thread: Thread, index_now: IndexNow) -> None:
    post, author = make_post(thread, make_tenant()), make_tenant()
    make_post(thread, author, reply_to=post.id)
    assert answered(index_now) == set()

    with unit_of_work():
        author.grants.append(RoleGrant(role=Role.MODERATOR, party=Party.TENANTS))
    assert answered(index_now) == {post.id}
    with unit_of_work():
        author.grants.clear()

    assert answered(index_now) == set()


def test_a_reply_of_a_tenant_leaves_the_index_of_the_post_alone(thread: Thread, index_now: IndexNow) -> None:
    post = make_post(thread, make_tenant())
    index_now()

    reply = make_post(thread, make_tenant(), reply_to=post.id)

    assert waiting() == {reply.id}


def test_an_answer_that_comes_while_the_post_is_indexed_is_not_lost(
    thread: Thread, index_now: IndexNow
) -> None:
    post = make_post(thread, make_tenant())
    read = with_findings(list_unindexed(most=10))

    reply = make_post(thread, make_delegate(Party.LANDLORD), reply_to=post.id)
    with unit_of_work():
        service.mark_indexed(read)

    assert waiting() == {post.id, reply.id}
    assert answered(index_now) == {post.id}
    assert waiting() == set()
