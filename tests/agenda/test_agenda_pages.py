"""The pages of the agenda, used through their real forms."""

from datetime import timedelta
from typing import Any

import pytest

from forum.agenda import service, signing
from forum.agenda.models import Agenda, Topic
from forum.agenda.queries import get_topic
from forum.agenda.rules import AgendaState, DecisionKind, StatutorySubject, TopicState
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.database import db
from forum.settings.models import Site
from tests.support.browser import Browser, Page
from tests.support.cast import (
    T0,
    actor_of,
    make_agenda,
    make_agreed_topic,
    make_delegate,
    make_staff,
    make_tenant,
    make_topic,
    topic_text,
)
from tests.support.queries import counted_queries

PROPOSAL: dict[str, Any] = {
    "title": "De lift is vaak stuk",
    "question": "Wat moet er gebeuren als de lift stuk is?",
    "why": "De lift was vorig jaar veertig keer stuk.",
    "fixed": "Het geld voor onderhoud.",
    "open": "Hoe snel de monteur komt.",
    "level": "meedenken",
}


@pytest.fixture
def tenants(browser: Browser) -> Browser:
    """Return a signed-in delegate of the tenant organisation."""
    db.session.add(Site(landlord_name="Woonstede", tenants_name="Huurdersbelang", help_phone="010 000 00 00"))
    db.session.commit()
    return browser.sign_in(make_delegate(Party.TENANTS))


@pytest.fixture
def landlord(tenants: Browser) -> Browser:
    """Return a signed-in delegate of the landlord."""
    return tenants.another().sign_in(make_delegate(Party.LANDLORD))


def _delegate(party: Party = Party.TENANTS) -> Actor:
    return actor_of(make_delegate(party))


def _path(topic: Topic) -> str:
    return f"/agenda/onderwerp/{topic.id}"


def _approve(browser: Browser, topic: Topic) -> Page:
    return browser.submit(browser.visit(_path(topic)), "approve")


def test_before_the_first_agenda_the_page_says_what_will_come(tenants: Browser) -> None:
    page = tenants.visit("/agenda/")

    assert page.status == 200
    assert "Er is nog geen agenda" in page.text


def test_two_parties_make_an_agenda_from_the_first_word_to_the_last_button(
    tenants: Browser, landlord: Browser
) -> None:
    agenda = make_agenda(2026, topics_wanted=1)

    form = tenants.visit(tenants.visit("/agenda/").link("Stel een onderwerp voor"))
    topic_page = tenants.submit(form, "Bewaar het voorstel", **PROPOSAL)
    assert "Geef nu akkoord namens uw partij" in topic_page.text
    tenants.submit(topic_page, "approve")
    agreed = landlord.submit(landlord.visit(topic_page.path), "Akkoord met versie 1")
    assert "Beide partijen zijn akkoord. “De lift is vaak stuk” staat op de agenda." in agreed.text
    landlord.submit(agreed, "Bewaar de periode", opens_on="2026-03-01", closes_on="30-04-2026")

    tenants.submit(tenants.visit("/agenda/2026"), "Onderteken namens Huurdersbelang")
    signed = landlord.submit(landlord.visit("/agenda/2026"), "Onderteken namens Woonstede")

    assert "Beide partijen akkoord: 1 van 1" in signed.text
    assert "Gesprek van 1 maart 2026 tot en met 30 april 2026." in signed.text
    tenants.submit(tenants.visit("/agenda/2026"), "Publiceren")
    db.session.refresh(agenda)
    assert agenda.state is AgendaState.PUBLISHED
    assert tenants.visit("/agenda/2026").link("De lift is vaak stuk").startswith("/onderwerpen/")


