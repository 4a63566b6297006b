"""More and fewer seats, and seats that come free: who is asked, until when, and who may come back."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.invitations import jobs, service
from forum.invitations.channels import Channel
from forum.invitations.errors import AnswerClosed, SeatsImpossible
from forum.invitations.models import Invitation
from forum.invitations.queries import get_invitation, list_invitations, measure_show_up
from forum.invitations.resizing import change_seats
from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.mail.composing import draft_message
from forum.mail.contents import whole_details
from forum.mail.models import OutboxMessage
from forum.members.models import Member
from forum.panels.dossier_replay import replay
from forum.panels.entries import load_dossier
from forum.panels.explaining import explain_dossier
from forum.panels.models import Attendance, Panel
from forum.panels.queries import get_panel
from forum.panels.resizing import resize_panel
from forum.panels.result_queries import find_empty_seats
from forum.panels.rules import AttendanceSource, ResizeReason, ShowUp
from tests.support.browser import Browser
from tests.support.cast import make_site, make_staff
from tests.support.panels import (
    MEETING,
    OVER,
    make_invited_panel,
    make_moderator,
)
from tests.support.together import at_once

DAY = timedelta(days=1)


def _answer(invitation: Invitation, rsvp: Rsvp) -> None:
    service.answer(invitation, rsvp, AnswerSource.LINK, VISITOR, at=OVER + DAY)
    db.session.commit()


def _resize(panel: Panel, seats: int) -> None:
    change_seats(
        panel, seats, make_moderator(), why=ResizeReason.MORE_ROOM, words="Grotere zaal.", at=OVER + DAY
    )
    db.session.commit()


def _sitting(panel: Panel) -> int:
    return sum(
        row.state in (InvitationState.OPEN, InvitationState.ACCEPTED) for row in list_invitations(panel)
    )


def _agrees(panel: Panel) -> bool:
    return replay(load_dossier(panel).as_document()).agrees


@pytest.mark.usefixtures("database")
def test_more_seats_ask_reserves_who_read_until_when() -> None:
    make_site()
    panel, invitations = make_invited_panel()

    _resize(panel, 6)

    rows = list_invitations(panel)
    assert [row.is_promoted for row in rows] == [False] * 4 + [True] * 2
    assert {row.state for row in rows} == {InvitationState.OPEN}
    assert rows[-1].respond_by == invitations[0].respond_by
    assert _agrees(panel)
    message = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert message is not None
    member = db.session.get_one(Member, message.member_id)
    draft = draft_message(message.template, whole_details(message.template, message.details, member), member)
    for text in (draft.text, draft.html):
        assert "U stond op de reservelijst." in text
        assert "Anders vragen wij iemand anders" in text


@pytest.mark.usefixtures("database")
def test_a_reserve_who_is_asked_late_has_a_short_claim_and_then_the_next_is_asked() -> None:
    panel, invitations = make_invited_panel()
    for row in invitations[1:]:
        _answer(row, Rsvp.ACCEPTED)
    near = MEETING - 4 * DAY
    for member in db.session.query(Member):
        member.email = None
    db.session.commit()

    jobs.expire_unanswered(at=near)
    asked = list_invitations(panel)[-1]
    until = asked.respond_by
    jobs.expire_unanswered(at=until + timedelta(seconds=1))

    assert (asked.is_promoted, until, asked.channel) == (True, near + 2 * DAY, Channel.PHONE)
    assert [row.state for row in list_invitations(panel)][-2:] == [
        InvitationState.EXPIRED,
        InvitationState.OPEN,
    ]
    assert _agrees(panel)


@pytest.mark.usefixtures("database")
def test_fewer_seats_take_nobody_away_and_fill_none_until_they_are_needed() -> None:
    panel, invitations = make_invited_panel()
    _answer(invitations[0], Rsvp.ACCEPTED)

    _resize(panel, 3)
    _answer(invitations[1], Rsvp.DECLINED)
    after_one = _sitting(panel)
    _answer(invitations[2], Rsvp.DECLINED)

    assert after_one == 3
    assert _sitting(panel) == 3
    assert get_invitation(invitations[0].id).state is InvitationState.ACCEPTED
    assert _agrees(panel)
    assert explain_dossier(load_dossier(panel), go_on=lambda: True).result_sha256


@pytest.mark.usefixtures("database")
def test_what_is_explained_is_the_list_that_was_made_before_the_seats_changed() -> None:
    panel, _ = make_invited_panel()
    before = explain_dossier(load_dossier(panel), go_on=lambda: True)

    _resize(panel, 2)

    assert explain_dossier(load_dossier(panel), go_on=lambda: True) == before


@pytest.mark.usefixtures("database")
def test_the_same_seats_twice_are_one_entry_and_a_delegate_or_a_late_hour_is_refused() -> None:
    panel, _ = make_invited_panel()
    _resize(panel, 6)
    entries = len(load_dossier(panel).entries)

    _resize(panel, 6)

    assert len(load_dossier(panel).entries) == entries
    delegate = make_staff(Role.DELEGATE, Party.TENANTS).as_actor(OVER)
    for actor, at in ((delegate, OVER), (make_moderator(), MEETING)):
        with pytest.raises(Forbidden):
            resize_panel(panel, 5, actor, why=ResizeReason.OTHER, words="Zomaar.", at=at)


@pytest.mark.usefixtures("database")
def test_after_a_no_a_yes_counts_while_nobody_else_could_fill_the_seat() -> None:
    panel, invitations = make_invited_panel(people=4)
    _answer(invitations[0], Rsvp.DECLINED)
    empty = find_empty_seats(panel)

    _answer(invitations[0], Rsvp.ACCEPTED)

    assert empty is not None
    assert empty.count == 1
    assert find_empty_seats(panel) is None
    assert _sitting(panel) == 4
    assert _agrees(panel)
    _answer(invitations[0], Rsvp.DECLINED)
    assert _agrees(panel)


@pytest.mark.usefixtures("database")
def test_after_a_no_a_yes_is_refused_once_somebody_else_was_asked() -> None:
    panel, invitations = make_invited_panel()
    _answer(invitations[0], Rsvp.DECLINED)

    assert not service.is_answerable(invitations[0], OVER + DAY)
    with pytest.raises(AnswerClosed):
        _answer(invitations[0], Rsvp.ACCEPTED)
    assert _sitting(panel) == panel.seats


def test_of_two_who_come_back_at_once_one_gets_the_seat(database: Flask) -> None:
    panel, invitations = make_invited_panel(people=4)
    for row in invitations[:2]:
        _answer(row, Rsvp.DECLINED)
    _resize(panel, 3)
    ids, panel_id = [row.id for row in invitations[:2]], panel.id
    db.session.rollback()

    def come_back(invitation_id: int) -> None:
        with unit_of_work():
            service.answer(
                get_invitation(invitation_id), Rsvp.ACCEPTED, AnswerSource.LINK, VISITOR, at=OVER + DAY
            )

    raised = at_once(database, [partial(come_back, each) for each in ids])

    assert sorted(type(error).__name__ for error in raised) == ["AnswerClosed", "NoneType"]
    assert _sitting(get_panel(panel_id)) == 3
    assert _agrees(get_panel(panel_id))


@pytest.mark.usefixtures("database")
def test_who_came_is_counted_of_who_said_yes_at_meetings_with_attendance() -> None:
    panel, invitations = make_invited_panel()
    assert measure_show_up(MEETING + DAY) == ShowUp(0, 0)
    for row in invitations[:3]:
        _answer(row, Rsvp.ACCEPTED)
    _answer(invitations[3], Rsvp.DECLINED)

    for row, is_present in ((invitations[0], True), (invitations[1], False), (invitations[3], True)):
        db.session.add(
            Attendance(
                meeting_id=panel.first_meeting.id,
                member_id=row.member_id,
                is_present=is_present,
                is_walk_in=row is invitations[3],
                source=AttendanceSource.LIST,
                marked_at=MEETING,
            )
        )
    db.session.commit()

    assert measure_show_up(MEETING + DAY) == ShowUp(expected=3, came=1)
    assert measure_show_up(MEETING) == ShowUp(0, 0)
    invitations[1].invited_at = MEETING + DAY
    assert measure_show_up(MEETING + DAY) == ShowUp(expected=2, came=1), "who was asked later is not expected"


@pytest.mark.usefixtures("database")
def test_seats_that_nobody_can_fill_are_refused_whole() -> None:
    panel, _ = make_invited_panel()
    entries = len(load_dossier(panel).entries)

    with pytest.raises(SeatsImpossible), unit_of_work():
        change_seats(
            get_panel(panel.id), 13, make_moderator(), why=ResizeReason.MORE_ROOM, words="Zaal.", at=OVER
        )

    panel = get_panel(panel.id)
    assert (panel.seats, len(load_dossier(panel).entries), _sitting(panel)) == (4, entries, 4)


def test_a_moderator_sees_what_changes_before_the_seats_are_kept(browser: Browser) -> None:
    make_site()
    panel, _ = make_invited_panel()
    panel.first_meeting.ends_at = now() + 30 * DAY + timedelta(hours=2)
    panel.first_meeting.starts_at = now() + 30 * DAY
    db.session.commit()
    path = f"/beheer/panels/{panel.id}"
    moderator = browser.sign_in(make_staff(Role.MODERATOR, Party.LANDLORD, name="Mo D."))
    page = moderator.visit(moderator.visit(path).link("Meer of minder plaatsen"))
    assert not page.has_button("Bewaar")
    refused = moderator.submit(
        moderator.submit(page, "Bekijk", seats="400", why="other", words="Zo groot mogelijk."), "Bewaar 400"
    )
    assert refused.status == 409
    assert "Kies een kleiner aantal." in refused.text
    assert "Zo groot mogelijk." in refused.text

    page = moderator.submit(
        page, "Bekijk wat er verandert", seats="6", why="show_up", words="Er komen er altijd minder."
    )
    cells = [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")]
    seats_before = get_panel(panel.id).seats
    page = moderator.submit(page, "Bewaar 6 plaatsen")

    assert cells == ["wijk Haven 2 tot 3 3 tot 5", "wijk Noord 1 tot 3 1 tot 5"]
    assert (seats_before, get_panel(panel.id).seats) == (4, 6)
    assert "Extra uitgenodigd: 2." in page.text
    assert "Van 4 naar 6 plaatsen" in page.text
    assert "Er komen er altijd minder." in page.text
    assert "Mo D." in page.text
    logged = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "panel.resized")).one()
    assert (logged.details["seats_before"], logged.details["seats"]) == (4, 6)
