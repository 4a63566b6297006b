"""Minutes that are late show where the topic is read; it closes with them, or with the reason for none."""

from datetime import timedelta

import pytest

from forum.discussion.panel_notes import PANEL_NOTES
from forum.discussion.queries import get_thread_row
from forum.home.front_page import list_front_states
from forum.home.queries import list_news
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.meetings import minutes
from forum.meetings.errors import NotMeetingDay, TopicWasClosed, WrongMinutesState
from forum.meetings.lateness import count_late, has_open_minutes, list_late, list_late_of_topic
from forum.meetings.models import Minutes
from forum.meetings.queries import get_minutes
from forum.meetings.rules import MinutesState
from forum.meetings.terms import due_days
from forum.panels.models import Meeting
from forum.panels.rules import PanelState
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_site, make_staff, make_tenant
from tests.support.meetings import ENDS, let_all_come, make_concept, make_meeting
from tests.support.panels import make_moderator

pytestmark = pytest.mark.usefixtures("database")
SECOND = timedelta(seconds=1)
WHY = "Er kwam niemand, dus er is niets besproken."


def _late_at() -> timedelta:
    return timedelta(days=due_days()) + SECOND


def _topic_of(meeting: Meeting) -> int:
    assert meeting.panel.topic_id is not None
    return meeting.panel.topic_id


def test_minutes_are_late_from_the_day_that_they_were_due_until_they_are_sent() -> None:
    meeting = make_meeting(1)
    topic_id, late_at = _topic_of(meeting), ENDS + _late_at()

    before, after = (count_late([topic_id], at=at) for at in (late_at - SECOND, late_at))
    told = list_late(late_at, 10)
    let_all_come(meeting, make_moderator())
    db.session.add(Minutes(meeting_id=meeting.id, state=MinutesState.CONCEPT, closes_at=late_at))
    db.session.commit()

    assert (before, after) == ({}, {topic_id: 1})
    assert told == [meeting.id]
    assert count_late([topic_id], at=late_at) == {}


@pytest.mark.parametrize("case", ["cancelled", "not confirmed", "a reason"])
def test_of_some_meetings_no_minutes_are_expected(case: str) -> None:
    meeting = make_meeting(1)
    if case == "cancelled":
        meeting.cancelled_at = meeting.starts_at
    elif case == "not confirmed":
        meeting.panel.state = PanelState.INFEASIBLE
    else:
        minutes.say_why_none(meeting, WHY, make_moderator(), at=ENDS)
    db.session.commit()
    topic_id, late_at = _topic_of(meeting), ENDS + _late_at()

    assert count_late([topic_id], at=late_at) == {}
    assert list_late_of_topic(topic_id, at=late_at) == []
    assert list_late(late_at, 10) == []
    assert not has_open_minutes(topic_id, at=late_at)


def test_a_meeting_that_is_over_keeps_the_topic_open_until_its_minutes_are_fixed() -> None:
    meeting = make_meeting(1)
    topic_id = _topic_of(meeting)

    ahead, over = (has_open_minutes(topic_id, at=at) for at in (ENDS - SECOND, ENDS))
    written, _, _ = make_concept(1)
    concept = has_open_minutes(_topic_of(written.meeting), at=ENDS)
    written.state, written.locked_at = MinutesState.LOCKED, ENDS
    db.session.commit()

    assert (ahead, over, concept) == (False, True, True)
    assert not has_open_minutes(_topic_of(written.meeting), at=ENDS)


def test_who_may_say_why_none_come_and_when() -> None:
    meeting, organiser = make_meeting(1), make_moderator()
    delegate = actor_of(make_staff(Role.DELEGATE, Party.LANDLORD))

    with pytest.raises(Forbidden):
        minutes.say_why_none(meeting, WHY, delegate, at=ENDS)
    with pytest.raises(NotMeetingDay):
        minutes.say_why_none(meeting, WHY, organiser, at=ENDS - SECOND)
    sent, _, _ = make_concept(1)
    with pytest.raises(WrongMinutesState):
        minutes.say_why_none(sent.meeting, WHY, organiser, at=ENDS)


