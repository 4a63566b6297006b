"""Web processes die at random moments while people post: what was answered is there, once."""

import os
import random
import signal
import threading
import time

from flask import Flask
from sqlalchemy import select

from forum.discussion.models import Post, Thread
from forum.kernel.clock import now
from forum.kernel.database import db
from tests.faults.killing import Served, served
from tests.faults.visitors import Visitor, sign_in
from tests.support.cast import make_tenant, make_thread

SEED = 20_260_302
KILLS = 8
PEOPLE = 3
PAUSE_SECONDS = 0.03
"""Below what one address may send per minute."""


def post_until(stop: threading.Event, server: Served, visitor: Visitor, path: str, who: int) -> list[str]:
    """Post and post until told to stop; return what was answered to be there."""
    answered: list[str] = []
    while not stop.is_set():
        text = f"Bericht {who}-{len(answered)}: de lift in onze flat staat elke week wel een keer stil."
        status = visitor.post_until_answered(server.port, path, text=text, form_key=f"{who}-{len(answered)}")
        assert status == 302, status
        answered.append(text)
        time.sleep(PAUSE_SECONDS)
    return answered


def kill_workers(server: Served, times: int) -> None:
    """Kill one web process after another, each at a moment nobody expects."""
    dice = random.Random(SEED)
    for _ in range(times):
        time.sleep(dice.uniform(0.1, 0.5))
        if workers := server.workers():
            os.kill(dice.choice(workers), signal.SIGKILL)


def test_every_answered_post_is_there_once_after_workers_were_killed(database: Flask) -> None:
    thread = make_thread(opens_at=now())
    visitors = [sign_in(database, make_tenant()) for _ in range(PEOPLE)]
    path, stop = f"/onderwerpen/{thread.topic_id}/berichten", threading.Event()
    answered: dict[int, list[str]] = {}
    db.session.remove()

    with served(database) as server:

        def run(who: int) -> None:
            answered[who] = post_until(stop, server, visitors[who], path, who)

        people = [threading.Thread(target=run, args=(who,)) for who in range(PEOPLE)]
        for person in people:
            person.start()
        kill_workers(server, KILLS)
        stop.set()
        for person in people:
            person.join(60)

    promised = sorted(text for texts in answered.values() for text in texts)
    stored = db.session.execute(select(Post.text, Post.number).where(Post.thread_id == thread.topic_id)).all()
    assert len(answered) == PEOPLE, "somebody had a refusal or no answer"
    assert len(promised) > KILLS
    assert sorted(text for text, _ in stored) == promised
    assert sorted(number for _, number in stored) == list(range(1, len(promised) + 1))
    counts = db.session.execute(select(Thread.post_count, Thread.root_count)).all()
    assert counts == [(len(promised), len(promised))]
