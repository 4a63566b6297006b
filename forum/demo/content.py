"""What the demo year says: people, topics and posts, read from `content/`; all of it is made up."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from forum.agenda.rules import InfluenceLevel, StatutorySubject, TopicState
from forum.agenda.service import TopicText
from forum.discussion.rules import PostSource, Stance
from forum.kernel.actor import Party
from forum.outcomes.rules import AnswerKind

STATUTORY_KINDS = {
    "servicekosten": StatutorySubject.SERVICE_COSTS,
    "huurbeleid": StatutorySubject.RENT_POLICY,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A complex: where it stands, what is built there and how many homes it has."""

    name: str
    district: str
    kind: str
    homes: int
    streets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Voice:
    """A tenant who writes posts; `has_email` is false for somebody who phones or sends letters."""

    index: int
    first_name: str
    last_name: str
    birth_year: int
    complex: str
    language: str
    has_email: bool


@dataclass(frozen=True, slots=True)
class StaffVoice:
    """Somebody who writes posts for a party."""

    index: int
    party: Party
    name: str


@dataclass(frozen=True, slots=True)
class People:
    """Who may live there; `languages` are codes with their weights."""

    first_names: Sequence[str]
    older_first_names: Sequence[str]
    last_names: Sequence[str]
    city: str
    places: Sequence[Place]
    languages: Mapping[str, int]
    voices: Sequence[Voice]
    staff: Sequence[StaffVoice]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic as a party proposes it, and what stands above its thread."""

    key: str
    text: TopicText
    introduction: str
    party: Party


@dataclass(frozen=True, slots=True)
class Shelved:
    """A proposal that did not become a topic, and why; an idea has the voice that had it."""

    proposal: Proposal
    state: TopicState
    reason: str
    author: int | None


@dataclass(frozen=True, slots=True)
class PostContent:
    """A post. `question` is a place in the sub-questions, from 0; staff have no stance."""

    key: str
    author: int
    text: str
    quality: int
    reply_to: str | None
    question: int | None
    stance: Stance | None
    source: PostSource
    is_after_panel: bool


@dataclass(frozen=True, slots=True)
class RecommendationContent:
    """What was advised on a topic; `cites` are keys of posts with a quote or without, `points` of minutes.

    `work_by` is in days before today, like the days of the notes; the last note says that the work `is_done`.
    """

    topic: str
    title: str
    text: str
    cites: Sequence[tuple[str, str]]
    points: Mapping[str, str]
    answer: AnswerKind | None
    reason: str
    owner: str
    work_by: int | None
    notes: Sequence[tuple[int, str]]
    is_done: bool


@dataclass(frozen=True, slots=True)
class DemoContent:
    """Everything the year is made of; `debates` are the posts of each topic by its key."""

    landlord_name: str
    tenants_name: str
    people: People
    topics: Sequence[Proposal]
    shelved: Sequence[Shelved]
    consultation: Proposal
    debates: Mapping[str, Sequence[PostContent]]
    recommendations: Sequence[RecommendationContent]


def read_content() -> DemoContent:
    """Return the content of the demo year."""
    year = _document("topics.toml")
    topics = [_proposal(topic) for topic in year["topic"]]
    return DemoContent(
        landlord_name=year["landlord"],
        tenants_name=year["tenants"],
        people=_people(_document("people.toml")),
        topics=topics,
        shelved=[_shelved(proposal) for proposal in year["proposal"]],
        consultation=_proposal(year["consultation"][0]),
        debates={topic.key: _posts(_document(f"posts_{topic.key}.toml")) for topic in topics},
        recommendations=[_recommendation(row) for row in _document("recommendations.toml")["recommendation"]],
    )


def _document(name: str) -> Mapping[str, Any]:
    return tomllib.loads(resources.files("forum.demo").joinpath("content", name).read_text(encoding="utf-8"))


def _people(document: Mapping[str, Any]) -> People:
    return People(
        first_names=document["first_names"],
        older_first_names=document["older_first_names"],
        last_names=document["last_names"],
        city=document["city"],
        places=[_place(row) for row in document["complexes"]],
        languages={row["code"]: row["weight"] for row in document["languages"]},
        voices=[_voice(row) for row in document["voice"]],
        staff=[
            StaffVoice(row["index"], Party(row["party"]), f"{row['first_name']} {row['last_name']}")
            for row in document["staff"]
        ],
    )


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["name"], row["district"], row["kind"], row["homes"], row["streets"])


def _voice(row: Mapping[str, Any]) -> Voice:
    return Voice(
        index=row["index"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        birth_year=row["birth_year"],
        complex=row["complex"],
        language=row["language"],
        has_email=row["channel"] == "email",
    )


def _proposal(row: Mapping[str, Any]) -> Proposal:
    statutory = STATUTORY_KINDS[row["statutory_kind"]] if row["statutory"] else None
    text = TopicText(
        title=row["title"],
        question=row["question"],
        why=row["why"].strip(),
        fixed="\n".join(row["fixed"]),
        open="\n".join(row["open"]),
        level=InfluenceLevel(row["level"]),
        stance_question=row.get("poll_question", ""),
        subquestions="\n".join(row.get("subquestions", [])),
        statutory=statutory,
        only_opinions=statutory is not None,
    )
    return Proposal(row["key"], text, row.get("introduction", "").strip(), Party(row["proposed_by"]))


def _shelved(row: Mapping[str, Any]) -> Shelved:
    return Shelved(_proposal(row), TopicState(row["outcome"]), row["reason"].strip(), row.get("author"))


def _posts(document: Mapping[str, Any]) -> Sequence[PostContent]:
    return [
        PostContent(
            key=row["key"],
            author=row["author"],
            text=row["text"].strip(),
            quality=row["quality"],
            reply_to=row.get("reply_to"),
            question=row.get("question"),
            stance=Stance(row["stance"]) if "stance" in row else None,
            source=PostSource(row.get("source", PostSource.WEB)),
            is_after_panel=row.get("after_panel", False),
        )
        for row in document["post"]
    ]


def _recommendation(row: Mapping[str, Any]) -> RecommendationContent:
    return RecommendationContent(
        topic=row["topic"],
        title=row["title"],
        text=row["text"],
        cites=[(source["post"], source.get("quote", "")) for source in row["cites"]],
        points=row.get("points", {}),
        answer=AnswerKind(row["answer"]) if "answer" in row else None,
        reason=row.get("reason", ""),
        owner=row.get("owner", ""),
        work_by=row.get("work_by"),
        notes=[(note["days"], note["text"]) for note in row.get("notes", [])],
        is_done=row.get("done", False),
    )
