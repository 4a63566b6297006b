"""The pages of statutory advice, used through the real forms by both parties."""

import io
from datetime import timedelta
from typing import Any

import pytest
from bs4 import Tag
from pypdf import PdfReader

from forum.advice import dossier
from forum.advice.jobs import FOLDER, clean_documents
from forum.advice.models import AdviceCase
from forum.kernel.actor import Party
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.web.documents import document_store, keep_document
from tests.support.browser import Browser, Page
from tests.support.cast import make_delegate, make_site, make_tenant, make_thread

PDF = b"%PDF-1.7 begroting"
PLAN = "Wij willen de huur in juli met 3 procent verhogen."


def start(browser: Browser, **fields: str) -> tuple[Browser, Browser, Page]:
    """Let the landlord ask for advice; return both parties and the page of the case."""
    make_site()
    landlord = browser.sign_in(make_delegate(Party.LANDLORD))
    tenants = browser.another().sign_in(make_delegate(Party.TENANTS))
    page = landlord.visit("/advies/nieuw")
    given: dict[str, Any] = {"title": "Huurverhoging", "subject": "rent_policy", "text": PLAN} | fields
    return tenants, landlord, landlord.submit(page, "Verstuur", **given)


def test_advice_is_asked_given_and_not_followed_with_reasons(browser: Browser) -> None:
    tenants, landlord, page = start(browser)
    assert "Huurdersbelang geeft advies tot en met" in page.text
    assert "heeft de ontvangst nog niet bevestigd" in page.text

    page = tenants.submit(tenants.visit(f"{page.path}/ontvangen"), "Verstuur")
    assert "Met deze brief bevestigen wij de ontvangst" in page.text
    page = tenants.submit(tenants.visit(f"{page.path}/advies"), "Verstuur", verdict="negative", text="")
    assert page.status == 422
    assert "Zonder uitleg weet de andere partij niet genoeg" in page.text
    assert page.soup.find("input", {"value": "negative", "checked": True})
    page = tenants.submit(page, "Verstuur", text="Drie procent is te veel.")
    assert "Wonen Zilverdam geeft antwoord met redenen tot en met" in page.text

    page = landlord.submit(landlord.visit(f"{page.path}/besluit"), "Verstuur", outcome="not")
    assert "In de brief staat nog ergens [vul in]" in page.text
    page = landlord.submit(page, "Verstuur", text="Het geld is nodig voor onderhoud.")
    assert "Uitvoeren kan vanaf" in page.text
    page = landlord.submit(landlord.visit(f"{page.path}/uitgevoerd"), "Verstuur")
    assert "Uitvoeren kan op zijn vroegst op" in page.text

    dossier = tenants.visit(f"{page.path.removesuffix('/uitgevoerd')}/dossier")
    for words in (
        PLAN,
        "Drie procent is te veel.",
        "Het geld is nodig",
        "Een afgevaardigde van Huurdersbelang",
    ):
        assert words in dossier.text


def test_a_period_that_is_too_short_keeps_what_was_typed(browser: Browser) -> None:
    _, landlord, page = start(browser, days="41")

    assert page.status == 422
    assert "Geef ten minste 42 dagen" in page.text
    assert PLAN in page.text
    assert "geeft advies tot en met" in landlord.submit(page, "Verstuur", days="60").text


def test_who_was_later_keeps_the_text_reads_why_and_can_go_on(browser: Browser) -> None:
    tenants, landlord, page = start(browser)
    old = tenants.visit(f"{page.path}/aanvulling")
    landlord.submit(landlord.visit(f"{page.path}/aanvulling"), "Verstuur", text="De tekening is er.")

    refused = tenants.submit(old, "Verstuur", text="Wij missen de tekening.")
    assert refused.status == 409
    assert "Er is intussen een stap gezet" in refused.text
    assert "Wij missen de tekening." in refused.text

    assert "Wij missen de tekening." in tenants.submit(refused, "Verstuur").text


def test_a_step_that_is_not_possible_says_so_on_the_page_of_the_case(browser: Browser) -> None:
    _, landlord, page = start(browser)

    refused = landlord.visit(f"{page.path}/advies")

    assert refused.status == 409
    assert "Misschien deed de andere partij net iets anders" in refused.text


