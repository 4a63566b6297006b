"""A renovation panel in a browser without JavaScript: made, a point closed, dissolved, looked back on."""

from forum.kernel.actor import Party, Role
from tests.journeys import panel_pages
from tests.journeys.arrangements import give_password, make_staff_email, new_name
from tests.journeys.conftest import Visitors
from tests.journeys.panel_pages import PanelUnderWay
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE
from tests.support.cast import make_complex, make_household, make_tenant


def test_a_renovation_panel_lives_and_ends(forum: ServedForum, visitors: Visitors) -> None:
    place = new_name("De Steiger")
    with forum.inside():
        complex_ = make_complex(place, "Haven")
        tenant = give_password(make_tenant("Truus", household=make_household(complex_)).id)
        emails = {party: make_staff_email(Role.MODERATOR, party) for party in Party}
    moderators = {
        party: visitors(forum, width=PHONE, javascript=False).sign_in(email)
        for party, email in emails.items()
    }
    maker = moderators[Party.TENANTS]
    maker.open("/beheer/panels/nieuw").follow("Renovatiepanel")
    panel_pages.fill_plan(maker, f"Renovatie van {place}", "De bouwkeet")
    maker.page.get_by_label("Wie is iedereen?").select_option(f"Complex {place}")
    path = panel_pages.keep_plan(maker)
    panel = PanelUnderWay(forum, path, maker, moderators[Party.LANDLORD])
    panel_pages.choose_and_confirm(panel)
    panel_id = panel.panel_id

    maker.open(f"/panels/{panel_id}")
    maker.follow("Punt afronden")
    maker.fill("Waarover ging het?", "Stof in de hal")
    maker.choose("Geen overeenstemming, beide standpunten")
    maker.fill("Standpunt van Huurdersbelang", "Elke dag schoonmaken.")
    maker.expects_refusal(422).press("Rond dit punt af")
    maker.reads("Schrijf op wat is afgesproken, of wat elk van beide partijen vindt.")
    maker.fill("Standpunt van Wonen Zilverdam", "Drie keer per week.")
    maker.press("Rond dit punt af")
    maker.reads("Geen overeenstemming, beide standpunten")
    maker.follow("Panel laten stoppen")
    maker.fill("Wat kwam eruit?", "Alle woningen zijn klaar.")
    maker.press("Laat het panel stoppen")
    maker.reads("Er komen geen uitnodigingen meer.")

    member = visitors(forum, width=PHONE, javascript=False).sign_in(tenant).open(f"/panels/{panel_id}")
    member.reads("Alle woningen zijn klaar.")
    member.reads("Drie keer per week.")
    member.follow("Vertel hoe u terugkijkt")
    for question in member.main.get_by_role("group").all():
        question.get_by_text("4 – goed").click()
    member.press("Verstuur terugblik")
    member.reads("Wij kregen antwoord van 1 van de 1 mensen.")
    member.reads("Wij laten de cijfers zien vanaf vijf antwoorden.")
    assert member.overflow() <= 0
