"""The summary above a thread, kept by both parties."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.discussion import policy
from forum.discussion.errors import SummaryChanged
from forum.discussion.models import Thread, ThreadSummary
from forum.discussion.queries import get_thread_row
from forum.discussion.service import Body
from forum.discussion.summaries import write_summary
from forum.discussion.summary_queries import list_versions
from forum.kernel.actor import VISITOR, Actor, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from tests.support.browser import Browser, Page
from tests.support.cast import actor_of, make_delegate, make_site, make_staff, make_tenant, make_thread
from tests.support.together import at_once

FIRST = "De meeste huurders willen **snel** bericht."
SECOND = "De meeste huurders willen binnen een uur bericht."


def of(role: Role, party: Party | None = Party.TENANTS, *, suspended: bool = False) -> Actor:
    return Actor(1, party, frozenset({role}), suspended)


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        pytest.param(of(Role.MODERATOR), True, id="moderator of the tenants"),
        pytest.param(of(Role.MODERATOR, Party.LANDLORD), True, id="moderator of the landlord"),
        pytest.param(of(Role.DELEGATE, Party.LANDLORD), True, id="delegate"),
        pytest.param(of(Role.MODERATOR, suspended=True), False, id="paused"),
        pytest.param(of(Role.MODERATOR, None), False, id="of no party"),
        pytest.param(of(Role.TENANT, None), False, id="tenant"),
        pytest.param(of(Role.COORDINATOR), False, id="coordinator"),
        pytest.param(of(Role.ADMIN, None), False, id="administrator"),
        pytest.param(VISITOR, False, id="visitor"),
    ],
)
def test_moderators_and_delegates_of_both_parties_keep_the_summary(actor: Actor, may: bool) -> None:
    assert policy.can_write_summary(actor) is may


@pytest.fixture
def thread(database: Flask) -> Thread:
    """Return an open thread on a forum whose parties have names."""
    make_site()
    return make_thread(opens_at=now() - timedelta(days=2))


def moderator(party: Party = Party.TENANTS) -> Member:
    return make_staff(Role.MODERATOR, party)


def write(thread: Thread, text: str, *, shown: int, by: Member | None = None) -> int:
    version = write_summary(thread, shown, Body.of(text), actor_of(by or moderator()), at=now())
    db.session.commit()
    return version


def visit_thread(browser: Browser, thread: Thread) -> Page:
    return browser.visit(f"/onderwerpen/{thread.topic_id}/de-lift-is-vaak-stuk")


def summary_box(page: Page) -> str:
    box = page.soup.find("section", attrs={"aria-labelledby": "samenvatting"})
    return " ".join(box.get_text(" ").split()) if box else ""


def test_a_moderator_writes_what_everybody_reads_with_the_party(browser: Browser, thread: Thread) -> None:
    browser.sign_in(moderator())
    before = visit_thread(browser, thread)
    form = browser.visit(before.link("Samenvatting schrijven"))

    page = browser.submit(form, "Bewaar de samenvatting", text=FIRST)

    assert summary_box(before) == ""
    box = summary_box(page)
    assert "De meeste huurders willen snel bericht." in box
    assert "door Huurdersbelang." in box
    assert "Laatst veranderd op" in box
    assert "<strong>snel</strong>" in page.html
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "summary.written")).one()
    assert entry.details == {"topic_id": thread.topic_id, "version": 1}


def test_a_new_summary_shows_at_once_to_who_read_the_page_before(browser: Browser, thread: Thread) -> None:
    reader = browser.another().sign_in(moderator())
    write(thread, FIRST, shown=0)
    before = visit_thread(reader, thread)

    write(thread, SECOND, shown=1, by=moderator(Party.LANDLORD))

    after = visit_thread(reader, thread)
    assert "snel bericht" in summary_box(before)
    assert "binnen een uur" in summary_box(after)
    assert "door Wonen Zilverdam." in summary_box(after)


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(browser: Browser, thread: Thread) -> None:
    write(thread, FIRST, shown=0)
    browser.sign_in(make_delegate(Party.LANDLORD))
    form = browser.visit(f"/onderwerpen/{thread.topic_id}/samenvatting")
    write(thread, SECOND, shown=1)

    refused = browser.submit(form, "Bewaar de samenvatting", text="Dit typte ik zelf.")
    kept = browser.submit(refused, "Bewaar de samenvatting")

    assert refused.status == 409
    assert "Er staat nu versie 2." in refused.text
    assert SECOND in refused.text
    assert "Dit typte ik zelf." in refused.soup.find("textarea").get_text()  # type: ignore[union-attr]
    assert "Dit typte ik zelf." in summary_box(kept)
    assert [row.version for row in list_versions(thread.topic_id)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  ", "Schrijf eerst de samenvatting."), ("woord " * 900, "hooguit 5000 tekens")],
)
def test_a_summary_that_will_not_do_is_refused_with_a_sentence(
    browser: Browser, thread: Thread, text: str, sentence: str
) -> None:
    browser.sign_in(moderator())
    form = browser.visit(f"/onderwerpen/{thread.topic_id}/samenvatting")

    page = browser.submit(form, "Bewaar de samenvatting", text=text)

    assert page.status == 422
    assert sentence in page.text
    assert text.strip() in page.soup.find("textarea").get_text()  # type: ignore[union-attr]


def test_versions_are_compared_by_everybody_who_reads(browser: Browser, thread: Thread) -> None:
    write(thread, FIRST, shown=0)
    write(thread, SECOND, shown=1, by=moderator(Party.LANDLORD))
    write(thread, SECOND + " Ook 's nachts.", shown=2)
    browser.sign_in(moderator())
    page = browser.visit(visit_thread(browser, thread).link("Bekijk eerdere versies"))

    first = browser.submit(page, "Vergelijk", van="1", naar="2")
    same = browser.submit(page, "Vergelijk", van="2", naar="2")

    assert [tag.get_text(" ", strip=True) for tag in page.soup.select(".card ins")] == [
        "Nieuw: Ook 's nachts. ."
    ]
    assert "**snel**" in first.soup.select(".card del")[0].get_text()
    assert "Versie 2 van Wonen Zilverdam" in first.text
    assert "Deze versies zijn gelijk" in same.text


@pytest.mark.parametrize("query", ["?van=x&naar=9", "?van=0&naar=-1", ""])
def test_a_thread_without_a_summary_has_no_versions(browser: Browser, thread: Thread, query: str) -> None:
    browser.sign_in(moderator())

    page = browser.visit(f"/onderwerpen/{thread.topic_id}/samenvatting/versies{query}")

    assert page.status == 200
    assert "Er is nog geen samenvatting" in page.text


def test_the_same_text_sent_twice_is_one_version(thread: Thread) -> None:
    writer = moderator()

    versions = [write(thread, FIRST, shown=0, by=writer) for _ in range(2)]

    assert versions == [1, 1]
    assert len(list_versions(thread.topic_id)) == 1


def test_a_tenant_sees_no_way_to_write_it(browser: Browser, thread: Thread) -> None:
    browser.sign_in(make_tenant())
    page = browser.submit(browser.visit(f"/onderwerpen/{thread.topic_id}"), "Overslaan")

    assert not page.has_link("Samenvatting schrijven")
    assert browser.visit(f"/onderwerpen/{thread.topic_id}/samenvatting").status == 403


def test_of_two_who_write_at_once_the_second_reads_so(database: Flask, thread: Thread) -> None:
    topic_id, actors = thread.topic_id, [actor_of(moderator(party)) for party in Party]
    db.session.rollback()

    def write_own(actor: Actor) -> None:
        with unit_of_work():
            text = Body.of(f"Dit schrijft {actor.party}.")
            write_summary(get_thread_row(topic_id), 0, text, actor, at=now())

    acts: list[Callable[[], None]] = [partial(write_own, actor) for actor in actors]
    raised = at_once(database, acts)

    db.session.rollback()
    assert [type(error) for error in raised if error] == [SummaryChanged]
    assert db.session.query(ThreadSummary).count() == 1
