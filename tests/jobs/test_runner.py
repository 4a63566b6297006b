import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask, current_app
from sqlalchemy import text

from forum.jobs.registry import BACKLOGS, TASKS, Backlog, Task, register_backlog, stopping, task
from forum.jobs.runner import Runner, pause_seconds
from forum.kernel.database import db


@pytest.fixture(autouse=True)
def _not_stopping() -> Iterator[None]:
    stopping.clear()
    yield
    stopping.clear()


class Diary:
    """A task that remembers its runs, and fails when asked to."""

    def __init__(self, *, fails: bool = False) -> None:
        """Start with an empty page."""
        self.runs: list[datetime] = []
        self.fails = fails

    def __call__(self, *, at: datetime) -> None:
        """Note the moment."""
        assert current_app.name == "forum"
        self.runs.append(at)
        if self.fails:
            raise RuntimeError("no more ink")


def test_every_task_runs_with_the_moment_in_an_application_context(database: Flask) -> None:
    first, second = Diary(), Diary()

    failed = Runner(database, [Task("a", 60, first), Task("b", 60, second)]).run_once()

    assert failed == []
    assert [len(first.runs), len(second.runs)] == [1, 1]
    assert first.runs[0].tzinfo is UTC


def test_a_task_that_fails_does_not_stop_the_others(
    database: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = Diary(fails=True), Diary()
    runner = Runner(database, [Task("tests.bad", 60, bad), Task("tests.good", 60, good)])

    failed = runner.run_once()

    assert failed == ["tests.bad"]
    assert len(good.runs) == 1
    assert runner.turns[0].last_failure == "RuntimeError: no more ink"
    assert "tests.bad" in capsys.readouterr().err


def test_a_database_that_is_away_is_one_line_in_the_log(
    database: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    def reads(*, at: datetime) -> None:
        db.session.execute(text("SELECT * FROM no_such_table"))

    Runner(database, [Task("tests.reads", 60, reads)]).run_once()

    logged = capsys.readouterr().err
    assert "no_such_table" in logged
    assert "Traceback" not in logged
    assert logged.count("task failed") == 1


def test_a_task_that_works_again_is_forgiven(database: Flask) -> None:
    diary = Diary(fails=True)
    runner = Runner(database, [Task("a", 60, diary)])
    runner.run_once()
    diary.fails = False

    failed = runner.run_once()

    assert failed == []
    assert (runner.turns[0].failures, runner.turns[0].last_failure) == (0, "")


@pytest.mark.parametrize(
    ("every", "failures", "pause"),
    [
        pytest.param(5, 0, 5, id="all is well"),
        pytest.param(5, 1, 10, id="one failure doubles"),
        pytest.param(5, 3, 40, id="three failures"),
        pytest.param(5, 30, 300, id="never longer than five minutes"),
        pytest.param(3600, 2, 3600, id="a slow task keeps its own pause"),
    ],
)
def test_failures_make_the_pause_longer(every: float, failures: int, pause: float) -> None:
    assert pause_seconds(every, failures) == pause


def test_tasks_come_back_until_the_process_is_asked_to_stop(database: Flask) -> None:
    often, seldom = Diary(), Diary()
    runner = Runner(database, [Task("often", 0.01, often), Task("seldom", 60, seldom)])
    timer = threading.Timer(0.5, stopping.set)
    timer.start()

    runner.run_until(lambda: False)

    timer.join()
    assert len(often.runs) > 3
    assert len(seldom.runs) == 1


def test_the_loop_ends_when_its_parent_is_gone(database: Flask) -> None:
    diary = Diary()

    Runner(database, [Task("a", 0.01, diary)]).run_until(lambda: len(diary.runs) >= 2)

    assert len(diary.runs) == 2


def test_a_name_is_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    backlog = Backlog("tests", dict, lambda most: [], lambda ids, at: [], lambda at: [])
    monkeypatch.delitem(TASKS, "tests.a", raising=False)
    monkeypatch.delitem(BACKLOGS, "tests", raising=False)
    task("tests.a", every_seconds=1)(Diary())
    register_backlog(backlog)

    with pytest.raises(ValueError, match="tests"):
        task("tests.a", every_seconds=1)(Diary())
    with pytest.raises(ValueError, match="tests"):
        register_backlog(backlog)

    del TASKS["tests.a"], BACKLOGS["tests"]


def test_mail_is_among_the_tasks(database: Flask) -> None:
    assert TASKS["mail.deliver"].every_seconds <= 10
    assert "mail" in BACKLOGS
