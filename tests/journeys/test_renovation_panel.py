"""A renovation panel in a browser without JavaScript: made, a point closed, dissolved, looked back on."""

from datetime import timedelta

from forum.invitations.service import invite_panel
from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import db, unit_of_work
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from tests.journeys.arrangements import give_password, make_staff_email
from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE
from tests.support.cast import make_complex, make_household, make_tenant


def test_a_renovation_panel_lives_and_ends(forum: ServedForum, visitors: Visitors) -> None:
    with forum.inside():
        complex_ = make_complex("De Steiger", "Haven")
        tenant = give_password(make_tenant("Truus", household=make_household(complex_)).id)
        emails = {party: make_staff_email(Role.MODERATOR, party) for party in Party}
        today = local_day(now())
    moderators = {
        party: visitors(forum, width=PHONE, javascript=False).sign_in(email)
        for party, email in emails.items()
    }
    maker = moderators[Party.TENANTS]
    maker.open("/beheer/panels/nieuw")
    maker.follow("Renovatiepanel")
    maker.fill("Titel", "Renovatie van De Steiger")
    maker.page.get_by_label("Wie is iedereen?").select_option("Complex De Steiger")
    maker.fill("Dag van de eerste bijeenkomst", str(today + timedelta(days=30)))
    maker.fill("Begint om", "19:30")
    maker.fill("Eindigt om", "21:00")
    maker.fill("Plaats", "De bouwkeet")
    maker.fill("Antwoorden kan tot en met", str(today + timedelta(days=20)))
    maker.press("Bewaar plan")
    maker.reads("Het panel is bewaard.")
    path = maker.page.url.removeprefix(forum.address)
    maker.follow("Naar de keuze")
    maker.press("Leg vast")
    maker.fill("Typ het getal", "314159")
    maker.press("Kies het panel")
    maker.reads("Er is een panel.")
    for moderator in moderators.values():
        moderator.open(path)
        moderator.press("Bevestig deze lijst")
        moderator.reads("bevestigd door")
    with forum.inside(), unit_of_work():
        panel_id = db.session.query(Panel.id).filter_by(title="Renovatie van De Steiger").scalar() or 0
        invite_panel(get_panel(panel_id), at=now())

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
    member.reads("1 van de 1 mensen gaven antwoord.")
    member.reads("Wij laten de cijfers zien vanaf vijf antwoorden.")
    assert member.overflow() <= 0
