"""What a moderator can do when no panel is possible, and trial runs before it counts."""

from typing import Any

import pytest

from forum.audit.models import AuditEntry
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.panels import choosing, trials
from forum.panels.dossier import EntryKind
from forum.panels.dossier_replay import replay
from forum.panels.entries import load_dossier
from forum.panels.errors import TooManyTrials, WrongPanelState
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.result_queries import find_result, get_result
from forum.panels.service import create_panel
from forum.panels.ways_out import get_relaxation, ways_out_of
from tests.support.browser import Browser
from tests.support.panels import OVER, PLAN, make_debate, make_moderator

DIAGNOSIS: dict[str, Any] = {
    "shortages": [],
    "conflict": [["district", "Haven", "min"], ["age", "65+", "max"]],
    "relaxations": [
        {"cost": 2, "changes": [["age", "65+", "max", 1, 3]]},
        {"cost": 4, "changes": [["age", "65+", "max", 1, 2], ["district", "Haven", "min", 3, 2]]},
    ],
    "max_seats": 6,
}


def make_impossible_panel() -> Panel:
    """Return a panel that asks for three people of Haven, where two took part."""
    quotas = [("district", "Haven", 3, 4), ("district", "Noord", 0, 4)]
    panel = create_panel(make_debate(4)[0], PLAN, quotas, make_moderator(), at=OVER)
    choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    choosing.reveal_and_select(panel, "1", make_moderator(), at=OVER)
    db.session.commit()
    return get_panel(panel.id)


def test_the_ways_out_are_said_in_words() -> None:
    ways = ways_out_of(DIAGNOSIS)

    assert ways.relaxations[1] == [
        "“Hooguit” bij leeftijd 65+: 2 in plaats van 1.",
        "“Minstens” bij wijk Haven: 2 in plaats van 3.",
    ]
    assert ways.seats == 6
    assert ways.recruits == ["Zoek nog 2 of meer kandidaten, maar niet: leeftijd 65+."]


def test_who_is_short_is_looked_for_first() -> None:
    shortage = {"category": "district", "value": "Haven", "households_available": 1, "minimum": 3}
    everybody = {"category": None, "value": None, "households_available": 5, "minimum": 9}

    ways = ways_out_of(DIAGNOSIS | {"shortages": [shortage, everybody]})

    assert ways.recruits == [
        "Zoek nog 2 of meer kandidaten: wijk Haven.",
        "Zoek nog 4 of meer kandidaten, elk uit een ander huishouden.",
    ]


@pytest.mark.parametrize(("number", "changes"), [(1, 1), (2, 2), (0, 0), (3, 0)])
def test_a_relaxation_is_known_by_its_number(number: int, changes: int) -> None:
    assert len(get_relaxation(DIAGNOSIS, number)) == changes


def test_a_conflict_shows_three_ways_out_and_a_button_fills_the_form(moderator: Browser) -> None:
    panel = make_impossible_panel()
    page = moderator.visit(f"/beheer/panels/{panel.id}")
    assert "Drie uitwegen" in page.text
    assert "“Minstens” bij wijk Haven: 2 in plaats van 3." in page.text
    assert "Zoek nog 1 of meer kandidaten: wijk Haven." in page.text
    assert "Minder plaatsen helpt niet." in page.text

    form = moderator.visit(page.link("Vul dit in"))

    [least] = form.soup.select("input[name='least:district:0']")
    assert (least["value"], get_panel(panel.id).quotas[0].least) == ("2", 3)
    refused = moderator.submit(form, "Maak het nieuwe panel", why="")
    assert refused.status == 422
    assert "Schrijf op waarom u dit kiest." in refused.text

    made = moderator.submit(refused, "Maak het nieuwe panel", why="Haven deed weinig mee.")

    [renewed] = db.session.query(Panel).filter(Panel.renewed_from_id == panel.id)
    assert "Haven deed weinig mee." in made.text
    assert [(quota.value, quota.least, quota.most) for quota in renewed.quotas] == [
        ("Haven", 2, 4),
        ("Noord", 0, 4),
    ]
    [entry] = db.session.query(AuditEntry).filter_by(action="panel.renewed")
    assert entry.details["why"] == "Haven deed weinig mee."
    choosing.commit_panel(renewed, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    choosing.reveal_and_select(renewed, "2", make_moderator(), at=OVER)
    assert load_dossier(renewed).entries[0].body["reason"] == "Haven deed weinig mee."
    assert get_result(renewed)["status"] == "ok"


def test_a_second_press_makes_no_second_panel(moderator: Browser) -> None:
    panel = make_impossible_panel()
    form = moderator.visit(f"/beheer/panels/{panel.id}/opnieuw?plaatsen=2")

    typed: dict[str, Any] = {"why": "Zo kan het wel.", "least:district:0": "1"}
    first = moderator.submit(form, "Maak het nieuwe panel", **typed)
    again = moderator.submit(form, "Maak het nieuwe panel", **typed)

    assert first.soup.h1 == again.soup.h1
    assert [row.seats for row in db.session.query(Panel).order_by(Panel.id)] == [4, 2]


def test_only_a_panel_that_was_not_possible_is_made_anew(moderator: Browser) -> None:
    panel = create_panel(make_debate(4)[0], PLAN, [], make_moderator(), at=OVER)
    db.session.commit()

    assert moderator.visit(f"/beheer/panels/{panel.id}/opnieuw").status == 409


def test_a_trial_is_listed_and_does_not_count(moderator: Browser) -> None:
    panel = create_panel(make_debate(6)[0], PLAN, [], make_moderator(), at=OVER)
    choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    db.session.commit()
    page = moderator.visit(f"/beheer/panels/{panel.id}")

    moderator.submit(page, "Doe een proef")
    listed = moderator.submit(page, "Doe een proef")

    assert "Proef 1," in listed.text
    assert "Proef 2," not in listed.text
    assert "er is een panel mogelijk." in listed.text
    panel = get_panel(panel.id)
    assert (panel.state, find_result(panel)) == ("committed", None)
    choosing.reveal_and_select(panel, "1", make_moderator(), at=now())
    report = replay(load_dossier(panel).as_document())
    assert (report.agrees, report.rounds) == (True, 1)
    with pytest.raises(WrongPanelState):
        trials.run_trial(panel, 2, make_moderator(), at=OVER)


def test_trials_have_an_end(moderator: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "TRIALS_MOST", 1)
    panel = create_panel(make_debate(4)[0], PLAN, [], make_moderator(), at=OVER)
    choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    trials.run_trial(panel, 1, make_moderator(), at=OVER)

    with pytest.raises(TooManyTrials):
        trials.run_trial(panel, 2, make_moderator(), at=OVER)

    assert len(load_dossier(panel).bodies(EntryKind.TRIAL)) == 1
