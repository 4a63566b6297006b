"""A panel for everybody: everybody of a complex, of a district, or of all tenants."""

from datetime import timedelta
from typing import Any

import pytest

from forum.kernel.clock import local_day, now
from forum.kernel.database import db
from forum.panels import choosing
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.result_queries import get_result
from forum.panels.rules import EVERYWHERE, Area
from tests.support.browser import Browser
from tests.support.cast import make_complex, make_household, make_tenant
from tests.support.panels import OVER, make_debate, make_moderator

PLAN: dict[str, Any] = {
    "title": "Iedereen over de renovatie",
    "mode": "everyone",
    "seats": "3",
    "day": str(local_day(now()) + timedelta(days=30)),
    "starts": "19:30",
    "ends": "21:00",
    "place": "De Linde",
    "respond_by": str(local_day(now()) + timedelta(days=20)),
}


def _plan(moderator: Browser, **typed: Any) -> Panel:
    thread, _ = make_debate()
    page = moderator.visit(f"/beheer/panels/nieuw/{thread.topic_id}")
    moderator.submit(page, "Bewaar plan", **{**PLAN, **typed})
    return db.session.query(Panel).one()


def _choose(panel: Panel) -> Panel:
    """Fix the list of a panel and select."""
    choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    choosing.reveal_and_select(panel, "1", make_moderator(), at=OVER)
    db.session.commit()
    return get_panel(panel.id)


@pytest.mark.parametrize(
    ("area", "people"),
    [
        pytest.param("", 13, id="everywhere"),
        pytest.param("complex", 6, id="one complex"),
        pytest.param("district", 7, id="one district, with who lives there outside a complex of it"),
    ],
)
def test_everybody_of_the_area_is_invited_whatever_number_of_seats_was_typed(
    moderator: Browser, area: str, people: int
) -> None:
    kade = make_complex("De Kade", "Haven")
    make_tenant("Buur", household=make_household(make_complex("De Werf", "Haven")))
    keys = {"": "", "complex": f"complex:{kade.id}", "district": f"district:{kade.district_id}"}

    panel = _plan(moderator, area=keys[area])
    before = moderator.visit(f"/beheer/panels/{panel.id}")
    panel = _choose(get_panel(panel.id))
    after = moderator.visit(f"/beheer/panels/{panel.id}")

    assert f"Wij nodigen nu {people} mensen uit." in before.text
    assert (panel.seats, len(get_result(panel)["panel"])) == (people, people)
    assert f"Na de tweede bevestiging nodigen wij {people} mensen uit." in after.text


def test_the_plan_says_which_complex_and_keeps_it_when_it_is_changed(moderator: Browser) -> None:
    kade = make_complex("De Kade", "Haven")
    panel = _plan(moderator, area=f"complex:{kade.id}", seats="")
    page = moderator.visit(f"/beheer/panels/{panel.id}/plan")

    page = moderator.submit(page, "Bewaar plan", title="Iedereen over het dak")

    assert "Complex De Kade" in page.text
    assert get_panel(panel.id).area == Area(complex_id=kade.id)


def test_an_area_counts_for_everybody_only(moderator: Browser) -> None:
    kade = make_complex("De Kade", "Haven")

    panel = _plan(moderator, area=f"complex:{kade.id}", mode="top")

    assert (panel.area, panel.seats) == (EVERYWHERE, 3)


@pytest.mark.parametrize("area", ["complex:987654", "district:x", "street:1"])
def test_an_area_that_is_not_offered_is_refused(moderator: Browser, area: str) -> None:
    thread, _ = make_debate(4)
    page = moderator.visit(f"/beheer/panels/nieuw/{thread.topic_id}")

    page = moderator.submit(page, "Bewaar plan", **{**PLAN, "area": area})

    assert page.status == 422
    assert db.session.query(Panel).count() == 0


def test_a_long_list_is_paged_and_everybody_is_on_it_once(
    moderator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.panels.panel_page.PEOPLE_PER_PAGE", 5)
    panel = _choose(get_panel(_plan(moderator).id))

    pages = [moderator.visit(f"/beheer/panels/{panel.id}?pagina={number}") for number in (1, 2, 3, 99)]

    names = [[row.th.get_text() for row in page.soup.select("tbody tr") if row.th] for page in pages]
    assert [len(page) for page in names] == [5, 5, 2, 2]
    assert len({name for page in names for name in page}) == 12
    assert "Pagina 2 van 3" in pages[1].text
