"""The score of a topic in the database is that of the same topic in a file."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from forum.activity.appreciations import first_answers
from forum.activity.facts import StoredReactions, facts_sha256, topic_facts
from forum.activity.models import FrozenScore, ScoreSnapshot
from forum.activity.scoring import score_topic
from forum.activity.scoring_facts import Facts, PostFact, ReactionFact, ScoredMember
from forum.activity.scoring_file import read_facts
from forum.agenda.models import Topic
from forum.agenda.rules import TopicState
from forum.discussion.models import Post, Reaction, StanceAnswer, Thread
from forum.discussion.rules import PostState, ReactionKind, Stance
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.members.models import Household, Member, MemberState, RoleGrant
from tests.activity.drawn_topics import topics
from tests.activity.topics import NOON
from tests.support.cast import make_thread

STANCES = {"voor": Stance.FOR, "tegen": Stance.AGAINST, "neutraal": Stance.NEUTRAL}
KINDS = {"waardevol": ReactionKind.VALUABLE, "eens": ReactionKind.AGREE}
Names = Mapping[str, str]


@pytest.mark.usefixtures("database")
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(drawn=topics())
def test_a_stored_topic_scores_as_its_file(drawn: Facts) -> None:
    facts, thread = _storable(drawn), make_thread(opens_at=drawn.opened_at)
    try:
        document = _document(facts, _store(facts, thread))

        stored = topic_facts(thread, frozen_at=facts.frozen_at)

        of_file, of_database = score_topic(read_facts(json.loads(json.dumps(document)))), score_topic(stored)
        assert of_database == {member_id: of_file[member_id] for member_id in of_database}
        assert not any(score.eligible for member_id, score in of_file.items() if member_id not in of_database)
    finally:
        db.session.rollback()


@pytest.mark.usefixtures("database")
def test_the_hash_of_a_topic_stays_while_rows_move() -> None:
    thread = make_thread(opens_at=NOON)
    members = {name: ScoredMember() for name in "abc"}
    posts = [PostFact(f"p{number}", "a", NOON, 120) for number in range(4)]
    reactions = [ReactionFact(f"r{post.id}{by}", post.id, by, NOON) for post in posts for by in "bc"]
    _store(Facts(opened_at=NOON, frozen_at=NOON, members=members, posts=posts, reactions=reactions), thread)
    before = facts_sha256(topic_facts(thread, frozen_at=NOON))

    post, reaction = db.session.query(Post).first(), db.session.query(Reaction).first()
    assert post is not None
    assert reaction is not None
    for number, kind in ((99, ReactionKind.AGREE), (post.number, reaction.kind)):
        post.number, reaction.kind = number, kind  # PostgreSQL then keeps the row behind the others
        db.session.flush()

    assert facts_sha256(topic_facts(thread, frozen_at=NOON)) == before


def test_reactions_in_columns_are_the_facts_that_went_in() -> None:
    moments = [NOON, NOON + timedelta(microseconds=1), NOON.replace(year=1969), NOON.replace(year=9000)]
    rows = [(place, 7 * place, 9 * place, at, place == 2) for place, at in enumerate(moments, start=1)]

    reactions = StoredReactions(rows)

    made = [
        ReactionFact(str(one), str(post), str(by), at, withdrawn=is_withdrawn)
        for one, post, by, at, is_withdrawn in rows
    ]
    assert list(reactions) == list(reactions) == made
    assert reactions.reactors() == {"9", "18", "27", "36"}


def _storable(facts: Facts) -> Facts:
    """Leave out what the forum cannot hold: an answer to nobody's post, a second reaction or stance."""
    posts: list[PostFact] = []
    for post in facts.posts:
        is_answer = any(earlier.author == post.reply_to for earlier in posts)
        posts.append(post if is_answer else replace(post, reply_to=None))
    reactions = {(reaction.post, reaction.by, reaction.kind): reaction for reaction in facts.reactions}
    poll = first_answers(facts.poll)
    return replace(facts, posts=posts, reactions=list(reactions.values()), poll=list(poll.values()))


