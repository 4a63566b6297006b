"""The page of a topic: its steps, standpoints and versions, used through the real forms."""

from datetime import timedelta
from typing import Any

from forum.agenda import service, signing
from forum.agenda.models import Agenda, Topic
from forum.agenda.queries import get_topic
from forum.agenda.rules import DecisionKind, StatutorySubject, TopicState
from forum.kernel.actor import Actor, Party
from forum.kernel.database import db
from tests.support.browser import Browser
from tests.support.cast import (
    T0,
    actor_of,
    make_agenda,
    make_agreed_topic,
    make_delegate,
    make_tenant,
    make_topic,
    topic_text,
)

PROPOSAL: dict[str, Any] = {
    "title": "De lift is vaak stuk",
    "question": "Wat moet er gebeuren als de lift stuk is?",
    "why": "De lift was vorig jaar veertig keer stuk.",
    "fixed": "Het geld voor onderhoud.",
    "open": "Hoe snel de monteur komt.",
    "level": "meedenken",
}


def _delegate(party: Party = Party.TENANTS) -> Actor:
    return actor_of(make_delegate(party))


def _path(topic: Topic) -> str:
    return f"/agenda/onderwerp/{topic.id}"


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
    assert "De lift was vorig jaar veertig" in chosen.soup.select("del")[1].get_text()
    assert tenants.visit(_path(topic) + "/versies?van=x&naar=99").status == 200


def test_one_version_has_nothing_to_compare(tenants: Browser) -> None:
    assert "Er is maar één versie" in tenants.visit(_path(make_topic()) + "/versies").text


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


def test_every_statutory_subject_has_its_words(tenants: Browser) -> None:
    agenda = make_agenda(2026)
    for subject in StatutorySubject:
        topic = make_topic(agenda, title=subject.value, statutory=subject, only_opinions=True)
        assert "Wettelijk onderwerp" in tenants.visit(_path(topic)).text
