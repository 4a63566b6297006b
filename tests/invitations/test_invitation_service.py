"""Inviting, answering and refilling, on a real database."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from forum.invitations import jobs, service
from forum.invitations.errors import AnswerClosed, LinkRefused, NotConfirmed
from forum.invitations.models import Invitation, InvitationLink
from forum.invitations.queries import get_invitation, list_invitations
from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.kernel.actor import VISITOR
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.mail.checks import is_still_wanted
from forum.mail.models import OutboxMessage
from forum.panels.dossier_replay import replay
from forum.panels.entries import load_dossier
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from tests.support.cast import actor_of, make_tenant
from tests.support.panels import (
    MEETING,
    OVER,
    make_confirmed_panel,
    make_debate,
    make_invited_panel,
    make_moderator,
    make_proposed_panel,
)
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


def _answer(invitation: Invitation, rsvp: Rsvp) -> None:
    service.answer(invitation, rsvp, AnswerSource.LINK, VISITOR, at=OVER + DAY)
    db.session.commit()


def _districts(panel: Panel) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in list_invitations(panel):
        if row.state in (InvitationState.OPEN, InvitationState.ACCEPTED):
            assert row.member.household is not None
            assert row.member.household.complex is not None
            name = row.member.household.complex.district.name
            counts[name] = counts.get(name, 0) + 1
    return counts


def test_nothing_leaves_before_both_parties_confirmed() -> None:
    panel = make_proposed_panel(make_debate()[0])

    with pytest.raises(NotConfirmed):
        service.invite_panel(panel, at=OVER)
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_everybody_on_the_list_is_invited_once() -> None:
    panel, invitations = make_invited_panel()

    service.invite_panel(panel, at=OVER + DAY)
    jobs.invite_confirmed_panels(at=OVER + DAY)

    assert len(list_invitations(panel)) == len(invitations) == panel.seats
    assert len(db.session.scalars(select(OutboxMessage)).all()) == panel.seats


def test_the_job_invites_a_confirmed_panel() -> None:
    panel = make_confirmed_panel(make_debate()[0])
    db.session.rollback()

    jobs.invite_confirmed_panels(at=OVER)

    assert len(list_invitations(get_panel(panel.id))) == panel.seats


def test_the_token_is_stored_as_a_hash_only() -> None:
    _, invitations = make_invited_panel()
    message = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()

    assert message is not None
    token = message.details["token"]
    stored = db.session.scalars(select(InvitationLink.token_hash)).all()
    assert len(token) >= 43
    assert token not in stored
    assert service.open_by_token(token, at=OVER).id == invitations[0].id


def test_a_no_is_replaced_and_the_quotas_are_kept() -> None:
    panel, invitations = make_invited_panel()

    _answer(invitations[0], Rsvp.DECLINED)

    after = list_invitations(panel)
    assert len(after) == panel.seats + 1
    assert after[-1].state is InvitationState.OPEN
    counts = _districts(panel)
    assert 2 <= counts["Haven"] <= 3
    assert 1 <= counts["Noord"] <= 3
    assert sum(counts.values()) == panel.seats
    assert replay(load_dossier(panel).as_document()).agrees


def test_who_accepted_never_loses_the_seat_however_many_decline() -> None:
    panel, invitations = make_invited_panel()
    _answer(invitations[0], Rsvp.ACCEPTED)

    for _ in range(5):
        open_ones = [row for row in list_invitations(panel) if row.state is InvitationState.OPEN]
        _answer(open_ones[0], Rsvp.DECLINED)

    assert get_invitation(invitations[0].id).state is InvitationState.ACCEPTED
    assert len({row.member_id for row in list_invitations(panel)}) == len(list_invitations(panel))
    assert replay(load_dossier(panel).as_document()).agrees


def test_when_nobody_can_replace_within_the_quotas_the_seat_stays_free() -> None:
    panel, invitations = make_invited_panel(people=5)
    for row in invitations:
        _answer(row, Rsvp.DECLINED)

    assert all(row.state is not InvitationState.ACCEPTED for row in list_invitations(panel))
    assert replay(load_dossier(panel).as_document()).agrees


def test_the_same_answer_twice_changes_nothing_and_a_no_is_final() -> None:
    panel, invitations = make_invited_panel()
    _answer(invitations[0], Rsvp.DECLINED)
    invited = len(list_invitations(panel))

    _answer(invitations[0], Rsvp.DECLINED)
    with pytest.raises(AnswerClosed):
        _answer(invitations[0], Rsvp.ACCEPTED)

    assert len(list_invitations(panel)) == invited


def test_who_said_yes_can_still_cancel_before_the_meeting() -> None:
    panel, invitations = make_invited_panel()
    _answer(invitations[0], Rsvp.ACCEPTED)

    service.answer(invitations[0], Rsvp.DECLINED, AnswerSource.LINK, VISITOR, at=MEETING - 9 * DAY)

    assert len(list_invitations(panel)) == panel.seats + 1
    with pytest.raises(AnswerClosed):
        service.answer(invitations[1], Rsvp.ACCEPTED, AnswerSource.LINK, VISITOR, at=MEETING)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "'; drop table member; --"])
def test_a_wrong_link_opens_nothing(token: str) -> None:
    make_invited_panel()

    with pytest.raises(LinkRefused):
        service.open_by_token(token, at=OVER)


def test_a_link_is_worthless_after_the_date_and_after_a_no() -> None:
    _, invitations = make_invited_panel()
    token = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()[0].details["token"]

    with pytest.raises(LinkRefused):
        service.open_by_token(token, at=invitations[0].respond_by + DAY)
    _answer(invitations[0], Rsvp.DECLINED)
    with pytest.raises(LinkRefused):
        service.open_by_token(token, at=OVER)


def test_a_moderator_enters_an_answer_by_phone_and_nobody_else_does() -> None:
    _, invitations = make_invited_panel()
    moderator, stranger = make_moderator(), actor_of(make_tenant())
    row = invitations[0]

    with pytest.raises(Forbidden):
        service.answer(row, Rsvp.ACCEPTED, AnswerSource.PHONE, stranger, at=OVER)
    service.answer(row, Rsvp.ACCEPTED, AnswerSource.PHONE, moderator, at=OVER)

    assert (row.answer_source, row.entered_by_id) == (AnswerSource.PHONE, moderator.member_id)


def test_one_reminder_goes_and_then_the_seat_is_filled() -> None:
    panel, invitations = make_invited_panel()
    date = invitations[0].respond_by

    for at in (date - 10 * DAY, date - 2 * DAY, date - DAY):
        jobs.remind_unanswered(at=at)
    reminded = db.session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.like("%:reminded"))).all()
    jobs.expire_unanswered(at=date + DAY)
    jobs.expire_unanswered(at=date + DAY)

    states = [row.state for row in list_invitations(panel)]
    assert len(reminded) == panel.seats
    assert states[: panel.seats] == [InvitationState.EXPIRED] * panel.seats
    assert states[panel.seats :] == [InvitationState.OPEN] * panel.seats


def test_a_message_is_dropped_when_the_answer_came_before_it_left() -> None:
    _, invitations = make_invited_panel()
    message = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()
    assert message is not None
    before = is_still_wanted(message.template, message.details, invitations[0].member)

    _answer(invitations[0], Rsvp.DECLINED)

    assert before
    assert not is_still_wanted(message.template, message.details, invitations[0].member)


def test_people_without_email_are_invited_without_a_message() -> None:
    thread, tenants = make_debate()
    for tenant in tenants:
        tenant.email = None
    db.session.commit()
    panel = make_confirmed_panel(thread)

    service.invite_panel(panel, at=OVER)

    assert len(list_invitations(panel)) == panel.seats
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_yes_and_no_at_the_same_moment_leave_one_answer_and_one_seat(database: Flask) -> None:
    panel, invitations = make_invited_panel()
    ids, panel_id, seats = [row.id for row in invitations], panel.id, panel.seats
    db.session.rollback()

    def say_no(invitation_id: int) -> None:
        with unit_of_work():
            service.answer(
                get_invitation(invitation_id), Rsvp.DECLINED, AnswerSource.LINK, VISITOR, at=OVER + DAY
            )

    raised = at_once(database, [partial(say_no, ids[0]), partial(say_no, ids[0]), partial(say_no, ids[1])])

    rows = list_invitations(get_panel(panel_id))
    assert raised == [None, None, None]
    assert len(rows) == seats + 2
    assert sum(row.state is InvitationState.OPEN for row in rows) == seats
