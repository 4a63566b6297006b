"""Eight processes that write at once: no errors, and every count is exact."""

import os
from collections import Counter
from collections.abc import Sequence

from flask import Flask
from sqlalchemy import func, select

from forum.audit import service as audit
from forum.discussion.models import Post, Reaction, StanceAnswer, Thread
from forum.discussion.queries import get_post, get_thread
from forum.discussion.reacting import add_reaction, remove_reaction, take_stance
from forum.discussion.rules import ReactionKind, Stance
from forum.discussion.service import Body, Placement, write_post
from forum.kernel.actor import Actor
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from tests.faults.killing import start
from tests.support.cast import make_post, make_tenant, make_thread

PROCESSES = 8
ROUNDS = 12


def write_much(topic_id: int, first_id: int, actor: Actor, who: int) -> None:
    """Post, reply, react and answer, each in a unit of work, as a web process does for its visitors."""
    for turn in range(ROUNDS):
        body = Body.of(f"Bericht {who}-{turn}: bij ons in de flat staat de lift ook elke week een keer stil.")
        with unit_of_work():
            write_post(topic_id, body, Placement(), actor, at=now())
        with unit_of_work():
            write_post(topic_id, body, Placement(reply_to=first_id), actor, at=now())
        with unit_of_work():
            take_stance(get_thread(topic_id), list(Stance)[turn % 3], actor, at=now())
            audit.record(actor, "test.round", turn=turn, at=now())
        for change in (add_reaction, remove_reaction, add_reaction):
            with unit_of_work():
                change(get_post(first_id), ReactionKind.VALUABLE, actor, at=now())


def statuses(acts: Sequence[int]) -> list[int]:
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in acts]


def test_eight_processes_that_write_at_once_lose_and_double_nothing(database: Flask) -> None:
    thread = make_thread(opens_at=now())
    first = make_post(thread, make_tenant(), at=now())
    topic_id, first_id = thread.topic_id, first.id
    actors = [make_tenant().as_actor(now()) for _ in range(PROCESSES)]

    ended = statuses(
        [
            start(lambda who=who, actor=actor: write_much(topic_id, first_id, actor, who))  # type: ignore[misc]
            for who, actor in enumerate(actors)
        ]
    )

    assert ended == [0] * PROCESSES
    written = PROCESSES * ROUNDS
    standing = db.session.get_one(Thread, topic_id)
    opening = list(
        db.session.scalars(select(Post.number).where(Post.root_id.is_(None)).order_by(Post.number))
    )
    replies = list(
        db.session.scalars(select(Post.number).where(Post.root_id == first_id).order_by(Post.number))
    )
    assert (standing.post_count, standing.root_count) == (1 + 2 * written, 1 + written)
    assert opening == list(range(1, written + 2))
    assert replies == list(range(1, written + 1))
    assert (get_post(first_id).reply_count, get_post(first_id).valuable_count) == (written, PROCESSES)
    assert db.session.scalar(select(func.count()).select_from(Reaction)) == PROCESSES
    assert Counter(db.session.scalars(select(Post.author_id))).most_common(1)[0][1] == 2 * ROUNDS
    assert db.session.scalar(select(func.count()).select_from(StanceAnswer)) == PROCESSES
    assert audit.find_broken_entry() is None
