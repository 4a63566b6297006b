"""A draw that a meeting follows, through its real forms; the public record, and checking it blind."""

import json
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from forum.kernel.actor import SYSTEM, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.panels import choosing
from forum.panels.dossier import EntryKind
from forum.panels.dossier_record import is_record_of, make_record
from forum.panels.entries import load_dossier
from forum.panels.errors import WrongPanelState
from forum.panels.file_cli import replay as replay_command
from forum.panels.models import Panel
from forum.panels.queries import get_panel, list_candidate_members, names_of_candidates
from forum.panels.result_queries import get_result
from forum.panels.rules import PanelState
from forum.panels.service import create_panel
from tests.support.browser import Browser
from tests.support.cast import make_site, make_staff
from tests.support.panels import (
    OVER,
    PLAN,
    make_confirmed_panel,
    make_debate,
    make_moderator,
    make_panel,
    make_proposed_panel,
)
from tests.support.together import at_once

ROOT = Path(__file__).parents[2]


def as_json(document: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(document))  # type: ignore[no-any-return]


def test_a_meeting_follows_the_draw_and_each_step_stays_on_the_screen(moderator: Browser) -> None:
    panel = make_panel(make_debate()[0])
    delegate = moderator.another().sign_in(make_staff(Role.DELEGATE, Party.LANDLORD))
    path = f"/panels/{panel.id}/loting"

    fixed = moderator.submit(moderator.visit(path), "Leg vast")
    watched = delegate.visit(path)
    refused = moderator.submit(fixed, "Kies het panel", public_value="31415")
    chosen = moderator.submit(refused, "Kies het panel", public_value="31 41 59")

    [frozen] = load_dossier(panel).bodies(EntryKind.FROZEN)
    [reveal] = load_dossier(panel).bodies(EntryKind.REVEALED)
    assert "zes cijfers die de huurdersorganisatie op de vergadering noemt" in fixed.text
    hashes = ["".join(code.get_text()) for code in watched.soup.select("code.hash")]
    assert hashes[0] == frozen["snapshot_sha256"]
    assert not watched.has_button("Kies het panel")
    assert (refused.status, "Vul precies zes cijfers in." in refused.text) == (422, True)
    assert reveal["public_value"] == "314159"
    assert [code.get_text() for code in chosen.soup.select("code.hash")][:4] == [
        *hashes,
        reveal["secret_hex"],
        reveal["seed"],
    ]
    assert "4 van de 12 kandidaten zijn gekozen." in " ".join(chosen.text.split())


def test_everybody_follows_the_draw_without_signing_in_once_the_list_is_fixed(moderator: Browser) -> None:
    panel = make_panel(make_debate()[0])
    path = f"/panels/{panel.id}/loting"
    visitor = moderator.another()

    before = visitor.visit(path)
    fixed = moderator.submit(moderator.visit(path), "Leg vast")
    waiting = visitor.visit(path)
    moderator.submit(fixed, "Kies het panel", public_value="314159")
    panel.seats += 1  # other seats later leave the draw as it was
    db.session.commit()
    chosen = visitor.visit(path)

    assert f"{panel.title}: 4 plaatsen" in chosen.text
    assert before.status == 404
    assert "Een moderator typt het getal." in waiting.text
    assert not waiting.has_button("Kies het panel")
    assert "4 van de 12 kandidaten zijn gekozen." in " ".join(chosen.text.split())
    assert "Naar de lijst met namen" not in chosen.text


def test_where_no_panel_is_possible_the_draw_leads_to_why(moderator: Browser) -> None:
    panel = create_panel(make_debate(4)[0], PLAN, [("district", "Oost", 2, 3)], make_moderator(), at=OVER)
    db.session.commit()
    fixed = moderator.submit(moderator.visit(f"/panels/{panel.id}/loting"), "Leg vast")

    chosen = moderator.submit(fixed, "Kies het panel", public_value="314159")

    assert "Met deze afspiegeling is geen panel mogelijk." in chosen.text
    assert "Waarom er geen panel is" in moderator.visit(chosen.link("Lees waarom, en wat u kunt doen")).text


