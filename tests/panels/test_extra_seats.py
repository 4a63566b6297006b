"""Asking more people than there are seats, because not everybody who says yes comes."""

from dataclasses import replace
from typing import Any

import pytest

from forum.invitations.resizing import change_seats
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.panels import showing_up
from forum.panels.entries import get_frozen_rules
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.rules import FillingMode, PanelState, ResizeReason, ShowUp
from forum.panels.service import create_panel, renew_panel
from tests.panels.test_plan_page import PLAN
from tests.support.browser import Browser, Page
from tests.support.cast import make_site, make_staff
from tests.support.panels import MEETING, OVER, make_confirmed_panel, make_debate, make_moderator
from tests.support.panels import PLAN as STANDING


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let four of every five who said yes have come."""
    monkeypatch.setattr(showing_up, "_sources", [lambda _at: ShowUp(expected=50, came=40)])


@pytest.fixture
def plan_page(browser: Browser) -> Page:
    """Return the plan of a new panel on a debate that is over, as a moderator sees it."""
    make_site()
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    return browser.visit(f"/beheer/panels/nieuw/{make_debate(4)[0].topic_id}")


def _value(page: Page, name: str) -> str:
    [field] = page.soup.select(f"input[name={name}]")
    return str(field["value"])


def _panel() -> Panel:
    return get_panel(db.session.query(Panel).one().id)


def _keep(browser: Browser, page: Page, **fields: Any) -> Page:
    return browser.submit(page, "Bewaar plan", **{**PLAN, **fields})


@pytest.mark.usefixtures("measured")
def test_the_plan_shows_rate_base_and_proposal_and_the_moderator_accepts(
    browser: Browser, plan_page: Page
) -> None:
    shown = (_value(plan_page, "seats"), _value(plan_page, "extra"))

    page = _keep(browser, plan_page, seats="15")

    assert shown == ("15", "4")
    assert "Voorstel: nodig er 4 extra uit" in plan_page.text
    assert "Eerder kwamen 40 van de 50 mensen (80 procent)." in plan_page.text
    assert "Nodigt u 19 mensen uit? Dan komen er naar verwachting 15." in plan_page.text
    assert (_panel().seats, _panel().extra_seats) == (19, 4)
    assert "19, waarvan 4 extra omdat niet iedereen komt" in page.text


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("extra", ["0", "7"])
def test_the_moderator_may_choose_otherwise_and_finds_that_back(
    browser: Browser, plan_page: Page, extra: str
) -> None:
    _keep(browser, plan_page, seats="15", extra=extra)

    again = browser.visit(f"/beheer/panels/{_panel().id}/plan")

    assert (_panel().seats, _panel().extra_seats) == (15 + int(extra), int(extra))
    assert (_value(again, "seats"), _value(again, "extra")) == ("15", extra)


@pytest.mark.usefixtures("measured")
def test_with_other_seats_the_old_proposal_is_made_anew_and_shown_first(
    browser: Browser, plan_page: Page
) -> None:
    shown = _keep(browser, plan_page, seats="8")
    before = db.session.query(Panel).count()
    kept = browser.submit(shown, "Bewaar plan")

    assert (shown.status, before, _value(shown, "extra")) == (422, 0, "2")
    assert "Bij 8 plaatsen stellen wij 2 extra voor." in shown.text
    assert kept.status == 200
    assert (_panel().seats, _panel().extra_seats) == (10, 2)


@pytest.mark.usefixtures("measured")
def test_who_insists_on_a_number_is_not_asked_twice(browser: Browser, plan_page: Page) -> None:
    shown = _keep(browser, plan_page, seats="8")

    browser.submit(shown, "Bewaar plan", extra="4")

    assert (_panel().seats, _panel().extra_seats) == (12, 4)


@pytest.mark.parametrize(
    ("show_up", "sentence"),
    [
        pytest.param(ShowUp(), "Tot nu toe zei nog niemand ja.", id="nothing measured"),
        pytest.param(ShowUp(19, 10), "Tot nu toe kwamen 10 van de 19 mensen.", id="too few"),
        pytest.param(ShowUp(40, 40), "Extra mensen uitnodigen is niet nodig.", id="everybody came"),
    ],
)
def test_without_a_proposal_nobody_extra_is_asked_unless_the_moderator_says_so(
    browser: Browser, plan_page: Page, monkeypatch: pytest.MonkeyPatch, show_up: ShowUp, sentence: str
) -> None:
    monkeypatch.setattr(showing_up, "_sources", [lambda _at: show_up])

    page = browser.visit(plan_page.path)
    _keep(browser, page)

    assert sentence in page.text
    assert _value(page, "extra") == "0"
    assert (_panel().seats, _panel().extra_seats) == (12, 0)


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({"extra": "veel"}, "van 0 tot en met 500", id="a word"),
        pytest.param({"extra": "-1"}, "van 0 tot en met 500", id="under nothing"),
        pytest.param({"seats": "400", "extra": "101"}, "hooguit 500 zijn", id="too many together"),
    ],
)
def test_a_number_that_cannot_be_is_refused(
    browser: Browser, plan_page: Page, fields: dict[str, str], sentence: str
) -> None:
    page = _keep(browser, plan_page, **fields)

    assert page.status == 422
    assert sentence in page.text
    assert db.session.query(Panel).count() == 0


@pytest.mark.usefixtures("measured")
def test_in_a_panel_for_everybody_nobody_is_extra(browser: Browser, plan_page: Page) -> None:
    _keep(browser, plan_page, mode="everyone", area="", seats="", extra="")

    assert _panel().extra_seats == 0


@pytest.mark.usefixtures("measured")
def test_the_request_holds_the_seats_of_all_and_the_seats_page_does_not_ask_twice(browser: Browser) -> None:
    make_site()
    panel = make_confirmed_panel(make_debate()[0])
    panel.extra_seats = 1
    panel.first_meeting.ends_at = MEETING.replace(year=2100)
    panel.first_meeting.starts_at = MEETING.replace(year=2099)
    db.session.commit()
    moderator = browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = moderator.visit(f"/beheer/panels/{panel.id}/plaatsen")

    assert get_frozen_rules(get_panel(panel.id))["seats"] == 4
    assert "U nodigde al 1 persoon extra uit" in page.text


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("seats", "why", "extra"),
    [
        pytest.param(6, ResizeReason.SHOW_UP, 3, id="more because not everybody comes"),
        pytest.param(6, ResizeReason.MORE_ROOM, 1, id="more room"),
        pytest.param(3, ResizeReason.SHOW_UP, 0, id="fewer because more come"),
        pytest.param(1, ResizeReason.LESS_ROOM, 0, id="one seat is never extra"),
    ],
)
def test_other_seats_for_a_confirmed_panel_keep_count_of_the_extra_ones(
    seats: int, why: ResizeReason, extra: int
) -> None:
    panel = make_confirmed_panel(make_debate()[0])
    panel.extra_seats = 1

    change_seats(panel, seats, make_moderator(), why=why, words="", at=OVER)
    db.session.commit()

    assert (panel.seats, panel.extra_seats) == (seats, extra)


@pytest.mark.usefixtures("database")
def test_a_panel_made_anew_keeps_its_extra_seats() -> None:
    thread = make_debate(4)[0]
    plan = replace(STANDING, mode=FillingMode.QUOTA_TOP, seats=6, extra=2)
    panel = create_panel(thread, plan, [], make_moderator(), at=OVER)
    panel.state = PanelState.INFEASIBLE

    renewed = renew_panel(panel, 5, [], "Kleiner.", make_moderator(), at=OVER)

    assert (panel.seats, renewed.seats, renewed.extra_seats) == (8, 5, 2)
