"""What members do and read: flag a post, what came of it, what was decided on their own, objecting."""

from datetime import timedelta

import pytest

from forum.discussion.models import Post, Thread
from forum.kernel.actor import Party
from forum.kernel.clock import now
from forum.members.models import Member
from forum.moderation.rules import DecisionKind, FlagReason
from forum.texts.catalogue import say
from tests.support.browser import Browser, Page
from tests.support.cast import make_post, make_site, make_tenant, make_thread, path_of
from tests.support.moderation import HARSH, decide, flag, make_flagged_post, make_moderator
from tests.support.queries import counted_queries

RULE = say("house-rule-abuse")


def open_thread() -> Thread:
    return make_thread(opens_at=now() - timedelta(days=2))


def harsh_post(author: Member | None = None) -> Post:
    return make_flagged_post(thread=open_thread(), author=author, at=now() - timedelta(hours=2))


def visit_thread(browser: Browser, post: Post) -> Page:
    page = browser.visit(f"/onderwerpen/{post.thread_id}")
    return browser.submit(page, "Overslaan") if page.has_button("Overslaan") else page


def test_who_is_paused_is_led_from_the_debate_to_why_and_until_when(browser: Browser) -> None:
    make_site()
    thread, author = open_thread(), make_tenant()
    decide(make_post(thread, author, HARSH), DecisionKind.PAUSE, at=now())
    browser.sign_in(author)

    debate = browser.visit(path_of(thread))
    page = browser.visit(debate.link("Lees waarom, en tot wanneer"))

    assert not debate.has_button("Plaats bericht")
    assert "De pauze duurt tot" in page.text


def test_a_member_flags_a_post_from_the_thread_and_reads_what_came_of_it(browser: Browser) -> None:
    post = make_post(open_thread(), make_tenant("Anja V."), HARSH, at=now())
    browser.sign_in(make_tenant())

    form = browser.visit(visit_thread(browser, post).link("Melden"))
    refused = browser.submit(form, "Verstuur melding", words="Dit kwetst mij.")
    page = browser.submit(refused, "Verstuur melding", reason="abuse")
    waiting = browser.visit("/mijn/meldingen")
    decide(post, DecisionKind.HIDE, at=now())
    told = browser.visit("/mijn/meldingen")

    assert refused.status == 422
    assert "Kies wat er mis is" in refused.text
    assert "Bedankt voor uw melding." in page.text
    assert "Nog niet bekeken" in waiting.text
    assert "Dit kwetst mij." in told.text
    assert "Het bericht is verborgen." in told.text
    assert HARSH not in told.text


def test_who_flagged_a_post_reads_that_it_is_known(browser: Browser) -> None:
    post, member = harsh_post(), make_tenant()
    flag(post, by=member, at=now())

    page = browser.sign_in(member).visit(f"/berichten/{post.id}/melden")

    assert "U heeft dit bericht al gemeld" in page.text
    assert not page.has_button("Verstuur melding")


@pytest.mark.parametrize("reason", ["aggression", "other"])
def test_some_reasons_need_words(browser: Browser, reason: str) -> None:
    post = harsh_post()
    browser.sign_in(make_tenant())

    page = browser.submit(
        browser.visit(f"/berichten/{post.id}/melden"), "Verstuur melding", reason=reason, words=" "
    )

    assert page.status == 422
    assert "Schrijf kort wat er aan de hand is." in page.text


def test_whoever_met_aggression_reads_what_happened(browser: Browser) -> None:
    make_site()
    post, volunteer = harsh_post(), make_tenant()
    flag(post, FlagReason.AGGRESSION, by=volunteer, at=now())
    decide(post, DecisionKind.PAUSE, at=now())

    page = browser.sign_in(volunteer).visit("/mijn/meldingen")

    assert "De schrijver kreeg een pauze" in page.text
    assert "Zo praten wij hier niet." in page.text
    assert "De schrijver kan tot" in page.text


def test_ones_own_post_cannot_be_flagged(browser: Browser) -> None:
    author = make_tenant()
    post = harsh_post(author)
    browser.sign_in(author)

    thread, page = visit_thread(browser, post), browser.visit(f"/berichten/{post.id}/melden")

    assert not thread.has_link("Melden")
    assert page.status == 400
    assert "U kunt een eigen bericht niet melden." in page.text


