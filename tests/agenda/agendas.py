"""Who acts on an agenda and with what, and an agenda that both signed: for the tests of pages and steps."""

from datetime import timedelta
from typing import Any

from forum.agenda import signing
from forum.agenda.models import Agenda, Topic
from forum.kernel.actor import Actor, Party
from forum.kernel.database import db
from tests.support.cast import T0, actor_of, make_agenda, make_agreed_topic, make_delegate, make_tenant

LATER = T0 + timedelta(days=42)
"""When the debates of a signed agenda close."""
PROPOSAL: dict[str, Any] = {
    "title": "De lift is vaak stuk",
    "question": "Wat moet er gebeuren als de lift stuk is?",
    "why": "De lift was vorig jaar veertig keer stuk.",
    "fixed": "Het geld voor onderhoud.",
    "open": "Hoe snel de monteur komt.",
    "level": "meedenken",
}
"""What a delegate fills in to propose a topic."""


def some_delegate(party: Party = Party.TENANTS) -> Actor:
    """Return a new delegate of a party."""
    return actor_of(make_delegate(party))


def some_tenant() -> Actor:
    """Return a new tenant."""
    return actor_of(make_tenant())


def topic_path(topic: Topic) -> str:
    """Return the path of the page of a topic."""
    return f"/agenda/onderwerp/{topic.id}"


def agreed_topic_with_period(agenda: Agenda, title: str = "De lift is vaak stuk") -> Topic:
    """Return a topic that both parties approved, with the period of its debate."""
    topic = make_agreed_topic(agenda, title=title)
    signing.set_period(topic, T0, LATER, some_delegate(), at=T0)
    db.session.commit()
    return topic


def signed_agenda(topics: int = 1) -> Agenda:
    """Return an agenda with its number of agreed topics, both signatures and every period."""
    agenda = make_agenda(topics_wanted=topics)
    for number in range(topics):
        agreed_topic_with_period(agenda, title=f"Onderwerp {number}")
    for party in Party:
        signing.sign_agenda(agenda, some_delegate(party), at=T0)
    db.session.commit()
    return agenda
