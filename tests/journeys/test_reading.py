"""Reading a long thread on a phone: what came on the screen was read, the rest stays new."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from forum.kernel.clock import now
from forum.kernel.database import db
from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor
from tests.support.cast import make_post, make_tenant, make_thread

LONG = "\n\n".join(["Bij ons in de flat gaat het al jaren zo, en niemand zegt wat er gaat gebeuren."] * 8)
COUNT = 6


def new_on_front(visitor: Visitor, topic_id: int) -> str:
    """Return what the front page says of new posts in a thread, in a window of its own."""
    page = visitor.context.new_page()
    page.goto("/")
    tag = page.locator(".card", has=page.locator(f"a[href^='/onderwerpen/{topic_id}/']")).locator(".tag-info")
    text = tag.inner_text() if tag.count() else ""
    page.close()
    return text


def test_only_what_was_on_the_screen_for_a_moment_is_read(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str]
) -> None:
    with forum.inside():
        thread = make_thread(opens_at=now() - timedelta(days=1))
        topic_id, path = thread.topic_id, f"/onderwerpen/{thread.topic_id}"
    reader = visitors(forum, width=PHONE).sign_in(tenant_email("Lia leest")).open(path)
    reader.press("Overslaan")
    with reader.page.expect_response("**/gelezen") as first:
        pass
    assert first.value.status == 204
    with forum.inside():
        thread, author = db.session.merge(thread), make_tenant("Henk")
        posts = [make_post(thread, author, f"{number}. {LONG}", at=now()).id for number in range(COUNT)]

    reader.open(path)
    reader.reads(f"{COUNT} nieuwe berichten sinds uw vorige bezoek.")
    reader.page.wait_for_timeout(3500)
    at_the_top = new_on_front(reader, topic_id)
    with reader.page.expect_request("**/gelezen") as told:
        reader.page.locator(f"#bericht-{posts[-1]}").get_by_text("Waardevol").scroll_into_view_if_needed()
    told.value.response()

    assert at_the_top == f"{COUNT} nieuw voor u"
    assert new_on_front(reader, topic_id) == f"{COUNT - 1} nieuw voor u"
    reader.open(f"{path}/nieuw")
    expect(reader.page.locator(f"#bericht-{posts[0]}")).to_be_in_viewport()
