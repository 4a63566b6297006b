"""The sheet of a topic: what is on it, on a page and as PDF."""

import io
import signal
import subprocess
from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import Mock

import pytest
from flask import Flask
from pypdf import PdfReader

from forum.discussion.models import Post, Thread
from forum.discussion.reacting import take_stance
from forum.discussion.rules import Phase, PostState, Stance
from forum.discussion.service import Body
from forum.discussion.summaries import write_summary
from forum.kernel.actor import Party
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.paper.sheet import LONGEST_CONTRIBUTION, sheet_of
from forum.web import pdf
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_delegate, make_post, make_site, make_tenant, make_thread


def make_valued_post(
    thread: Thread, stance: Stance, valuable_count: int, text: str = "", *, reply_to: int | None = None
) -> Post:
    author = make_tenant()
    take_stance(thread, stance, author.as_actor(thread.opens_at), at=thread.opens_at, is_findable=True)
    post = make_post(thread, author, text, reply_to=reply_to)
    post.valuable_count = valuable_count
    db.session.commit()
    return post


@pytest.mark.usefixtures("database")
def test_each_side_shows_its_five_most_valued_posts() -> None:
    thread = make_thread()
    posts = [make_valued_post(thread, Stance.FOR, count) for count in (1, 2, 3, 4, 5, 6, 0)]
    against = make_valued_post(thread, Stance.AGAINST, 9)
    make_valued_post(thread, Stance.NEUTRAL, 20)

    sheet = sheet_of(thread)

    assert [row.valuable_count for row in sheet.in_favour] == [6, 5, 4, 3, 2]
    assert [row.text for row in sheet.in_favour] == [post.text for post in posts[5:0:-1]]
    assert [row.text for row in sheet.opposed] == [against.text]


@pytest.mark.usefixtures("database")
def test_a_reply_that_others_value_is_on_the_sheet_too() -> None:
    thread = make_thread()
    root = make_valued_post(thread, Stance.FOR, 1)
    reply = make_valued_post(thread, Stance.AGAINST, 7, reply_to=root.id)

    assert [row.text for row in sheet_of(thread).opposed] == [reply.text]


@pytest.mark.usefixtures("database")
def test_a_hidden_post_is_not_on_the_sheet() -> None:
    thread = make_thread()
    make_valued_post(thread, Stance.FOR, 5).state = PostState.HIDDEN
    db.session.commit()

    assert not sheet_of(thread).in_favour


@pytest.mark.usefixtures("database")
def test_a_long_post_is_cut_between_words_and_says_so() -> None:
    thread = make_thread()
    make_valued_post(thread, Stance.FOR, 1, "**woord** " * 200)

    (contribution,) = sheet_of(thread).in_favour

    assert len(contribution.text) <= LONGEST_CONTRIBUTION
    assert contribution.text.endswith("woord …")
    assert "*" not in contribution.text


def test_the_sheet_names_no_tenant_and_leads_to_the_topic(browser: Browser) -> None:
    make_site()
    thread = make_thread(opens_at=now())
    post = make_valued_post(thread, Stance.FOR, 3)

    page = browser.sign_in(make_tenant()).visit(f"/onderwerpen/{thread.topic_id}/blad")

    assert post.text in page.text
    assert post.author.display_name not in page.text
    assert f"typ op internet: 127.0.0.1:8000/{thread.topic_id}" in page.text
    assert page.soup.find("svg", class_="sheet-code")
    assert "Wonen Zilverdam" in page.text


@pytest.mark.parametrize(
    ("post_address", "sentence"),
    [
        ("", "Geef het strookje aan Huurdersbelang of Wonen Zilverdam."),
        ("Plein 1\n1000 AB Zilverdam", "Stuur het strookje naar: Plein 1, 1000 AB Zilverdam"),
    ],
)
def test_the_sheet_says_where_the_slip_goes(browser: Browser, post_address: str, sentence: str) -> None:
    make_site(post_address=post_address)
    thread = make_thread(opens_at=now())

    page = browser.sign_in(make_tenant()).visit(f"/onderwerpen/{thread.topic_id}/blad")

    assert sentence in page.text


SLIP, STANCES = "Knip hier", "Ik weet het nog niet"


@pytest.mark.parametrize(
    ("phase", "is_there", "is_not"),
    [
        pytest.param(Phase.PLANNED, ["U kunt meedoen van", SLIP, STANCES], [], id="before"),
        pytest.param(Phase.OPEN, ["U kunt meedoen van", SLIP, STANCES], [], id="during"),
        pytest.param(Phase.PANEL, ["U kon meedoen van"], ["Doe mee", SLIP, "Liever bellen?"], id="panel"),
        pytest.param(
            Phase.ANSWER, ["U kon meedoen van", ". U kunt nu reageren op", SLIP], [STANCES], id="answer"
        ),
        pytest.param(Phase.CLOSED, ["U kon meedoen van"], ["Doe mee", SLIP, "Liever bellen?"], id="closed"),
    ],
)
def test_the_sheet_asks_for_what_can_be_entered_in_its_phase(
    browser: Browser, phase: Phase, is_there: list[str], is_not: list[str]
) -> None:
    make_site()
    thread = make_thread_in(phase)
    browser.sign_in(make_tenant())

    page = browser.visit(f"/onderwerpen/{thread.topic_id}/blad")

    assert [words for words in is_there if words not in page.text] == []
    assert [words for words in is_not if words in page.text] == []