def test_only_a_moderator_takes_a_step_of_the_draw(moderator: Browser) -> None:
    panel = make_panel(make_debate(4)[0])
    page = moderator.visit(f"/panels/{panel.id}/loting")
    delegate = moderator.another().sign_in(make_staff(Role.DELEGATE, Party.LANDLORD))

    refused = delegate.submit(page, "Leg vast")

    assert refused.status in (400, 403)
    assert load_dossier(panel).entries == ()


def test_steps_out_of_order_are_refused(moderator: Browser) -> None:
    panel = make_panel(make_debate()[0])
    early = moderator.visit(f"/panels/{panel.id}/loting")
    moderator.submit(early, "Leg vast")

    again = moderator.submit(early, "Leg vast")

    assert again.status == 409
    assert "Deze stap kan nu niet" in again.text
    assert len(load_dossier(panel).bodies(EntryKind.COMMITTED)) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param({"kind": "lottery", "source": "de Lotto"}, "Kies de dag van de trekking.", id="no day"),
        pytest.param(
            {"kind": "lottery", "source": "de Lotto", "drawn_on": "2020-01-01"},
            "Kies een dag na vandaag.",
            id="over",
        ),
        pytest.param({"kind": "other"}, "Schrijf op welk getal u straks gebruikt.", id="no description"),
    ],
)
def test_a_value_that_is_not_told_well_fixes_nothing(
    moderator: Browser, typed: dict[str, Any], sentence: str
) -> None:
    panel = make_panel(make_debate(4)[0])

    refused = moderator.submit(moderator.visit(f"/panels/{panel.id}/loting"), "Leg vast", **typed)

    assert (refused.status, sentence in refused.text) == (422, True)
    assert load_dossier(panel).entries == ()


def test_the_numbers_of_a_lottery_wait_for_its_day(moderator: Browser) -> None:
    panel = make_panel(make_debate(4)[0])
    day = f"{now().year + 1}-12-05"
    typed: dict[str, Any] = {"kind": "lottery", "source": "de Lotto", "drawn_on": day}
    fixed = moderator.submit(moderator.visit(f"/panels/{panel.id}/loting"), "Leg vast", **typed)

    early = moderator.submit(fixed, "Kies het panel", public_value="1 2 3")

    assert "de getallen van de Lotto van" in fixed.text
    assert (early.status, "De trekking is nog niet geweest" in early.text) == (409, True)
    assert get_panel(panel.id).state is PanelState.COMMITTED


def test_what_was_agreed_stands_in_the_dossier_in_dutch_whoever_fixes_it(moderator: Browser) -> None:
    panel = make_panel(make_debate(4)[0])
    day = f"{now().year + 1}-12-05"
    typed: dict[str, Any] = {"kind": "lottery", "source": "de Lotto", "drawn_on": day}
    moderator.submit(moderator.visit("/taal"), "English")

    moderator.submit(moderator.visit(f"/panels/{panel.id}/loting"), "Fix the list", **typed)

    [committed] = load_dossier(panel).bodies(EntryKind.COMMITTED)
    source = str(committed["public_source"])
    assert source.startswith("de getallen van de Lotto van ")
    assert source.endswith(f" 5 december {now().year + 1}, van klein naar groot")


def test_two_who_reveal_at_once_get_one_draw(database: Flask) -> None:
    panel_id = make_panel(make_debate()[0]).id
    keys, moderators = choosing.PanelKeys.fresh(), [make_moderator(), make_moderator(Party.LANDLORD)]
    choosing.commit_panel(get_panel(panel_id), "getal", moderators[0], keys=keys, at=OVER)
    db.session.commit()

    def reveal(place: int) -> None:
        with unit_of_work():
            choosing.reveal_and_select(get_panel(panel_id), f"getal {place}", moderators[place], at=OVER)

    raised = at_once(database, [partial(reveal, place) for place in (0, 1)])

    assert [type(error) for error in raised if error] == [WrongPanelState]
    dossier = load_dossier(get_panel(panel_id))
    assert len(dossier.bodies(EntryKind.REVEALED)) == len(dossier.bodies(EntryKind.ROUND)) == 1


