"""`forum panels` on a real database."""

import json
from pathlib import Path

import pytest
from flask import Flask

from forum.kernel.clock import now
from forum.kernel.database import db
from forum.panels.choosing import PanelKeys, commit_panel
from forum.panels.cli import panels
from forum.panels.dossier import EntryKind
from forum.panels.entries import load_dossier
from forum.panels.queries import get_panel
from forum.panels.rules import PanelState
from tests.support.panels import make_confirmed_panel, make_debate, make_moderator, make_panel

pytestmark = pytest.mark.usefixtures("database")


def test_the_panels_are_listed(app: Flask) -> None:
    panel = make_panel(make_debate(6)[0])

    answer = app.test_cli_runner().invoke(panels, [])

    assert json.loads(answer.stdout) == [
        {
            "id": panel.id,
            "title": "Panel over de lift",
            "form": "klantenpanel",
            "state": "draft",
            "path": f"/panels/{panel.id}",
        }
    ]


def test_a_dry_run_shows_a_result_and_keeps_nothing(app: Flask) -> None:
    panel = make_panel(make_debate()[0])

    answer = app.test_cli_runner().invoke(panels, ["select", str(panel.id), "--dry-run"])

    assert answer.exit_code == 0, answer.output
    assert len(json.loads(answer.stdout)["panel"]) == panel.seats
    assert get_panel(panel.id).state is PanelState.DRAFT
    assert load_dossier(panel).entries == ()


def test_selecting_twice_gives_the_same_result(app: Flask) -> None:
    panel = make_panel(make_debate()[0])
    run = app.test_cli_runner()

    first = run.invoke(panels, ["select", str(panel.id), "--public-value", "123456"])
    second = run.invoke(panels, ["select", str(panel.id), "--public-value", "654321"])

    assert first.exit_code == second.exit_code == 0
    assert json.loads(first.stdout) == json.loads(second.stdout)


def test_a_list_that_was_fixed_before_waits_for_its_public_value(app: Flask) -> None:
    panel = make_panel(make_debate()[0])
    commit_panel(panel, "six digits called out", make_moderator(), keys=PanelKeys.fresh(), at=now())
    db.session.commit()

    answer = app.test_cli_runner().invoke(panels, ["select", str(panel.id)])

    assert answer.exit_code == 1
    assert answer.stderr == (
        "forum: refused: public-value-needed (source six digits called out): "
        "The seed waits for the public value that was announced when the list was fixed.\n"
    )
    assert get_panel(panel.id).state is PanelState.COMMITTED


def test_a_draft_without_a_public_value_gets_one_that_nobody_knew(app: Flask) -> None:
    panel = make_panel(make_debate()[0])

    answer = app.test_cli_runner().invoke(panels, ["select", str(panel.id)])

    (reveal,) = load_dossier(get_panel(panel.id)).bodies(EntryKind.REVEALED)
    assert answer.exit_code == 0, answer.output
    assert len(str(reveal["public_value"])) == 64


def test_a_selection_that_fails_prints_its_result_and_the_reason_on_one_line(app: Flask) -> None:
    panel = make_panel(make_debate()[0])
    panel.seats = 70
    db.session.commit()

    answer = app.test_cli_runner().invoke(panels, ["select", str(panel.id), "--dry-run"])

    status = json.loads(answer.stdout)["status"]
    assert status != "ok"
    assert (answer.exit_code, answer.stderr) == (1, f"forum: panel {panel.id}: {status}\n")


def test_the_dossier_is_exported_and_replayed(app: Flask, tmp_path: Path) -> None:
    panel = make_confirmed_panel(make_debate()[0])
    run = app.test_cli_runner()
    file = tmp_path / "dossier.json"
    file.write_text(run.invoke(panels, ["dossier", str(panel.id)]).stdout, encoding="utf-8")

    good = run.invoke(panels, ["replay", str(file)])
    file.write_text(file.read_text(encoding="utf-8").replace('"score": ', '"score": 1', 1), encoding="utf-8")
    bad = run.invoke(panels, ["replay", str(file)])

    assert (good.exit_code, bad.exit_code) == (0, 1)


@pytest.mark.parametrize("command", ["select", "dossier"])
def test_a_number_that_no_panel_can_have_is_wrong_usage(app: Flask, command: str) -> None:
    answer = app.test_cli_runner().invoke(panels, [command, "99999999999999999999"])

    assert answer.exit_code == 2
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", [["select", "999"], ["dossier", "999"]])
def test_a_panel_that_does_not_exist_is_refused_on_one_line(app: Flask, command: list[str]) -> None:
    answer = app.test_cli_runner().invoke(panels, command)

    assert answer.exit_code == 1
    assert answer.stderr.count("\n") == 1
    assert answer.stderr == "forum: there is no panel 999; `forum panels` lists all\n"