def test_minutes_can_come_after_all_until_the_topic_is_closed() -> None:
    meeting, organiser = make_meeting(1), make_moderator()
    let_all_come(meeting, organiser)
    draft = minutes.start_minutes(meeting, organiser, at=ENDS)
    minutes.say_why_none(meeting, WHY, organiser, at=ENDS)
    with pytest.raises(WrongMinutesState):
        minutes.write_draft(draft, [], minutes.draft_mark(draft.points), organiser, at=ENDS)

    assert minutes.start_minutes(meeting, organiser, at=ENDS) is draft
    assert not meeting.no_minutes_because
    minutes.say_why_none(meeting, WHY, organiser, at=ENDS)
    get_thread_row(_topic_of(meeting)).closed_at = ENDS
    db.session.commit()

    with pytest.raises(TopicWasClosed):
        minutes.start_minutes(meeting, organiser, at=ENDS)


def test_everybody_reads_of_late_minutes_on_the_topic_its_panel_and_the_front_page(browser: Browser) -> None:
    make_site()
    meeting = make_meeting(1)
    meeting.ends_at = now() - _late_at()
    meeting.starts_at = meeting.ends_at - timedelta(hours=2)
    db.session.commit()
    topic_id, path = _topic_of(meeting), f"/panels/{meeting.panel_id}/bijeenkomsten/{meeting.id}"
    thread = get_thread_row(topic_id)
    agenda_id, thread.has_panels = thread.topic.agenda_id, True
    db.session.commit()
    browser.sign_in(make_tenant())

    page = browser.visit(f"/onderwerpen/{topic_id}/de-lift-is-vaak-stuk")

    assert "Verslag te laat" in page.text
    assert path in [str(link.get("href")) for link in page.soup.select("#panels ~ p a")]
    assert [note.late[0].meeting_id for note in PANEL_NOTES.list_notes(topic_id)] == [meeting.id]
    assert list_news([topic_id], at=now()).late_minutes == ((topic_id, 1),)
    assert list_front_states(agenda_id, at=now())[topic_id].late_minutes == 1
    assert "Verslag te laat: 1" in browser.visit("/").text
    assert "Verslag te laat" in browser.visit(f"/panels/{meeting.panel_id}").text


def test_an_organiser_says_why_none_come_and_everybody_reads_it(browser: Browser) -> None:
    make_site()
    meeting = make_meeting(1)
    meeting.ends_at = now() - _late_at()
    meeting.starts_at = meeting.ends_at - timedelta(hours=2)
    db.session.commit()
    public, work = (
        f"/panels/{meeting.panel_id}/bijeenkomsten/{meeting.id}",
        f"/beheer/bijeenkomsten/{meeting.id}",
    )
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.visit(browser.visit(f"{work}/verslag").link("zeg waarom"))

    refused = browser.submit(page, "Er komt geen verslag", why="")
    page = browser.submit(page, "Er komt geen verslag", why=WHY)

    assert (refused.status, "Schrijf waarom er geen verslag komt." in refused.text) == (422, True)
    assert WHY in page.text
    told = browser.another().sign_in(make_tenant()).visit(public).text
    assert WHY in told
    assert "Het verslag is te laat" not in told
    page = browser.submit(browser.visit(f"{work}/verslag"), "Begin het verslag")
    assert page.status == 200
    assert get_minutes(meeting.id).state is MinutesState.DRAFT


def test_who_closes_a_topic_reads_why_a_meeting_has_no_minutes(browser: Browser) -> None:
    make_site()
    meeting = make_meeting(1)
    topic_id, path = _topic_of(meeting), f"/panels/{meeting.panel_id}/bijeenkomsten/{meeting.id}"
    minutes.say_why_none(meeting, WHY, make_moderator(), at=ENDS)
    thread = get_thread_row(topic_id)
    thread.opens_at, thread.closes_at = now() - timedelta(days=9), now() - timedelta(days=1)
    db.session.commit()
    browser.sign_in(make_staff(Role.DELEGATE, Party.LANDLORD))

    page = browser.visit(f"/onderwerpen/{topic_id}/adviezen")

    [told] = page.soup.select("#sluiten ~ ul li")
    assert WHY in told.text
    assert [link["href"] for link in told.select("a")] == [path]
