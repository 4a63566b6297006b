"""Import, score and select from a real consultation: `python -m tests.bench.consultation`.

The consultation about affordable housing in New Zealand, 2017, that the demo brings along (its attribution
stands beside it). For both meanings of "agree" it makes an empty forum, imports twice, scores, fills a panel
of fifteen by score, and does the selection over from the dossier, and prints what came out of each step.
"""

import json
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import click
from flask import Flask

from forum.activity.scoring_facts import ActivityScore
from forum.activity.service import live_scores
from forum.app import create_app
from forum.demo.cli import CONSULTATION
from forum.discussion.cli import threads
from forum.discussion.models import Thread
from forum.discussion.rules import ReactionKind
from forum.kernel.database import db, unit_of_work
from forum.kernel.migrations import upgrade_tables
from forum.panels import choosing
from forum.panels.dossier_replay import replay
from forum.panels.entries import load_dossier
from forum.panels.queries import get_panel
from forum.panels.rules import FillingMode
from forum.settings.config import load_settings
from tests.support.cast import make_thread
from tests.support.panels import make_moderator, make_panel

OPENED = datetime(2017, 6, 14, tzinfo=UTC)
DAYS = 27
OVER = OPENED + timedelta(days=60)
SEATS = 15
SECRET = choosing.PanelKeys(secret="5d" * 32, pseudonyms="7a" * 32)  # the same draw every time
PUBLIC_VALUE = "2017"


def main() -> None:
    """Run both and print."""
    for kind in ReactionKind:
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(load_settings({"INSTANCE_PATH": folder, "SECRET_KEY": "b" * 40}))
            with app.app_context():
                upgrade_tables(app)
                run(app, kind)
                db.session.remove()
                db.engine.dispose()


def run(app: Flask, kind: ReactionKind) -> None:
    """Do all steps for one meaning of "agree"."""
    thread = make_thread("Affordable housing", opens_at=OPENED, days=DAYS)
    for turn in ("imported", "a second time"):
        started = time.process_time()
        told = app.test_cli_runner().invoke(
            threads,
            ["import-polis", str(CONSULTATION), "--topic", str(thread.topic_id), "--agree-as", kind.value],
        )
        assert told.exit_code == 0, told.output
        seconds = time.process_time() - started
        click.echo(f"agree as {kind.value}, {turn} in {seconds:.1f} CPU-s: {_line(told.stdout)}")
    print_scores(live_scores(thread, at=OVER))
    print_panel(thread)


def _line(document: str) -> str:
    return json.dumps(json.loads(document))


def print_scores(scores: Mapping[str, ActivityScore]) -> None:
    """Print how many members have a score, how many may be chosen, and how the scores lie."""
    values = sorted((score.score for score in scores.values()), reverse=True)
    eligible = sum(score.eligible for score in scores.values())
    click.echo(
        f"  scored {len(values)}, eligible {eligible}; points: most {values[0] / 100:.2f}, "
        f"tenth {values[9] / 100:.2f}, median {median(values) / 100:.2f}"
    )


def print_panel(thread: Thread) -> None:
    """Fill a panel by score and do it over from its dossier."""
    panel = make_panel(thread, seats=SEATS, mode=FillingMode.TOP, quotas=False)
    moderator = make_moderator()
    with unit_of_work():
        choosing.commit_panel(panel, "the year of the consultation", moderator, keys=SECRET, at=OVER)
    with unit_of_work():
        result = choosing.reveal_and_select(get_panel(panel.id), PUBLIC_VALUE, moderator, at=OVER)
    dossier: dict[str, Any] = json.loads(json.dumps(load_dossier(panel).as_document()))
    report = replay(dossier)
    click.echo(
        f"  panel of {SEATS} by score: {result['status']}, chosen {len(result['panel'])}, "
        f"total {result.get('objective')}, the dossier replays: {report.agrees} ({len(report.checks)} checks)"
    )


if __name__ == "__main__":
    main()
