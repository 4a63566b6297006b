"""Why a member was chosen or not: the sentences for every code, the task that works them out, the page."""

import re
from typing import Any

import pytest

from forum.kernel.actor import SYSTEM, Party
from forum.kernel.database import db
from forum.members.models import Member
from forum.panels import choosing, explaining
from forum.panels.burden_rules import RestReason
from forum.panels.candidates import EXCLUSIONS
from forum.panels.dossier_replay import replay
from forum.panels.entries import load_dossier
from forum.panels.jobs import explain_confirmed_panels
from forum.panels.models import Candidate, Panel
from forum.panels.own_outcome import outcome_lines
from forum.panels.queries import find_candidate, get_panel, list_unexplained_panels
from forum.panels.result_queries import get_result
from forum.panels.rules import ChangeReason, FillingMode
from forum.panels.selection import explain, select
from forum.panels.selection_outcomes import Code
from forum.panels.selection_pool import REFILL_REASONS
from forum.panels.selection_request import read_request
from forum.texts.catalogue import say
from tests.support.browser import Browser
from tests.support.cast import make_site, make_tenant
from tests.support.panels import OVER, make_debate, make_moderator, make_panel

REFUSED = sorted(
    {
        *EXCLUSIONS.values(),
        "opted_out",
        "staff",
        *map(str, RestReason),
        *REFILL_REASONS,
        *map(str, ChangeReason),
    }
)
FROZEN: dict[str, Any] = {
    "seats": 4,
    "mode": "quota_top",
    "quotas": {"district": {"Haven": [2, 3], "Oost": [0, 1]}},
    "candidates": [{"id": "m-1", "score": 3010, "household": None, "attrs": {"district": "Haven"}}],
}


def told(outcome: dict[str, Any], mode: str = "quota_top", **known: int) -> list[str]:
    candidate = Candidate(pseudonym="m-1", **known)
    return outcome_lines(FROZEN | {"mode": mode}, {"outcomes": {"m-1": outcome}}, candidate)


@pytest.mark.parametrize(
    ("outcome", "mode", "known", "sentences"),
    [
        pytest.param(
            {"code": "selected_quota", "rank": 23},
            "quota_top",
            {},
            ["Op punten alleen stond u op plaats 23.", "Er zijn minstens 2 plaatsen voor wijk Haven."],
            id="for the mix",
        ),
        pytest.param(
            {"code": "not_score", "rank": 30},
            "quota_top",
            {"required_cp": 3340},
            ["U had 30,10 punten.", "Met meer dan 33,40 punten was u wel gekozen."],
            id="too few points",
        ),
        pytest.param(
            {"code": "reserve", "rank": 5, "otherwise": "not_quota_full", "full": [["district", "Haven"]]},
            "quota_top",
            {},
            ["U bent reserve.", "De groep wijk Haven was al vol."],
            id="a reserve of a full group",
        ),
        pytest.param(
            {"code": "not_quota_full", "rank": 5},
            "uniform_lottery",
            {},
            ["waren nodig voor andere groepen"],
            id="passed",
        ),
        pytest.param(
            {"code": "selected_lot", "rank": 9},
            "weighted_lottery",
            {"one_in": 6},
            ["Het lot viel op u.", "Uw kans was ongeveer 1 op 6."],
            id="by lot",
        ),
        pytest.param({"code": "not_eligible_declined"}, "quota_top", {}, ["U liet weten"], id="declined"),
        pytest.param(
            {"code": "not_lot"},
            "uniform_lottery",
            {"one_in": 1},
            ["De kans op een plaats was groot"],
            id="bad luck",
        ),
        pytest.param(
            {"code": "not_lot"}, "uniform_lottery", {"one_in": 0}, ["heel klein"], id="hardly a chance"
        ),
        pytest.param(
            {"code": "not_household"}, "uniform_lottery", {}, ["had een beter lot"], id="a housemate's lot"
        ),
        pytest.param({"code": "not_household"}, "quota_top", {}, ["zit in het panel"], id="a housemate sits"),
    ],
)
def test_a_candidate_reads(
    outcome: dict[str, Any], mode: str, known: dict[str, int], sentences: list[str]
) -> None:
    text = " ".join(told(outcome, mode, **known))

    for sentence in sentences:
        assert sentence in text


@pytest.mark.parametrize("code", [*map(str, Code), *(f"not_eligible_{reason}" for reason in REFUSED)])
def test_every_code_has_plain_short_sentences(code: str) -> None:
    outcome = {"code": code, "rank": 3, "otherwise": "not_lot"}
    lines = [line for mode in FillingMode for line in told(outcome, str(mode), one_in=0, required_cp=900)]

    lines.append(say(f"outcome-{code}", rank=3))

    for sentence in re.split(r"(?<=[.?!])\s", " ".join(lines)):
        assert 0 < len(sentence.split()) <= 15
        assert "{" not in sentence


def confirmed(mode: FillingMode, people: int = 12) -> tuple[Panel, list[Member]]:
    """Return a panel that both parties confirmed, and who took part in its debate."""
    thread, tenants = make_debate(people)
    panel = make_panel(thread, mode=mode)
    choosing.commit_panel(
        panel, "getal", make_moderator(), keys=choosing.PanelKeys("5c" * 32, "a1" * 32), at=OVER
    )
    choosing.reveal_and_select(panel, "314159", make_moderator(), at=OVER)
    for party in Party:
        shown = get_result(panel)["audit"]["result_sha256"]
        choosing.confirm_selection(panel, shown, make_moderator(party), at=OVER)
    db.session.commit()
    return get_panel(panel.id), tenants


