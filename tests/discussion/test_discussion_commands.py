"""`forum topics` and `forum threads import-polis`."""

import json
import os
import pty
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from forum.agenda.rules import TopicState
from forum.discussion.cli import threads, topics
from forum.discussion.models import Post, Reaction
from forum.discussion.polis import ConsultationFiles
from forum.discussion.queries import get_thread
from forum.discussion.rules import ReactionKind
from forum.kernel.actor import Party
from forum.kernel.database import db
from tests.conftest import ONE_DATABASE
from tests.discussion.test_polis_reader import SMALL, comment, comments_file, vote, votes_file
from tests.support.browser import Browser
from tests.support.cast import make_agenda, make_agreed_topic, make_delegate, make_thread, make_topic

FORUM = Path(sys.executable).with_name("forum")
ADDED = {"posts": 2, "hidden": 2, "authors": 3, "voters": 4, "reactions": 4, "passes": 1, "disagrees": 1}
NOTHING = dict.fromkeys(ADDED, 0)


def folder_with(parent: Path, files: ConsultationFiles = SMALL) -> Path:
    folder = parent / files.name
    folder.mkdir(exist_ok=True)
    folder.joinpath("comments.csv").write_bytes(files.comments)
    folder.joinpath("votes.csv").write_bytes(files.votes)
    if files.attribution:
        folder.joinpath("ATTRIBUTION.md").write_bytes(files.attribution)
    return folder


def import_polis(app: Flask, *arguments: object) -> Result:
    db.session.rollback()
    result = app.test_cli_runner().invoke(threads, ["import-polis", *map(str, arguments)])
    db.session.rollback()
    return result


