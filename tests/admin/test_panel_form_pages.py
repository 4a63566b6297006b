"""The pages of the participation forms: another form without code, versions, the end of one."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import db
from forum.panels.form_rules import Changeable, EndKind
from forum.panels.models import Panel, PanelForm
from forum.panels.rules import FillingMode
from tests.support.browser import Browser, Page
from tests.support.cast import make_complex, make_household, make_site, make_staff, make_tenant

FORMS = "/beheer/panelvormen/"
NEW: dict[str, Any] = {
    "name": "Klankbord groen",
    "purpose": "Praten over het groen in de buurt.",
    "mode": "everyone",
    "seats": "20",
    "end": "date",
    "term_months": "12",
    "rhythm_months": "2",
    "chair": "De opzichter",
    "deciding": "consensus",
}


@pytest.fixture
def admin(browser: Browser) -> Browser:
    make_site()
    return browser.sign_in(make_staff(Role.ADMIN))


@pytest.fixture
def moderator(admin: Browser, database: Flask) -> Browser:
    other = Browser(database)
    return other.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))


def plan_fields() -> dict[str, str]:
    today = local_day(now())
    return {
        "title": "Groen aan de Kade",
        "day": str(today + timedelta(days=60)),
        "starts": "19:30",
        "ends": "21:00",
        "place": "De Linde",
        "respond_by": str(today + timedelta(days=40)),
    }


def start_panel(moderator: Browser, form: str, **fields: Any) -> Page:
    page = moderator.visit(f"/beheer/panels/nieuw/zonder-onderwerp?vorm={form}")
    return moderator.submit(page, "Bewaar plan", **{**plan_fields(), **fields})


def last_panel() -> Panel:
    return db.session.query(Panel).order_by(Panel.id.desc())[0]


def test_another_form_needs_no_code(admin: Browser, moderator: Browser) -> None:
    make_tenant()
    kept = admin.submit(admin.visit(FORMS + "nieuw"), "Bewaar vorm", **NEW)

    offered = moderator.visit("/beheer/panels/nieuw")
    made = start_panel(moderator, "klankbord-groen")

    assert "De vorm is bewaard" in kept.text
    assert "Klankbord groen" in offered.text
    assert made.status == 200
    panel = last_panel()
    assert (panel.form.key, panel.mode, panel.form_rules.chair) == (
        "klankbord-groen",
        FillingMode.EVERYONE,
        "De opzichter",
    )
    assert panel.ends_on is not None
    assert panel.ends_on > local_day(now()) + timedelta(days=400)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({"name": " "}, "Geef de vorm een naam.", id="no name"),
        pytest.param({"end": "meeting", "term_months": ""}, "een ritme, want", id="a rhythm for one meeting"),
        pytest.param({"groups": "Senioren: 20"}, "Groepen kunnen alleen bij aanmelden.", id="groups"),
        pytest.param({"mode": "application"}, "Schrijf op waarop de commissie", id="no criteria"),
        pytest.param(
            {"mode": "application", "criteria": "Motivatie", "groups": "Senioren: 3"},
            "De groepen hebben samen 3 plaatsen.",
            id="other seats",
        ),
        pytest.param(
            {"mode": "application", "criteria": "Motivatie", "groups": "Senioren"},
            "Zet op elke regel een andere groep",
            id="no number",
        ),
        pytest.param({"term_months": "0"}, "van 1 tot en met 120", id="no month"),
    ],
)
def test_a_wrong_form_is_refused_in_words(admin: Browser, fields: dict[str, Any], sentence: str) -> None:
    page = admin.submit(admin.visit(FORMS + "nieuw"), "Bewaar vorm", **{**NEW, **fields})

    assert page.status == 422
    assert sentence in page.text
    assert db.session.query(PanelForm).count() == 0


def test_a_change_is_for_new_panels_only(admin: Browser, moderator: Browser) -> None:
    complex_ = make_complex("De Kade", "Haven")
    make_tenant(household=make_household(complex_))
    start_panel(moderator, "renovatiepanel", area=f"complex:{complex_.id}")
    before = last_panel().id
    stale = admin.visit(FORMS + "renovatiepanel")

    changed = admin.submit(
        admin.visit(FORMS + "renovatiepanel"), "Bewaar vorm", chair="De aannemer", rhythm_months="1"
    )
    refused = admin.submit(stale, "Bewaar vorm", chair="Iemand anders")
    start_panel(moderator, "renovatiepanel", area=f"complex:{complex_.id}")

    assert "De vorm is bewaard" in changed.text
    assert "Er is een nieuwere versie." in refused.text
    old, new = db.session.get_one(Panel, before), last_panel()
    assert (old.form.version, old.form_rules.chair, old.form_rules.rhythm_months) == (1, "", 3)
    assert (new.form.version, new.form_rules.chair, new.form_rules.rhythm_months) == (2, "De aannemer", 1)


def test_what_a_form_settles_cannot_be_sent_along(moderator: Browser) -> None:
    complex_ = make_complex("De Kade", "Haven")
    make_tenant(household=make_household(complex_))
    page = moderator.visit("/beheer/panels/nieuw/zonder-onderwerp?vorm=renovatiepanel")
    assert page.soup.find(attrs={"name": "mode"}) is None
    assert [option["value"] for option in page.soup.select("#area option")] == [f"complex:{complex_.id}"]
    token = page.token

    typed = {**plan_fields(), "vorm": "renovatiepanel", "area": f"complex:{complex_.id}", "purpose": "x"}
    forged = {"mode": "application", "seats": "3", "end": "date", "csrf_token": token}
    moderator.client.post("/beheer/panels/nieuw/zonder-onderwerp", data={**typed, **forged})

    panel = last_panel()
    assert (panel.mode, panel.seats, panel.form_rules.end) == (FillingMode.EVERYONE, 1, EndKind.PROJECT)


def test_a_form_on_activity_is_not_started_without_a_topic(moderator: Browser) -> None:
    page = moderator.visit("/beheer/panels/nieuw/zonder-onderwerp?vorm=adviesgroep")

    assert page.status == 422
    assert "Deze vorm hoort bij een onderwerp" in page.text


def test_a_retired_form_is_offered_no_more_and_its_panels_stay(admin: Browser, moderator: Browser) -> None:
    complex_ = make_complex("De Kade", "Haven")
    make_tenant(household=make_household(complex_))
    start_panel(moderator, "renovatiepanel", area=f"complex:{complex_.id}")
    buttons = admin.visit(FORMS)

    for _twice in range(2):
        page = admin.submit(buttons, "Niet meer gebruiken : Renovatiepanel")

    assert "Deze vorm kunt u niet meer kiezen." in page.text
    assert "Renovatiepanel" not in moderator.visit("/beheer/panels/nieuw").text
    assert moderator.visit("/beheer/panels/nieuw/zonder-onderwerp?vorm=renovatiepanel").status == 404
    assert moderator.visit(f"/beheer/panels/{last_panel().id}").status == 200
    assert Changeable.CHAIR in last_panel().form_rules.changeable
