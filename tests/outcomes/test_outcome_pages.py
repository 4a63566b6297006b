"""The pages: from a post to what was done and back, the forms with what they refuse, the letters."""

from datetime import timedelta

import pytest

from forum.agenda.rules import AgendaState
from forum.discussion.models import Post, Thread
from forum.discussion.rules import PostState
from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import db
from forum.outcomes.answering import AnswerText
from forum.outcomes.jobs import tell_of_answers
from forum.outcomes.models import Recommendation
from forum.outcomes.rules import AnswerKind
from forum.outcomes.service import RecommendationText, change_draft, cite
from forum.panels.rules import PanelState
from tests.support.browser import Browser, Page
from tests.support.cast import make_delegate, make_post, make_site, make_staff, make_tenant
from tests.support.outcomes import (
    REASON,
    SENTENCE,
    WORDS,
    adopting,
    give_answer,
    make_cited_debate,
    make_cited_point,
    make_draft,
    make_moderator_of,
    make_published,
    publish,
)
from tests.support.panels import OVER, make_panel
from tests.support.queries import counted_queries

WEEK = timedelta(days=7)


@pytest.fixture
def visitor(browser: Browser) -> Browser:
    """Return a tenant who signed in."""
    make_site()
    return browser.sign_in(make_tenant())


def make_quoted(thread: Thread, post: Post, **text: object) -> Recommendation:
    """Return a published recommendation that quotes a post."""
    draft = make_draft(thread, **text)  # type: ignore[arg-type]
    cite(draft, str(post.id), SENTENCE, make_moderator_of(), at=OVER)
    publish(thread)
    return draft


def words_of(page: Page, selector: str) -> str:
    """Return the words in one place of a page."""
    return " ".join(page.soup.select_one(selector).get_text(" ").split())  # type: ignore[union-attr]


def test_from_a_post_to_its_recommendation_and_back(visitor: Browser) -> None:
    thread, post = make_cited_debate()
    row = make_quoted(thread, post)
    give_answer(row)

    in_thread = visitor.visit(f"/berichten/{post.id}")
    logbook = visitor.visit(in_thread.link("advies 1"))
    back = visitor.visit(logbook.link("Lees het hele bericht"))

    assert "Hierop , het bericht van" in words_of(in_thread, ".post-built")
    assert in_thread.has_link("Lees de adviezen en de antwoorden")
    entry = words_of(logbook, "#advies-1")
    for part in (SENTENCE, post.author.display_name, "Overgenomen", "Dit doen wij.", "Teamleider onderhoud"):
        assert part in entry
    assert back.soup.find(id=f"bericht-{post.id}")


def test_from_a_point_of_minutes_in_the_thread_to_its_recommendation_and_back(visitor: Browser) -> None:
    thread, post, _ = make_cited_point()
    give_answer(make_published(thread, post))

    in_thread = visitor.visit(f"/berichten/{post.id}")
    logbook = visitor.visit(in_thread.link("advies 1"))
    minutes = visitor.visit(logbook.link("Lees het punt in het verslag: De lift"))

    assert minutes.has_link("Naar dit punt in het gesprek")


def test_a_reply_on_a_page_of_replies_has_its_mark_too(visitor: Browser) -> None:
    thread, root = make_cited_debate()
    replies = [make_post(thread, make_tenant(), reply_to=root.id) for _ in range(4)]
    make_published(thread, replies[-1])

    page = visitor.visit(f"/berichten/{replies[-1].id}")

    assert page.path == f"/berichten/{root.id}/antwoorden?pagina=1"
    assert page.has_link("advies 1")


def test_the_words_of_a_post_go_with_it(visitor: Browser) -> None:
    thread, post = make_cited_debate()
    make_quoted(thread, post)
    name = post.author.display_name
    post.text = WORDS.replace("drie", "vier")
    db.session.commit()
    rewritten = words_of(visitor.visit(f"/onderwerpen/{thread.topic_id}/invloed"), "#advies-1")
    post.state = PostState.HIDDEN
    db.session.commit()
    logbook = visitor.visit(f"/onderwerpen/{thread.topic_id}/invloed")

    assert SENTENCE not in rewritten
    assert name in rewritten
    assert "Een bericht dat niet meer te lezen is." in words_of(logbook, "#advies-1")
    assert SENTENCE not in logbook.text
    assert name not in logbook.text
    assert not visitor.visit(f"/berichten/{post.id}").has_link("advies 1")


def test_a_thread_asks_one_thing_more_however_many_recommendations_it_has(visitor: Browser) -> None:
    thread, post = make_cited_debate()
    path = visitor.visit(f"/onderwerpen/{thread.topic_id}").path

    def count() -> int:
        with counted_queries() as sent:
            visitor.visit(path)
        return len(sent)

    before = count()
    first = make_published(thread, post)
    with_one = count()
    for title in ("Twee", "Drie"):
        make_published(thread, post, title=title)
    give_answer(first)

    assert (with_one, count()) == (before + 1, before + 1)