def printed(result: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def environ_of(app: Flask) -> dict[str, str]:
    settings = app.config["SETTINGS"]
    return {
        "PATH": os.environ["PATH"],
        "INSTANCE_PATH": str(settings.instance_path),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "MAIL_URL": settings.mail_url,
    }


def process(app: Flask, *arguments: object) -> "subprocess.CompletedProcess[str]":
    db.session.rollback()
    return subprocess.run(
        [str(FORUM), *map(str, arguments)],
        env=environ_of(app),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def count_posts() -> int:
    return len(db.session.scalars(select(Post.id)).all())


def test_an_import_prints_what_it_added_and_nothing_else(database: Flask, tmp_path: Path) -> None:
    topic_id = make_thread().topic_id

    result = import_polis(database, folder_with(tmp_path), "--topic", topic_id)

    assert (result.exit_code, result.stderr) == (0, "")
    assert printed(result) == ADDED
    assert set(db.session.scalars(select(Reaction.kind))) == {ReactionKind.AGREE}
    assert get_thread(topic_id).attribution == "Gemaakt door *De Lift*, met dank."


def test_a_second_run_prints_zeros(database: Flask, tmp_path: Path) -> None:
    topic_id = make_thread().topic_id
    import_polis(database, folder_with(tmp_path), "--topic", topic_id)

    result = import_polis(database, folder_with(tmp_path), "--topic", topic_id, "--agree-as", "valuable")

    assert (result.exit_code, printed(result)) == (0, NOTHING)
    assert count_posts() == 4


def test_votes_that_agree_can_become_valuable(database: Flask, tmp_path: Path) -> None:
    topic_id = make_thread().topic_id

    result = import_polis(database, "--agree-as", "valuable", "--topic", topic_id, folder_with(tmp_path))

    assert printed(result) == ADDED
    assert set(db.session.scalars(select(Reaction.kind))) == {ReactionKind.VALUABLE}


def test_the_folder_may_be_the_current_one_and_need_no_attribution(
    database: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic_id = make_thread().topic_id
    monkeypatch.chdir(folder_with(tmp_path, replace(SMALL, attribution=b"")))

    result = import_polis(database, ".", "--topic", topic_id)

    assert printed(result) == ADDED
    author = db.session.scalars(select(Post).order_by(Post.id)).first()
    assert author is not None
    assert author.author.external_key == "polis:liften:7"


def test_faults_are_listed_and_nothing_is_imported(database: Flask, tmp_path: Path) -> None:
    topic_id = make_thread().topic_id
    wrong = replace(
        SMALL,
        comments=comments_file(comment(0, 7), comment(3, 7, moderated="?")),
        votes=votes_file(vote(1, 9, 1, 1)),
    )
    folder = folder_with(tmp_path, wrong)

    result = import_polis(database, folder, "--topic", topic_id)

    assert result.exit_code == 1
    assert printed(result) == NOTHING | {
        "errors": [
            {
                "file": "comments.csv",
                "row": 3,
                "column": "moderated",
                "reason": "'?' is none of 1, -1, 0",
            },
            {
                "file": "votes.csv",
                "row": 2,
                "column": "comment-id",
                "reason": "9 is no statement of comments.csv",
            },
        ]
    }
    assert result.stderr.splitlines() == [
        f"forum: {folder}: nothing imported, 2 errors; comments.csv row 3 moderated: '?' is none of 1, -1, 0"
    ]
    assert count_posts() == 0


def test_of_very_many_faults_twenty_are_listed(database: Flask, tmp_path: Path) -> None:
    topic_id = make_thread().topic_id
    wrong = replace(SMALL, votes=votes_file(*(vote(1, 9, 1, 1) for _ in range(21))))

    result = import_polis(database, folder_with(tmp_path, wrong), "--topic", topic_id)

    assert len(printed(result)["errors"]) == 20
    assert "21 errors, the first 20 are listed; votes.csv row 2 comment-id: 9" in result.stderr


def test_a_fault_of_a_whole_file_names_no_row(database: Flask, tmp_path: Path) -> None:
    topic_id = make_thread().topic_id
    folder = folder_with(tmp_path, replace(SMALL, votes=b""))

    result = import_polis(database, folder, "--topic", topic_id)

    assert result.stderr == f"forum: {folder}: nothing imported, 1 error; votes.csv: the file is empty\n"


@pytest.mark.parametrize("missing", ["comments.csv", "votes.csv"])
def test_a_file_that_is_missing_is_one_line(database: Flask, tmp_path: Path, missing: str) -> None:
    topic_id = make_thread().topic_id
    folder = folder_with(tmp_path)
    (folder / missing).unlink()

    result = import_polis(database, folder, "--topic", topic_id)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"forum: {folder / missing}: No such file or directory\n"


@pytest.mark.parametrize("name", ["nowhere", "liften/votes.csv", "a\0b", "x" * 300])
def test_a_folder_that_cannot_be_read_is_one_line(database: Flask, tmp_path: Path, name: str) -> None:
    topic_id = make_thread().topic_id
    folder_with(tmp_path)

    result = import_polis(database, tmp_path / name, "--topic", topic_id)

    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("forum: ")


def test_a_topic_that_is_not_there_is_one_line(database: Flask, tmp_path: Path) -> None:
    result = import_polis(database, folder_with(tmp_path), "--topic", 2**31 - 1)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "forum: there is no topic 2147483647; `forum topics` lists all\n"


def test_a_topic_without_a_thread_is_one_line(database: Flask, tmp_path: Path) -> None:
    topic_id = make_agreed_topic().id

    result = import_polis(database, folder_with(tmp_path), "--topic", topic_id)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"forum: topic {topic_id} has no thread: its agenda is not published\n"


def test_a_second_consultation_in_one_thread_is_refused(database: Flask, tmp_path: Path) -> None:
    topic_id = make_thread().topic_id
    import_polis(database, folder_with(tmp_path), "--topic", topic_id)

    result = import_polis(database, folder_with(tmp_path, replace(SMALL, name="gas")), "--topic", topic_id)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"forum: topic {topic_id} holds the consultation 'liften'; choose another topic\n"
    )
    assert count_posts() == 4


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (".",),
        ("--topic", "1"),
        (".", "--topic", "0"),
        (".", "--topic", "een"),
        (".", "--topic", str(2**31)),
        (".", "--topic", "1", "--agree-as", "disagree"),
    ],
)
def test_wrong_usage_is_status_2(database: Flask, arguments: tuple[str, ...]) -> None:
    assert import_polis(database, *arguments).exit_code == 2


