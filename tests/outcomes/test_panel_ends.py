"""A panel that lives until its advice is given stops by itself, a week after the last of it."""

from datetime import timedelta

import pytest

from forum.audit.models import AuditEntry
from forum.discussion.models import Thread
from forum.discussion.queries import get_thread
from forum.home.logbook import list_acts
from forum.kernel.database import db, unit_of_work
from forum.notifications.models import Notification
from forum.outcomes.jobs import end_advised_panels
from forum.outcomes.queries import list_published
from forum.outcomes.withdrawing import Withdrawal, withdraw_recommendation
from forum.panels.form_rules import EndKind, FormRules
from forum.panels.life_rules import EndReason
from forum.panels.models import Meeting, Panel
from forum.panels.queries import get_panel
from forum.panels.rules import PanelState
from forum.settings.queries import get_site
from tests.support.outcomes import make_draft, make_moderator_of, make_published
from tests.support.panels import OVER, make_confirmed_panel, make_debate

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
MET = OVER + 30 * DAY
"""A moment after the meeting of the panel."""
WHY = {"why_no_source": "Uit de rondgang."}


def make_group() -> Panel:
    """Return a panel whose members were chosen and whose only meeting is over at `MET`."""
    panel = make_confirmed_panel(make_debate(6)[0])
    panel.rules = FormRules(end=EndKind.ADVICE).as_document()
    panel.first_meeting.starts_at, panel.first_meeting.ends_at = MET - 2 * DAY, MET - DAY
    db.session.commit()
    return panel


def advise(panel: Panel) -> None:
    """Publish an advice of the panel."""
    make_published(_thread(panel), at=MET, panel_id=panel.id, **WHY)


def _thread(panel: Panel) -> Thread:
    return get_thread(panel.topic_id or 0)


def state_after(panel: Panel, days: int) -> PanelState:
    """Return the state of a panel after the task ran so many days after the advice."""
    end_advised_panels(at=MET + days * DAY)
    db.session.rollback()
    db.session.expire_all()
    return get_panel(panel.id).state


def test_an_advisory_group_stops_once_a_week_after_its_advice() -> None:
    panel = make_group()
    advise(panel)

    before, after, again = (state_after(panel, days) for days in (6, 7, 8))

    assert (before, after, again) == (PanelState.CONFIRMED, PanelState.ENDED, PanelState.ENDED)
    ended = get_panel(panel.id)
    assert (ended.ended_because, ended.ended_at) == (EndReason.ADVICE, MET + 7 * DAY)
    [entry] = db.session.query(AuditEntry).filter_by(action="panel.ended")
    assert (entry.member_id, entry.details["because"]) == (None, "advice")
    assert "Liet het panel stoppen." in [act.what for act in list_acts(panel.topic_id or 0, get_site())]
    assert db.session.query(Notification).filter_by(event="ended").count() == 4


def test_it_goes_on_while_nothing_is_published() -> None:
    panel = make_group()
    make_draft(_thread(panel), panel_id=panel.id, **WHY)

    assert state_after(panel, 30) is PanelState.CONFIRMED


def test_it_goes_on_while_a_part_of_its_advice_is_a_draft() -> None:
    panel = make_group()
    advise(panel)
    make_draft(_thread(panel), title="Nog een advies", panel_id=panel.id, **WHY)

    assert state_after(panel, 30) is PanelState.CONFIRMED


def test_it_goes_on_when_all_its_advice_was_withdrawn() -> None:
    panel = make_group()
    advise(panel)
    [row] = list_published(panel.topic_id or 0)
    with unit_of_work():
        withdraw_recommendation(row, Withdrawal("Een vergissing."), make_moderator_of(), at=MET)

    assert state_after(panel, 30) is PanelState.CONFIRMED


@pytest.mark.parametrize(("is_cancelled", "state"), [(False, PanelState.CONFIRMED), (True, PanelState.ENDED)])
def test_it_goes_on_while_a_meeting_is_to_come(is_cancelled: bool, state: PanelState) -> None:
    panel = make_group()
    advise(panel)
    with unit_of_work():
        later = MET + 60 * DAY
        meeting = Meeting(starts_at=later, ends_at=later + DAY, place="Elders", uid="tweede@forum")
        meeting.cancelled_at = MET if is_cancelled else None
        get_panel(panel.id).meetings.append(meeting)

    assert state_after(panel, 30) is state


@pytest.mark.parametrize("end", [EndKind.MEETING, EndKind.DATE, EndKind.PROJECT])
def test_a_panel_with_another_end_goes_on_after_its_advice(end: EndKind) -> None:
    panel = make_group()
    panel.rules = FormRules(end=end, term_months=12 if end is EndKind.DATE else None).as_document()
    db.session.commit()
    advise(panel)

    assert state_after(panel, 30) is PanelState.CONFIRMED


def test_advice_of_somebody_else_on_the_topic_ends_no_panel() -> None:
    panel = make_group()
    make_published(_thread(panel), at=MET, **WHY)

    assert state_after(panel, 30) is PanelState.CONFIRMED
