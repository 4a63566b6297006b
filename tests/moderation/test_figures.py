"""The public counts: by month in Amsterdam, by party, without persons."""

from datetime import UTC, date, datetime, timedelta

import pytest

from forum.kernel.actor import Party
from forum.kernel.clock import local_day, now
from forum.kernel.database import db
from forum.moderation import appeals
from forum.moderation.figures import first_year, read_figures
from forum.moderation.rules import AppealState, DecisionKind
from forum.web.times import show_month
from tests.support.browser import Browser
from tests.support.cast import T0, make_site, make_tenant, make_thread
from tests.support.moderation import TERM, decide, make_flagged_post, make_moderator

pytestmark = pytest.mark.usefixtures("database")
DECEMBER = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)


def test_each_thing_is_counted_in_its_month_and_with_the_party_that_decided() -> None:
    april = T0 + timedelta(days=33)
    decision = decide(
        make_flagged_post(at=T0), DecisionKind.HIDE, make_moderator(Party.TENANTS).as_actor(T0), at=T0
    )
    appeal = appeals.make_appeal(decision, "Nee.", decision.author.as_actor(T0), term=TERM, at=T0)
    judge = make_moderator(Party.LANDLORD).as_actor(april)
    appeals.judge_appeal(appeal, AppealState.OVERTURNED, "Klopt.", judge, at=april)
    db.session.commit()

    months = {month.begins_on.month: month for month in read_figures(2026, at=DECEMBER)}

    tenants, landlord = months[3].parties[Party.TENANTS], months[3].parties[Party.LANDLORD]
    assert (months[3].flags, tenants.decisions[DecisionKind.HIDE], tenants.appeals) == (1, 1, 1)
    assert landlord.total == 0
    assert months[4].parties[Party.TENANTS].overturned == 1
    assert months[4].parties[Party.LANDLORD].decisions[DecisionKind.RESTORE] == 1
    assert [number for number, month in months.items() if not month.is_empty] == [3, 4]


@pytest.mark.parametrize(
    ("at", "month"),
    [
        pytest.param(datetime(2026, 3, 31, 21, 59, tzinfo=UTC), 3, id="the last minute of March"),
        pytest.param(datetime(2026, 3, 31, 22, 0, tzinfo=UTC), 4, id="midnight in Amsterdam"),
    ],
)
def test_a_month_begins_at_midnight_in_amsterdam(at: datetime, month: int) -> None:
    make_flagged_post(thread=make_thread(opens_at=at), at=at)

    found = [one.begins_on for one in read_figures(2026, at=DECEMBER) if one.flags]

    assert found == [date(2026, month, 1)]


def test_months_to_come_are_not_told_of() -> None:
    assert [month.begins_on.month for month in read_figures(2026, at=T0)] == [1, 2, 3]
    assert read_figures(2027, at=T0) == []
    assert first_year(at=T0) == 2026


def test_the_page_shows_counts_and_says_which_months_were_empty(browser: Browser) -> None:
    make_site()
    at, reader = now(), make_tenant()
    author = make_tenant("Anja V.")
    thread = make_thread(opens_at=at - timedelta(hours=1))
    post = make_flagged_post(thread=thread, author=author, at=at)
    decide(post, DecisionKind.HIDE, at=at)

    page = browser.sign_in(reader).visit("/huisregels/cijfers")
    before = browser.visit(f"/huisregels/cijfers?jaar={local_day(at).year - 1}")

    assert show_month(local_day(at)) in page.text
    assert "Besluiten van Wonen Zilverdam" in page.text
    assert "Anja V." not in page.text
    assert "is er niets gemeld" in before.text


@pytest.mark.parametrize("year", ["-5", "99999", "x", "2000"])
def test_a_year_without_anything_is_a_page_too(browser: Browser, year: str) -> None:
    browser.sign_in(make_tenant())

    assert browser.visit(f"/huisregels/cijfers?jaar={year}").status == 200
