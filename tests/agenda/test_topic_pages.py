"""The page of a topic: its steps, standpoints and versions, used through the real forms."""

from datetime import timedelta

from forum.agenda import deciding, service, signing
from forum.agenda.models import Agenda
from forum.agenda.queries import get_topic
from forum.agenda.rules import DecisionKind, StatutorySubject, TopicState
from forum.kernel.actor import Party
from forum.kernel.database import db
from tests.agenda.agendas import PROPOSAL, some_delegate, topic_path
from tests.support.browser import Browser
from tests.support.cast import T0, make_agenda, make_agreed_topic, make_tenant, make_topic, topic_text


def test_a_topic_is_postponed_and_comes_back_with_the_reasons_to_read(tenants: Browser) -> None:
    topic = make_topic()
    page = tenants.visit(topic_path(topic))

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
    page = tenants.visit(topic_path(topic))
    deciding.decide_topic(get_topic(topic.id), DecisionKind.DECLINED, "Nee.", some_delegate(), at=T0)
    db.session.commit()

    refused = tenants.submit(page, "Bewaar dit besluit", reason="Een lange uitleg.")

    assert refused.status == 409
    assert "Een lange uitleg." in refused.text


def test_a_standpoint_is_hidden_until_the_other_party_wrote_theirs(
    tenants: Browser, landlord: Browser
) -> None:
    topic = make_topic()
    visitor = tenants.another().sign_in(make_tenant())

    tenants.submit(tenants.visit(topic_path(topic)), "Bewaar het standpunt", text="Panelen op elk dak.")
    assert "Panelen op elk dak." not in landlord.visit(topic_path(topic)).text
    assert "Panelen op elk dak." in tenants.visit(topic_path(topic)).text
    both = landlord.submit(
        landlord.visit(topic_path(topic)), "Bewaar het standpunt", text="Niet op oude daken."
    )

    assert "Beide standpunten staan nu op de agenda." in both.text
    page = visitor.visit(topic_path(topic))
    assert "Panelen op elk dak." in page.text
    assert "Niet op oude daken." in page.text


def test_ratings_of_the_parties_stand_beside_each_other(tenants: Browser, landlord: Browser) -> None:
    topic = make_topic()

    tenants.submit(tenants.visit(topic_path(topic)), "Bewaar de cijfers", importance="5", influence="2")
    page = landlord.submit(
        landlord.visit(topic_path(topic)), "Bewaar de cijfers", importance="1", influence="4"
    )

    assert "Huurdersbelang Belang: 5: het belangrijkst." in page.text
    assert "Woonstede Belang: 1: niet belangrijk." in page.text


def test_a_statutory_subject_says_where_it_belongs(tenants: Browser, landlord: Browser) -> None:
    make_agenda(2026)
    fields = PROPOSAL | {"statutory": "service_costs", "only_opinions": "y"}

    page = tenants.submit(tenants.visit("/agenda/2026/voorstel"), "Bewaar het voorstel", **fields)

    assert "Wettelijk onderwerp: Servicekosten en stookkosten" in page.text
    assert "Over dit onderwerp praat Huurdersbelang zelf met Woonstede." in page.text
    assert "Overlegwet" in page.text


def test_a_landlord_proposes_a_statutory_subject_and_the_tenants_mark_it(
    tenants: Browser, landlord: Browser
) -> None:
    make_agenda(2026)
    form = landlord.visit("/agenda/2026/voorstel")

    theirs = landlord.submit(form, "Bewaar het voorstel", **(PROPOSAL | {"statutory": "service_costs"}))
    agenda = tenants.visit("/agenda/2026")
    ours = tenants.visit(agenda.link("Kruis bij “De lift is vaak stuk” aan"))
    marked = tenants.submit(
        tenants.visit(ours.link("Kruis aan in de tekst")), "Bewaar als nieuwe versie", only_opinions="y"
    )

    assert form.soup.find(attrs={"name": "only_opinions"}) is None
    assert "Huurdersbelang moet eerst aankruisen" in theirs.text
    assert not theirs.has_button("Akkoord met versie")
    assert not ours.has_button("Akkoord met versie")
    assert marked.has_button("Akkoord met versie 2")
    assert landlord.visit(theirs.path).has_button("Akkoord met versie 2")


