"""Planning meetings: the series of a panel, changes and cancellations that calendars follow, the agenda."""

from dataclasses import replace
from datetime import timedelta

import pytest

from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.meetings import service
from forum.meetings.errors import AgendaChanged, MeetingFixed
from forum.meetings.queries import list_agenda
from forum.meetings.service import AgendaRow, MeetingPlan, agenda_mark, plan_of
from forum.panels.queries import get_panel
from forum.panels.rules import PanelState
from tests.support.cast import T0, actor_of, make_staff
from tests.support.meetings import ENDS, MEETS, make_meeting
from tests.support.panels import make_moderator

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
NEXT = MeetingPlan(MEETS + 30 * DAY, ENDS + 30 * DAY, "De Eik", "Er is een lift.")


def test_a_change_raises_the_sequence_and_saving_the_same_does_not() -> None:
    meeting, moderator = make_meeting(), make_moderator()

    service.change_meeting(meeting, plan_of(meeting), moderator, at=T0)
    unchanged = meeting.sequence
    service.change_meeting(meeting, replace(plan_of(meeting), place="De Eik"), moderator, at=T0)

    assert (unchanged, meeting.sequence, meeting.place) == (0, 1, "De Eik")


def test_a_cancelled_meeting_says_why_once_and_the_next_one_comes_first() -> None:
    meeting, moderator = make_meeting(), make_moderator()
    later = service.add_meeting(meeting.panel, NEXT, moderator, at=T0)
    assert service.add_meeting(meeting.panel, NEXT, moderator, at=T0) is later

    service.cancel_meeting(meeting, "De zaal is bezet.", moderator, at=T0)
    service.cancel_meeting(meeting, "Iets anders.", moderator, at=T0 + DAY)
    db.session.commit()

    panel = get_panel(meeting.panel_id)
    assert (meeting.sequence, meeting.cancelled_at, meeting.cancelled_because) == (1, T0, "De zaal is bezet.")
    assert (panel.first_meeting, panel.last_meeting) == (later, later)
    with pytest.raises(MeetingFixed):
        service.change_meeting(meeting, NEXT, moderator, at=T0)


def test_what_has_begun_or_would_be_over_and_an_unconfirmed_panel_stay_as_they_are() -> None:
    meeting, moderator = make_meeting(), make_moderator()

    with pytest.raises(MeetingFixed):
        service.change_meeting(meeting, NEXT, moderator, at=MEETS)
    with pytest.raises(MeetingFixed):
        service.cancel_meeting(meeting, "Te laat.", moderator, at=MEETS)
    with pytest.raises(MeetingFixed):
        service.change_meeting(meeting, replace(NEXT, starts_at=T0 - DAY), moderator, at=T0)
    with pytest.raises(MeetingFixed):
        service.add_meeting(make_meeting(state=PanelState.PROPOSED).panel, NEXT, moderator, at=T0)


def test_only_moderators_and_the_coordinator_of_the_panel_plan() -> None:
    meeting = make_meeting()
    els, other = (make_staff(Role.COORDINATOR) for _ in range(2))
    meeting.panel.coordinator_id = els.id

    service.change_meeting(meeting, NEXT, actor_of(els), at=T0)
    for actor in (actor_of(other), actor_of(make_staff(Role.DELEGATE, Party.TENANTS))):
        with pytest.raises(Forbidden):
            service.cancel_meeting(meeting, "Nee.", actor, at=T0)


def test_an_agenda_that_somebody_else_changed_is_not_overwritten() -> None:
    meeting, moderator = make_meeting(), make_moderator()
    service.set_agenda(
        meeting,
        [AgendaRow(None, "Welkom", 10), AgendaRow(None, "De lift", None)],
        agenda_mark([]),
        moderator,
        at=T0,
    )
    first, second = list_agenda(meeting.id)
    shown = agenda_mark([first, second])

    service.set_agenda(meeting, [AgendaRow(second.id, "De liften", 30)], shown, moderator, at=T0)

    [left] = list_agenda(meeting.id)
    assert (left.id, left.title, left.minutes, left.position) == (second.id, "De liften", 30, 1)
    with pytest.raises(AgendaChanged):
        service.set_agenda(meeting, [], shown, moderator, at=T0)
