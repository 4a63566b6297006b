"""What a screen reader says of the pages that matter most: names, roles, states and their order."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from forum.discussion.service import Body
from forum.discussion.summaries import write_summary
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.polls.rules import PollKind
from forum.polls.service import PollText, make_poll
from tests.journeys.arrangements import make_staff_email
from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor
from tests.support.cast import make_post, make_staff, make_tenant, make_thread
from tests.support.moderation import make_flagged_post

SAID = Path(__file__).with_name("said")
OPTIONS = ["Een monteur binnen vier uur", "Bericht op de telefoon"]


def make_debate(forum: ServedForum) -> tuple[str, str]:
    """Return the addresses of a debate with a post and a reply, and of a poll on it."""
    with forum.inside():
        at = now()
        thread = make_thread(opens_at=at - timedelta(days=1))
        moderator = make_staff(Role.MODERATOR, Party.TENANTS)
        words = "De lift is al drie weken stuk, en niemand zegt iets."
        reply = "Morgen komt de monteur, en wij hangen een briefje op."
        post = make_post(thread, make_tenant("Henk"), words, at=at)
        make_post(thread, moderator, reply, at=at, reply_to=post.id)
        text = PollText("Wat helpt het meest?", OPTIONS, PollKind.RANKING, 1, at + timedelta(days=9), True)
        poll = make_poll(thread, text, moderator.as_actor(at), at=at)
        db.session.commit()
        return f"/onderwerpen/{thread.topic_id}", f"/peilingen/{poll.id}"


def says(visitor: Visitor, name: str) -> None:
    """Check what is said of a page; the file has what must be there, in its order."""
    expect(visitor.page.locator("body")).to_match_aria_snapshot((SAID / f"{name}.yml").read_text("utf-8"))


def test_the_pages_that_matter_most_say_what_they_show(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str]
) -> None:
    debate, poll = make_debate(forum)
    tenant = visitors(forum, width=PHONE)
    tenant.open("/inloggen")
    says(tenant, "sign_in")
    tenant.sign_in(tenant_email("Wil die luistert"))

    tenant.open(debate)
    says(tenant, "stance")
    tenant.choose("Voor")
    tenant.press("Bewaar mijn antwoord")
    says(tenant, "thread")
    tenant.open(poll)
    tenant.main.get_by_label(OPTIONS[1]).select_option("1")
    says(tenant, "poll")
    tenant.main.get_by_label(OPTIONS[0]).select_option("1")
    tenant.expects_refusal(422).press("Stem")
    says(tenant, "refused")
    tenant.open("/mijn/")
    says(tenant, "mine")


def test_the_pages_of_moderators_and_of_paper_say_what_they_show(
    forum: ServedForum, visitors: Visitors
) -> None:
    with forum.inside():
        at = now()
        thread = make_thread(opens_at=at - timedelta(days=1))
        post = make_flagged_post(thread=thread, author=make_tenant("Henk"), at=at)
        email = make_staff_email(Role.MODERATOR, Party.TENANTS)
        keeper = make_staff(Role.MODERATOR, Party.TENANTS).as_actor(at)
        write_summary(thread, 0, Body.of("Iedereen wil een **nieuwe lift**."), keeper, at=at)
        db.session.commit()
        topic_id, post_id = thread.topic_id, post.id
    moderator = visitors(forum).sign_in(email)

    says(moderator.open(f"/beheer/meldingen?onderwerp={topic_id}"), "queue")
    says(moderator.open(f"/beheer/meldingen/{post_id}"), "decide")
    says(moderator.open(f"/onderwerpen/{topic_id}/strookjes"), "slips")
    says(moderator.open(f"/onderwerpen/{topic_id}/blad"), "sheet")
