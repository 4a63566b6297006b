"""The pages of the agenda, used through their real forms."""

from typing import Any

import pytest

from forum.agenda import service
from forum.agenda.queries import get_topic
from forum.agenda.rules import AgendaState, TopicState
from forum.kernel.actor import Role
from forum.kernel.database import db
from tests.agenda.agendas import PROPOSAL, agreed_topic_with_period, some_delegate, topic_path
from tests.support.browser import Browser
from tests.support.cast import T0, make_agenda, make_agreed_topic, make_staff, make_tenant, make_topic
from tests.support.queries import counted_queries


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
    tenants.submit(tenants.visit("/agenda/2026"), "Publiceer de agenda")
    db.session.refresh(agenda)
    assert agenda.state is AgendaState.PUBLISHED
    assert tenants.visit("/agenda/2026").link("De lift is vaak stuk").startswith("/onderwerpen/")


def test_a_tenant_suggests_and_a_party_works_it_out(tenants: Browser, landlord: Browser) -> None:
    make_agenda(2026)
    neighbour = tenants.another().sign_in(make_tenant())

    form = neighbour.visit(neighbour.visit("/agenda/2026").link("Geef een idee"))
    assert "Vul in waar het over gaat." in neighbour.submit(form, "Verstuur uw idee", why="Daarom.").text
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
    page = tenants.visit(topic_path(topic))
    tenants.submit(page, "approve")

    again = tenants.submit(page, "approve")

    assert again.status == 409
    assert "Uw partij ging al akkoord" in again.text
    assert again.has_link("Ga terug")
    assert not tenants.visit(topic_path(topic)).has_button("Akkoord met versie")


def test_approving_a_text_that_changed_meanwhile_reads_which_version_stands(
    tenants: Browser, landlord: Browser
) -> None:
    topic = make_topic()
    shown = tenants.visit(topic_path(topic))
    edit = landlord.visit(topic_path(topic) + "/wijzigen")
    landlord.submit(edit, "Bewaar als nieuwe versie", open="Wie er bericht krijgt.")

    refused = tenants.submit(shown, "approve")

    assert refused.status == 409
    assert "U zag versie 1. Nu geldt versie 2." in refused.text
    assert get_topic(topic.id).approved_by == frozenset()


def test_an_editor_who_was_too_late_keeps_their_text_and_can_go_on(
    tenants: Browser, landlord: Browser
) -> None:
    topic = make_topic()
    path = topic_path(topic) + "/wijzigen"
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

    page = tenants.submit(tenants.visit(topic_path(topic) + "/wijzigen"), "Bewaar als nieuwe versie")

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

    page = tenants.submit(tenants.visit(topic_path(topic)), button, **fields)

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
        tenants.visit(topic_path(topic)), "Bewaar de periode", opens_on=opens_on, closes_on=closes_on
    )

    assert page.status == 422
    assert sentence in page.text
    assert "Not a valid" not in page.text
    assert get_topic(topic.id).opens_at is None


def test_the_last_day_of_a_period_counts_whole_in_amsterdam(tenants: Browser) -> None:
    topic = make_agreed_topic()

    tenants.submit(
        tenants.visit(topic_path(topic)), "Bewaar de periode", opens_on="2026-03-28", closes_on="2026-03-29"
    )
    period = get_topic(topic.id)

    assert period.opens_at is not None
    assert period.closes_at is not None
    assert period.opens_at.isoformat() == "2026-03-27T23:00:00+00:00"
    assert period.closes_at.isoformat() == "2026-03-29T21:59:59+00:00", "summer time began that night"


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

    token = page.token
    refused = tenants.post("/agenda/2026/ondertekenen", csrf_token=token)

    assert refused.status == 409
    assert f"akkoord met {agreed} onderwerpen. Het moeten er precies 2 zijn." in refused.text


def test_a_party_that_signs_twice_reads_that_it_did(tenants: Browser) -> None:
    agreed_topic_with_period(make_agenda(2026, topics_wanted=1))
    page = tenants.visit("/agenda/2026")
    tenants.submit(page, "Onderteken namens Huurdersbelang")

    again = tenants.submit(page, "Onderteken namens Huurdersbelang")

    assert again.status == 409
    assert "Uw partij heeft de agenda van 2026 al ondertekend." in again.text


def test_what_is_not_public_is_not_found_for_a_tenant(tenants: Browser) -> None:
    topic = make_topic(title="Nog geheim")
    neighbour = tenants.another().sign_in(make_tenant())

    assert neighbour.visit(topic_path(topic)).status == 404
    assert neighbour.visit(topic_path(topic) + "/versies").status == 404
    assert neighbour.visit("/agenda/onderwerp/99999").status == 404
    assert "Nog geheim" not in neighbour.visit("/agenda/2026").text
    assert "Nog geheim" not in tenants.another().visit("/agenda/2026").text


@pytest.mark.parametrize("role", [None, Role.ADMIN, Role.COORDINATOR])
def test_who_is_no_delegate_gets_no_forms_and_is_refused(tenants: Browser, role: Role | None) -> None:
    topic = make_topic()
    service.suggest_topic(topic.agenda, "Mijn idee", "Daarom.", some_delegate(), at=T0)
    db.session.commit()
    other = tenants.another().sign_in(make_staff(role) if role else make_tenant())
    token = other.visit("/agenda/2026").token

    for step in ("akkoord", "cijfers", "besluit", "terug", "standpunt", "periode"):
        assert other.post(f"{topic_path(topic)}/{step}", csrf_token=token, version="1").status == 403
    assert other.visit("/agenda/2026/voorstel").status == 403
    assert get_topic(topic.id).approved_by == frozenset()


def test_the_agenda_page_costs_the_same_with_one_topic_and_with_many(tenants: Browser) -> None:
    agenda = make_agenda(2026)

    def queries() -> int:
        with counted_queries() as sent:
            tenants.visit("/agenda/2026")
        return len(sent)

    for make in (make_topic, make_agreed_topic):
        make(agenda, title="Eerste")
    service.suggest_topic(agenda, "Idee", "Daarom.", some_delegate(), at=T0)
    db.session.commit()
    few = queries()
    for number in range(8):
        make_topic(agenda, title=f"Voorstel {number}")
        make_agreed_topic(agenda, title=f"Akkoord {number}")
        service.suggest_topic(agenda, f"Idee {number}", "Daarom.", some_delegate(), at=T0)
    db.session.commit()

    assert queries() == few <= 18