def test_a_tenant_suggests_and_a_party_works_it_out(tenants: Browser, landlord: Browser) -> None:
    make_agenda(2026)
    neighbour = tenants.another().sign_in(make_tenant())

    form = neighbour.visit(neighbour.visit("/agenda/2026").link("Geef een idee"))
    idea = neighbour.submit(form, "Verstuur uw idee", title="Een hondenveld", why="Dan is het schoner.")
    assert "Uw idee is bewaard" in idea.text
    assert not idea.has_button("Bewaar dit besluit")

    adopt = tenants.visit(tenants.visit(idea.path).link("Maak er een voorstel van"))
    assert adopt.soup.select_one("#title")["value"] == "Een hondenveld"  # type: ignore[index]
    adopted = tenants.submit(
        adopt, "Neem dit idee over", question="Waar kan dat?", fixed="Niets.", open="De plek."
    )

    assert "Het idee is nu een voorstel van uw partij." in adopted.text
    assert "Overgenomen door Huurdersbelang" in adopted.text
    assert "Uw ideeën" not in neighbour.visit("/agenda/2026").text
    assert "Een hondenveld" in neighbour.visit("/agenda/2026").text


def test_a_party_that_approves_twice_reads_why_not(tenants: Browser) -> None:
    topic = make_topic()
    page = tenants.visit(_path(topic))
    tenants.submit(page, "approve")

    again = tenants.submit(page, "approve")

    assert again.status == 409
    assert "Uw partij ging al akkoord" in again.text
    assert again.has_link("Ga terug")
    assert not tenants.visit(_path(topic)).has_button("Akkoord met versie")


def test_approving_a_text_that_changed_meanwhile_reads_which_version_stands(
    tenants: Browser, landlord: Browser
) -> None:
    topic = make_topic()
    shown = tenants.visit(_path(topic))
    edit = landlord.visit(_path(topic) + "/wijzigen")
    landlord.submit(edit, "Bewaar als nieuwe versie", open="Wie er bericht krijgt.")

    refused = tenants.submit(shown, "approve")

    assert refused.status == 409
    assert "U zag versie 1. Nu geldt versie 2." in refused.text
    assert get_topic(topic.id).approved_by == frozenset()


def test_an_editor_who_was_too_late_keeps_their_text_and_can_go_on(
    tenants: Browser, landlord: Browser
) -> None:
    topic = make_topic()
    path = _path(topic) + "/wijzigen"
    mine, theirs = tenants.visit(path), landlord.visit(path)
    landlord.submit(theirs, "Bewaar als nieuwe versie", why="De tekst van de verhuurder.")

    refused = tenants.submit(mine, "Bewaar als nieuwe versie", why="De tekst van de huurders.")
    assert refused.status == 409
    assert "Dit staat er nu: versie 2" in refused.text
    assert "De tekst van de verhuurder." in refused.text
    assert refused.soup.select_one("#why").get_text().strip() == "De tekst van de huurders."  # type: ignore[union-attr]
    saved = tenants.submit(refused, "Bewaar als nieuwe versie")

    assert "Versie 3 is bewaard" in saved.text
    assert get_topic(topic.id).text.why == "De tekst van de huurders."


def test_an_editor_who_changed_nothing_keeps_the_approvals(tenants: Browser) -> None:
    topic = make_agreed_topic()

    page = tenants.submit(tenants.visit(_path(topic) + "/wijzigen"), "Bewaar als nieuwe versie")

    assert "De tekst is nog precies hetzelfde" in page.text
    assert get_topic(topic.id).state is TopicState.AGREED