def test_everybody_reads_at_the_topic_that_advice_is_asked_and_not_what_it_says(browser: Browser) -> None:
    thread = make_thread()
    tenants, _, page = start(browser, topic=str(thread.topic_id))
    visitor = browser.another().sign_in(make_tenant())
    path = f"/agenda/onderwerp/{thread.topic_id}"
    assert "Over “Huurverhoging” vroeg de verhuurder advies." in visitor.visit(path).text

    tenants.submit(
        tenants.visit(f"{page.path}/advies"), "Verstuur", verdict="negative", text="Geheim advies."
    )

    text = visitor.visit(path).text
    assert "wacht de huurdersorganisatie op een besluit" in text
    assert "Geheim advies." not in text
    assert visitor.visit(page.path).status == 403


def test_the_tenant_organisation_advises_unasked(browser: Browser) -> None:
    make_site()
    tenants = browser.sign_in(make_delegate(Party.TENANTS))
    form = tenants.visit("/advies/nieuw")
    assert not form.soup.find(attrs={"name": "days"})

    page = tenants.submit(form, "Verstuur", title="Zonnepanelen", text="Begin met de platte daken.")

    assert "Wonen Zilverdam geeft antwoord met redenen tot en met" in page.text
    assert "Zonnepanelen" in tenants.visit("/advies/").text
    assert db.session.query(AdviceCase).one().state == "decision"


def attach(browser: Browser, page: Page, title: str, content: bytes) -> Page:
    """Send a document through the form of a page."""
    form = browser.visit(f"{page.path}/stukken")
    file = (io.BytesIO(content), "bestand.bin")
    return browser.submit(form, "Bewaar stuk", title=title, file=file)


def test_documents_are_put_with_a_case_and_only_its_own_party_takes_one_away(browser: Browser) -> None:
    tenants, landlord, page = start(browser)
    shown = attach(landlord, page, "Begroting, versie 1", PDF)
    assert "Het stuk is bewaard." in shown.text

    refused = attach(tenants, page, "Lijst", b"MZ geen document")
    assert refused.status == 422
    assert "Kies een PDF, PNG, JPEG, ODT of DOCX." in refused.text
    assert refused.soup.find("input", {"value": "Lijst"})

    theirs = tenants.visit(f"{page.path}/stukken")
    assert not theirs.has_button("Haal weg")
    file = tenants.client.get(theirs.link("Begroting, versie 1"))
    assert (file.data, file.mimetype) == (PDF, "application/pdf")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "Begroting, versie 1 (PDF)" in tenants.visit(f"{page.path}/dossier").text
    token = theirs.soup.find("input", {"name": "csrf_token"})
    assert isinstance(token, Tag)
    assert tenants.post("/advies/stukken/1/weghalen", csrf_token=token["value"]).status == 403

    landlord.submit(landlord.visit(f"{page.path}/intrekken"), "Verstuur", text="Gaat niet door.")
    ended = landlord.visit(f"{page.path}/stukken")
    assert not ended.has_button("Haal weg")
    assert not ended.has_button("Bewaar stuk")
    assert browser.another().sign_in(make_tenant()).visit("/advies/stukken/1").status == 403


def test_the_documents_are_in_the_pdf_of_the_dossier_as_far_as_they_fit(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, landlord, page = start(browser)
    attach(landlord, page, "Begroting", PDF)
    attach(landlord, page, "Tekening", PDF + b" met een tekening")
    monkeypatch.setattr(dossier, "ATTACHED_BYTES_MOST", len(PDF))

    made = PdfReader(io.BytesIO(landlord.client.get(f"{page.path}/dossier.pdf").data))

    assert {name: list(files) for name, files in made.attachments.items()} == {"1-Begroting.pdf": [PDF]}
    words = " ".join(made.pages[-1].extract_text().split())
    assert "zitten als bijlage in dit bestand" in words
    assert words.count("niet in dit bestand") == 1
    assert "bijlage" not in landlord.visit(f"{page.path}/dossier").text


def test_a_file_without_a_row_is_removed_after_a_day_and_others_stay(browser: Browser) -> None:
    _, landlord, page = start(browser)
    attach(landlord, page, "Begroting", PDF)
    store = document_store(FOLDER)
    loose = keep_document(io.BytesIO(PDF), FOLDER, "Nooit bewaard").key

    clean_documents(at=now())
    assert store.read(f"{loose}.pdf") == PDF
    clean_documents(at=now() + timedelta(days=2))

    with pytest.raises(FileNotFoundError):
        store.read(f"{loose}.pdf")
    assert landlord.client.get("/advies/stukken/1").data == PDF