@pytest.mark.parametrize("kind", [DecisionKind.HIDE, DecisionKind.EXPLAIN])
def test_a_hidden_post_leaves_a_placeholder_with_the_rule_and_its_replies(
    browser: Browser, kind: DecisionKind
) -> None:
    post = harsh_post()
    reply = make_post(post.thread, make_tenant(), at=now(), reply_to=post.id)
    browser.sign_in(make_tenant())
    before = visit_thread(browser, post)

    decide(post, kind, at=now())
    page = visit_thread(browser, post)

    assert HARSH in before.text
    assert HARSH not in page.html
    assert f"Een moderator heeft dit bericht verborgen. De huisregel: {RULE}" in page.text
    assert ("Zo praten wij hier niet." in page.text) is (kind is DecisionKind.EXPLAIN)
    assert reply.text in page.text


def test_a_hidden_post_is_not_read_through_a_reply_to_it(browser: Browser) -> None:
    post = harsh_post()
    reply = make_post(post.thread, make_tenant(), at=now(), reply_to=post.id)
    browser.sign_in(make_tenant())
    before = browser.visit(f"/berichten/{reply.id}/melden")

    decide(post, DecisionKind.HIDE, at=now())
    after = browser.visit(f"/berichten/{reply.id}/melden")

    assert HARSH in before.text
    assert HARSH not in after.html


def test_the_author_still_reads_a_hidden_post_and_why(browser: Browser) -> None:
    author = make_tenant()
    post = harsh_post(author)
    decide(post, DecisionKind.HIDE, at=now())
    browser.sign_in(author)

    thread = visit_thread(browser, post)
    page = browser.visit(thread.link("Lees waarom"))

    assert HARSH in thread.text
    assert "Alleen u leest het hier nog." in thread.text
    assert HARSH in page.text
    assert RULE in page.text
    assert "Zo praten wij hier niet." in page.text


def test_the_author_objects_once_and_reads_the_answer(browser: Browser) -> None:
    make_site()
    author = make_tenant()
    decision = decide(harsh_post(author), DecisionKind.HIDE, at=now())
    browser.sign_in(author)

    form = browser.visit(browser.visit("/mijn/besluiten").link("Maak bezwaar"))
    empty = browser.submit(form, "Verstuur bezwaar", words="")
    page = browser.submit(empty, "Verstuur bezwaar", words="Dit is kritiek.")
    again = browser.visit(f"/mijn/besluiten/{decision.id}/bezwaar")

    assert empty.status == 422
    assert "Een moderator van Huurdersbelang kijkt ernaar." in page.text
    assert "Dit is kritiek." in page.text
    assert not page.has_link("Maak bezwaar")
    assert again.status == 409


def test_decisions_on_posts_of_others_are_not_there(browser: Browser) -> None:
    decision = decide(harsh_post(), DecisionKind.HIDE, at=now())
    browser.sign_in(make_tenant())

    page, listed = browser.visit(f"/mijn/besluiten/{decision.id}/bezwaar"), browser.visit("/mijn/besluiten")

    assert page.status == 404
    assert "Er zijn geen besluiten" in listed.text


def test_who_is_paused_cannot_write_but_can_object(browser: Browser) -> None:
    author = make_tenant()
    post = harsh_post(author)
    browser.sign_in(author)
    decide(post, DecisionKind.PAUSE, at=now())

    thread = visit_thread(browser, post)
    page = browser.visit(browser.visit("/mijn/besluiten").link("Maak bezwaar"))

    assert not thread.has_button("Plaats bericht")
    assert page.status == 200
    assert page.has_button("Verstuur bezwaar")


@pytest.mark.parametrize("path", ["/mijn/meldingen", "/mijn/besluiten"])
def test_ones_own_pages_ask_the_same_however_much_is_on_them(browser: Browser, path: str) -> None:
    author, counts = make_tenant(), []
    thread, moderator = open_thread(), make_moderator(Party.LANDLORD)
    browser.sign_in(author)
    browser.visit(path)
    for _ in range(2):
        for _ in range(2):
            post = make_flagged_post(thread=thread, author=author, at=now())
            decide(post, DecisionKind.HIDE, moderator.as_actor(now()), at=now())
            other = make_flagged_post(thread=thread, author=make_tenant(), at=now())
            flag(other, by=author, at=now())
            decide(other, DecisionKind.HIDE, moderator.as_actor(now()), at=now())
        with counted_queries() as sent:
            browser.visit(path)
        counts.append(len(sent))

    assert counts[0] == counts[1]
