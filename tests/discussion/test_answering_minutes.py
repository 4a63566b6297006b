"""Between the debate and the answer, points of locked minutes can be answered, and nothing else."""

from datetime import timedelta

import pytest

from forum.discussion import reacting, service
from forum.discussion.adding_queries import lock_thread
from forum.discussion.entering import enter_post
from forum.discussion.errors import Suspended, ThreadNotOpen
from forum.discussion.models import Post, Thread
from forum.discussion.queries import get_post, get_thread
from forum.discussion.rules import PostSource, ReactionKind
from forum.discussion.service import Body, Placement, write_post
from forum.discussion.telling import POST
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.notifications.abouts import SOURCES
from forum.notifications.models import Notification
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_post, make_site, make_staff, make_tenant, make_thread
from tests.support.panels import make_moderator

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


@pytest.fixture
def thread(database: object) -> Thread:
    """Return a debate that is over, and has no answer yet."""
    make_site()
    return make_thread(opens_at=now() - 50 * DAY)


def _point(thread: Thread) -> Post:
    """Return a point of minutes, as locking them writes it."""
    author = make_moderator().member_id
    assert author is not None
    place = Placement(source=PostSource.MEETING, form_key=f"minutes-point-{thread.topic_id}")
    body, locked = Body.of("De lift moet sneller."), lock_thread(thread.topic_id)
    post_id = service.add_post(locked, body, place, author, author, at=now() - DAY)
    db.session.commit()
    return get_post(post_id)


def _reply(thread: Thread, to: Post | None) -> Post:
    place = Placement(reply_to=to.id if to else None)
    body, actor = Body.of("Dat vind ik ook."), actor_of(make_tenant())
    return get_post(write_post(thread.topic_id, body, place, actor, at=now()))


def test_a_point_and_what_is_said_of_it_can_be_answered(thread: Thread) -> None:
    point = _point(thread)

    reply = _reply(thread, point)
    second = _reply(thread, reply)

    assert (reply.root_id, second.root_id, second.parent_id) == (point.id, point.id, reply.id)


def test_nothing_else_can_be_written_valued_or_said_at_the_top(thread: Thread) -> None:
    point, earlier = _point(thread), make_post(thread, make_tenant(), at=thread.opens_at)

    for place in (None, earlier):
        with pytest.raises(ThreadNotOpen):
            _reply(thread, place)
    with pytest.raises(ThreadNotOpen):
        reacting.add_reaction(point, ReactionKind.VALUABLE, actor_of(make_tenant()), at=now())


def test_what_staff_entered_for_a_tenant_at_a_meeting_is_no_point_of_minutes(thread: Thread) -> None:
    place = Placement(source=PostSource.MEETING, form_key="entered")
    author, moderator, opens_at = make_tenant().id, make_moderator().member_id, thread.opens_at
    locked = lock_thread(thread.topic_id)
    entered = get_post(service.add_post(locked, Body.of("Ik ook."), place, author, moderator, at=opens_at))

    with pytest.raises(ThreadNotOpen):
        _reply(thread, entered)


def test_who_is_paused_or_not_signed_in_cannot_answer_and_after_the_end_nobody_can(thread: Thread) -> None:
    point, paused = _point(thread), make_tenant()
    paused.suspended_until = now() + DAY
    db.session.commit()
    place, body = Placement(reply_to=point.id), Body.of("Wacht eens.")

    with pytest.raises(Suspended):
        write_post(thread.topic_id, body, place, paused.as_actor(now()), at=now())
    with pytest.raises(Forbidden):
        write_post(thread.topic_id, body, place, VISITOR, at=now())
    thread.closed_at = now()
    with pytest.raises(ThreadNotOpen):
        _reply(thread, point)


def test_staff_enter_an_answer_for_who_phoned(thread: Thread) -> None:
    point, tenant = _point(thread), make_tenant()
    place = Placement(reply_to=point.id, source=PostSource.PHONE)

    post = enter_post(
        thread.topic_id, Body.of("De lift is goed."), place, tenant.number or "", make_moderator(), at=now()
    )

    assert (post.author_id, post.root_id) == (tenant.id, point.id)
    with pytest.raises(ThreadNotOpen):
        enter_post(
            thread.topic_id,
            Body.of("Nog iets."),
            Placement(),
            tenant.number or "",
            make_moderator(),
            at=now(),
        )


def test_a_mail_about_a_point_can_be_answered_by_mail(thread: Thread) -> None:
    point, earlier = _point(thread), make_post(thread, make_tenant(), at=thread.opens_at)
    reply = _reply(thread, point)

    told = SOURCES[POST]([Notification(id=post.id, about_id=post.id) for post in (point, earlier, reply)])

    assert {number: about.accepts_reply for number, about in told.items()} == {
        point.id: True,
        earlier.id: False,
        reply.id: True,
    }


def test_a_tenant_answers_from_the_page_of_the_topic_and_the_replies_keep_their_buttons(
    browser: Browser, thread: Thread
) -> None:
    point, earlier = _point(thread), make_post(thread, make_tenant(), at=thread.opens_at)
    tenant = browser.sign_in(make_tenant())
    page = tenant.visit(f"/onderwerpen/{thread.topic_id}")
    links = [str(link["href"]) for link in page.soup.find_all("a") if "Antwoorden" in link.get_text()]
    assert f"/berichten/{point.id}/antwoord" in links
    assert f"/berichten/{earlier.id}/antwoord" not in links
    assert "Op een punt uit het verslag van het panel kunt u nu al antwoorden." in page.text
    assert not page.has_button("Plaats bericht")

    page = tenant.visit(f"/berichten/{point.id}/antwoord")
    assert "telt niet meer voor punten" in page.text
    page = tenant.submit(page, "Plaats antwoord", text="De lift is nog steeds stuk.")

    assert "De lift is nog steeds stuk." in page.text
    reply = db.session.query(Post).filter_by(root_id=point.id).one()
    assert f"/berichten/{reply.id}/antwoord" in page.html
    assert f"/berichten/{reply.id}/antwoord" in tenant.visit(f"/berichten/{point.id}/antwoorden").html
    assert "Antwoorden kan nu niet" in tenant.visit(f"/berichten/{earlier.id}/antwoord").text


def test_a_moderator_enters_an_answer_from_the_page_of_the_point(browser: Browser, thread: Thread) -> None:
    point, caller = _point(thread), make_tenant()
    staff = browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = staff.visit(f"/berichten/{point.id}/antwoord")

    page = staff.visit(page.link("Een antwoord invoeren voor een huurder"))
    staff.submit(page, "Plaats bericht", number=caller.number, source="phone", text="Ik wacht te lang.")

    reply = db.session.query(Post).filter_by(root_id=point.id).one()
    assert (reply.author_id, reply.source) == (caller.id, PostSource.PHONE)
    assert get_post(point.id).reply_count == 1
    assert get_thread(thread.topic_id).post_count == 2
