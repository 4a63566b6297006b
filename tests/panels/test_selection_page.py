"""The page of a selection, used through its real forms."""

from collections import Counter

import pytest
from bs4 import Tag

from forum.kernel.actor import SYSTEM, Party, Role
from forum.kernel.database import db
from forum.panels import choosing
from forum.panels.dossier import EntryKind
from forum.panels.dossier_replay import replay
from forum.panels.entries import load_dossier
from forum.panels.models import Panel
from forum.panels.panel_page import conflict_lines
from forum.panels.queries import get_panel, names_of_candidates
from forum.panels.result_queries import find_empty_seats, find_result, get_result
from forum.panels.service import create_panel
from tests.support.browser import Browser
from tests.support.cast import make_staff
from tests.support.panels import (
    OVER,
    PLAN,
    make_confirmed_panel,
    make_debate,
    make_moderator,
    make_panel,
    make_proposed_panel,
)


def _list_of(panel: Panel) -> list[str]:
    result = find_result(panel)
    assert result is not None
    return list(result["panel"])


def _refill_without(panel: Panel, leaving: list[str]) -> str:
    """Let these people decline and solve again; return whether that found a panel."""
    sitting = [key for key in _list_of(panel) if key not in leaving]
    left = dict.fromkeys(leaving, "declined")
    result = choosing.refill_panel(panel, sitting=sitting, left=left, actor=SYSTEM, at=OVER)
    db.session.commit()
    return str(result["status"])


def _unfilled_panel(leaving: int = 1) -> tuple[Panel, list[str]]:
    """Return a panel of four out of four candidates after some declined: nobody can take their seats."""
    panel = make_confirmed_panel(make_debate(4)[0])
    before = _list_of(panel)
    assert _refill_without(panel, before[:leaving]) == "infeasible"
    return get_panel(panel.id), before


def _cells_of(table: Tag) -> list[list[Tag]]:
    return [list(row.select("td")) for row in table.select("tbody tr")]


def test_a_refill_that_finds_nobody_leaves_the_last_list_and_says_what_staff_can_do(
    moderator: Browser,
) -> None:
    panel, before = _unfilled_panel()
    names = {key: member.display_name for key, member in names_of_candidates(panel, before).items()}

    page = moderator.visit(f"/beheer/panels/{panel.id}")

    rows = {
        row.th.get_text(strip=True) if row.th else "": row.get_text(" ") for row in page.soup.select("tr")
    }
    tables = {str(table.caption.string): table for table in page.soup.select("table") if table.caption}
    seats = [int(cells[-1].get_text()) for cells in _cells_of(tables["Plaatsen per groep"])]
    assert names[before[0]] not in tables["Wie is gekozen en waarom"].get_text()
    assert names[before[0]] in tables["Wie was gekozen en toch niet komt"].get_text()
    assert sum(seats) == len(before) - 1
    assert "Een vrije plaats kon niet worden gevuld" in page.text
    assert any(words in page.text for words in ("Te weinig kandidaten", "in het panel.", "Meer mag niet."))
    assert all(name in page.text for name in names.values())
    assert "Kan niet komen." in next(text for text in rows.values() if names[before[0]] in text)
    assert "Ga door met minder mensen" in page.text
    assert page.link("Maak een nieuw panel") == f"/beheer/panels/nieuw/{panel.topic_id}"
    assert page.has_link("Bel wie nog geen antwoord gaf")
    assert "Waarom er geen panel is" not in page.text


def test_a_delegate_is_told_to_ask_a_moderator(moderator: Browser) -> None:
    panel, _ = _unfilled_panel(leaving=2)
    delegate = moderator.another().sign_in(make_staff(Role.DELEGATE, Party.LANDLORD))

    page = delegate.visit(f"/beheer/panels/{panel.id}")

    assert "2 vrije plaatsen konden niet worden gevuld" in page.text
    assert "Vraag een moderator om een nieuw panel" in page.text
    assert not page.has_link("Maak een nieuw panel")


def test_after_a_refill_both_parties_still_have_confirmed(moderator: Browser) -> None:
    panel = make_confirmed_panel(make_debate()[0])
    assert _refill_without(panel, _list_of(panel)[:1]) == "ok"

    page = moderator.visit(f"/beheer/panels/{panel.id}")

    assert "nog niet bevestigd" not in page.text
    assert "niet worden gevuld" not in page.text
    assert find_empty_seats(get_panel(panel.id)) is None