def test_what_is_too_late_is_told_on_the_topic_the_front_page_the_agenda_and_the_year(
    visitor: Browser,
) -> None:
    thread, post = make_cited_debate()
    for title in ("Een", "Twee"):
        make_draft(thread, post, title=title)
    publish(thread)
    year = thread.topic.agenda.year
    thread.topic.agenda.published_at = OVER
    thread.topic.agenda.state = AgendaState.PUBLISHED
    for days, row in enumerate(db.session.query(Recommendation)):
        row.answer_by = local_day(now()) - timedelta(days=days)
    db.session.commit()

    pages = [
        visitor.visit(path)
        for path in (
            f"/onderwerpen/{thread.topic_id}",
            "/",
            f"/agenda/{year}",
            f"/agenda/{year}/invloed",
            f"/onderwerpen/{thread.topic_id}/invloed",
        )
    ]

    assert [page.path for page in pages if "Antwoord te laat: 1" not in page.text] == []
    assert pages[2].has_link("Wat is er met de adviezen gedaan?")
    assert pages[3].has_link("Advies 2: Twee")


def test_earlier_answers_and_the_work_stay_readable(visitor: Browser) -> None:
    thread, post = make_cited_debate()
    row = make_published(thread, post)
    give_answer(row, AnswerText(AnswerKind.NOT, REASON))
    give_answer(row, adopting(OVER))

    entry = words_of(visitor.visit(f"/onderwerpen/{thread.topic_id}/invloed"), "#advies-1")

    assert "Eerdere antwoorden: 1" in entry
    assert REASON in entry
    assert entry.index("Dit doen wij.") < entry.index(REASON)


def test_a_moderator_writes_cites_and_publishes(browser: Browser) -> None:
    make_site()
    thread, post = make_cited_debate()
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.visit(browser.visit(f"/onderwerpen/{thread.topic_id}").link("Adviezen schrijven"))
    page = browser.visit(page.link("Schrijf een advies"))

    refused = browser.submit(page, "Bewaar het concept", title="", text="Laat een monteur komen.")
    draft = browser.submit(refused, "Bewaar het concept", title="Binnen een dag")
    unknown = browser.submit(draft, "Zet dit bericht erbij", source="12345", quote=SENTENCE)
    wrong = browser.submit(unknown, "Zet dit bericht erbij", source=str(post.id), quote="Nooit gezegd.")
    early = browser.submit(browser.visit(f"/onderwerpen/{thread.topic_id}/adviezen"), "Publiceer")
    browser.submit(wrong, "Zet erbij")
    cited = browser.submit(wrong, "Zet dit bericht erbij", quote=SENTENCE)
    published = browser.submit(browser.visit(f"/onderwerpen/{thread.topic_id}/adviezen"), "Publiceer")

    assert (refused.status, unknown.status, wrong.status, early.status) == (422, 422, 422, 409)
    assert "Laat een monteur komen." in refused.html
    assert "vonden wij niet" in unknown.text
    assert "staat niet precies zo" in wrong.text
    assert "zonder bron: Binnen een dag" in early.text
    assert SENTENCE in cited.text
    assert "Advies 1: Binnen een dag" in published.text


def test_who_changes_an_old_draft_sees_what_stands_now_and_keeps_the_text(browser: Browser) -> None:
    make_site()
    thread, post = make_cited_debate()
    draft = make_draft(thread, post)
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.visit(f"/beheer/adviezen/{draft.id}")
    newer = RecommendationText("Van een ander", "De tekst van een ander.")
    change_draft(draft, 1, newer, make_moderator_of(), at=OVER)
    db.session.commit()

    refused = browser.submit(page, "Bewaar de tekst", text="Mijn tekst.")
    kept = browser.submit(refused, "Bewaar de tekst")

    assert refused.status == 409
    assert "De tekst van een ander." in refused.text
    assert "Mijn tekst." in refused.html
    assert kept.status == 200
    assert db.session.get_one(Recommendation, draft.id).text == "Mijn tekst."


