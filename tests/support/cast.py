"""A standing cast: members, delegates and moderators that tests can call for."""

from datetime import UTC, datetime, timedelta
from itertools import count

from forum.agenda.models import Agenda, Topic
from forum.agenda.rules import InfluenceLevel, TopicState
from forum.agenda.service import TopicText, approve_topic, propose_topic, start_agenda
from forum.discussion.models import Post, Thread
from forum.discussion.queries import get_thread
from forum.discussion.service import Body, Placement, open_threads, write_post
from forum.kernel.actor import SYSTEM, Actor, Party, Role
from forum.kernel.database import db
from forum.members.models import Complex, District, Household, Member
from forum.members.service import add_staff_member
from forum.settings.models import Site
from tests.support.kept import made_once

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWN_YEARS = 2100
"""After these come the years of agendas that no test asked for; a test asks for years before."""

_numbers = count(1)


def make_site(*, post_address: str = "") -> Site:
    """Name the parties."""
    site = Site(
        landlord_name="Wonen Zilverdam",
        tenants_name="Huurdersbelang",
        help_phone="010 000 00 00",
        post_address=post_address,
    )
    db.session.add(site)
    db.session.commit()
    return site


def make_complex(name: str, district: str) -> Complex:
    """Return a complex in a district; both are made when they are new."""
    place = db.session.query(District).filter_by(name=district).one_or_none() or District(name=district)
    found = db.session.query(Complex).filter_by(name=name).one_or_none() or Complex(name=name, district=place)
    db.session.add(found)
    db.session.commit()
    return found


def make_household(complex_: Complex | None = None) -> Household:
    """Return a home of its own."""
    number = next(_numbers)
    home = Household(
        street="Lindelaan", house_number=str(number), postcode=f"{1000 + number % 8000} AB", city="Veldhoven"
    )
    home.complex = complex_
    db.session.add(home)
    db.session.commit()
    return home


def make_tenant(
    name: str = "", *, household: Household | None = None, email: str | None = "", **fields: object
) -> Member:
    """Return a tenant; without a household in one of their own, without e-mail when `None`."""
    number = next(_numbers)
    member = Member(
        number=f"H{number:06}",
        first_name=name or f"Huurder{number}",
        last_name="Jansen",
        display_name=name or f"Huurder {number}",
        email=f"huurder{number}@voorbeeld.nl" if email == "" else email,
        household=household or make_household(),
        **fields,
    )
    db.session.add(member)
    db.session.commit()
    return member


def make_staff(role: Role, party: Party | None = None, name: str = "") -> Member:
    """Return a member of the staff."""
    number = next(_numbers)
    member = add_staff_member(
        name or f"{role.title()} {number}", f"{role}{number}@voorbeeld.nl", {role}, party, SYSTEM, at=T0
    )
    db.session.commit()
    return member


def make_delegate(party: Party) -> Member:
    """Return somebody who acts for a party."""
    return make_staff(Role.DELEGATE, party)


def actor_of(member: Member) -> Actor:
    """Return a member as rules see them."""
    return member.as_actor(T0)


def make_agenda(year: int = 2026, topics_wanted: int = 5) -> Agenda:
    """Return an empty agenda."""
    agenda = start_agenda(year, topics_wanted, SYSTEM, at=T0)
    db.session.commit()
    return agenda


def topic_text(title: str = "De lift is vaak stuk", **changes: object) -> TopicText:
    """Return a complete text of a topic."""
    fields: dict[str, object] = {
        "title": title,
        "question": "Wat moet er gebeuren als de lift stuk is?",
        "why": "De lift was vorig jaar veertig keer stuk.",
        "fixed": "Het geld voor onderhoud is dit jaar 100.000 euro.",
        "open": "Hoe snel de monteur komt en wie er bericht krijgt.",
        "level": InfluenceLevel.ADVISING,
        "stance_question": "Moet de verhuurder de lift dit jaar vervangen?",
        "subquestions": "Hoe snel moet er iemand zijn?\nWie moet bericht krijgen?",
    }
    return TopicText(**(fields | changes))  # type: ignore[arg-type]


def make_topic(agenda: Agenda | None = None, party: Party = Party.TENANTS, **changes: object) -> Topic:
    """Return a topic that one party proposed and nobody approved."""
    agenda = agenda or db.session.query(Agenda).first() or make_agenda()
    topic = propose_topic(agenda, topic_text(**changes), actor_of(make_delegate(party)), at=T0)  # type: ignore[arg-type]
    db.session.commit()
    return topic


def make_agreed_topic(agenda: Agenda | None = None, title: str = "De lift is vaak stuk") -> Topic:
    """Return a topic that both parties approved."""
    topic = make_topic(agenda, title=title)
    for party in Party:
        approve_topic(topic, topic.version, actor_of(make_delegate(party)), at=T0)
    db.session.commit()
    return topic


def make_thread(title: str = "De lift is vaak stuk", *, opens_at: datetime = T0, days: int = 42) -> Thread:
    """Return the thread of a published topic of its own agenda, open from `opens_at`."""
    thread = get_thread(made_once(f"a thread: {title}", lambda: _open_thread(title)))
    for dated in (thread.topic, thread):
        dated.opens_at, dated.closes_at = opens_at, opens_at + timedelta(days=days)
    db.session.commit()
    return get_thread(thread.topic_id)


def _open_thread(title: str) -> int:
    year = OWN_YEARS + next(_numbers)
    topic = make_agreed_topic(make_agenda(year, topics_wanted=1), title=title)
    topic.opens_at, topic.closes_at = T0, T0 + timedelta(days=42)
    topic.state = TopicState.PUBLISHED
    open_threads([topic])
    return topic.id


def path_of(thread: Thread) -> str:
    """Return the address of a thread."""
    return f"/onderwerpen/{thread.topic_id}"


def make_post(
    thread: Thread, author: Member, text: str = "", *, at: datetime | None = None, **place: int | None
) -> Post:
    """Return a post of a member; without a text with one of its own, long enough to count.

    `place` is where it goes: `reply_to` or `question_id`.
    """
    number = next(_numbers)
    words = (
        text
        or f"Bericht {number}: bij ons in de flat aan de {number}e straat gaat het net zo, en dat al jaren."
    )
    post_id = write_post(
        thread.topic_id,
        Body.of(words),
        Placement(**place),  # type: ignore[arg-type]
        author.as_actor(at or T0),
        at=at or thread.opens_at,
    )
    db.session.commit()
    return db.session.get_one(Post, post_id)