def _store(facts: Facts, thread: Thread) -> Names:
    """Put a topic into the database, uncommitted; return the ids that the rows got."""
    homes: dict[str | None, Household | None] = {None: None}
    members: dict[str, Member] = {}
    posts: dict[str, Post] = {}
    for name, fact in facts.members.items():
        if fact.household not in homes:
            homes[fact.household] = Household(
                street="Kade", house_number=fact.household, postcode="1000 AB", city="Zilverdam"
            )
        members[name] = Member(
            number=f"T-{name}",
            display_name=name,
            household=homes[fact.household],
            state=MemberState.ACTIVE if fact.verified else MemberState.GONE,
            suspended_until=facts.frozen_at + timedelta(days=1) if fact.suspended else None,
            grants=[] if fact.role == "tenant" else [RoleGrant(role=Role(fact.role), party=Party.TENANTS)],
        )
    db.session.add_all(members.values())
    db.session.flush()

    for number, post in enumerate(facts.posts, start=1):
        parent = next((earlier for earlier in facts.posts if earlier.author == post.reply_to), None)
        posts[post.id] = Post(
            thread_id=thread.topic_id,
            number=number,
            parent_id=posts[parent.id].id if parent else None,
            author_id=members[post.author].id,
            text="",
            html="",
            renderer="",
            text_key="",
            counted_chars=post.chars,
            state=PostState(post.status),
            is_duplicate=post.duplicate,
            has_upheld_flag=post.upheld_flag,
            at=post.at,
        )
        db.session.add(posts[post.id])
        db.session.flush()

    reactions = {
        reaction.id: Reaction(
            thread_id=thread.topic_id,
            post_id=posts[reaction.post].id,
            member_id=members[reaction.by].id,
            kind=KINDS[reaction.kind],
            at=reaction.at,
            withdrawn_at=reaction.at if reaction.withdrawn else None,
        )
        for reaction in facts.reactions
    }
    db.session.add_all(reactions.values())
    for answer in facts.poll:
        first = STANCES[answer.answer]
        db.session.add(
            StanceAnswer(
                thread_id=thread.topic_id,
                member_id=members[answer.by].id,
                first=first,
                first_at=answer.at,
                current=first,
            )
        )
    for name, earlier in facts.carry.items():
        for topic in earlier:
            _store_earlier(thread, members[name].id, topic.closed_at, topic.score)
    db.session.flush()
    return {name: str(row.id) for rows in (members, posts, reactions) for name, row in rows.items()}


def _store_earlier(thread: Thread, member_id: int, closed_at: datetime, score_cp: int) -> None:
    topic = Topic(agenda_id=thread.topic.agenda_id, state=TopicState.PUBLISHED, created_at=closed_at)
    db.session.add(topic)
    db.session.flush()
    snapshot = ScoreSnapshot(
        topic_id=topic.id, frozen_at=closed_at, made_at=closed_at, policy_name="", policy={}, facts_sha256=""
    )
    db.session.add(snapshot)
    db.session.flush()
    db.session.add(
        FrozenScore(
            snapshot_id=snapshot.id,
            member_id=member_id,
            score_cp=score_cp,
            parts={},
            is_eligible=True,
            why_not=[],
        )
    )


def _document(facts: Facts, names: Names) -> dict[str, object]:
    """Write a topic as `scoring.md` has it, with the ids of the database: they break ties."""
    return {
        "opened_at": facts.opened_at.isoformat(),
        "frozen_at": facts.frozen_at.isoformat(),
        "users": {
            names[name]: {
                "household": fact.household,
                "role": fact.role,
                "verified": fact.verified,
                "suspended": fact.suspended,
            }
            for name, fact in facts.members.items()
        },
        "posts": [
            {
                "id": names[post.id],
                "author": names[post.author],
                "at": post.at.isoformat(),
                "reply_to": post.reply_to and names[post.reply_to],
                "chars": post.chars,
                "status": post.status,
                "duplicate": post.duplicate,
                "upheld_flag": post.upheld_flag,
            }
            for post in facts.posts
        ],
        "reactions": [
            {
                "id": names[reaction.id],
                "post": names[reaction.post],
                "by": names[reaction.by],
                "at": reaction.at.isoformat(),
                "kind": reaction.kind,
                "withdrawn": reaction.withdrawn,
            }
            for reaction in facts.reactions
        ],
        "poll": {
            names[answer.by]: {"answer": answer.answer, "at": answer.at.isoformat()} for answer in facts.poll
        },
        "carry": {
            names[name]: [[topic.closed_at.isoformat(), topic.score] for topic in earlier]
            for name, earlier in facts.carry.items()
        },
    }
