"""A large forum made without randomness: members, topics and posts, put into a new instance in bulk."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from forum.accounts.models import Account
from forum.accounts.passwords import hash_password
from forum.agenda.models import Agenda, Topic, TopicVersion
from forum.agenda.rules import AgendaState, InfluenceLevel, TopicState
from forum.app import create_app
from forum.discussion.fronts import YEARS_BACK
from forum.discussion.models import Post, Question, Reaction, StanceAnswer, Thread
from forum.discussion.rules import Phase, ReactionKind, Stance, text_key
from forum.kernel.actor import Party
from forum.kernel.clock import now
from forum.kernel.database import Base, db
from forum.kernel.migrations import upgrade_tables
from forum.members.models import Household, Member
from forum.search.jobs import index_posts
from forum.settings.config import load_settings
from forum.settings.models import Site

TOPICS_PER_YEAR = 5
LAST_YEAR = 2026
PASSWORD = "drie gele fietsen"
ACCOUNTS = 16
"""Members 1 to 16 can sign in; each load connection is one of them."""
STRIDE = 7_368_787  # a prime, so that multiples of it spread over words, members and seconds
BATCH = 5_000

WORDS = (
    "de lift is deze maand weer vier keer stuk geweest en dat moet echt beter vind ik want mijn buurvrouw "
    "van tachtig kan de trap niet meer op zij zit dan dagen binnen wij belden elke keer maar niemand wist "
    "wanneer er iemand kwam een bordje in de hal zou al helpen of een bericht op de telefoon bij de "
    "vorige verhuurder stond er binnen twee uur een monteur ik snap dat het geld kost toch betalen wij "
    "samen genoeg aan de service"
).split()
NAMES = [
    f"{first} {last}."
    for first in ("Anja", "Piet", "Fatima", "Joke", "Mehmet", "Wil", "Sanne", "Henk")
    for last in "BDKVW"
]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a forum is. Every thread but the first gets an equal share of the other posts."""

    members: int = 200
    threads: int = 500
    posts: int = 50_000
    long_thread: int = 1_000
    stances: int = 200


def post_text(number: int) -> str:
    """Return a text of some 80 words in two paragraphs, another one for each number."""
    words = [
        WORDS[(number * STRIDE + place * (number % 97 + place)) % len(WORDS)]
        for place in range(65 + number % 30)
    ]
    half = len(words) // 2
    return f"Bericht {number}: {' '.join(words[:half])}.\n\n{' '.join(words[half:]).capitalize()}."


def post_html(number: int) -> str:
    """Return that text as it is stored for readers."""
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in post_text(number).split("\n\n"))


def make_forum(instance: Path, size: Size) -> None:
    """Make an instance of this size in a folder."""
    app = create_app(load_settings({"INSTANCE_PATH": str(instance), "SECRET_KEY": "b" * 40}))
    with app.app_context():
        upgrade_tables(app)
        index_posts(at=now())  # an index of nothing: no task makes one while pages are measured
        at = now().replace(microsecond=0)
        with db.engine.begin() as connection:
            for table, rows in _tables(size, at):
                _insert(connection, table, rows)
        db.engine.dispose()


def _insert(connection: Connection, table: type[Base], rows: Iterator[Mapping[str, Any]]) -> None:
    target = table.__table__
    assert isinstance(target, Table)
    while batch := list(islice(rows, BATCH)):
        connection.execute(insert(target), batch)


def _tables(size: Size, at: datetime) -> Iterator[tuple[type[Base], Iterator[Mapping[str, Any]]]]:
    yield (
        Site,
        iter(
            [
                {
                    "landlord_name": "Wonen Zilverdam",
                    "tenants_name": "Huurdersbelang",
                    "help_phone": "010 000 00 00",
                }
            ]
        ),
    )
    yield Household, _households(size)
    yield Member, _members(size)
    yield Account, _accounts(size, at)
    yield Agenda, _agendas(size, at)
    yield Topic, _topics(size, at)
    yield TopicVersion, _versions(size, at)
    yield Thread, _threads(size, at)
    yield Question, _questions(size)
    yield Post, _posts(size, at)
    yield Reaction, _reactions(size, at)
    yield StanceAnswer, _stances(size, at)


def _households(size: Size) -> Iterator[Mapping[str, Any]]:
    for number in range(1, size.members + 1):
        yield {
            "id": number,
            "street": "Lindelaan",
            "house_number": str(number),
            "postcode": f"{1000 + number % 9000}AB",
            "city": "Veldhoven",
        }


def _members(size: Size) -> Iterator[Mapping[str, Any]]:
    for number in range(1, size.members + 1):
        yield {
            "id": number,
            "number": f"H{number:07}",
            "display_name": f"{NAMES[number % len(NAMES)][:-1]}{number}.",
            "email": f"huurder{number}@voorbeeld.nl",
            "household_id": number,
        }


def _accounts(size: Size, at: datetime) -> Iterator[Mapping[str, Any]]:
    for number in range(1, min(ACCOUNTS, size.members) + 1):
        yield {
            "member_id": number,
            "email": f"huurder{number}@voorbeeld.nl",
            "password_hash": hash_password(PASSWORD),
            "activated_at": at,
        }


def _year_of(topic_id: int) -> int:
    """Return the year of a topic: the first ones, the long thread among them, are of the last year.

    The others are too old for the front page, though all debates are open, to write in.
    """
    years_ago = (topic_id - 1) // TOPICS_PER_YEAR
    return LAST_YEAR - (years_ago + YEARS_BACK if years_ago else 0)


