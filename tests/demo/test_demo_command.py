"""`forum demo`: what it prints, and when it refuses."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from forum.agenda.models import Agenda
from forum.demo import cli
from forum.demo.people_steps import PASSWORD
from forum.demo.sign_ins import list_number_sign_ins
from forum.discussion.fronts import period_of
from forum.discussion.models import Post, Thread
from forum.discussion.rules import Phase, PostSource, phase_of
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.members.models import Member
from forum.settings.queries import find_site, get_site
from tests.conftest import ONE_DATABASE
from tests.support.cast import make_site, make_tenant

COMMENTS = """timestamp,comment-id,author-id,moderated,comment-body
1497484800000,0,0,1,Build more houses
1497485800000,1,1,-1,Bananas
"""
VOTES = """timestamp,comment-id,voter-id,vote
1497488000000,0,1,1
1497489000000,0,2,-1
"""


def forum_demo(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(cli.demo, list(arguments))
    db.session.rollback()
    return result


def consultation_in(folder: Path, votes: str = VOTES) -> str:
    (folder / "comments.csv").write_text(COMMENTS)
    (folder / "votes.csv").write_text(votes)
    return str(folder)


def test_the_sign_ins_come_as_a_table_and_as_json_and_a_second_demo_is_refused(database: Flask) -> None:
    made = forum_demo(database, "--tenants", "60")

    lines = made.stdout.splitlines()
    assert (made.exit_code, made.stderr) == (0, "")
    assert lines[0].split() == ["Role", "Party", "Name", "E-mail", "or", "number", "Password"]
    assert lines[-2:] == ["", cli.ABOUT_MAIL]
    assert [line.split()[0] for line in lines[1:-2]] == [
        "tenant",
        "delegate",
        "delegate",
        "moderator",
        "moderator",
        "coordinator",
        "admin",
        *(["tenant"] if list_number_sign_ins() else []),
    ]

    rows = json.loads(forum_demo(database, "--show", "--json").stdout)
    assert [list(row) for row in rows] == [["role", "party", "name", "email", "password"]] * 7
    assert {row["password"] for row in rows} == {PASSWORD}
    assert rows[0] == {
        "role": "tenant",
        "party": None,
        "name": "Ger K.",
        "email": "ger.kuipers@voorbeeld.nl",
        "password": PASSWORD,
    }

    posts = db.session.scalar(select(func.count(Post.id)))
    again = forum_demo(database, "--tenants", "60", "--seed", "2", "--json")
    assert again.exit_code == 1
    assert len(again.stderr.splitlines()) == 1
    assert "make demo-reset" in again.stderr
    assert db.session.scalar(select(func.count(Post.id))) == posts


def test_a_real_installation_is_left_alone(database: Flask) -> None:
    make_site()

    refused = forum_demo(database)

    assert refused.exit_code == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "data of its own" in refused.stderr
    assert not get_site().is_demo
    assert db.session.scalar(select(func.count(Member.id))) == 0


def test_a_register_without_names_of_the_parties_is_data_too(database: Flask) -> None:
    make_tenant()

    refused = forum_demo(database)

    assert refused.exit_code == 1
    assert find_site() is None


def test_nothing_can_be_shown_where_there_is_no_demo(database: Flask) -> None:
    nothing = forum_demo(database, "--show")
    make_site()
    real = forum_demo(database, "--show", "--json")

    for result in (nothing, real):
        assert (result.exit_code, result.stdout) == (1, "")
        assert "there is no demo here" in result.stderr


@pytest.mark.parametrize("tenants", ["0", "59", "20001", "many"])
def test_a_number_of_tenants_that_makes_no_year_is_wrong_usage(app: Flask, tenants: str) -> None:
    assert forum_demo(app, "--tenants", tenants).exit_code == 2


@ONE_DATABASE
def test_a_consultation_stands_on_the_agenda_of_the_year_before(database: Flask, tmp_path: Path) -> None:
    made = forum_demo(database, "--tenants", "60", "--consultation", consultation_in(tmp_path))

    assert made.exit_code == 0, made.stderr
    years = db.session.scalars(select(Agenda).order_by(Agenda.year)).all()
    assert [len(agenda.topics) for agenda in years] == [1, 9]
    assert years[0].year == years[1].year - 1
    thread = db.session.get_one(Thread, years[0].topics[0].id)
    posts = db.session.scalars(
        select(Post).where(Post.thread_id == thread.topic_id).order_by(Post.number)
    ).all()
    assert phase_of(period_of(thread), now()) is Phase.CLOSED
    assert [post.source for post in posts] == [PostSource.IMPORT] * 2
    assert posts[0].valuable_count == 1


def test_a_consultation_with_faults_makes_nothing(database: Flask, tmp_path: Path) -> None:
    folder = consultation_in(tmp_path, votes=VOTES.replace(",1,1\n", ",1,5\n"))

    refused = forum_demo(database, "--consultation", folder)

    assert refused.exit_code == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "votes.csv row 2" in refused.stderr
    assert find_site() is None


def test_a_folder_without_votes_makes_nothing(database: Flask, tmp_path: Path) -> None:
    (tmp_path / "comments.csv").write_text(COMMENTS)

    refused = forum_demo(database, "--consultation", str(tmp_path))

    assert refused.exit_code == 1
    assert "votes.csv" in refused.stderr
    assert find_site() is None
