"""A tenant on a phone, from the link a neighbour sent to following the debate and finding it again."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.arrangements import OTHERS_WORDS, make_debate_of_yesterday
from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor

WORDS = "Bij ons in de Zeemanflat helpt een briefje van de monteur op de liftdeur al heel veel."
REPLY = "Weet u al of het aan de deur ligt? Bij ons was het de sensor van de onderste verdieping."


def fits(tenant: Visitor) -> None:
    assert tenant.overflow() <= 0, f"{tenant.page.url} is {tenant.overflow()} px too wide"


def test_a_tenant_reads_takes_part_follows_and_finds_it_again(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str]
) -> None:
    with forum.inside():
        path = make_debate_of_yesterday()
    tenant = visitors(forum, width=PHONE).sign_in(tenant_email("Wil onderweg")).open(path)
    tenant.choose("Tegen")
    tenant.press("Bewaar mijn antwoord")
    tenant.reads("Uw antwoord: Tegen")
    fits(tenant)

    tenant.follow("Schrijf een bericht")
    tenant.fill("Uw bericht", WORDS)
    tenant.press("Plaats bericht")
    tenant.reads("Uw bericht staat op het forum.")
    expect(tenant.post(WORDS)).to_be_in_viewport()
    other = tenant.post(OTHERS_WORDS)
    other.get_by_role("button", name="Waardevol").click()
    expect(other.get_by_role("button", name="Waardevol")).to_have_attribute("aria-pressed", "true")
    other.get_by_role("link", name="Antwoorden").click()
    tenant.fill("Uw antwoord", REPLY)
    tenant.press("Plaats antwoord")
    expect(tenant.post(REPLY)).to_be_in_viewport()

    tenant.main.get_by_text("Volgen: alleen wat aan mij is gericht").click()
    tenant.press("Elk nieuw bericht")
    tenant.reads("U hoort van elk nieuw bericht in dit gesprek.")
    fits(tenant)
    forum.do_background_work()
    tenant.page.get_by_role("link", name="Zoeken").click()
    tenant.page.get_by_role("searchbox").last.fill("zeemanflat")
    tenant.page.keyboard.press("Enter")
    tenant.reads("liftdeur")
    fits(tenant)
    tenant.main.get_by_role("link", name="De lift is vaak stuk").first.click()
    expect(tenant.post(WORDS)).to_be_in_viewport()