def make_thread_in(phase: Phase) -> Thread:
    """Return a thread that is in a phase now."""
    days_ago = {Phase.PLANNED: -2, Phase.OPEN: 2}.get(phase, 60)
    thread = make_thread(opens_at=now() - timedelta(days=days_ago))
    if phase in (Phase.ANSWER, Phase.CLOSED):
        thread.answering_at = now() - timedelta(days=3)
    if phase is Phase.CLOSED:
        thread.closed_at = now() - timedelta(days=1)
    db.session.commit()
    return thread


def test_the_short_code_of_the_sheet_leads_to_the_topic(browser: Browser) -> None:
    thread = make_thread(opens_at=now())

    page = browser.sign_in(make_tenant()).visit(f"/{thread.topic_id}")

    assert page.path.startswith(f"/onderwerpen/{thread.topic_id}/")


def test_the_sheet_has_the_summary_that_stands_now(browser: Browser) -> None:
    make_site()
    thread, delegate = make_thread(opens_at=now()), actor_of(make_delegate(Party.TENANTS))
    for shown, text in enumerate(["Iedereen wil *rust*.", "Veel mensen willen een **nieuwe lift**."]):
        write_summary(thread, shown, Body.of(text), delegate, at=now())
    db.session.commit()

    page = browser.sign_in(make_tenant()).visit(f"/onderwerpen/{thread.topic_id}/blad")

    assert "Samenvatting van het gesprek" in page.text
    assert page.soup.find("strong", string="nieuwe lift")
    assert "rust" not in page.text


@pytest.mark.usefixtures("pango")
def test_the_pdf_is_tagged_and_holds_the_words_of_the_sheet(browser: Browser) -> None:
    make_site()
    thread = make_thread("Wanneer rijdt de lift weer?", opens_at=now())
    browser.sign_in(make_tenant())

    answer = browser.client.get(f"/onderwerpen/{thread.topic_id}/blad.pdf")

    assert answer.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.data))
    words = " ".join(page.extract_text() for page in reader.pages)
    assert "Wanneer rijdt de lift weer?" in words
    assert "Knip hier" in words
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert any("Source-Sans-3" in str(font["/BaseFont"]) for font in fonts)
    root = reader.root_object
    assert str(root["/Lang"]) == "nl"
    assert root["/StructTreeRoot"]


def test_without_pango_the_page_says_what_to_do(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    make_site()
    thread = make_thread("Een onderwerp dat nog geen PDF was", opens_at=now())
    monkeypatch.setenv("PYTHONPATH", str(broken_library(browser.app)))
    pdf.make_pdf.cache_clear()

    page = browser.sign_in(make_tenant()).visit(f"/onderwerpen/{thread.topic_id}/blad.pdf")

    assert page.status == 503
    assert "Open het blad als gewone pagina" in page.text


def broken_library(app: Flask) -> str:
    """Put a library in the way that fails as the real one does where Pango is not installed."""
    folder = app.config["SETTINGS"].instance_path / "broken"
    folder.mkdir(exist_ok=True)
    (folder / "weasyprint.py").write_text("raise OSError('cannot load library libpango')", encoding="utf-8")
    return str(folder)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("deaths", "made"), [(1, b"%PDF"), (2, None)])
def test_a_library_that_dies_is_asked_once_more(
    monkeypatch: pytest.MonkeyPatch, deaths: int, made: bytes | None
) -> None:
    died = subprocess.CompletedProcess[bytes]([], -signal.SIGSEGV, b"", b"")
    answers = [died] * deaths + [subprocess.CompletedProcess[bytes]([], 0, b"%PDF", b"")]
    monkeypatch.setattr(subprocess, "run", Mock(side_effect=answers))

    with nullcontext() if made else pytest.raises(pdf.PdfUnavailable):
        assert pdf.make_private_pdf("<p>Een</p>") == made


@pytest.mark.usefixtures("database", "pango")
def test_a_page_cannot_make_the_library_fetch_anything(tmp_path: object) -> None:
    outside = '<link rel="stylesheet" href="file:///etc/passwd"><img alt="" src="http://127.0.0.1:9/x.png">'

    made = pdf.make_pdf(
        f'<html lang="nl"><head><title>T</title>{outside}</head><body><h1>Een</h1></body></html>'
    )

    assert b"root:" not in made
    assert made.startswith(b"%PDF")