def test_the_landlord_answers_from_the_list_of_what_waits(browser: Browser) -> None:
    make_site()
    thread, post = make_cited_debate()
    row = make_published(thread, post, at=now() - WEEK)
    browser.sign_in(make_delegate(Party.LANDLORD))
    page = browser.visit(browser.visit("/beheer/adviezen").link("Advies 1"))
    page = browser.visit(page.link("Geef antwoord"))

    bare = browser.submit(page, "Plaats het antwoord", kind="adopted", reason="Dit doen wij.")
    short = browser.submit(bare, "Plaats het antwoord", kind="not", reason="Nee.")
    done = browser.submit(
        short, "Plaats het antwoord", kind="partly", reason=REASON, owner="Wijkbeheer", work_by="2027-03-01"
    )
    work = browser.visit(done.link("Vertel hoe ver het is"))
    ahead = browser.submit(work, "Plaats dit", text="Klaar.", is_done="y", done_on="2099-01-01")
    ready = browser.submit(ahead, "Plaats dit", done_on="")

    assert [page.status for page in (bare, short, ahead)] == [422, 422, 422]
    assert "wie dit doet" in bare.text
    assert "wanneer het klaar is" in bare.text
    assert "minstens 8 woorden" in short.text
    assert "Dit doet: Wijkbeheer. Klaar uiterlijk op 1 maart 2027." in done.text
    assert "Die dag moet nog komen" in ahead.text
    assert "Klaar op" in words_of(ready, "#advies-1")
    assert not ready.has_link("Antwoord veranderen")
    assert db.session.get_one(Recommendation, row.id).done_on == local_day(now())


def test_the_other_party_does_not_answer(browser: Browser) -> None:
    make_site()
    thread, post = make_cited_debate()
    row = make_published(thread, post)
    browser.sign_in(make_delegate(Party.TENANTS))

    assert not browser.visit(f"/onderwerpen/{thread.topic_id}/invloed").has_link("Geef antwoord")
    assert browser.visit(f"/adviezen/{row.id}/antwoord").status == 403


def test_a_coordinator_of_another_panel_knows_of_no_drafts(browser: Browser) -> None:
    make_site()
    thread, post = make_cited_debate()
    draft = make_draft(thread, post)
    make_panel(thread)
    browser.sign_in(make_staff(Role.COORDINATOR))

    statuses = [
        browser.visit(path).status
        for path in (f"/onderwerpen/{thread.topic_id}/adviezen", f"/beheer/adviezen/{draft.id}")
    ]

    assert statuses == [404, 404]


@pytest.mark.parametrize(
    ("state", "met", "offered"),
    [
        pytest.param(PanelState.HELD, -WEEK, "Panel over de lift", id="a panel that was held"),
        pytest.param(PanelState.CONFIRMED, -WEEK, "Panel over de lift", id="one that met and goes on"),
        pytest.param(PanelState.ENDED, -WEEK, "Panel over de lift", id="one that ended"),
        pytest.param(
            PanelState.CONFIRMED,
            WEEK,
            "Geen panel: het komt uit het gesprek zelf",
            id="one that has yet to meet",
        ),
    ],
)
def test_a_new_draft_is_of_the_panel_that_met(
    browser: Browser, state: PanelState, met: timedelta, offered: str
) -> None:
    make_site()
    thread, _ = make_cited_debate()
    panel = make_panel(thread)
    panel.state = state
    panel.first_meeting.ends_at = now() + met
    panel.first_meeting.starts_at = now() + met - timedelta(hours=2)
    db.session.commit()
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = browser.visit(f"/onderwerpen/{thread.topic_id}/adviezen/nieuw")

    options = page.soup.select("select[name=panel] option")
    chosen = next((option for option in options if option.has_attr("selected")), options[0])
    assert chosen.get_text(strip=True) == offered


def test_a_topic_does_not_close_before_the_last_answer(browser: Browser) -> None:
    make_site()
    thread, post = make_cited_debate()
    row = make_published(thread, post, at=now() - WEEK)
    browser.sign_in(make_delegate(Party.TENANTS))
    page = browser.visit(f"/onderwerpen/{thread.topic_id}/adviezen")

    refused = browser.submit(page, "Sluit het onderwerp")
    give_answer(row, at=now())
    closed = browser.submit(refused, "Sluit het onderwerp")

    assert refused.status == 409
    assert "Nog zonder antwoord: advies 1." in refused.text
    assert "Het onderwerp is gesloten." in closed.text


def test_letters_are_printed_logged_and_posted(browser: Browser) -> None:
    make_site()
    thread, post = make_cited_debate(email=None)
    row = make_published(thread, post)
    give_answer(row)
    tell_of_answers(at=now())
    home = post.author.household
    assert home is not None
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.visit(browser.visit("/beheer/adviezen").link("Bekijk de brieven"))

    printed = browser.submit(page, "Toon de brieven")
    posted = browser.submit(printed, "De brieven zijn op de post")

    assert f"{home.street} {home.house_number}" not in page.text
    assert f"{home.street} {home.house_number}" in printed.text
    assert "Dit doen wij." in printed.text
    assert "Brieven op de post: 1." in posted.text
    assert "Er zijn geen brieven" in posted.text
