"""Who works on minutes dies at random statements: each step is done as a whole or not at all, and once."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from forum.audit.models import AuditEntry
from forum.audit.service import find_broken_entry
from forum.discussion.models import Post, Thread
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.meetings import jobs
from forum.meetings.models import Minutes, MinutesPoint, MinutesRemark
from forum.meetings.queries import get_minutes
from forum.meetings.rules import MinutesState
from forum.notifications.models import Notification
from tests.faults.killing import ENOUGH_TIME, KILLS, count_statements, kill_at
from tests.support.browser import Browser, Page
from tests.support.cast import make_site, make_staff, make_thread
from tests.support.meetings import after_window, let_all_come, make_concept, make_meeting
from tests.support.panels import make_moderator

pytestmark = ENOUGH_TIME
SEED = 20_260_302
KILLS_A_STEP = KILLS // 5
TITLES = {"title-0": "De lift", "title-1": "De hal"}
FIRST = {**TITLES, "text-0": "De lift moet sneller.", "text-1": ""}
WHOLE = {**FIRST, "text-1": "De hal is te donker."}
BETTER = "De lift moet sneller, ook op zondag."

Shown = dict[str, Any]


class Meeting:
    """A meeting that is over, its organiser and its attendees, each in a browser of their own."""

    def __init__(self, app: Flask, people: int) -> None:
        make_site()
        meeting = make_meeting(people, thread=make_thread())
        meeting.starts_at, meeting.ends_at = now() - timedelta(hours=3), now() - timedelta(hours=1)
        db.session.commit()
        members = let_all_come(meeting, make_moderator())
        self.meeting_id, self.panel_id = meeting.id, meeting.panel_id
        self.organiser = Browser(app).sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
        self.attendees = [Browser(app).sign_in(member) for member in members]

    @property
    def work(self) -> str:
        """Return the address where the organiser works on the minutes."""
        return f"/beheer/bijeenkomsten/{self.meeting_id}/verslag"

    def write(self, **fields: Any) -> Callable[[], Page]:
        """Return the sending of a draft that is open in a browser."""
        page = self.organiser.visit(self.work)
        return partial(self.organiser.submit, page, "Bewaar verslag", **fields)

    def answer(self, attendee: Browser, **proposed: Any) -> Callable[[], Page]:
        """Return the sending of an answer: every point that asks is right, but for what is proposed."""
        page = attendee.visit(f"/panels/{self.panel_id}/verslag/{self.meeting_id}")
        asked = {str(field["name"]) for field in page.soup.select("[name^=answer-]")}
        fields: dict[str, Any] = {**dict.fromkeys(asked, "agree"), **proposed}
        return partial(attendee.submit, page, "Verstuur mijn antwoorden", **fields)

    def propose(self, attendee: Browser, text: str) -> Callable[[], Page]:
        """Return the sending of another text for the first point."""
        db.session.rollback()
        first = get_minutes(self.meeting_id).points[0].id
        return self.answer(attendee, **{f"answer-{first}": "propose", f"text-{first}": text})

    def press(self, button: str, path: str = "") -> Callable[[], Page]:
        """Return the pressing of a button on a page of the organiser."""
        page = self.organiser.visit(path or self.work)
        return partial(self.organiser.submit, page, button)

    def shown(self) -> Shown:
        """Return all that was made of the minutes, without numbers and moments."""
        db.session.rollback()
        points = db.session.scalars(select(MinutesPoint).order_by(MinutesPoint.position)).all()
        remarks = db.session.execute(
            select(MinutesRemark.member_id, MinutesRemark.version, MinutesRemark.state, MinutesRemark.text)
        )
        return {
            "minutes": [str(state) for state in db.session.scalars(select(Minutes.state))],
            "points": [(point.title, point.text, point.version, point.post_id is None) for point in points],
            "remarks": sorted(map(repr, remarks)),
            "posts": db.session.scalar(select(func.count()).select_from(Post)),
            "counted": list(db.session.execute(select(Thread.post_count, Thread.root_count))),
            "told": Counter(db.session.execute(select(Notification.event, Notification.member_id)).all()),
            "logged": Counter(
                db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("minutes.%")))
            ),
        }


def survive(meeting: Meeting, dice: random.Random, make_step: Callable[[], Callable[[], object]]) -> Shown:
    """Kill a step before, at and just after its commit, do it twice more, and return what came of it."""
    before, step = meeting.shown(), make_step()
    statements = count_statements(step)  # it dies when it would commit
    seen = [meeting.shown()]
    after_commit = statements + 2
    for statement in [*(dice.randint(1, statements) for _ in range(KILLS_A_STEP)), after_commit]:
        kill_at(step, statement)
        seen.append(meeting.shown())
    step()
    done = meeting.shown()
    step()

    assert done != before
    assert all(found in (before, done) for found in seen), "as a whole or not at all"
    assert meeting.shown() == done, "twice is once"
    return done


def test_minutes_of_which_every_step_is_killed_are_whole_and_told_once(database: Flask) -> None:
    meeting, dice = Meeting(database, people=2), random.Random(SEED)
    go = partial(survive, meeting, dice)

    go(partial(meeting.press, "Begin het verslag"))
    go(partial(meeting.write, **FIRST))
    go(partial(meeting.write, **WHOLE))
    go(partial(meeting.press, "Verstuur het concept", f"{meeting.work}/versturen"))
    go(partial(meeting.propose, meeting.attendees[0], BETTER))
    go(partial(meeting.press, "Neem over"))
    for attendee in meeting.attendees:
        go(partial(meeting.answer, attendee))
    done = go(partial(meeting.press, "Stel het verslag vast"))

    assert done["minutes"] == ["locked"]
    assert done["points"] == [("De lift", BETTER, 2, False), ("De hal", WHOLE["text-1"], 1, False)]
    assert (done["posts"], done["counted"]) == (2, [(2, 2)])
    assert set(done["told"].values()) == {1}
    assert done["logged"] == {
        "minutes.started": 1,
        "minutes.written": 2,
        "minutes.sent": 1,
        "minutes.answered": 5,
        "minutes.decided": 1,
        "minutes.locked": 1,
    }
    assert find_broken_entry() is None


def test_minutes_that_the_background_locks_while_it_is_killed_are_locked_once(database: Flask) -> None:
    minutes, _, _ = make_concept(thread=make_thread())
    meeting_id, dice, at = minutes.meeting_id, random.Random(SEED), after_window(minutes)
    step = partial(jobs.lock_answered_minutes, at=at)
    statements = count_statements(step)

    for _ in range(KILLS_A_STEP):
        kill_at(step, dice.randint(1, statements))
        db.session.rollback()
        assert get_minutes(meeting_id).state is MinutesState.CONCEPT
        assert db.session.query(Post).count() == 0
    kill_at(step, statements + 2)  # just after its commit
    step()

    db.session.rollback()
    assert get_minutes(meeting_id).state is MinutesState.LOCKED
    assert db.session.query(Post).count() == 2
    assert find_broken_entry() is None
