"""The plan and the quotas of a panel, filled in wrongly through their real forms."""

from datetime import timedelta
from typing import Any

import pytest

from forum.discussion.models import Thread
from forum.kernel.clock import local_day, now
from forum.kernel.database import db
from forum.members.models import Member
from forum.panels.models import Panel
from forum.web.times import show_day
from tests.support.browser import Browser
from tests.support.cast import make_thread
from tests.support.panels import make_debate, make_panel

AHEAD = str(local_day(now()) + timedelta(days=30))
PLAN: dict[str, Any] = {
    "title": "Panel over de tuin",
    "mode": "quota_top",
    "seats": "12",
    "day": AHEAD,
    "starts": "19:30",
    "ends": "21:00",
    "place": "De Linde",
    "respond_by": str(local_day(now()) + timedelta(days=20)),
}


@pytest.fixture
def thread(moderator: Browser) -> Thread:
    """Return a debate that is over."""
    return make_debate(4)[0]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        pytest.param("seats", "nul", "plaatsen", id="a word for a number"),
        pytest.param("seats", "", "plaatsen", id="no number"),
        pytest.param("day", "morgen", "Deze datum begrijpen wij niet.", id="a word for a day"),
        pytest.param("day", "2020-01-01", "Deze dag is al voorbij.", id="a day that is over"),
        pytest.param("starts", "half acht", "Deze tijd begrijpen wij niet.", id="a word for a time"),
        pytest.param("respond_by", AHEAD, "voor de bijeenkomst", id="answers after the meeting"),
    ],
)
def test_a_wrong_plan_is_refused_in_one_dutch_sentence(
    moderator: Browser, thread: Thread, field: str, typed: str, sentence: str
) -> None:
    page = moderator.submit(
        moderator.visit(f"/beheer/panels/nieuw/{thread.topic_id}"),
        "Bewaar plan",
        **{**PLAN, field: typed},
    )

    [alert] = page.soup.select("[role=alert] ul")
    assert page.status == 422
    about_field = [item.get_text() for item in alert.find_all("li") if item.find("a", href=f"#{field}")]
    assert len(about_field) == 1
    assert sentence in about_field[0]
    assert "Not a valid" not in page.html
    assert db.session.query(Panel).count() == 0


def test_a_time_that_the_clock_skips_or_shows_twice_is_refused(moderator: Browser, thread: Thread) -> None:
    page = moderator.visit(f"/beheer/panels/nieuw/{thread.topic_id}")
    night = PLAN | {"starts": "02:30", "ends": "04:00"}

    skipped = moderator.submit(page, "Bewaar plan", **(night | {"day": "2099-03-29"}))
    doubled = moderator.submit(page, "Bewaar plan", **(night | {"day": "2099-10-25"}))

    assert "Deze tijd bestaat die nacht niet." in skipped.text
    assert "Deze tijd komt die nacht twee keer voor." in doubled.text


def test_a_right_plan_is_kept(moderator: Browser, thread: Thread) -> None:
    page = moderator.submit(moderator.visit(f"/beheer/panels/nieuw/{thread.topic_id}"), "Bewaar plan", **PLAN)

    assert "Het plan is bewaard." in page.text or "Het panel is bewaard." in page.text
    assert db.session.query(Panel).one().seats == 12


def test_quotas_that_ask_for_more_people_than_seats_are_refused(moderator: Browser, thread: Thread) -> None:
    panel = make_panel(thread)
    page = moderator.visit(f"/beheer/panels/{panel.id}/afspiegeling")
    least = [str(field["name"]) for field in page.soup.select("input[name^='least:']")]
    most = [name.replace("least", "most") for name in least]

    typed: dict[str, Any] = dict.fromkeys([*least, *most], "4")
    page = moderator.submit(page, "Bewaar", **typed)

    assert page.status == 422
    assert f"Het panel heeft {panel.seats} plaatsen." in page.text


def test_a_panel_on_a_debate_that_runs_says_from_when_the_list_can_be_fixed(moderator: Browser) -> None:
    thread = make_thread(opens_at=now() - timedelta(days=1))
    panel = make_panel(thread)
    first_day = show_day(local_day(thread.closes_at + timedelta(seconds=1)))

    page = moderator.visit(f"/beheer/panels/{panel.id}")

    assert f"Vastleggen kan vanaf {first_day}" in page.text
    assert not page.has_button("Leg vast")


def test_only_a_panel_with_quotas_sends_to_its_quotas(moderator: Browser, thread: Thread) -> None:
    address = f"/beheer/panels/nieuw/{thread.topic_id}"

    plain = moderator.submit(moderator.visit(address), "Bewaar plan", **{**PLAN, "mode": "top"})
    mixed = moderator.submit(moderator.visit(address), "Bewaar plan", **PLAN, categories=["district"])

    assert "Het panel is bewaard." in plain.text
    assert "Bekijk nu de afspiegeling" not in plain.text
    assert "Bekijk nu de afspiegeling" in mixed.text


def test_other_seats_get_quotas_that_fit_them(moderator: Browser, thread: Thread) -> None:
    plan = {**PLAN, "categories": ["district"]}
    moderator.submit(moderator.visit(f"/beheer/panels/nieuw/{thread.topic_id}"), "Bewaar plan", **plan)
    panel = db.session.query(Panel).one()

    page = moderator.submit(
        moderator.visit(f"/beheer/panels/{panel.id}/plan"), "Bewaar plan", **{**plan, "seats": "4"}
    )

    assert "Wij stellen een nieuwe afspiegeling voor." in page.text
    assert {(quota.least, quota.most) for quota in panel.quotas} == {(1, 3)}


def test_a_plan_with_the_same_seats_keeps_the_quotas_of_its_moderator(
    moderator: Browser, thread: Thread
) -> None:
    panel = make_panel(thread)
    standing = {(quota.value, quota.least, quota.most) for quota in panel.quotas}

    page = moderator.submit(
        moderator.visit(f"/beheer/panels/{panel.id}/plan"),
        "Bewaar plan",
        **{**PLAN, "seats": str(panel.seats)},
    )

    assert "Het plan is bewaard." in page.text
    assert {(quota.value, quota.least, quota.most) for quota in panel.quotas} == standing


def test_the_quotas_stand_beside_who_can_be_chosen(moderator: Browser, thread: Thread) -> None:
    panel = make_panel(thread)
    objector = db.session.query(Member).filter_by(display_name="Huurder 00").one()
    objector.scoring_objected_at = now()
    db.session.commit()

    page = moderator.visit(f"/beheer/panels/{panel.id}/afspiegeling")

    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("fieldset")]
    assert [row.split(" Minstens")[0] for row in rows] == [
        "Haven: 2 huurders, 50 procent Beschikbaar onder actieve huurders: 1",
        "Noord: 2 huurders, 50 procent Beschikbaar onder actieve huurders: 2",
    ]