def test_everybody_reads_the_record_and_no_person_stands_in_it(browser: Browser, app: Flask) -> None:
    make_site()
    panel = make_confirmed_panel(make_debate()[0])
    keys = [key for key, _ in list_candidate_members(panel)]
    names = [member.display_name for member in names_of_candidates(panel, keys).values()]

    page = browser.visit(f"/panels/{panel.id}/openbaar")
    file = app.test_client().get(f"/panels/{panel.id}/openbaar.json")

    assert (page.status, file.status_code) == (200, 200)
    for text in (page.html, file.text):
        assert not [name for name in (*keys, *names) if name in text]
    record = json.loads(file.text)
    assert record["candidates"] == len(keys)
    assert record["rounds"][0]["selected"] == panel.seats
    assert record == as_json(make_record(load_dossier(panel)))
    assert "Controlegetal van de uitkomst" in page.text


def test_a_draft_has_no_record_and_a_panel_that_was_not_possible_keeps_its_own(browser: Browser) -> None:
    make_site()
    draft = make_panel(make_debate(4)[0])
    stuck = create_panel(make_debate(4)[0], PLAN, [("district", "Oost", 2, 3)], make_moderator(), at=OVER)
    choosing.commit_panel(stuck, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    choosing.reveal_and_select(stuck, "1", make_moderator(), at=OVER)
    db.session.commit()

    assert browser.visit(f"/panels/{draft.id}/openbaar").status == 404
    page = browser.visit(f"/panels/{stuck.id}/openbaar")
    assert page.status == 200
    assert "met deze afspiegeling was geen panel mogelijk" in page.text


def files_of(panel: Panel, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write what the other party has: the public record and the dossier."""
    dossier = load_dossier(panel)
    record, document = as_json(make_record(dossier)), as_json(dossier.as_document())
    (folder / "openbaar.json").write_text(json.dumps(record))
    (folder / "dossier.json").write_text(json.dumps(document))
    return record, document


@pytest.mark.usefixtures("database")
def test_a_record_is_of_its_dossier_also_when_that_went_on_and_of_no_other() -> None:
    panel = make_proposed_panel(make_debate()[0])
    record = as_json(make_record(load_dossier(panel)))
    for party in Party:
        sha256 = get_result(panel)["audit"]["result_sha256"]
        choosing.confirm_selection(panel, sha256, make_moderator(party), at=OVER)
    leaving = get_result(panel)["panel"][0]
    sitting = get_result(panel)["panel"][1:]
    choosing.refill_panel(panel, sitting=sitting, left={leaving: "declined"}, actor=SYSTEM, at=OVER)
    later = as_json(load_dossier(panel).as_document())
    other = make_proposed_panel(make_debate()[0])

    assert is_record_of(record, later)
    assert not is_record_of({**record, "candidates": record["candidates"] + 1}, later)
    assert not is_record_of(record, as_json(load_dossier(other).as_document()))
    assert not is_record_of([], later)


def blind_check(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the script that `docs/controle.md` gives, in a folder with the two files and nothing else."""
    [script] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "controle.md").read_text(), re.DOTALL)
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "DATABASE_URL": "sqlite:////nergens/forum.sqlite"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.usefixtures("database")
def test_the_blind_check_of_the_docs_finds_the_same_panel_and_every_change(tmp_path: Path) -> None:
    record, document = files_of(make_confirmed_panel(make_debate()[0]), tmp_path)

    honest = blind_check(tmp_path)
    command = CliRunner().invoke(
        replay_command, [str(tmp_path / "dossier.json"), "--record", str(tmp_path / "openbaar.json")]
    )
    document["entries"][0]["body"]["snapshot"]["candidates"][0]["score"] += 100
    (tmp_path / "dossier.json").write_text(json.dumps(document))
    forged = blind_check(tmp_path)

    assert honest.stdout == f"Alles klopt: 4 mensen gekozen uit {record['candidates']}\n", honest.stderr
    assert command.exit_code == 0
    assert {"what": "public record", "agrees": True} in json.loads(command.stdout)["checks"]
    assert forged.returncode == 1
    assert "het dossier is anders dan het openbare verslag" in forged.stderr
