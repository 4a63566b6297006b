"""A council in a browser: tenants apply, outsiders rate, seats of groups, years of meetings, the last day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from forum.panels.application_queries import list_applications
from forum.panels.ending import end_when_over
from forum.panels.life_queries import list_guests
from forum.panels.life_rules import GuestKind
from forum.panels.queries import get_panel
from tests.journeys import panel_pages
from tests.journeys.arrangements import give_password, make_staff_email
from tests.journeys.conftest import Visitors
from tests.journeys.panel_pages import PanelUnderWay
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor
from tests.support.cast import make_tenant
from tests.support.panel_forms import make_application, rate_all

SENIORS = "Seniorenwoning"
OTHERS = {"Eengezinswoning": 4, "Flat of portiek": 4, SENIORS: 1, "Kamer of studio": 2}
"""So many apply besides Truus, Bep and Kees, who are the other seniors: one too many for three seats."""
WHY = "Ik ben Truus en ik woon hier al dertig jaar."
RATED = "Een duidelijk verhaal, met een plan."
SAID = "De huur van de berging blijft gelijk."


@dataclass(frozen=True)
class Council(PanelUnderWay):
    """A council under way, with a tenant who is on it for a while."""

    member: Visitor


@pytest.mark.timeout(300)
def test_a_council_is_rated_by_outsiders_meets_fills_a_seat_and_ends(
    forum: ServedForum, visitors: Visitors, folder: Path
) -> None:
    with forum.inside():
        tenants = {
            "Truus": make_tenant("Truus"),
            "Bep": make_tenant("Bep", email=None),
            "Kees": make_tenant("Kees"),
        }
        home, number = tenants["Bep"].household, str(tenants["Bep"].number)
        postcode = home.postcode if home else ""
        ids = {name: tenant.id for name, tenant in tenants.items()}
        emails = [make_staff_email(Role.MODERATOR, party) for party in Party]
        emails.append(give_password(ids["Truus"]))
    maker, other, member = (visitors(forum, width=PHONE, javascript=False).sign_in(email) for email in emails)
    council = Council(forum, plan_council(maker), maker, other, member)
    guest = visitors(forum, width=PHONE, javascript=False)

    links = [make_rater_link(council, name) for name in ("Anna", "Bert")]
    apply_oneself(council)
    enter_application(council, number)
    let_others_apply(council, ids)
    rate(council, guest, links[0], ids)
    panel_pages.choose_and_confirm(council)
    read_why_one_was_chosen(council)
    codes = panel_pages.post_letters(maker, council.panel_id, folder)
    panel_pages.open_with_code(guest, codes["Bep Jansen"], postcode)
    panel_pages.say_yes(guest)
    guest.reads("Wij weten dat u komt.")
    hold_first_meeting(council)
    replace_who_leaves(council)
    end_on_the_last_day(council)


def plan_council(maker: Visitor) -> str:
    today = local_day(now())
    maker.open("/beheer/panels/nieuw").follow("Klantenraad")
    panel_pages.fill_plan(maker, "Raad van de Singel", "De Linde")
    maker.fill("Aanmelden kan vanaf", str(today))
    maker.fill("Aanmelden kan tot en met", str(today + timedelta(days=9)))
    return panel_pages.keep_plan(maker)


def make_rater_link(council: Council, name: str) -> str:
    maker = council.maker
    maker.open(council.path).follow("Meekijkers en commissie")
    maker.choose("Aanmeldingen beoordelen in de commissie")
    maker.fill("Naam", name)
    maker.fill("Namens wie?", "Woonbond")
    maker.press("Maak een link")
    return maker.main.locator(".address").inner_text().removeprefix(council.forum.address)


def apply_oneself(council: Council) -> None:
    member = council.member.open(f"/panels/{council.panel_id}")
    member.follow("Aanmelden")
    member.choose(SENIORS)
    member.fill("Wat kunt of weet u?", "Vergaderen.")
    member.expects_refusal(422).press("Verstuur aanmelding")
    member.reads("Schrijf op waarom u wilt meedoen.")
    member.fill("Waarom wilt u meedoen?", WHY)
    member.press("Verstuur aanmelding")
    member.reads("Uw aanmelding is binnen")


def enter_application(council: Council, number: str) -> None:
    maker = council.maker
    maker.open(council.path).follow("Aanmeldingen")
    maker.fill("Huurdersnummer", number)
    maker.choose("Geschreven op papier")
    maker.choose(SENIORS)
    maker.fill("Waarom wil deze huurder meedoen?", "Dat schreef zij in een brief.")
    maker.fill("Wat kan of weet deze huurder?", "Luisteren.")
    maker.press("Bewaar aanmelding")
    maker.reads("De aanmelding is bewaard.")


def let_others_apply(council: Council, ids: Mapping[str, int]) -> None:
    """Let the others apply, and move the last day for it to the past: a test cannot wait for it."""
    with council.forum.inside():
        panel = get_panel(council.panel_id)
        make_application(panel, SENIORS, db.session.get_one(Member, ids["Kees"]), at=now())
        for group, count in OTHERS.items():
            for _ in range(count):
                make_application(panel, group, at=now())
        panel.applications_until = now() - timedelta(seconds=1)
        db.session.commit()


def rate(council: Council, rater: Visitor, link: str, ids: Mapping[str, int]) -> None:
    """Let Anna rate the last application in her browser; Bert and she did the others already."""
    with council.forum.inside():
        panel = get_panel(council.panel_id)
        marks = {row.member_id: 50 for row in list_applications(panel.id)}
        marks |= {ids["Truus"]: 90, ids["Bep"]: 80, ids["Kees"]: 10}
        for guest in list_guests(panel.id, GuestKind.COMMITTEE):
            by_page = {ids["Truus"]} if guest.name == "Anna" else set()
            rate_all(panel, guest, {key: mark for key, mark in marks.items() if key not in by_page}, at=now())
    rater.open(link).reads("Nog 1 van de 14 te doen.")
    rater.follow("Aanmelding 1")
    rater.reads("Ik ben [naam] en ik woon hier")
    for criterion in ("Motivatie", "Kennis en ervaring", "Spreekt ook voor anderen"):
        rater.fill(criterion, "90")
    rater.fill("Waarom deze cijfers?", RATED)
    rater.press("Bewaar beoordeling")
    rater.reads("U bent klaar.")
    rater.reads("Anderen gaven gemiddeld: 90,00")


def read_why_one_was_chosen(council: Council) -> None:
    member = council.member.open(f"/mijn/panels/{council.panel_id}")
    member.reads("U bent gekozen")
    member.reads("De commissie gaf u gemiddeld 90,00 van de 100 punten.")
    member.reads(RATED)
    answer_own(council, "Ja, ik kom")
    member.reads("Fijn dat u komt.")


def answer_own(council: Council, answer: str) -> None:
    member = council.member.open("/mijn")
    member.main.locator("a[href^='/mijn/uitnodigingen/']:not([href$='manier'])").first.click()
    member.choose(answer)
    member.press("Verstuur antwoord")


def hold_first_meeting(council: Council) -> None:
    maker, panel_id = council.maker, council.panel_id
    panel_pages.let_it_be_over(council)
    panel_pages.tick(maker, panel_id, ["Truus", "Bep"])
    panel_pages.send_minutes(maker, "De bergingen", SAID)
    panel_pages.agree(council.member, panel_id)
    panel_pages.agree_by_phone(maker, "Bep")
    panel_pages.lock_minutes(maker)
    maker.open(f"/panels/{panel_id}").follow("Punt afronden")
    maker.fill("Waarover ging het?", "De bergingen")
    maker.choose("Overeenstemming")
    maker.fill("Wat is afgesproken?", SAID)
    maker.press("Rond dit punt af")
    maker.reads("Het punt is afgerond.")
    assert maker.facts()["Plaatsen"] == "13"


def replace_who_leaves(council: Council) -> None:
    """Let Truus leave after the first meeting; Kees, of the same group, is asked for the next one."""
    maker, panel_id = council.maker, council.panel_id
    next_day = local_day(now()) + timedelta(days=90)
    maker.open(council.path).follow("Bijeenkomsten en verslagen")
    maker.follow("Nog een bijeenkomst")
    maker.fill("Dag", str(next_day))
    maker.fill("Begint om", "19:30")
    maker.fill("Eindigt om", "21:00")
    maker.fill("Waar", "De Kapel")
    maker.press("Bewaar bijeenkomst")
    answer_own(council, "Nee, ik kom niet")
    council.member.reads("Jammer dat u niet komt.")
    maker.open(f"/beheer/panels/{panel_id}/uitnodigingen").follow("Naar de bellijst")
    maker.press("Bel Kees")
    maker.reads("De plek is De Kapel.")
    maker.does_not_read("één keer")
    maker.choose("Ja, komt")
    maker.press("Bewaar")
    maker.open(f"/panels/{panel_id}").reads("Kees")


def end_on_the_last_day(council: Council) -> None:
    """Let the last day pass; everybody can still read what the council said."""
    with council.forum.inside(), unit_of_work():
        panel = get_panel(council.panel_id)
        panel.ends_on = local_day(now()) - timedelta(days=1)
        end_when_over(panel, at=now())
    reader = council.member
    reader.open(f"/panels/{council.panel_id}").reads("De laatste dag van het panel is voorbij.")
    reader.reads("Overeenstemming")
    reader.reads("geweest")
    panel_pages.open_first_meeting(reader, council.panel_id)
    reader.follow("Lees het verslag")
    reader.reads(SAID)