def test_the_result_that_stands_is_the_last_one_with_a_panel(moderator: Browser) -> None:
    panel, before = _unfilled_panel()

    assert _list_of(panel) == before
    assert len(load_dossier(panel).bodies(EntryKind.ROUND)) == 2
    assert replay(load_dossier(panel).as_document()).agrees


def test_a_panel_that_never_was_possible_still_says_why(moderator: Browser) -> None:
    panel = create_panel(make_debate(4)[0], PLAN, [("district", "Oost", 2, 3)], make_moderator(), at=OVER)
    choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    choosing.reveal_and_select(panel, "1", make_moderator(), at=OVER)
    db.session.commit()

    page = moderator.visit(f"/beheer/panels/{panel.id}")

    assert "Waarom er geen panel is" in page.text
    assert "Te weinig kandidaten met Oost: wij vonden 0 huishoudens." in page.text
    assert "De afspiegeling vraagt minstens 2 plaatsen." in page.text
    assert "niet worden gevuld" not in page.text


def test_a_change_that_no_panel_can_keep_is_refused_and_leaves_the_list(moderator: Browser) -> None:
    panel = make_proposed_panel(make_debate(4)[0])
    before = _list_of(panel)
    page = moderator.visit(f"/beheer/panels/{panel.id}")

    refused = moderator.submit(
        page,
        "Kies opnieuw",
        kind="remove",
        candidate=before[0],
        why="moved",
        words="Is vorige week verhuisd.",
    )

    assert refused.status == 409
    assert "past geen enkel panel bij de afspiegeling" in refused.text
    assert "Is vorige week verhuisd." in refused.text
    assert _list_of(get_panel(panel.id)) == before
    assert load_dossier(get_panel(panel.id)).bodies(EntryKind.CHANGED) == []
    assert moderator.visit(f"/beheer/panels/{panel.id}").has_button("Bevestig deze lijst")


def test_reserves_stand_in_the_order_of_their_place(moderator: Browser) -> None:
    panel = make_proposed_panel(make_debate()[0])
    result = get_result(panel)
    stand_by = {key for key in result["first_reserve"].values() if key}
    members = names_of_candidates(panel, sorted(stand_by))
    by_place = sorted(stand_by, key=lambda key: int(result["outcomes"][key]["rank"]))

    page = moderator.visit(f"/beheer/panels/{panel.id}")

    tables = {str(table.caption.string): table for table in page.soup.select("table") if table.caption}
    rows = tables["Wie invalt als iemand niet kan"].select("tbody tr")
    assert [row.th.get_text() for row in rows if row.th] == [members[key].display_name for key in by_place]


@pytest.mark.parametrize(
    ("side", "sitting", "sentence"),
    [
        pytest.param("max", 3, "Er zijn al 3 mensen van Haven. Meer mag niet.", id="the group is full"),
        pytest.param("max", 1, "Er mogen hooguit 3 mensen van Haven in het panel. Er is er nu 1.", id="room"),
        pytest.param("max", 0, "Er mogen hooguit 3 mensen van Haven in het panel.", id="nobody sits yet"),
        pytest.param("min", 0, "Er moeten minstens 2 mensen van Haven in het panel.", id="at least"),
    ],
)
def test_a_conflict_is_told_in_words_about_people(side: str, sitting: int, sentence: str) -> None:
    diagnosis = {"conflict": [["district", "Haven", side]]}

    lines = conflict_lines(
        diagnosis, {"district": {"Haven": [2, 3]}}, Counter({("district", "Haven"): sitting})
    )

    assert lines == [sentence]


@pytest.mark.parametrize("has_quotas", [True, False])
def test_a_plan_that_promises_a_mix_says_when_it_has_none(moderator: Browser, has_quotas: bool) -> None:
    panel = make_panel(make_debate(4)[0], quotas=has_quotas)

    page = moderator.visit(f"/beheer/panels/{panel.id}")

    assert ("Er is nog geen afspiegeling" in page.text) is not has_quotas
