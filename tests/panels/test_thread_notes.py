"""What everybody hears of the panels on a topic."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template

from forum.discussion.panel_notes import PANEL_NOTES
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.panels.models import Meeting
from forum.panels.queries import list_public_panels
from forum.panels.rules import PUBLIC_STATES, PanelState
from forum.web.times import show_weekday
from tests.support.browser import Browser
from tests.support.cast import make_staff, make_tenant, make_thread
from tests.support.panels import MEETING, PLAN, make_panel
from tests.support.queries import counted_queries

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("state", PanelState)
def test_a_panel_is_told_of_once_its_rules_are_fixed(state: PanelState) -> None:
    thread = make_thread()
    panel = make_panel(thread)
    panel.state = state
    db.session.commit()

    notes = PANEL_NOTES.list_notes(thread.topic_id)

    assert [note.panel_id for note in notes] == ([panel.id] if state in PUBLIC_STATES else [])
    assert (state in PUBLIC_STATES) is (state not in (PanelState.DRAFT, PanelState.INFEASIBLE))


def test_the_facts_are_title_state_and_date_in_one_query_and_one_for_late_minutes() -> None:
    thread = make_thread()
    for state in (PanelState.HELD, PanelState.PROPOSED):
        make_panel(thread).state = state
    make_panel(make_thread()).state = PanelState.CONFIRMED
    db.session.commit()
    topic_id = thread.topic_id

    with counted_queries() as sent:
        notes = PANEL_NOTES.list_notes(topic_id)

    assert len(sent) == 2
    assert [(note.title, note.state, note.meets_at) for note in notes] == [
        (PLAN.title, "Geweest", MEETING),
        (PLAN.title, "De partijen kijken de lijst nog na", MEETING),
    ]


def test_the_date_is_that_of_the_next_meeting_and_of_the_last_when_all_are_over() -> None:
    thread = make_thread()
    panel = make_panel(thread)
    panel.state = PanelState.CONFIRMED
    days = [timedelta(days=after) for after in (20, 40, 60)]
    panel.meetings.extend(
        Meeting(starts_at=now() + day, ends_at=now() + 2 * day, place="Zaal", uid=f"{day}@forum")
        for day in days
    )
    panel.meetings[1].cancelled_at = now()
    db.session.commit()

    ahead = list_public_panels(thread.topic_id, now())[0][3]
    over = list_public_panels(thread.topic_id, now() + timedelta(days=99))[0][3]

    assert [ahead, over] == [panel.meetings[place].starts_at for place in (2, 3)]


def test_the_page_of_a_thread_asks_for_panels_once_there_are_some() -> None:
    with_panel, without = make_thread(), make_thread()

    make_panel(with_panel)

    assert with_panel.has_panels
    assert not without.has_panels


def test_a_confirmed_panel_goes_on_for_tenants_and_has_two_approvals_for_staff(browser: Browser) -> None:
    thread = make_thread()
    panel = make_panel(thread)
    panel.state = PanelState.CONFIRMED
    db.session.commit()
    moderator = make_staff(Role.MODERATOR, Party.TENANTS)

    tenant_page = browser.another().sign_in(make_tenant()).visit(f"/panels/{panel.id}")
    staff_page = browser.sign_in(moderator).visit(f"/panels/{panel.id}")

    assert [note.state for note in PANEL_NOTES.list_notes(thread.topic_id)] == ["Gaat door"]
    assert "Gaat door" in tenant_page.text
    assert "Akkoord van beide partijen" not in tenant_page.text
    assert "Akkoord van beide partijen" in staff_page.text


def test_the_part_of_the_page_links_to_each_panel(database: Flask) -> None:
    thread = make_thread()
    panel = make_panel(thread)
    panel.state = PanelState.CONFIRMED
    db.session.commit()

    with database.test_request_context():
        html = render_template("panels/of_topic.html", panels=PANEL_NOTES.list_notes(thread.topic_id))
        nothing = render_template("panels/of_topic.html", panels=[])

    soup = BeautifulSoup(html, "html.parser")
    assert soup.a is not None
    assert (soup.a["href"], soup.a.get_text()) == (f"/panels/{panel.id}", PLAN.title)
    assert f"Bijeenkomst op {show_weekday(MEETING)}." in " ".join(soup.get_text().split())
    assert nothing.strip() == ""


def test_the_page_of_a_thread_links_to_its_panel(browser: Browser) -> None:
    thread = make_thread()
    panel = make_panel(thread)
    panel.state = PanelState.PROPOSED
    make_panel(thread)
    db.session.commit()

    page = browser.sign_in(make_tenant()).visit(f"/onderwerpen/{thread.topic_id}")
    panel_page = browser.visit(page.link(PLAN.title))

    assert "Panel over dit onderwerp" in page.text
    assert "De partijen kijken de lijst nog na" in page.text
    assert panel_page.path == f"/panels/{panel.id}"
