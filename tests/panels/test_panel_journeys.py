"""Panels of other forms through their real pages, from the making to the end."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import db
from forum.members.models import Member
from forum.panels import applying, jobs
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.rules import PanelState
from tests.support.browser import Browser, Page
from tests.support.cast import make_site, make_staff, make_tenant
from tests.support.panels import make_debate

pytestmark = pytest.mark.usefixtures("database")
TODAY = local_day(now())
PLAN: dict[str, Any] = {
    "title": "Ons panel",
    "day": str(TODAY + timedelta(days=60)),
    "starts": "19:30",
    "ends": "21:00",
    "place": "De Linde",
    "respond_by": str(TODAY + timedelta(days=50)),
}


class Cast:
    """Everybody on these journeys, each in a browser of their own."""

    def __init__(self, app: Flask) -> None:
        make_site()
        self.browser = partial(Browser, app)
        self.moderators = [self._sign_in(make_staff(Role.MODERATOR, party)) for party in Party]

    def _sign_in(self, member: Member) -> Browser:
        return self.browser().sign_in(member)

    def sign_in(self, member: Member) -> Browser:
        """Return a browser in which somebody is signed in."""
        return self._sign_in(member)

    def choose(self, panel_id: int) -> None:
        """Fix the list, choose, and confirm for both parties."""
        path = f"/beheer/panels/{panel_id}"
        first = self.moderators[0]
        first.submit(first.visit(f"/panels/{panel_id}/loting"), "Leg vast")
        first.submit(first.visit(f"/panels/{panel_id}/loting"), "Kies het panel", public_value="314159")
        for moderator in self.moderators:
            moderator.submit(moderator.visit(path), "Bevestig deze lijst")


@pytest.fixture
def cast(database: Flask) -> Cast:
    return Cast(database)


def make(cast: Cast, path: str, **fields: Any) -> int:
    moderator = cast.moderators[0]
    page = moderator.submit(moderator.visit(path), "Bewaar plan", **{**PLAN, **fields})
    assert page.status == 200, page.text
    return db.session.query(Panel.id).order_by(Panel.id.desc()).limit(1).scalar() or 0


def guest_link(cast: Cast, panel_id: int, kind: str, name: str) -> str:
    moderator = cast.moderators[0]
    page = moderator.visit(f"/beheer/panels/{panel_id}/meekijkers")
    made = moderator.submit(page, "Maak een link", kind=kind, name=name, body="Woonbond")
    shown = made.soup.select_one(".address")
    assert shown is not None
    return "/" + shown.get_text(strip=True).split("/", 3)[3]


def rate(rater: Browser, link: str, number: int, mark: str) -> Page:
    page = rater.visit(f"{link}/{number}")
    marks: dict[str, Any] = {f"marks-{place}": mark for place in range(3)}
    return rater.submit(page, "Bewaar beoordeling", reason="Duidelijk verhaal.", **marks)


def test_a_council_from_its_call_to_an_outcome_that_is_explained(cast: Cast) -> None:
    days: dict[str, Any] = {
        "applications_from": str(TODAY),
        "applications_until": str(TODAY + timedelta(days=5)),
    }
    panel_id = make(cast, "/beheer/panels/nieuw/zonder-onderwerp?vorm=klantenraad", **days)
    tenants = [make_tenant(f"Huurder{letter}") for letter in "ABCDE"]
    on_paper = make_tenant("Huurderpapier", email=None)
    path = f"/panels/{panel_id}/aanmelden"
    flat: dict[str, Any] = {"seat_group": "Seniorenwoning", "competences": "Luisteren."}
    browsers = [cast.sign_in(tenant) for tenant in tenants[:2]]
    empty = browsers[0].submit(browsers[0].visit(path), "Verstuur aanmelding", motivation="", **flat)
    for browser, tenant in zip(browsers, tenants, strict=False):
        sent = browser.submit(
            browser.visit(path), "Verstuur aanmelding", motivation=f"Ik ben {tenant.display_name}.", **flat
        )
    moderator = cast.moderators[0]
    list_path = f"/beheer/panels/{panel_id}/aanmeldingen"
    for tenant in (*tenants[2:], on_paper):
        moderator.submit(
            moderator.visit(list_path),
            "Bewaar aanmelding",
            number=tenant.number,
            source="letter",
            motivation="Geschreven op een brief.",
            **flat,
        )
    links = [guest_link(cast, panel_id, "committee", name) for name in ("Anna", "Bert")]
    early = cast.browser().visit(links[0])

    get_panel(panel_id).applications_until = now() - timedelta(minutes=1)  # sign-ins would not outlive a week
    db.session.commit()
    too_soon = moderator.submit(moderator.visit(f"/panels/{panel_id}/loting"), "Leg vast")
    rater = cast.browser()
    read = rater.visit(links[0] + "/1")
    wrong = rate(rater, links[0], 1, "101")
    for link in links:
        for number in range(1, 7):
            rated = rate(rater, link, number, str(100 - 10 * number))
    cast.choose(panel_id)
    for application_id in applying.list_untold():
        applying.tell_outcome(application_id, at=now())
    db.session.commit()
    chosen = browsers[0].visit(f"/mijn/panels/{panel_id}")
    lost = cast.sign_in(tenants[4]).visit(f"/mijn/panels/{panel_id}")
    to_phone = moderator.visit(list_path)
    council = browsers[0].visit(f"/panels/{panel_id}")

    assert empty.status == 422
    assert "Schrijf op waarom u wilt meedoen." in empty.text
    assert "Uw aanmelding is binnen" in sent.text
    assert "Aanmelden kan nog" in early.text
    assert "HuurderA" not in early.text
    assert too_soon.status == 409
    assert "[naam]" in read.text
    assert "HuurderA" not in read.text
    assert wrong.status == 422
    assert "Duidelijk verhaal." in wrong.html
    assert "U bent klaar." in rated.text
    assert "Anderen gaven gemiddeld: 90,00" in rated.text
    assert "U bent gekozen" in chosen.text
    assert "De commissie gaf u gemiddeld 90,00 van de 100 punten." in chosen.text
    assert "U bent deze keer niet gekozen" in lost.text
    assert "Duidelijk verhaal." in lost.text
    assert "Huurderpapier" in to_phone.text
    assert "Lege plaatsen 10" in council.text
    assert get_panel(panel_id).seats == 3


def test_an_advice_group_is_run_by_its_coordinator_and_ends_with_its_advice(cast: Cast) -> None:
    thread, _ = make_debate(6)
    runs, other = make_staff(Role.COORDINATOR), make_staff(Role.COORDINATOR)
    start = f"/beheer/panels/nieuw/{thread.topic_id}?vorm=adviesgroep"
    moderator = cast.moderators[0]
    refused = moderator.submit(moderator.visit(start), "Bewaar plan", **{**PLAN, "seats": "3"})
    panel_id = make(cast, start, seats="3", coordinator=str(runs.id))
    cast.choose(panel_id)
    page_path, end_path = f"/panels/{panel_id}", f"/beheer/panels/{panel_id}/stoppen"
    look_on = guest_link(cast, panel_id, "observer", "Cora")
    own, foreign = cast.sign_in(runs), cast.sign_in(other)

    assert "Kies wie dit panel leidt." in refused.text
    assert own.visit(f"/beheer/panels/{panel_id}/uitnodigingen").status == 200
    assert foreign.visit(f"/beheer/panels/{panel_id}/uitnodigingen").status == 404
    assert own.visit(end_path).status == 403
    empty = moderator.submit(moderator.visit(end_path), "Laat het panel stoppen", words=" ")
    ended = moderator.submit(moderator.visit(end_path), "Laat het panel stoppen", words="Er komt een lift.")

    assert empty.status == 422
    assert "Het advies is gegeven." in ended.text
    assert "Er komt een lift." in moderator.visit(page_path).text
    assert "Er komt een lift." in cast.browser().visit(look_on).text
    assert moderator.visit(end_path).status == 409
    moderator.submit(moderator.visit(f"/beheer/panels/{panel_id}/meekijkers"), "Link sluiten van Cora")
    assert cast.browser().visit(look_on).status == 404


def test_the_job_ends_what_is_over(cast: Cast) -> None:
    thread, _ = make_debate(6)
    panel_id = make(
        cast,
        f"/beheer/panels/nieuw/{thread.topic_id}?vorm=adviesgroep",
        seats="3",
        coordinator=str(make_staff(Role.COORDINATOR).id),
        ends_on=str(TODAY + timedelta(days=70)),
    )
    cast.choose(panel_id)
    moments: list[datetime] = [now() + timedelta(days=days) for days in (70, 71, 72)]

    states = []
    for at in moments:
        jobs.end_overdue_panels(at=at)
        db.session.rollback()
        states.append(get_panel(panel_id).state)

    assert states == [PanelState.CONFIRMED, PanelState.ENDED, PanelState.ENDED]
