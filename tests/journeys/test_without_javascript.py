"""On a narrow phone, with JavaScript off: everything can be done, and no page is wider than the screen."""

from collections.abc import Callable

from playwright.sync_api import expect

from forum.kernel.actor import Party, Role
from tests.journeys.arrangements import (
    OTHERS_WORDS,
    make_debate_of_yesterday,
    make_invitation_link,
    make_staff_email,
    make_waiting_panel,
    new_name,
)
from tests.journeys.conftest import YEAR_OF_NOBODY, Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor

WORDS = "Ik woon op de vijfde en ik kan geen trappen lopen. Ik zit dan dus de hele dag thuis."
BETTER_WORDS = "Ik woon op de vijfde en ik kan geen trappen lopen. Ik kan dan de deur niet uit."


def phone(visitors: Visitors, forum: ServedForum) -> Visitor:
    return visitors(forum, width=PHONE, javascript=False)


def sees(visitor: Visitor, sentence: str) -> None:
    """Check that a sentence stands on a page that fits on the phone."""
    visitor.reads(sentence)
    assert visitor.overflow() <= 0, f"{visitor.page.url} is {visitor.overflow()} px too wide"


def test_a_tenant_takes_part_in_a_debate(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str]
) -> None:
    with forum.inside():
        path = make_debate_of_yesterday()
    tenant = phone(visitors, forum).sign_in(tenant_email("Ria"))

    give_stance(tenant, path)
    write(tenant)
    answer_and_value_another(tenant)
    change_and_withdraw(tenant)
    tenant.page.get_by_role("link", name="Mijn forum").click()

    sees(tenant, "Mijn activiteit")
    tenant.follow("De lift is vaak stuk")
    sees(tenant, "Waar komen uw punten vandaan?")


def give_stance(tenant: Visitor, path: str) -> None:
    tenant.open(path)
    sees(tenant, "Wat vindt u zelf?")
    tenant.choose("Voor")
    tenant.press("Bewaar mijn antwoord")
    sees(tenant, "Uw antwoord is bewaard.")


def write(tenant: Visitor) -> None:
    tenant.fill("Uw bericht", WORDS)
    tenant.press("Plaats bericht")
    sees(tenant, "Uw bericht staat op het forum.")


def answer_and_value_another(tenant: Visitor) -> None:
    tenant.post(OTHERS_WORDS).get_by_role("button", name="Waardevol").click()
    pressed = tenant.post(OTHERS_WORDS).get_by_role("button", name="Waardevol")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    tenant.post(OTHERS_WORDS).get_by_role("link", name="Antwoorden").click()
    sees(tenant, "Antwoord aan Henk")
    tenant.fill("Uw antwoord", "Heeft u de monteur al eens gesproken? Bij ons wist hij meteen wat het was.")
    tenant.press("Plaats antwoord")
    sees(tenant, "Bij ons wist hij meteen wat het was.")


def change_and_withdraw(tenant: Visitor) -> None:
    tenant.post(WORDS).get_by_role("link", name="Wijzigen").click()
    sees(tenant, "Uw bericht wijzigen")
    tenant.fill("Uw bericht", BETTER_WORDS)
    tenant.press("Bewaar wijziging")
    sees(tenant, "Uw bericht is gewijzigd.")
    tenant.post(BETTER_WORDS).get_by_role("link", name="Bekijk wat er eerst stond").click()
    sees(tenant, WORDS)
    tenant.follow("Terug naar het gesprek")
    tenant.post(BETTER_WORDS).get_by_role("link", name="Intrekken").click()
    sees(tenant, "U kunt dit niet terugdraaien.")
    tenant.press("Ja, trek in")
    sees(tenant, "De schrijver heeft dit bericht ingetrokken.")
    tenant.does_not_read(BETTER_WORDS)


def test_an_invited_tenant_answers_with_only_the_link(forum: ServedForum, visitors: Visitors) -> None:
    with forum.inside():
        link = make_invitation_link("Panel over de trap")
    guest = phone(visitors, forum).open(link)

    sees(guest, "Panel over de trap")
    guest.expects_refusal(422).press("Verstuur antwoord")
    sees(guest, "Nog niet verstuurd")
    guest.choose("Ja, ik kom")
    guest.press("Verstuur antwoord")

    sees(guest, "Wij weten dat u komt.")


def test_a_delegate_proposes_a_topic(forum: ServedForum, visitors: Visitors) -> None:
    with forum.inside():
        email = make_staff_email(Role.DELEGATE, Party.TENANTS)
    delegate = phone(visitors, forum).sign_in(email).open(f"/agenda/{YEAR_OF_NOBODY}")
    sees(delegate, "kiezen samen")
    delegate.follow("Stel een onderwerp voor")
    sees(delegate, "U stelt dit voor namens")

    delegate.expects_refusal(422).press("Bewaar het voorstel")
    sees(delegate, "Nog niet verstuurd")
    delegate.fill("Titel", "Bankjes in de hal")
    delegate.fill("Vraag aan huurders", "Waar moeten de bankjes staan?")
    delegate.fill("Waarom is dit belangrijk?", "Wie slecht loopt, kan nergens uitrusten.")
    delegate.fill("Wat staat vast?", "Er is geld voor tien bankjes.")
    delegate.fill("Waar hebben huurders invloed op?", "Waar ze komen te staan.")
    delegate.main.get_by_role("radio").first.check()
    delegate.press("Bewaar het voorstel")
    expect(delegate.page.get_by_role("heading", level=1)).to_have_text("Bankjes in de hal")
    delegate.press("Akkoord met versie 1")

    sees(delegate, "is akkoord met versie 1")


def test_both_parties_confirm_a_panel(forum: ServedForum, visitors: Visitors) -> None:
    title = new_name("Panel over de hal")
    with forum.inside():
        make_waiting_panel(title)
        emails = [make_staff_email(Role.MODERATOR, party) for party in Party]

    for email, sentence in zip(
        emails, ["De andere partij moet ook bevestigen.", "Beide partijen hebben bevestigd."], strict=True
    ):
        moderator = phone(visitors, forum).sign_in(email)
        moderator.page.get_by_role("link", name="Beheer").click()
        sees(moderator, "Panels maken, kiezen en bevestigen.")
        moderator.follow("Panels")
        moderator.follow(title)
        sees(moderator, "Voorgesteld panel")
        moderator.press("Bevestig deze lijst")
        sees(moderator, sentence)
