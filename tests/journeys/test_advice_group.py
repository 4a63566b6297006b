"""An advisory group in a browser: somebody from outside runs it, it advises, ends, and gets an answer."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from forum.invitations.queries import list_invitations
from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day, now
from forum.panels.queries import get_panel
from tests.journeys import panel_pages
from tests.journeys.arrangements import give_password, make_staff_email, new_name
from tests.journeys.conftest import Visitors
from tests.journeys.panel_pages import PanelUnderWay
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor
from tests.support.cast import make_staff
from tests.support.meetings import make_meeting
from tests.support.panels import make_debate

TITLE = "Adviesgroep over de lift"
SAID = "De monteur moet binnen een dag komen, ook op zondag."
REASON = "Wij vinden dit een goed advies, dus wij sluiten een nieuw contract met de monteur."
LAST_DAY = timedelta(days=200)


@dataclass(frozen=True)
class Group(PanelUnderWay):
    """An advisory group under way, with who runs it."""

    runs: Visitor
    advice: str = field(default_factory=partial(new_name, "Een monteur binnen een dag"))


@pytest.mark.timeout(300)
def test_an_advice_group_is_run_from_outside_advises_ends_and_is_answered(
    forum: ServedForum, visitors: Visitors, folder: Path
) -> None:
    with forum.inside():
        thread, tenants = make_debate(4)
        topic = f"/onderwerpen/{thread.topic_id}"
        for tenant in tenants:
            tenant.email = None
        leader = new_name("Cor van Buiten")
        coordinator = make_staff(Role.COORDINATOR, name=leader)
        emails = [make_staff_email(Role.MODERATOR, party) for party in Party]
        emails.append(give_password(coordinator.id))
        foreign = make_meeting(1).panel_id
    maker, other, runs = (visitors(forum, width=PHONE, javascript=False).sign_in(email) for email in emails)
    group = Group(forum, plan_group(maker, topic, leader), maker, other, runs)

    panel_pages.choose_and_confirm(group)
    sees_no_other_panel(group, foreign)
    names = answer_by_letter_and_phone(group, visitors(forum, width=PHONE, javascript=False), folder)
    panel_pages.let_it_be_over(group)
    panel_pages.tick(runs, group.panel_id, names)
    panel_pages.send_minutes(runs, "De monteur", SAID)
    for name in names:
        panel_pages.agree_by_phone(runs, name)
    panel_pages.lock_minutes(runs)
    advise(group)
    end_with_the_advice(group)
    answer(group)


def plan_group(maker: Visitor, topic: str, leader: str) -> str:
    maker.open(topic).follow("Panel maken")
    maker.follow("Kies een andere vorm")
    maker.follow("Adviesgroep")
    panel_pages.fill_plan(maker, TITLE, "De Linde")
    maker.fill("Hoeveel plaatsen?", "2")
    maker.fill("Laatste dag van het panel (mag leeg blijven)", str(local_day(now()) + LAST_DAY))
    maker.choose("Alleen punten")
    maker.expects_refusal(422).press("Bewaar plan")
    maker.reads("Kies wie dit panel leidt.")
    maker.main.get_by_label("Wie leidt dit panel?").select_option(leader)
    return panel_pages.keep_plan(maker)


def sees_no_other_panel(group: Group, foreign: int) -> None:
    runs = group.runs.open("/beheer/panels/")
    runs.reads(TITLE)
    runs.does_not_read("Panel over de lift")
    runs.expects_refusal(403, 404).open(f"/beheer/panels/{foreign}/uitnodigingen")
    runs.does_not_read("Panel over de lift")
    runs.open(group.path)
    expect(runs.main.get_by_role("button", name="Bevestig deze lijst")).to_have_count(0)


def answer_by_letter_and_phone(group: Group, guest: Visitor, folder: Path) -> list[str]:
    """Let one say yes with the code of the letter and the other on the phone; return their names."""
    with group.forum.inside():
        invited = [row.member for row in list_invitations(get_panel(group.panel_id))]
        first, second = (f"{member.first_name} {member.last_name}" for member in invited)
        names = [member.display_name for member in invited]
        postcode = invited[0].household.postcode if invited[0].household else ""
    codes = panel_pages.post_letters(group.runs, group.panel_id, folder)
    assert set(codes) == {first, second}
    panel_pages.open_with_code(guest, codes[first], postcode)
    panel_pages.say_yes(guest)
    guest.reads("Wij weten dat u komt.")
    panel_pages.phone(group.runs, group.panel_id, names[1], "Ja, komt")
    return names


def advise(group: Group) -> None:
    """Let who runs the group write what it advised, with the point of the minutes, and publish it."""
    runs = group.runs.open(f"/panels/{group.panel_id}")
    panel_pages.open_first_meeting(runs, group.panel_id)
    runs.follow("Lees het verslag")
    point = runs.main.get_by_role("link", name="Vaste link").get_attribute("href")
    runs.open(f"/panels/{group.panel_id}").follow("Adviezen schrijven")
    runs.follow("Schrijf een advies")
    runs.fill("Titel", group.advice)
    runs.fill("Het advies", SAID)
    runs.press("Bewaar het concept")
    runs.fill("Link of nummer van een bericht", f"{group.forum.address}{point}")
    runs.press("Zet dit bericht erbij")
    runs.follow("Terug naar alle concepten")
    runs.press("Publiceer de adviezen")
    runs.reads(f"Advies 1: {group.advice}")
    runs.reads(f"Van: {TITLE}.")


def end_with_the_advice(group: Group) -> None:
    maker = group.maker.open(f"/panels/{group.panel_id}")
    maker.follow("Panel laten stoppen")
    maker.press("Laat het panel stoppen")
    maker.reads("Schrijf op wat eruit kwam.")
    maker.fill("Wat kwam eruit?", "Eén advies, over de monteur.")
    maker.press("Laat het panel stoppen")
    maker.reads("Het advies is gegeven.")
    maker.reads("Er komen geen uitnodigingen meer.")
    expect(maker.main.get_by_role("link", name="Panel laten stoppen")).to_have_count(0)


def answer(group: Group) -> None:
    landlord = group.other.open("/beheer/adviezen")
    landlord.follow(f"Advies 1: {group.advice}")
    landlord.follow("Geef antwoord op advies 1")
    landlord.choose("Overgenomen: wij doen dit")
    landlord.fill("Waarom?", REASON)
    landlord.fill("Wie doet dit?", "De opzichter")
    landlord.fill("Wanneer is het klaar?", str(local_day(now()) + timedelta(days=60)))
    landlord.press("Plaats het antwoord")
    landlord.reads(REASON)
    group.maker.open(f"/panels/{group.panel_id}").follow("Lees de adviezen en de antwoorden")
    group.maker.reads(REASON)
