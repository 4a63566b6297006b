"""One year from agenda to panel, as the people in it do it: page after page, mail after mail."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from forum.discussion.models import Thread
from forum.kernel.clock import AMSTERDAM, now
from forum.kernel.database import db, unit_of_work
from tests.journeys import panel_pages
from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum, run_forum, served_forum
from tests.journeys.visitor import Visitor
from tests.support.browser import PASSWORD

YEAR = "2026"
ADMIN, TENANTS_DELEGATE, LANDLORD_DELEGATE, MODERATOR = (
    f"{name}@voorbeeld.nl" for name in ("beheer", "bestuur", "verhuurder", "moderator")
)
STAFF = (
    ("Bea Bestuur", TENANTS_DELEGATE, "Afgevaardigde", "tenants"),
    ("Vera Verhuurder", LANDLORD_DELEGATE, "Afgevaardigde", "landlord"),
    ("Mo Moderator", MODERATOR, "Moderator", "tenants"),
)
TOPICS = (
    "De lift is vaak stuk",
    "Schone trappen",
    "Fietsen in de hal",
    "Zonnepanelen",
    "Een ruil voor de tuin",
)
DISTRICT_OF = {
    "Ria": "Haven",
    "Ger": "Haven",
    "Fatma": "Haven",
    "Henk": "Haven",
    "Truus": "Noord",
    "Omar": "Noord",
    "Wil": "Noord",
    "Bo": "Noord",
}
REGISTER_HEAD = (
    "number,first_name,last_name,email,street,house_number,postcode,city,complex,district,birth_year"
)
SEATS = 4


@pytest.fixture
def new_forum(folder: Path) -> Iterator[ServedForum]:
    """Return a served forum in which nothing happened yet."""
    names = ("--corporation", "Wonen Zilverdam", "--tenants", "Huurdersbelang")
    with served_forum(folder, "init", "--year", YEAR, *names, "--admin-email", ADMIN) as served:
        yield served


@pytest.mark.timeout(300)
def test_a_year_from_agenda_to_a_panel_that_others_can_check(
    new_forum: ServedForum, visitors: Visitors, folder: Path
) -> None:
    people = fill_the_forum(new_forum, visitors, folder)

    agree_on_five_topics(people[TENANTS_DELEGATE], people[LANDLORD_DELEGATE])
    publish(people[TENANTS_DELEGATE], people[LANDLORD_DELEGATE])
    debate(people)
    check_the_explained_score(people[email_of("Ria")])
    end_the_debate(new_forum, TOPICS[0])
    choose_a_panel(people[MODERATOR], people[LANDLORD_DELEGATE])
    new_forum.do_background_work()
    new_forum.do_background_work()  # one round mails what was queued before it: invitations leave in the next
    answer_the_invitations(new_forum, visitors, people[MODERATOR])
    check_the_dossier(people[LANDLORD_DELEGATE], folder)


def email_of(name: str) -> str:
    return f"{name.lower()}@voorbeeld.nl"


def fill_the_forum(forum: ServedForum, visitors: Visitors, folder: Path) -> Mapping[str, Visitor]:
    """Let the administrator bring everybody in; each chooses a password with a mailed link."""
    forum.do_background_work()
    admin = choose_password(visitors(forum), forum, ADMIN)
    add_staff(admin)
    import_register(admin, folder)
    tenants = {email_of(name): visitors(forum) for name in DISTRICT_OF}
    for email, tenant in tenants.items():
        tenant.open("/activeren").fill("E-mailadres", email)
        tenant.press("Stuur mij een link")
        tenant.reads("Kijk in uw e-mail")
    forum.do_background_work()
    for email, tenant in tenants.items():
        choose_password(tenant, forum, email)
    staff = {email: choose_password(visitors(forum), forum, email) for _, email, _, _ in STAFF}
    return {**tenants, **staff}


def choose_password(visitor: Visitor, forum: ServedForum, email: str) -> Visitor:
    visitor.open(forum.link_to(email, "/activeren/"))
    visitor.fill("Nieuw wachtwoord", PASSWORD)
    visitor.press("Bewaar en log in")
    visitor.reads("Uw wachtwoord is bewaard en u bent ingelogd.")
    return visitor


def add_staff(admin: Visitor) -> None:
    admin.page.get_by_role("link", name="Beheer").click()
    admin.follow("Rollen")
    for name, email, role, party in STAFF:
        admin.fill("Naam", name)
        admin.fill("E-mailadres", email)
        admin.main.get_by_label("Rol", exact=True).select_option(role)
        admin.main.get_by_label("Partij", exact=True).select_option(party)
        admin.press("Voeg toe")
        admin.reads(name)


def import_register(admin: Visitor, folder: Path) -> None:
    rows = [REGISTER_HEAD]
    for place, (name, district) in enumerate(DISTRICT_OF.items(), start=1):
        home = f"Lindelaan,{place},123{place} AB,Zilverdam,Complex {district},{district},{1950 + place}"
        rows.append(f"H{place},{name},Jansen,{email_of(name)},{home}")
    file = folder / "huurders.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")

    admin.open("/beheer/").follow("Huurders")
    admin.main.get_by_label("Bestand met huurders", exact=True).set_input_files(file)
    admin.press("Bekijk wat er verandert")
    admin.reads(f"{len(DISTRICT_OF)} nieuw")
    admin.press("Lees het bestand in")
    expect(admin.main.get_by_role("status")).to_be_visible()


def agree_on_five_topics(tenants: Visitor, landlord: Visitor) -> None:
    """Propose in turns; the other party agrees to the very text, and the proposer says when."""
    for place, title in enumerate(TOPICS):
        proposer, other = (tenants, landlord) if place % 2 == 0 else (landlord, tenants)
        propose(proposer, title)
        approve(proposer, title)
        approve(other, title)
        set_period(other)
    other.open(f"/agenda/{YEAR}")
    other.reads(f"Beide partijen akkoord: {len(TOPICS)} van {len(TOPICS)}")


def propose(delegate: Visitor, title: str) -> None:
    delegate.open(f"/agenda/{YEAR}").follow("Stel een onderwerp voor")
    delegate.fill("Titel", title)
    delegate.fill("Vraag aan huurders", f"{title}: wat moet er gebeuren?")
    delegate.fill("Waarom is dit belangrijk?", "Veel huurders klagen erover.")
    delegate.fill("Wat staat vast?", "Het geld van dit jaar.")
    delegate.fill("Waar hebben huurders invloed op?", "Hoe snel het gebeurt.")
    delegate.fill("Vraag met voor of tegen (mag leeg blijven)", "Moet het dit jaar?")
    delegate.main.get_by_role("group", name="Hoeveel invloed hebben huurders?").get_by_role("radio").nth(
        1
    ).check()
    delegate.press("Bewaar het voorstel")
    expect(delegate.page.get_by_role("heading", level=1)).to_have_text(title)


def approve(delegate: Visitor, title: str) -> None:
    delegate.open(f"/agenda/{YEAR}").follow(title)
    delegate.press("Akkoord met versie 1")
    delegate.reads("akkoord met versie 1, op")


def set_period(delegate: Visitor) -> None:
    today = now().astimezone(AMSTERDAM).date()
    delegate.main.locator("summary", has_text="Kies de periode van het gesprek").click()
    delegate.fill("Eerste dag", today.isoformat())
    delegate.fill("Laatste dag", (today + timedelta(days=42)).isoformat())
    delegate.press("Bewaar de periode")
    delegate.reads("Gesprek van")


def publish(tenants: Visitor, landlord: Visitor) -> None:
    tenants.open(f"/agenda/{YEAR}")
    tenants.press("Onderteken namens Huurdersbelang")
    expect(tenants.main.get_by_role("button", name="Publiceer de agenda")).to_have_count(0)
    landlord.open(f"/agenda/{YEAR}")
    landlord.press("Onderteken namens Wonen Zilverdam")
    landlord.press("Publiceer de agenda")
    landlord.reads("Zij publiceerden de agenda op")


def debate(people: Mapping[str, Visitor]) -> None:
    """Let every tenant say what they think, write, and find the post of the one before them valuable."""
    names = list(DISTRICT_OF)
    for name in names:
        tenant = people[email_of(name)].open("/")
        tenant.follow(TOPICS[0])
        tenant.choose("Voor")
        tenant.press("Bewaar mijn antwoord")
        tenant.fill("Uw bericht", words_of(name))
        tenant.press("Plaats bericht")
        expect(tenant.post(words_of(name))).to_be_visible()
    for giver, author in zip(names, [names[-1], *names[:-1]], strict=True):
        value(people[email_of(giver)], author)
    reply(people[email_of("Ria")], "Truus")


def words_of(name: str) -> str:
    return f"Hier {name}. Bij ons staat de lift elke week stil, en de buren boven mij komen dan niet weg."


def value(tenant: Visitor, author: str) -> None:
    tenant.page.reload()
    button = tenant.post(words_of(author)).get_by_role("button", name="Waardevol")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def reply(tenant: Visitor, author: str) -> None:
    tenant.post(words_of(author)).get_by_role("link", name="Antwoorden").click()
    tenant.fill("Uw antwoord", "Dat klopt, en op zondag komt er helemaal niemand om hem te maken.")
    tenant.press("Plaats antwoord")
    below = tenant.main.locator("article", has_text=words_of(author)).locator(
        "xpath=following-sibling::article[1]"
    )
    expect(below).to_contain_text("op zondag komt er helemaal niemand")


def check_the_explained_score(tenant: Visitor) -> None:
    """Check the sum of Ria, who on one day wrote, was valued, valued, replied and gave her opinion."""
    tenant.page.get_by_role("link", name="Mijn forum").click()
    tenant.follow(TOPICS[0])

    parts = {row[0]: row[1] for row in tenant.table("Delen van uw punten")}

    assert parts == {
        "Uw berichten": "3,75",  # 1 + 2 for being valued; the reply of the same day for half: 0,75
        "Dagen dat u meedeed": "0,50",
        "Anderen waarderen": "0,20",
        "Uw mening aan het begin": "1,00",
        "Eerdere onderwerpen": "0,00",
        "Berichten die niet mochten": "0,00",
    }
    tenant.reads("5,45 punten")
    tenant.reads("U heeft genoeg punten om mee te doen.")
    tenant.reads("Telt voor 50 procent van 1,50 punten mee.")


def end_the_debate(forum: ServedForum, title: str) -> None:
    """Move the period of a debate to the past: no page can, and a test cannot wait for six weeks."""
    with forum.inside(), unit_of_work():
        thread = next(row for row in db.session.query(Thread) if row.topic.title == title)
        thread.opens_at -= timedelta(days=1)
        thread.closes_at = now()


def choose_a_panel(moderator: Visitor, landlord: Visitor) -> None:
    """Plan a panel with two seats for each district, fix the list, draw, and let both parties confirm."""
    moderator.open("/").follow(TOPICS[0])
    moderator.follow("Panel maken")
    plan_panel(moderator)
    moderator.follow("Afspiegeling en rust")
    for district in ("Haven", "Noord"):
        group = moderator.main.get_by_role("group", name=f"{district}: 4 huurders, 50 procent")
        group.get_by_label("Minstens").fill("2")
        group.get_by_label("Hooguit").fill("2")
    moderator.press("Bewaar")
    moderator.follow("Naar de keuze")
    moderator.press("Leg vast")
    moderator.reads("Regels en kandidaten liggen vast.")
    moderator.fill("Typ het getal", "31 41 59")
    moderator.press("Kies het panel")
    moderator.reads("314159")
    moderator.follow("Naar de lijst met namen")
    assert chosen_per_group(moderator) == {"Wijk: Haven": "2", "Wijk: Noord": "2"}
    moderator.press("Bevestig deze lijst")
    moderator.reads("De andere partij moet ook bevestigen.")
    landlord.page.get_by_role("link", name="Beheer").click()
    landlord.follow("Panels")
    landlord.follow("Panel over de lift")
    landlord.press("Bevestig deze lijst")
    landlord.reads("Beide partijen hebben bevestigd.")


def plan_panel(moderator: Visitor) -> None:
    panel_pages.fill_plan(moderator, "Panel over de lift", "Buurthuis De Linde", "Dag van de bijeenkomst")
    moderator.choose("Punten en afspiegeling: betrokken en gemengd")
    moderator.fill("Hoeveel plaatsen?", str(SEATS))
    moderator.choose("Wijk")
    panel_pages.keep_plan(moderator)


def chosen_per_group(staff: Visitor) -> Mapping[str, str]:
    return {row[0]: row[-1] for row in staff.table("Plaatsen per groep")}


def answer_the_invitations(forum: ServedForum, visitors: Visitors, moderator: Visitor) -> None:
    """Let one say yes and one no, both with only their link; somebody of the same district gets the seat."""
    invited = invited_names(forum)
    assert len(invited) == SEATS
    comes, stays_home = sorted(invited)[:2]

    accept(visitors(forum), forum, comes)
    decline(visitors(forum), forum, stays_home)
    forum.do_background_work()

    (replacement,) = invited_names(forum) - invited
    assert DISTRICT_OF[replacement] == DISTRICT_OF[stays_home]
    confirmation = forum.letters_to(email_of(comes))[-1]
    assert [part.get_content_type() for part in confirmation.iter_attachments()] == ["text/calendar"]
    moderator.open("/beheer/panels/").follow("Panel over de lift")
    assert chosen_per_group(moderator) == {"Wijk: Haven": "2", "Wijk: Noord": "2"}
    moderator.follow("Uitnodigingen en antwoorden")
    assert answers(moderator) == {
        comes: "Komt",
        stays_home: "Komt niet",
        replacement: "Nog geen antwoord",
        **dict.fromkeys(invited - {comes, stays_home}, "Nog geen antwoord"),
    }


def invited_names(forum: ServedForum) -> set[str]:
    return {name for name in DISTRICT_OF if forum.links_to(email_of(name), "/uitnodiging/")}


def accept(guest: Visitor, forum: ServedForum, name: str) -> None:
    guest.open(forum.link_to(email_of(name), "/uitnodiging/"))
    guest.reads("Buurthuis De Linde")
    guest.choose("Ja, ik kom")
    guest.press("Verstuur antwoord")
    guest.reads("Wij weten dat u komt.")


def decline(guest: Visitor, forum: ServedForum, name: str) -> None:
    link = forum.link_to(email_of(name), "/uitnodiging/")
    guest.open(link).choose("Nee, ik kom niet")
    guest.press("Verstuur antwoord")
    guest.reads("Jammer dat u niet komt.")


def answers(moderator: Visitor) -> Mapping[str, str]:
    rows = moderator.table("Wie is gevraagd en wat het antwoord is")
    return {name.split()[0]: answer.split(":")[0] for name, answer, *_ in rows}


def check_the_dossier(landlord: Visitor, folder: Path) -> None:
    """Let the other party do the selection again on a machine without the forum, and find out a lie."""
    landlord.open("/beheer/panels/").follow("Panel over de lift")
    file = landlord.fetch("Haal het dossier op om na te rekenen", folder)
    elsewhere = {"INSTANCE_PATH": str(folder / "elsewhere")}

    honest = run_forum(elsewhere, "panels", "replay", str(file))
    assert honest.returncode == 0, honest.stderr

    told = file.read_text(encoding="utf-8")
    score = first_score(json.loads(told))
    file.write_text(told.replace(f'"score": {score},', f'"score": {score + 100},', 1), encoding="utf-8")
    assert run_forum(elsewhere, "panels", "replay", str(file)).returncode == 1


def first_score(dossier: object) -> int:
    """Return the first score of a candidate in a dossier, wherever it stands."""
    if isinstance(dossier, dict):
        if "household" in dossier and isinstance(dossier.get("score"), int):
            return int(dossier["score"])
        dossier = list(dossier.values())
    for part in dossier if isinstance(dossier, list) else []:
        found = first_score(part)
        if found:
            return found
    return 0