@pytest.mark.parametrize("mode", [FillingMode.WEIGHTED_LOTTERY, FillingMode.UNIFORM_LOTTERY])
def test_a_panel_by_lot_is_confirmed_repeated_refilled_and_explained(
    mode: FillingMode, browser: Browser
) -> None:
    make_site()
    panel, _ = confirmed(mode)
    first = get_result(panel)["panel"]

    explain_confirmed_panels(at=OVER)
    refill = choosing.refill_panel(
        panel, sitting=first[1:], left={first[0]: "declined"}, actor=SYSTEM, at=OVER
    )
    db.session.commit()

    rows = {row.pseudonym: row for row in db.session.query(Candidate)}
    assert replay(load_dossier(panel).as_document()).agrees
    assert set(first[1:]) < set(refill["panel"])
    assert {rows[key].required_cp for key in rows} == {None}
    assert all(rows[key].one_in for key in first)
    page = browser.sign_in(rows[first[1]].member).visit(f"/mijn/panels/{panel.id}")
    assert "Het lot viel op u." in page.text
    assert "Uw kans was" in page.text or "De kans op een plaats" in page.text
    left = browser.another().sign_in(rows[first[0]].member).visit(f"/mijn/panels/{panel.id}")
    assert "U komt niet naar het panel" in left.text
    assert "U liet weten dat u niet kan komen." in left.text
    assert "Daarvoor was u gekozen." in left.text
    assert "Het lot viel op u." in left.text


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("mode", [FillingMode.UNIFORM_LOTTERY, FillingMode.QUOTA_TOP])
def test_what_is_explained_is_the_choice_that_was_confirmed_also_when_a_seat_was_filled_first(
    mode: FillingMode,
) -> None:
    panel, _ = confirmed(mode)
    [leaving, *sitting] = get_result(panel)["panel"]
    expected = explaining.explain_dossier(load_dossier(panel), go_on=lambda: True)

    choosing.refill_panel(panel, sitting=sitting, left={leaving: "declined"}, actor=SYSTEM, at=OVER)

    assert explaining.explain_dossier(load_dossier(panel), go_on=lambda: True) == expected


def test_the_required_scores_that_are_kept_are_those_of_the_command(browser: Browser) -> None:
    make_site()
    panel, _ = confirmed(FillingMode.QUOTA_TOP)

    explain_confirmed_panels(at=OVER)

    body = load_dossier(panel).entries[3].body
    frozen: Any = load_dossier(panel).entries[0].body["snapshot"]
    seed = load_dossier(panel).entries[2].body["seed"]
    request = read_request({**frozen, "seed": seed, "fixed": body["fixed"], "excluded": body["excluded"]})
    result = select(request)
    rows = db.session.query(Candidate).all()
    assert {row.pseudonym: row.required_cp for row in rows} == {
        row.pseudonym: explain(request, result, row.pseudonym).required_score for row in rows
    }
    assert any(row.required_cp for row in rows)
    left_out = next(row for row in rows if row.required_cp)
    page = browser.sign_in(left_out.member).visit(f"/mijn/panels/{panel.id}")
    assert "U bent deze keer niet gekozen" in page.text
    assert re.search(r"Met meer dan \d+,\d\d punten was u wel gekozen\.", page.text)
    assert page.link("Bekijk waar uw punten vandaan komen") == f"/mijn/activiteit/{panel.topic_id}"


def test_a_panel_is_worked_out_once(browser: Browser) -> None:
    panel, _ = confirmed(FillingMode.TOP)

    explain_confirmed_panels(at=OVER)
    explained = get_panel(panel.id).explained_sha256
    other = explaining.Explained("0" * 64, required_cp={"nobody": 1})
    explaining.keep_explained(get_panel(panel.id), other, at=OVER)

    assert explained == get_result(panel)["audit"]["result_sha256"]
    assert get_panel(panel.id).explained_sha256 == explained
    assert list_unexplained_panels(5) == []


def test_before_it_is_worked_out_the_page_says_so(browser: Browser) -> None:
    make_site()
    panel, tenants = confirmed(FillingMode.UNIFORM_LOTTERY)

    page = browser.sign_in(tenants[0]).visit(f"/mijn/panels/{panel.id}")

    assert "Wij rekenen nog na hoe groot uw kans was." in page.text
    assert browser.visit("/mijn/").link(panel.title) == f"/mijn/panels/{panel.id}"


def test_before_both_parties_confirmed_and_for_others_the_page_is_not_there(browser: Browser) -> None:
    make_site()
    thread, tenants = make_debate(6)
    panel = make_panel(thread)
    choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    choosing.reveal_and_select(panel, "1", make_moderator(), at=OVER)
    db.session.commit()
    assert find_candidate(panel.id, tenants[0].id) is not None

    early = browser.sign_in(tenants[0]).visit(f"/mijn/panels/{panel.id}")
    stranger = browser.another().sign_in(make_tenant()).visit(f"/mijn/panels/{panel.id}")

    assert (early.status, stranger.status) == (404, 404)
    assert panel.title not in browser.visit("/mijn/").text