def test_help_tells_what_the_counts_are(database: Flask) -> None:
    result = import_polis(database, "--help")

    assert result.exit_code == 0
    assert "what this run added" in result.stdout


@ONE_DATABASE
def test_the_command_itself_imports_refuses_and_exits(database: Flask, tmp_path: Path) -> None:
    topic_id = make_thread().topic_id
    folder = folder_with(tmp_path)

    first = process(database, "threads", "import-polis", folder, "--topic", topic_id)
    second = process(database, "threads", "import-polis", folder, "--topic", topic_id)
    refused = process(database, "threads", "import-polis", tmp_path, "--topic", topic_id)
    misused = process(database, "threads", "import-polis", folder)

    assert (first.returncode, json.loads(first.stdout), first.stderr) == (0, ADDED, "")
    assert (second.returncode, json.loads(second.stdout), second.stderr) == (0, NOTHING, "")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"forum: {tmp_path / 'comments.csv'}: No such file or directory\n"
    assert misused.returncode == 2


@ONE_DATABASE
def test_progress_shows_on_a_terminal(database: Flask, tmp_path: Path) -> None:
    topic_id = make_thread().topic_id
    folder = folder_with(tmp_path)
    db.session.rollback()
    screen, terminal = pty.openpty()

    with subprocess.Popen(
        [str(FORUM), "threads", "import-polis", str(folder), "--topic", str(topic_id)],
        env=environ_of(database),
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    ) as running:
        out, _ = running.communicate(timeout=60)
    os.close(terminal)
    shown = os.read(screen, 10_000).decode()
    os.close(screen)

    assert json.loads(out) == ADDED
    assert "\rrender         4 rows" in shown
    assert "\rreactions         4 rows" in shown
    assert shown.endswith("\n")


def list_topics(app: Flask) -> list[dict[str, Any]]:
    db.session.rollback()
    result = app.test_cli_runner().invoke(topics, [])
    assert (result.exit_code, result.stderr) == (0, ""), result.exception
    listed: list[dict[str, Any]] = json.loads(result.stdout)
    return listed


def test_topics_of_all_years_are_listed_with_the_path_of_their_page(database: Flask) -> None:
    published = make_thread("Hoe vaak is de lift stuk?").topic_id
    proposed = make_topic(make_agenda(2031), title="Ruimte voor scootmobielen").id

    assert list_topics(database) == [
        {
            "id": published,
            "title": "Hoe vaak is de lift stuk?",
            "state": TopicState.PUBLISHED.value,
            "path": f"/onderwerpen/{published}/hoe-vaak-is-de-lift-stuk",
        },
        {
            "id": proposed,
            "title": "Ruimte voor scootmobielen",
            "state": TopicState.PROPOSED.value,
            "path": f"/agenda/onderwerp/{proposed}",
        },
    ]


def test_the_paths_lead_to_pages_without_a_detour(browser: Browser) -> None:
    make_thread("Één lift: kán dat?")
    make_agreed_topic(make_agenda(2031))
    visitor = browser.sign_in(make_delegate(Party.TENANTS))

    for topic in list_topics(browser.app):
        assert visitor.visit(topic["path"], follow=False).status == 200


def test_without_topics_the_list_is_empty(database: Flask) -> None:
    assert list_topics(database) == []


@ONE_DATABASE
def test_the_command_itself_lists_topics(database: Flask) -> None:
    make_thread()

    listed = process(database, "topics")

    assert (listed.returncode, listed.stderr) == (0, "")
    assert json.loads(listed.stdout)[0]["title"] == "De lift is vaak stuk"
