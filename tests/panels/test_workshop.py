"""The quota workshop, used through its real form."""

from typing import Any

import pytest

from forum.kernel.database import db
from forum.panels import supply
from forum.panels.burden_rules import RestRules
from forum.panels.jobs import count_supplies
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.rules import FillingMode
from tests.support.browser import Browser, Page
from tests.support.panels import OVER, make_debate, make_panel


def workshop(moderator: Browser, panel: Panel) -> Page:
    return moderator.visit(f"/beheer/panels/{panel.id}/afspiegeling")


def bounds(page: Page) -> list[str]:
    return [str(field.get("value", "")) for field in page.soup.select("[data-bounds]")]


def cells(page: Page, caption: str) -> list[list[str]]:
    [table] = [table for table in page.soup.select("table") if caption in table.get_text()]
    return [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]


def test_a_slack_fills_in_the_shares_of_the_register_and_keeps_nothing(moderator: Browser) -> None:
    panel = make_panel(make_debate()[0])
    page = workshop(moderator, panel)

    typed: dict[str, Any] = {"slack:district": "0"}
    tight = moderator.submit(page, "Vul de vakken in (wijk)", **typed)

    assert bounds(page) == ["2", "3", "1", "3"]
    assert bounds(tight) == ["2", "2", "2", "2"]
    assert tight.soup.select_one("input[type=range]")["value"] == "0"  # type: ignore[index]
    assert [(quota.least, quota.most) for quota in get_panel(panel.id).quotas] == [(2, 3), (1, 3)]


def test_the_price_of_each_slack_stands_in_a_chart_and_its_table(moderator: Browser) -> None:
    page = workshop(moderator, make_panel(make_debate()[0]))

    rows = cells(page, "Punten van het panel bij elke speling")
    bars = [text.get_text(strip=True) for text in page.soup.select("svg.chart text")]

    assert [row[0] for row in rows] == ["0", "1", "2", "3", "Zoals u het nu invulde"]
    points = [float(row[1].replace(",", ".")) for row in rows[:4]]
    assert points == sorted(points)
    assert rows[3][2] == "100%"
    assert bars[::2] == [row[2] for row in rows]
    assert "met deze aantallen is een panel mogelijk" in page.text.lower()


def test_quotas_that_cannot_be_met_together_show_ways_out_that_fill_in_the_form(moderator: Browser) -> None:
    panel = make_panel(make_debate(4)[0])
    page = workshop(moderator, panel)

    typed: dict[str, Any] = {"least:district:0": "3", "most:district:0": "4"}
    stuck = moderator.submit(page, "Kijk wat eruit komt", **typed)
    filled = moderator.submit(stuck, "Vul dit in (voorstel 1)")

    assert "Er moeten minstens 3 mensen van Haven in het panel." in stuck.text or "Te weinig" in stuck.text
    assert "Met deze aantallen is een panel mogelijk" in filled.text
    assert bounds(filled) != bounds(stuck)
    assert [(quota.least, quota.most) for quota in get_panel(panel.id).quotas] == [(2, 3), (1, 3)]


@pytest.mark.parametrize("typed", ["9" * 5000, "-1", "1.5", "²"])
def test_a_number_of_people_that_is_none_is_refused_with_what_was_typed(
    moderator: Browser, typed: str
) -> None:
    panel = make_panel(make_debate()[0])
    fields: dict[str, Any] = {"least:district:0": typed, "most:district:0": "4"}

    refused = moderator.submit(workshop(moderator, panel), "Bewaar", **fields)

    assert refused.status == 422
    assert "Vul bij Haven twee hele getallen in" in refused.text
    assert bounds(refused)[0] == typed
    assert [(quota.least, quota.most) for quota in get_panel(panel.id).quotas] == [(2, 3), (1, 3)]


def test_rest_is_kept_with_the_quotas_and_an_empty_field_is_no_limit(moderator: Browser) -> None:
    panel = make_panel(make_debate()[0])
    page = workshop(moderator, panel)

    refused = moderator.submit(page, "Bewaar", months="zes", hours="12")
    kept = moderator.submit(refused, "Bewaar", months="", invitations="2")

    assert refused.status == 422
    assert "Vul een heel aantal maanden in" in refused.text
    assert kept.status == 200
    assert get_panel(panel.id).rest == RestRules(None, 2, 12)


def test_first_timers_are_a_group_with_a_third_of_the_seats_less_the_slack(moderator: Browser) -> None:
    thread, _ = make_debate()
    create: dict[str, Any] = {"categories": ["first_time"]}
    page = moderator.visit(f"/beheer/panels/nieuw/{thread.topic_id}")
    moderator.submit(
        page,
        "Bewaar plan",
        title="Panel",
        mode="quota_top",
        seats="6",
        day="2099-01-10",
        starts="19:30",
        ends="21:00",
        place="De Linde",
        respond_by="2099-01-02",
        **create,
    )

    shown = workshop(moderator, db.session.query(Panel).one())

    [legend] = [legend.get_text() for legend in shown.soup.select("fieldset legend")]
    assert legend.startswith("nog nooit in een panel: 12 huurders, 100 procent")
    assert bounds(shown) == ["1", "6"]


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        pytest.param(FillingMode.TOP, "Nu heeft niemand rust.", id="score alone has rest and no quotas"),
        pytest.param(
            FillingMode.UNIFORM_LOTTERY, "Het lot beslist.", id="in a lottery quotas cost no points"
        ),
    ],
)
def test_other_modes_have_no_price(moderator: Browser, mode: FillingMode, told: str) -> None:
    page = workshop(moderator, make_panel(make_debate()[0], mode=mode, quotas=mode is not FillingMode.TOP))

    assert told in page.text
    assert page.soup.select_one("svg.chart") is None


def test_in_a_large_debate_the_background_counts_and_the_page_says_so_until_then(
    moderator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = make_panel(make_debate()[0])
    at_once = cells(workshop(moderator, panel), "Punten van het panel bij elke speling")
    monkeypatch.setattr(supply, "AT_ONCE_MOST", 0)

    before = workshop(moderator, panel)
    count_supplies(at=OVER)
    counted = workshop(moderator, panel)
    moderator.submit(counted, "Bewaar", months="")
    other_rest = workshop(moderator, panel)
    count_supplies(at=OVER)

    assert "Wij tellen nog wie gekozen kan worden" in before.text
    assert before.soup.select_one("svg.chart") is None
    assert cells(counted, "Punten van het panel bij elke speling") == at_once
    assert "Beschikbaar onder actieve huurders: 6" in counted.text
    assert "Wij tellen nog" in other_rest.text
    assert "Wij tellen nog" not in workshop(moderator, panel).text
