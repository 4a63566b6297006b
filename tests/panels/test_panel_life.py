"""The life of a panel: points that close, its end, looking back, who looks on, its coordinator."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.invitations.models import Invitation
from forum.invitations.rules import AnswerSource, Rsvp
from forum.invitations.service import answer, invite_panel, is_answerable
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.clock import local_day
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.meetings.service import add_meeting, plan_of
from forum.notifications.models import Notification
from forum.panels import conclusions, ending, guests, surveys
from forum.panels.application_rules import ApplicationSource
from forum.panels.conclusions import ClosedPoint
from forum.panels.errors import GuestRefused, NotOnPanel, SurveyClosed, ViewsMissing, WrongPanelState
from forum.panels.form_rules import EndKind, FormRules
from forum.panels.jobs import ask_about_idle_panels
from forum.panels.life_page import survey_view
from forum.panels.life_queries import list_chosen, list_conclusions, list_overdue_panels, open_guest_link
from forum.panels.life_rules import (
    SMALLEST_SHOWN,
    Agreement,
    EndReason,
    GuestKind,
    is_idle,
    is_over,
    next_meeting_due,
    survey_results,
)
from forum.panels.models import Conclusion, Panel
from forum.panels.queries import get_panel
from forum.panels.rules import Area, PanelState
from forum.panels.surveys import LookingBack
from tests.support.cast import actor_of, make_complex, make_household, make_staff, make_tenant
from tests.support.panel_forms import AFTER, confirm, make_renovation_panel
from tests.support.panels import make_confirmed_panel, make_debate, make_moderator
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
POINT = ClosedPoint(
    "De kleur van de deuren", Agreement.AGREED, "De deuren worden groen.", "", "", local_day(AFTER), "key"
)
BACK = LookingBack((4, 3, 5), "Het ging goed.")


def make_panel_of(people: int = 6, **plan: object) -> Panel:
    """Return a renovation panel that both parties confirmed, and everybody of the complex invited."""
    complex_ = make_complex("De Kade", "Haven")
    for _ in range(people):
        make_tenant(household=make_household(complex_))
    panel = confirm(make_renovation_panel(Area(complex_id=complex_.id), **plan))
    invite_panel(panel, at=AFTER)
    db.session.commit()
    return panel


@pytest.mark.parametrize(
    ("ends_on", "today", "over"),
    [
        (None, date(2026, 5, 1), False),
        (date(2026, 5, 1), date(2026, 5, 1), False),
        (date(2026, 5, 1), date(2026, 5, 2), True),
    ],
)
def test_a_panel_lives_on_its_last_day(ends_on: date | None, today: date, over: bool) -> None:
    assert is_over(ends_on, today) is over


def test_a_rhythm_asks_for_the_next_meeting_until_the_end() -> None:
    rules = FormRules(rhythm_months=3)

    assert next_meeting_due(rules, date(2026, 5, 31), None) == date(2026, 8, 31)
    assert next_meeting_due(rules, date(2026, 5, 31), date(2026, 7, 1)) is None
    assert next_meeting_due(FormRules(), date(2026, 5, 31), None) is None


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 3), max_size=30))
def test_no_mean_of_fewer_than_five_is_shown(answers: list[tuple[int, int, int]]) -> None:
    results = survey_results(answers)

    assert bool(results) is (len(answers) >= SMALLEST_SHOWN)
    assert all(10 <= result.mean_tenths <= 50 for result in results)


def test_a_mean_is_rounded_to_a_tenth() -> None:
    results = survey_results([(5, 1, 4), (5, 1, 4), (5, 1, 4), (5, 1, 5), (5, 2, 5), (5, 2, 5)])

    assert [result.mean_tenths for result in results] == [50, 13, 45]


def test_a_point_closes_in_agreement_or_with_both_views() -> None:
    panel, moderator = make_panel_of(1), make_moderator()
    close = partial(conclusions.close_point, panel, actor=moderator, at=AFTER)
    apart = replace(
        POINT, agreement=Agreement.APART, tenants_view="Nu.", landlord_view="Later.", form_key="two"
    )

    for missing in (replace(POINT, agreed_text=""), replace(apart, landlord_view="")):
        with pytest.raises(ViewsMissing):
            close(missing)
    close(POINT)
    close(POINT)
    close(apart)
    db.session.commit()

    shown = [
        (row.number, row.agreement, row.agreed_text, row.tenants_view) for row in list_conclusions(panel.id)
    ]
    assert shown == [(1, Agreement.AGREED, "De deuren worden groen.", ""), (2, Agreement.APART, "", "Nu.")]


def test_a_klantenpanel_closes_no_points() -> None:
    panel = make_confirmed_panel(make_debate(6)[0])

    with pytest.raises(WrongPanelState):
        conclusions.close_point(panel, POINT, make_moderator(), at=AFTER)


def test_a_coordinator_writes_for_their_own_panel_only() -> None:
    runs, other = make_staff(Role.COORDINATOR), make_staff(Role.COORDINATOR)
    panel = make_panel_of(1, coordinator_id=runs.id)

    with pytest.raises(Forbidden):
        conclusions.close_point(panel, POINT, actor_of(other), at=AFTER)
    with pytest.raises(Forbidden):
        ending.end_panel(panel, "Klaar.", actor_of(runs), at=AFTER)
    conclusions.close_point(panel, POINT, actor_of(runs), at=AFTER)

    assert len(list_conclusions(panel.id)) == 1


def test_an_ended_panel_invites_nobody_any_more_and_asks_how_it_was() -> None:
    panel = make_panel_of()
    invitation = db.session.query(Invitation).order_by(Invitation.id).first()
    assert invitation is not None
    assert is_answerable(invitation, AFTER)

    ending.end_panel(panel, "De flat is klaar.", make_moderator(), at=AFTER)
    db.session.commit()

    assert (panel.state, panel.ended_because) == (PanelState.ENDED, EndReason.PROJECT)
    assert not is_answerable(invitation, AFTER)
    assert db.session.query(Notification).filter_by(event="ended-asks").count() == 6
    with pytest.raises(WrongPanelState):
        ending.end_panel(panel, "Nog eens.", make_moderator(), at=AFTER)
    with pytest.raises(WrongPanelState):
        conclusions.close_point(panel, POINT, make_moderator(), at=AFTER)


def test_the_last_day_ends_a_panel_once() -> None:
    panel = make_panel_of(1, ends_on=local_day(AFTER) + timedelta(days=90))
    last = AFTER + timedelta(days=90)

    overdue = []
    for day in range(3):
        at = last + timedelta(days=day)
        overdue.append(list(list_overdue_panels(local_day(at))))
        ending.end_when_over(panel, at=at)
        db.session.commit()

    assert overdue == [[], [panel.id], []]
    assert (panel.state, panel.ended_because) == (PanelState.ENDED, EndReason.DATE)
    assert panel.ended_at == last + timedelta(days=1)


def test_a_klantenpanel_has_no_end_to_press() -> None:
    with pytest.raises(WrongPanelState):
        ending.end_panel(make_confirmed_panel(make_debate(6)[0]), "x", make_moderator(), at=AFTER)


def test_who_was_chosen_looks_back_by_page_phone_or_paper_and_once() -> None:
    panel, moderator = make_panel_of(6), make_moderator()
    members = list(list_chosen(panel))
    look_back = partial(surveys.answer_survey, panel, at=AFTER)
    with pytest.raises(SurveyClosed):
        look_back(members[0], BACK, ApplicationSource.PHONE, moderator)
    ending.end_panel(panel, "Klaar.", moderator, at=AFTER)

    for member_id in members[:4]:
        look_back(member_id, BACK, ApplicationSource.LETTER, moderator)
    few = survey_view(panel)
    own = Actor(member_id=members[4], roles=frozenset({Role.TENANT}))
    look_back(members[4], BACK, ApplicationSource.ACCOUNT, own)
    look_back(members[4], LookingBack((5, 4, 5), ""), ApplicationSource.ACCOUNT, own)
    enough = survey_view(panel)

    assert few is not None
    assert (few.asked, few.answered, few.results, few.words) == (6, 4, [], [])
    assert enough is not None
    assert enough.answered == 5
    assert [row.mean_tenths for row in enough.results] == [42, 32, 50]
    assert len(enough.words) == 4
    with pytest.raises(Forbidden):
        look_back(members[0], BACK, ApplicationSource.ACCOUNT, own)
    with pytest.raises(NotOnPanel):
        look_back(make_tenant().id, BACK, ApplicationSource.PHONE, moderator)
    with pytest.raises(SurveyClosed):
        surveys.answer_survey(
            panel, members[5], BACK, ApplicationSource.PHONE, moderator, at=AFTER + timedelta(days=42)
        )


def test_somebody_who_leaves_later_frees_a_seat_of_a_panel_that_lives_on() -> None:
    panel = make_panel_of(1)
    invitation = db.session.query(Invitation).one()
    later = panel.last_meeting.ends_at + timedelta(days=100)
    member = Actor(member_id=invitation.member_id, roles=frozenset({Role.TENANT}))
    answer(invitation, Rsvp.ACCEPTED, AnswerSource.ACCOUNT, member, at=AFTER)

    answer(invitation, Rsvp.DECLINED, AnswerSource.ACCOUNT, member, at=later)

    assert invitation.rsvp is Rsvp.DECLINED


def test_only_a_moderator_lets_somebody_look_on_and_a_committee_needs_applications() -> None:
    panel = make_panel_of(1)
    invite = partial(guests.invite_guest, panel, name="Anna", body="Huurdersraad", at=AFTER)

    with pytest.raises(Forbidden):
        invite(GuestKind.OBSERVER, actor=actor_of(make_staff(Role.DELEGATE, Party.TENANTS)), token="a")
    with pytest.raises(GuestRefused):
        invite(GuestKind.COMMITTEE, actor=make_moderator(), token="b")
    guest = invite(GuestKind.OBSERVER, actor=make_moderator(), token="c")

    assert open_guest_link("c", GuestKind.OBSERVER).id == guest.id


def test_two_who_close_a_point_at_once_close_two(database: Flask) -> None:
    panel_id, actors = make_panel_of(1).id, [make_moderator(party) for party in Party]
    db.session.rollback()

    def close(place: int) -> None:
        with unit_of_work():
            point = replace(POINT, form_key=str(place))
            conclusions.close_point(get_panel(panel_id), point, actors[place], at=AFTER)

    raised = at_once(database, [partial(close, place) for place in range(2)])

    db.session.rollback()
    assert raised == [None, None]
    assert sorted(row.number for row in db.session.query(Conclusion)) == [1, 2]


@pytest.mark.parametrize(
    ("rules", "today", "idle"),
    [
        pytest.param(FormRules(end=EndKind.PROJECT), date(2026, 6, 1), False, id="three months, to the day"),
        pytest.param(FormRules(end=EndKind.PROJECT), date(2026, 6, 2), True, id="longer, no rhythm"),
        pytest.param(FormRules(end=EndKind.DATE, rhythm_months=1), date(2026, 4, 2), True, id="its rhythm"),
        pytest.param(FormRules(end=EndKind.DATE), date(2026, 12, 2), False, id="its last day passed"),
        pytest.param(FormRules(), date(2026, 12, 2), False, id="meets once"),
    ],
)
def test_a_panel_that_goes_on_is_idle_after_its_rhythm(rules: FormRules, today: date, idle: bool) -> None:
    assert is_idle(rules, date(2026, 3, 1), date(2026, 12, 1), today) is idle


def test_who_runs_a_renovation_panel_is_asked_once_a_month_whether_it_is_finished() -> None:
    panel = make_panel_of(6)
    met = panel.last_meeting.ends_at
    asked = partial(db.session.query(Notification).filter_by, event="idle-ends")

    for days in (80, 100, 101, 140):
        ask_about_idle_panels(at=met + timedelta(days=days))
        db.session.commit()

    assert {row.member_id for row in asked()} == {panel.made_by_id}
    assert asked().count() == 2


def test_a_panel_with_a_meeting_to_come_is_left_alone() -> None:
    panel = make_panel_of(6)
    later = panel.last_meeting.ends_at + timedelta(days=100)
    plan = replace(plan_of(panel.last_meeting), starts_at=later + timedelta(days=9))
    add_meeting(panel, replace(plan, ends_at=later + timedelta(days=10)), make_moderator(), at=AFTER)
    db.session.commit()

    ask_about_idle_panels(at=later)

    assert db.session.query(Notification).filter_by(event="idle-ends").count() == 0