def _agendas(size: Size, at: datetime) -> Iterator[Mapping[str, Any]]:
    for year in range(_year_of(size.threads), LAST_YEAR + 1):
        yield {
            "id": year,
            "year": year,
            "topics_wanted": TOPICS_PER_YEAR,
            "state": AgendaState.PUBLISHED,
            "published_at": at - timedelta(days=40),
        }


def _topics(size: Size, at: datetime) -> Iterator[Mapping[str, Any]]:
    for number in range(1, size.threads + 1):
        yield {
            "id": number,
            "agenda_id": _year_of(number),
            "state": TopicState.PUBLISHED,
            "party": Party.TENANTS,
            "created_at": at - timedelta(days=90),
            "opens_at": at - timedelta(days=30),
            "closes_at": at + timedelta(days=30),
        }


def _versions(size: Size, at: datetime) -> Iterator[Mapping[str, Any]]:
    for number in range(1, size.threads + 1):
        yield {
            "topic_id": number,
            "version": 1,
            "title": f"De lift in gebouw {number} is vaak stuk",
            "question": "Wat moet er gebeuren als de lift stuk is?",
            "why": "De lift was vorig jaar veertig keer stuk.",
            "fixed": "Het geld voor onderhoud is dit jaar 100.000 euro.",
            "open": "Hoe snel de monteur komt en wie er bericht krijgt.",
            "level": InfluenceLevel.ADVISING,
            "stance_question": "Moet de verhuurder de lift dit jaar vervangen?",
            "subquestions": "Hoe snel moet er iemand zijn?\nWie moet bericht krijgen?",
            "member_id": 1,
            "at": at - timedelta(days=90),
        }


def posts_in(thread_id: int, size: Size) -> int:
    """Return how many posts a thread has."""
    if thread_id == 1:
        return size.long_thread
    others = size.threads - 1
    rest = size.posts - size.long_thread
    return rest // others + (thread_id - 2 < rest % others)


def _roots_in(thread_id: int, size: Size) -> int:
    """Return how many of them open a line of talk: all in the long thread, two of three in the others."""
    posts = posts_in(thread_id, size)
    return posts if thread_id == 1 else posts - posts // 3


def _threads(size: Size, at: datetime) -> Iterator[Mapping[str, Any]]:
    for number in range(1, size.threads + 1):
        yield {
            "topic_id": number,
            "opens_at": at - timedelta(days=30),
            "closes_at": at + timedelta(days=30),
            "told_phase": Phase.OPEN,
            "introduction": "De lift was vorig jaar veertig keer stuk.",
            "introduction_html": "<p>De lift was vorig jaar veertig keer stuk.</p>",
            "stance_question": "Moet de verhuurder de lift dit jaar vervangen?",
            "root_count": _roots_in(number, size),
            "post_count": posts_in(number, size),
        } | (_stance_counts(size) if number == 1 else dict.fromkeys(_stance_counts(size), 0))


def _questions(size: Size) -> Iterator[Mapping[str, Any]]:
    for number in range(1, size.threads + 1):
        for position, text in enumerate(
            ("Hoe snel moet er iemand zijn?", "Wie moet bericht krijgen?"), start=1
        ):
            yield {"thread_id": number, "position": position, "text": text}


def _posts(size: Size, at: datetime) -> Iterator[Mapping[str, Any]]:
    number = 0
    for thread_id in range(1, size.threads + 1):
        first, roots = number + 1, _roots_in(thread_id, size)
        for place in range(posts_in(thread_id, size)):
            number += 1
            reply = place - roots  # from 0; below 0 it is an opening post
            written = at - timedelta(days=29) + timedelta(seconds=number * STRIDE % 2_400_000)
            yield _post(number, written, size) | {
                "thread_id": thread_id,
                "root_id": first + reply if reply >= 0 else None,
                "parent_id": first + reply if reply >= 0 else None,
                "depth": 1 if reply >= 0 else 0,
                "number": 1 if reply >= 0 else place + 1,
                "reply_count": 1 if place < posts_in(thread_id, size) - roots else 0,
            }


def _post(number: int, written: datetime, size: Size) -> dict[str, Any]:
    text = post_text(number)
    return {
        "id": number,
        "author_id": number * STRIDE % size.members + 1,
        "text": text,
        "html": post_html(number),
        "renderer": "bench",
        "counted_chars": len(text),
        "text_key": text_key(text),
        "at": written,
        "valuable_count": number % 7,
        "agree_count": number % 5,
        "is_indexed": True,  # of a forum that runs for some time: no task has to catch up
        "is_told": True,
        "looked_at": written,
    }


def _reactions(size: Size, at: datetime) -> Iterator[Mapping[str, Any]]:
    """Let three members value each post of the long thread, up to a thousand posts of it."""
    for post_id in range(1, min(size.long_thread, 1_000) + 1):
        for turn in range(3):
            yield {
                "thread_id": 1,
                "post_id": post_id,
                "member_id": (post_id + turn * 17) % size.members + 1,
                "kind": ReactionKind.VALUABLE,
                "at": at - timedelta(days=1),
            }


def _stance_counts(size: Size) -> dict[str, int]:
    taken = Counter(row["current"] for row in _stances(size, now()))
    return {f"{stance.value}_count": taken[stance] for stance in Stance}


def _stances(size: Size, at: datetime) -> Iterator[Mapping[str, Any]]:
    stances = list(Stance)
    for number in range(1, size.stances + 1):
        yield {
            "thread_id": 1,
            "member_id": number,
            "first": stances[number % 3],
            "first_at": at - timedelta(days=2),
            "current": stances[number % 3],
        }