def test_a_form_that_is_not_complete_says_what_is_missing_and_keeps_the_rest(tenants: Browser) -> None:
    make_agenda(2026)
    form = tenants.visit("/agenda/2026/voorstel")

    page = tenants.submit(form, "Bewaar het voorstel", **(PROPOSAL | {"title": " ", "open": ""}))

    assert page.status == 422
    assert page.title.startswith("Fout:")
    assert "Vul een titel in." in page.text
    assert "Vul in waar huurders invloed op hebben." in page.text
    assert page.soup.select_one("#why").get_text().strip() == PROPOSAL["why"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("button", "fields", "sentence", "kept"),
    [
        ("Bewaar dit besluit", {"kind": "postponed"}, "Vul een reden in.", ""),
        (
            "Bewaar dit besluit",
            {"reason": "Geen geld."},
            "Kies wat er met dit onderwerp gebeurt.",
            "Geen geld.",
        ),
        ("Bewaar het standpunt", {"text": ""}, "Vul het standpunt van uw partij in.", ""),
        ("Bewaar de cijfers", {"importance": "4"}, "Kies een cijfer van 1 tot en met 5.", ""),
    ],
)
def test_a_step_that_is_not_complete_keeps_what_was_typed(
    tenants: Browser, button: str, fields: dict[str, Any], sentence: str, kept: str
) -> None:
    topic = make_topic()

    page = tenants.submit(tenants.visit(_path(topic)), button, **fields)

    assert page.status == 422
    assert sentence in page.text
    assert page.soup.select_one("details[open]"), "the form with the fault must be open"
    if kept:
        assert kept in page.text
    if "importance" in fields:
        assert page.soup.select_one("input[name=importance][checked]")["value"] == "4"  # type: ignore[index]


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "sentence"),
    [
        pytest.param("", "2026-04-30", "Vul een datum in.", id="empty"),
        pytest.param("morgen", "2026-04-30", "Deze datum begrijpen wij niet.", id="no date"),
        pytest.param("0001-01-01", "2026-04-30", "Deze datum begrijpen wij niet.", id="far away"),
        pytest.param("2026-05-01", "2026-04-30", "De laatste dag ligt voor de eerste dag.", id="reversed"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_dutch(
    tenants: Browser, opens_on: str, closes_on: str, sentence: str
) -> None:
    topic = make_agreed_topic()

    page = tenants.submit(
        tenants.visit(_path(topic)), "Bewaar de periode", opens_on=opens_on, closes_on=closes_on
    )

    assert page.status == 422
    assert sentence in page.text
    assert "Not a valid" not in page.text
    assert get_topic(topic.id).opens_at is None


def test_the_last_day_of_a_period_counts_whole_in_amsterdam(tenants: Browser) -> None:
    topic = make_agreed_topic()

    tenants.submit(
        tenants.visit(_path(topic)), "Bewaar de periode", opens_on="2026-03-28", closes_on="2026-03-29"
    )
    period = get_topic(topic.id)

    assert period.opens_at is not None
    assert period.closes_at is not None
    assert period.opens_at.isoformat() == "2026-03-27T23:00:00+00:00"
    assert period.closes_at.isoformat() == "2026-03-29T21:59:59+00:00", "summer time began that night"


def test_a_topic_is_postponed_and_comes_back_with_the_reasons_to_read(tenants: Browser) -> None:
    topic = make_topic()
    page = tenants.visit(_path(topic))

    closed = tenants.submit(page, "Bewaar dit besluit", kind="postponed", reason="Eerst de lift keuren.")
    assert "Uitgesteld door Huurdersbelang" in closed.text
    twice = tenants.submit(page, "Bewaar dit besluit", kind="declined", reason="Toch helemaal niet.")
    assert twice.status == 409
    assert "Toch helemaal niet." in twice.text, "what was typed is kept"
    back = tenants.submit(closed, "Zet terug op tafel", reason="De lift is gekeurd.")

    assert "Eerst de lift keuren." in back.text
    assert "De lift is gekeurd." in back.text
    assert get_topic(topic.id).state is TopicState.PROPOSED


def test_an_incomplete_form_for_a_topic_that_was_closed_meanwhile_keeps_the_text(tenants: Browser) -> None:
    topic = make_topic()
    page = tenants.visit(_path(topic))
    service.decide_topic(get_topic(topic.id), DecisionKind.DECLINED, "Nee.", _delegate(), at=T0)
    db.session.commit()

    refused = tenants.submit(page, "Bewaar dit besluit", reason="Een lange uitleg.")

    assert refused.status == 409
    assert "Een lange uitleg." in refused.text


def test_a_standpoint_is_hidden_until_the_other_party_wrote_theirs(
    tenants: Browser, landlord: Browser
) -> None:
    topic = make_topic()
    visitor = tenants.another().sign_in(make_tenant())

    tenants.submit(tenants.visit(_path(topic)), "Bewaar het standpunt", text="Panelen op elk dak.")
    assert "Panelen op elk dak." not in landlord.visit(_path(topic)).text
    assert "Panelen op elk dak." in tenants.visit(_path(topic)).text
    both = landlord.submit(landlord.visit(_path(topic)), "Bewaar het standpunt", text="Niet op oude daken.")

    assert "Beide standpunten staan nu op de agenda." in both.text
    page = visitor.visit(_path(topic))
    assert "Panelen op elk dak." in page.text
    assert "Niet op oude daken." in page.text


def test_ratings_of_the_parties_stand_beside_each_other(tenants: Browser, landlord: Browser) -> None:
    topic = make_topic()

    tenants.submit(tenants.visit(_path(topic)), "Bewaar de cijfers", importance="5", influence="2")
    page = landlord.submit(landlord.visit(_path(topic)), "Bewaar de cijfers", importance="1", influence="4")

    assert "Huurdersbelang Belang: 5: het belangrijkst." in page.text
    assert "Woonstede Belang: 1: niet belangrijk." in page.text


def test_a_statutory_subject_says_where_it_belongs(tenants: Browser, landlord: Browser) -> None:
    make_agenda(2026)
    fields = PROPOSAL | {"statutory": "service_costs", "only_opinions": "y"}

    refused = landlord.submit(landlord.visit("/agenda/2026/voorstel"), "Bewaar het voorstel", **fields)
    assert refused.status == 400
    assert "Alleen de huurdersorganisatie kan dat aankruisen." in refused.text
    page = tenants.submit(tenants.visit("/agenda/2026/voorstel"), "Bewaar het voorstel", **fields)

    assert "Wettelijk onderwerp: Servicekosten en stookkosten" in page.text
    assert "Over dit onderwerp praat Huurdersbelang zelf met Woonstede." in page.text
    assert "Overlegwet" in page.text


def test_versions_stand_beside_each_other_with_the_difference_in_words(tenants: Browser) -> None:
    topic = make_topic()
    for version, why in enumerate(("Tien keer stuk.", "Twintig keer stuk."), start=1):
        service.edit_topic(topic, version, topic_text(why=why, statutory=None), _delegate(), reason="", at=T0)
    db.session.commit()

    latest = tenants.visit(tenants.visit(_path(topic)).link("Vergelijk de versies"))
    assert [tag.get_text(" ", strip=True) for tag in latest.soup.find_all("del")] == [
        "Doorgestreept",
        "Weg: Tien .",
    ]
    assert [tag.get_text(" ", strip=True) for tag in latest.soup.find_all("ins")] == [
        "Onderstreept",
        "Nieuw: Twintig .",
    ]
    chosen = tenants.submit(latest, "Vergelijk", van="1", naar="3")

    assert "Versie 1 en versie 3" in chosen.text
    assert "De lift was vorig jaar veertig keer stuk." in chosen.text
    assert tenants.visit(_path(topic) + "/versies?van=x&naar=99").status == 200


def test_one_version_has_nothing_to_compare(tenants: Browser) -> None:
    assert "Er is maar één versie" in tenants.visit(_path(make_topic()) + "/versies").text


@pytest.mark.parametrize(
    ("agreed", "sentence"), [(1, "Nu zijn het er 1."), (3, "Er zijn te veel onderwerpen")]
)
def test_signing_with_the_wrong_number_is_not_offered_and_is_refused(
    tenants: Browser, agreed: int, sentence: str
) -> None:
    agenda = make_agenda(2026, topics_wanted=2)
    for number in range(agreed):
        make_agreed_topic(agenda, title=f"Onderwerp {number}")
    page = tenants.visit("/agenda/2026")
    assert sentence in page.text
    assert not page.has_button("Onderteken")

    token = str(page.soup.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]
    refused = tenants.post("/agenda/2026/ondertekenen", csrf_token=token)

    assert refused.status == 409
    assert f"akkoord met {agreed} onderwerpen. Het moeten er precies 2 zijn." in refused.text


def test_a_party_that_signs_twice_reads_that_it_did(tenants: Browser) -> None:
    make_agreed_topic(make_agenda(2026, topics_wanted=1))
    page = tenants.visit("/agenda/2026")
    tenants.submit(page, "Onderteken namens Huurdersbelang")

    again = tenants.submit(page, "Onderteken namens Huurdersbelang")

    assert again.status == 409
    assert "Uw partij heeft de agenda van 2026 al ondertekend." in again.text


def _published() -> Agenda:
    agenda = make_agenda(2026, topics_wanted=1)
    topic = make_agreed_topic(agenda)
    signing.set_period(topic, T0, T0 + timedelta(days=9), _delegate(), at=T0)
    for party in Party:
        signing.sign_agenda(agenda, _delegate(party), at=T0)
    signing.publish_agenda(agenda, _delegate(), at=T0)
    db.session.commit()
    return agenda


def test_a_published_topic_has_no_forms_and_every_step_says_why(tenants: Browser) -> None:
    topic = _published().topics[0]

    page = tenants.visit(_path(topic))
    edit = tenants.visit(_path(topic) + "/wijzigen")

    assert "Dit onderwerp staat op het forum" in page.text
    assert not page.soup.find("details")
    assert edit.status == 409


def test_what_is_not_public_is_not_found_for_a_tenant(tenants: Browser) -> None:
    topic = make_topic(title="Nog geheim")
    neighbour = tenants.another().sign_in(make_tenant())

    assert neighbour.visit(_path(topic)).status == 404
    assert neighbour.visit(_path(topic) + "/versies").status == 404
    assert neighbour.visit("/agenda/onderwerp/99999").status == 404
    assert "Nog geheim" not in neighbour.visit("/agenda/2026").text
    assert "Nog geheim" not in tenants.another().visit("/agenda/2026").text


@pytest.mark.parametrize("role", [None, Role.ADMIN, Role.COORDINATOR])
def test_who_is_no_delegate_gets_no_forms_and_is_refused(tenants: Browser, role: Role | None) -> None:
    topic = make_topic()
    service.suggest_topic(topic.agenda, "Mijn idee", "Daarom.", _delegate(), at=T0)
    db.session.commit()
    other = tenants.another().sign_in(make_staff(role) if role else make_tenant())
    token = str(other.visit("/agenda/2026").soup.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]

    for step in ("akkoord", "cijfers", "besluit", "terug", "standpunt", "periode"):
        assert other.post(f"{_path(topic)}/{step}", csrf_token=token, version="1").status == 403
    assert other.visit("/agenda/2026/voorstel").status == 403
    assert get_topic(topic.id).approved_by == frozenset()


def test_a_hand_made_approval_without_a_version_is_refused(tenants: Browser) -> None:
    topic = make_topic()
    token = str(tenants.visit(_path(topic)).soup.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]

    for version in ("", "x", "-1", "99999999999999"):
        page = tenants.post(_path(topic) + "/akkoord", csrf_token=token, version=version)
        assert page.status == 400
        assert "Dit formulier klopt niet" in page.text


def test_typed_markup_is_shown_as_text(tenants: Browser) -> None:
    evil = "<script>alert(1)</script><b>vet</b>"
    topic = make_topic(title=evil, why=evil, question=evil, subquestions=evil)
    service.edit_topic(topic, 1, topic_text(evil + "!", why=evil * 2), _delegate(), reason=evil, at=T0)
    db.session.commit()

    for path in (_path(topic), _path(topic) + "/versies", _path(topic) + "/wijzigen", "/agenda/2026"):
        page = tenants.visit(path)
        assert evil in page.soup.get_text() or "alert(1)" in page.soup.get_text()
        assert page.soup.find("main").find("b") is None  # type: ignore[union-attr]


def test_the_agenda_page_costs_the_same_with_one_topic_and_with_many(tenants: Browser) -> None:
    agenda = make_agenda(2026)

    def queries() -> int:
        with counted_queries() as sent:
            tenants.visit("/agenda/2026")
        return len(sent)

    for make in (make_topic, make_agreed_topic):
        make(agenda, title="Eerste")
    service.suggest_topic(agenda, "Idee", "Daarom.", _delegate(), at=T0)
    db.session.commit()
    few = queries()
    for number in range(8):
        make_topic(agenda, title=f"Voorstel {number}")
        make_agreed_topic(agenda, title=f"Akkoord {number}")
        service.suggest_topic(agenda, f"Idee {number}", "Daarom.", _delegate(), at=T0)
    db.session.commit()

    assert queries() == few <= 16


def test_every_statutory_subject_has_its_words(tenants: Browser) -> None:
    agenda = make_agenda(2026)
    for subject in StatutorySubject:
        topic = make_topic(agenda, title=subject.value, statutory=subject, only_opinions=True)
        assert "Wettelijk onderwerp" in tenants.visit(_path(topic)).text
