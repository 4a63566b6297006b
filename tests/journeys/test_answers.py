"""What was said comes back: recommendations that cite posts, answers, a topic that closes, read both ways."""

from datetime import timedelta

from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from tests.journeys.arrangements import give_password, make_staff_email
from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor
from tests.support.cast import make_post, make_tenant, make_thread

SENTENCE = "Een monteur die pas na drie dagen komt, is te laat."
WORDS = (
    f"Bij ons staat de lift vaak stil. {SENTENCE}",
    "Hang een briefje op als de lift stil staat. Dan weet ik dat ik niet hoef te bellen.",
)
REFUSED = "Een briefje ophangen kost te veel tijd. Wij sturen voortaan wel een sms aan iedereen."


def make_debate_that_is_over(forum: ServedForum) -> tuple[str, list[str], dict[str, str]]:
    """Return the address of the topic, of two posts on it, and the e-mails of three people."""
    with forum.inside():
        opened = now() - timedelta(days=60)
        thread, tenants = make_thread(opens_at=opened), [make_tenant("Ria"), make_tenant("Omar")]
        posts = [
            make_post(thread, tenant, text, at=opened + timedelta(days=1))
            for tenant, text in zip(tenants, WORDS, strict=True)
        ]
        emails = {
            "moderator": make_staff_email(Role.MODERATOR, Party.TENANTS),
            "landlord": make_staff_email(Role.DELEGATE, Party.LANDLORD),
            "tenant": give_password(tenants[0].id),
        }
        paths = [f"/berichten/{post.id}" for post in posts]
        db.session.rollback()
        return f"/onderwerpen/{thread.topic_id}", paths, emails


def test_what_was_said_comes_back_with_an_answer(forum: ServedForum, visitors: Visitors) -> None:
    topic, posts, emails = make_debate_that_is_over(forum)

    def visitor(who: str) -> Visitor:
        return visitors(forum, width=PHONE, javascript=False).sign_in(emails[who])

    moderator, landlord = visitor("moderator"), visitor("landlord")
    write_recommendation(moderator, topic, "Een monteur binnen een dag", forum.address + posts[0], SENTENCE)
    write_recommendation(moderator, topic, "Een briefje op de deur", forum.address + posts[1], "")
    moderator.follow("Terug naar alle concepten")
    moderator.press("Publiceer de adviezen")
    moderator.reads("Advies 2: Een briefje op de deur")

    answer(landlord, f"{topic}/invloed#advies-1", "Overgenomen: wij doen dit", "Dit doen wij.", "Teamleider")
    moderator.open(f"{topic}/adviezen")
    moderator.expects_refusal(409).press("Sluit het onderwerp")
    moderator.reads("Nog zonder antwoord: advies 2.")
    answer(landlord, f"{topic}/invloed#advies-2", "Niet overgenomen: wij doen dit niet", REFUSED, "")
    moderator.press("Sluit het onderwerp")
    moderator.reads("Het onderwerp is gesloten.")

    tenant = visitor("tenant").open(posts[0])
    tenant.follow("advies 1")
    tenant.reads(SENTENCE)
    tenant.reads("Dit doet: Teamleider.")
    tenant.follow("Lees het hele bericht van Ria")
    tenant.reads("Dit onderwerp is gesloten.")
    assert tenant.overflow() <= 0


def write_recommendation(moderator: Visitor, topic: str, title: str, source: str, quote: str) -> None:
    moderator.open(topic)
    moderator.follow("Adviezen schrijven")
    moderator.follow("Schrijf een advies")
    moderator.fill("Titel", title)
    moderator.fill("Het advies", "Zorg dat het zo gaat.")
    moderator.press("Bewaar het concept")
    moderator.fill("Link of nummer van een bericht", source)
    moderator.fill("Zin uit dat bericht", quote)
    moderator.press("Zet dit bericht erbij")
    moderator.reads("De verwijzing is bewaard.")


def answer(landlord: Visitor, place: str, kind: str, reason: str, owner: str) -> None:
    landlord.open(place)
    landlord.page.locator("#" + place.partition("#")[2]).get_by_role("link", name="Geef antwoord").click()
    landlord.choose(kind)
    landlord.fill("Waarom?", reason)
    if owner:
        landlord.fill("Wie doet dit?", owner)
        landlord.fill("Wanneer is het klaar?", "2099-03-01")
    landlord.press("Plaats het antwoord")
    landlord.reads(reason)
