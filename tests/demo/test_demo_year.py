"""A small demo year, on each database: what was made obeys the rules of the forum."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.agenda.queries import get_agenda
from forum.agenda.rules import AgendaState, TopicState
from forum.audit.models import AuditEntry
from forum.audit.service import find_broken_entry
from forum.demo.moments import local_moment
from forum.discussion import policy
from forum.discussion.fronts import period_of
from forum.discussion.models import Post, Reaction, StanceAnswer, Thread
from forum.discussion.rules import Phase, ReactionKind, phase_of
from forum.invitations.queries import list_invitations
from forum.invitations.rules import InvitationState
from forum.kernel.actor import Actor, Role
from forum.kernel.clock import local_day
from forum.kernel.database import db
from forum.members.models import Complex, District, Household, Member
from forum.panels.models import Panel
from forum.panels.rules import PanelState
from forum.settings.queries import get_site
from tests.architecture.sources import ROOT
from tests.conftest import empty_database
from tests.demo.small_year import TODAY, content_hash, make_small_year


@pytest.fixture(scope="module")
def demo(app: Flask) -> Iterator[Flask]:
    """Return an application with a small demo year; it takes long to make, so these tests only read it."""
    make_small_year()
    yield app
    empty_database()


def count(what: type[object], *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(what).where(*conditions)) or 0


def test_the_year_has_its_people_places_and_topics(demo: Flask) -> None:
    agenda = get_agenda(2026)

    assert get_site().is_demo
    assert (count(District), count(Complex)) == (4, 12)
    assert count(Member, Member.number.is_not(None)) == 60
    assert count(Account) == 36 + 8
    assert count(Household) < 60
    assert agenda.state is AgendaState.PUBLISHED
    states = sorted(topic.state for topic in agenda.topics)
    assert states == sorted([TopicState.PUBLISHED] * 5 + ["declined", "declined", "postponed", "suggested"])
    assert any(topic.version == 2 for topic in agenda.topics)


def test_counters_are_what_is_there(demo: Flask) -> None:
    for thread in db.session.scalars(select(Thread)):
        in_thread = Post.thread_id == thread.topic_id
        assert thread.post_count == count(Post, in_thread) >= 40
        assert thread.root_count == count(Post, in_thread, Post.root_id.is_(None))
    for post in db.session.scalars(select(Post)):
        on_post = (Reaction.post_id == post.id, Reaction.withdrawn_at.is_(None))
        assert post.valuable_count == count(Reaction, *on_post, Reaction.kind == ReactionKind.VALUABLE)
        assert post.agree_count == count(Reaction, *on_post, Reaction.kind == ReactionKind.AGREE)
        assert post.root_id is not None or post.reply_count == count(Post, Post.root_id == post.id)


def test_every_reaction_could_have_been_given_on_the_page(demo: Flask) -> None:
    rows = db.session.execute(
        select(Reaction, Post, Thread, Account.activated_at)
        .join(Post, Post.id == Reaction.post_id)
        .join(Thread, Thread.topic_id == Reaction.thread_id)
        .join(Account, Account.member_id == Reaction.member_id)
    ).all()

    assert len(rows) == count(Reaction) > 300
    for reaction, post, thread, activated_at in rows:
        actor = Actor(member_id=reaction.member_id, roles=frozenset({Role.TENANT}))
        assert policy.can_react(actor, phase_of(period_of(thread), reaction.at), post.author_id)
        assert activated_at < post.at < reaction.at
        assert post.thread_id == reaction.thread_id


def test_whoever_answers_the_stance_question_does_so_before_writing(demo: Flask) -> None:
    first_post = (
        select(func.min(Post.at))
        .where(Post.author_id == StanceAnswer.member_id, Post.thread_id == StanceAnswer.thread_id)
        .scalar_subquery()
    )

    late = count(StanceAnswer, StanceAnswer.first_at > first_post)

    assert count(StanceAnswer) > 60
    assert late == 0


def test_posts_and_the_logbook_are_in_the_order_of_time(demo: Flask) -> None:
    later = aliased(Post)
    swapped = select(func.count()).select_from(Post).join(later, later.id > Post.id).where(later.at < Post.at)
    moments = db.session.scalars(select(AuditEntry.at).order_by(AuditEntry.id)).all()

    assert db.session.scalar(swapped) == 0
    assert list(moments) == sorted(moments)
    assert find_broken_entry() is None
    assert count(Post, Post.is_duplicate.is_(True)) == 0


def test_today_the_topics_are_in_different_phases(demo: Flask) -> None:
    noon = db.session.scalars(select(Thread)).first()
    assert noon is not None
    at = max(db.session.scalars(select(Post.at)))

    phases = [
        phase_of(period_of(thread), at)
        for thread in db.session.scalars(select(Thread).order_by(Thread.topic_id))
    ]

    assert phases == [Phase.OPEN, Phase.OPEN, Phase.PANEL, Phase.PANEL, Phase.ANSWER]
    assert max(db.session.scalars(select(Post.at))) < local_moment(TODAY)


def test_panels_meet_on_days_on_which_people_meet_and_after_the_answers(demo: Flask) -> None:
    panels = db.session.scalars(select(Panel).order_by(Panel.id)).all()

    days = {local_day(meeting.starts_at): panel.state for panel in panels for meeting in panel.meetings}
    assert days == {
        date(2026, 7, 13): PanelState.ENDED,
        date(2026, 10, 21): PanelState.CONFIRMED,
        date(2026, 10, 29): PanelState.HELD,
        date(2026, 11, 9): PanelState.HELD,
        date(2026, 12, 11): PanelState.CONFIRMED,
        date(2026, 12, 28): PanelState.PROPOSED,
        date(2027, 1, 13): PanelState.CONFIRMED,
    }
    assert all(panel.respond_by < panel.meetings[0].starts_at for panel in panels)


def test_the_invited_panel_has_somebody_to_phone_and_a_coordinator(demo: Flask) -> None:
    on_topic = select(Panel).where(Panel.state == PanelState.CONFIRMED, Panel.topic_id.is_not(None))
    panel = db.session.scalars(on_topic).one()

    waiting = [row for row in list_invitations(panel) if row.state is InvitationState.OPEN]

    assert any(row.member.email is None and row.member.phone for row in waiting)
    assert panel.coordinator_id is not None


@pytest.fixture(scope="session")
def hash_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the hash of the same year, made by another process on SQLite."""
    environ = {
        **os.environ,
        "INSTANCE_PATH": str(tmp_path_factory.mktemp("elsewhere")),
        "PYTHONHASHSEED": "7",
    }
    environ.pop("DATABASE_URL", None)
    made = subprocess.run(
        [sys.executable, "-m", "tests.demo.small_year"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


def test_the_same_order_makes_the_same_year_in_another_process_too(demo: Flask, hash_elsewhere: str) -> None:
    assert content_hash() == hash_elsewhere