def test_the_address_of_a_form_leads_to_its_topic(tenants: Browser) -> None:
    topic = make_topic()

    for step in ("akkoord", "cijfers", "besluit", "terug", "standpunt", "periode"):
        assert tenants.visit(f"{topic_path(topic)}/{step}").path == topic_path(topic)


def test_the_task_to_choose_a_period_leads_to_the_open_form(tenants: Browser) -> None:
    topic = make_agreed_topic(make_agenda(2026, topics_wanted=1))

    page = tenants.visit(tenants.visit("/agenda/2026").link("Kies een periode"))

    opened = page.soup.select_one("details[open]")
    assert opened is not None
    assert opened["id"] == "stap-period"
    assert opened.find(attrs={"name": "opens_on"})
    assert not tenants.visit(topic_path(topic)).soup.select("details[open]")


def test_versions_stand_beside_each_other_with_the_difference_in_words(tenants: Browser) -> None:
    topic = make_topic()
    for version, why in enumerate(("Tien keer stuk.", "Twintig keer stuk."), start=1):
        service.edit_topic(
            topic, version, topic_text(why=why, statutory=None), some_delegate(), reason="", at=T0
        )
    db.session.commit()

    latest = tenants.visit(tenants.visit(topic_path(topic)).link("Vergelijk de versies"))
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
    assert "De lift was vorig jaar veertig" in chosen.soup.select("del")[1].get_text()
    assert tenants.visit(topic_path(topic) + "/versies?van=x&naar=99").status == 200


def test_one_version_has_nothing_to_compare(tenants: Browser) -> None:
    assert "Er is maar één versie" in tenants.visit(topic_path(make_topic()) + "/versies").text


def _published() -> Agenda:
    agenda = make_agenda(2026, topics_wanted=1)
    topic = make_agreed_topic(agenda)
    signing.set_period(topic, T0, T0 + timedelta(days=9), some_delegate(), at=T0)
    for party in Party:
        signing.sign_agenda(agenda, some_delegate(party), at=T0)
    signing.publish_agenda(agenda, some_delegate(), at=T0)
    db.session.commit()
    return agenda


def test_a_published_topic_has_no_forms_and_every_step_says_why(tenants: Browser) -> None:
    topic = _published().topics[0]

    page = tenants.visit(topic_path(topic))
    edit = tenants.visit(topic_path(topic) + "/wijzigen")

    assert "Dit onderwerp staat op het forum" in page.text
    assert not page.soup.find("details")
    assert edit.status == 409


def test_a_hand_made_approval_without_a_version_is_refused(tenants: Browser) -> None:
    topic = make_topic()
    token = tenants.visit(topic_path(topic)).token

    for version in ("", "x", "-1", "99999999999999"):
        page = tenants.post(topic_path(topic) + "/akkoord", csrf_token=token, version=version)
        assert page.status == 400
        assert "Dit formulier klopt niet" in page.text


def test_typed_markup_is_shown_as_text(tenants: Browser) -> None:
    evil = "<script>alert(1)</script><b>vet</b>"
    topic = make_topic(title=evil, why=evil, question=evil, subquestions=evil)
    service.edit_topic(topic, 1, topic_text(evil + "!", why=evil * 2), some_delegate(), reason=evil, at=T0)
    db.session.commit()

    for path in (
        topic_path(topic),
        topic_path(topic) + "/versies",
        topic_path(topic) + "/wijzigen",
        "/agenda/2026",
    ):
        page = tenants.visit(path)
        assert evil in page.soup.get_text() or "alert(1)" in page.soup.get_text()
        assert page.soup.find("main").find("b") is None  # type: ignore[union-attr]


def test_every_statutory_subject_has_its_words(tenants: Browser) -> None:
    agenda = make_agenda(2026)
    for subject in StatutorySubject:
        topic = make_topic(agenda, title=subject.value, statutory=subject, only_opinions=True)
        assert "Wettelijk onderwerp" in tenants.visit(topic_path(topic)).text
