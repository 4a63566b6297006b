"""Calendars and invitations: files that go out and change, and the answers that come back by mail."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from icalendar import Calendar
from sqlalchemy import select

from forum.discussion.mail_cli import mail as mail_command
from forum.invitations import jobs, service
from forum.invitations.calendar_answers import receive_reply
from forum.invitations.change_queries import list_to_phone
from forum.invitations.guests import APPOINTMENTS
from forum.invitations.log_views import log_lines
from forum.invitations.meeting_changes import note_phoned
from forum.invitations.models import Invitation
from forum.invitations.queries import get_invitation, list_invitations
from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.invitations.terms import answers_by_calendar
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.mail.checks import is_still_wanted
from forum.mail.composing import compose
from forum.mail.incoming import read_incoming
from forum.mail.models import OutboxMessage, UnreachableAddress, UnreachableCause
from forum.members.models import Member
from forum.notifications.models import Notification
from forum.panels.models import Meeting, Panel
from forum.panels.queries import get_panel
from forum.web.times import show_day
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_site, make_staff, make_tenant
from tests.support.panels import OVER, make_confirmed_panel, make_debate

DOMAIN = "antwoord.example.nl"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _answering(database: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = dataclasses.replace(database.config["SETTINGS"], mail_reply_domain=DOMAIN)
    monkeypatch.setitem(database.config, "SETTINGS", settings)
    make_site()


def _invited() -> tuple[Panel, list[Invitation]]:
    """Return a panel that meets in a month, and those who are asked for it today."""
    panel = make_confirmed_panel(make_debate()[0])
    panel.first_meeting.ends_at = now() + 30 * DAY + 2 * HOUR
    panel.first_meeting.starts_at = now() + 30 * DAY
    panel.respond_by = now() + 14 * DAY
    service.invite_panel(panel, at=now())
    db.session.commit()
    return get_panel(panel.id), list(list_invitations(panel))


def _answer(invitation: Invitation, rsvp: Rsvp) -> None:
    service.answer(invitation, rsvp, AnswerSource.LINK, VISITOR, at=now())
    db.session.commit()


def _messages(template: str) -> list[OutboxMessage]:
    rows = select(OutboxMessage).where(OutboxMessage.template == f"invitations/{template}")
    return list(db.session.scalars(rows.order_by(OutboxMessage.id)).all())


def _files(message: OutboxMessage) -> list[Any]:
    """Return the calendars that go with a message, read."""
    member = db.session.get_one(Member, message.member_id)
    mail = compose(
        message.template, message.details, member, address=message.address, message_id="<1@f>", at=now()
    )
    parts = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    files: list[Any] = [Calendar.from_ical(part.get_content()) for part in parts]
    assert [part.get_param("method") for part in parts] == [file["METHOD"] for file in files]
    return files


def _event(file: Any) -> Any:
    return file.walk("VEVENT")[0]


def _change(panel: Panel, *, days: int = 0, is_cancelled: bool = False) -> None:
    """Change the meeting as its service does."""
    meeting = panel.first_meeting
    meeting.ends_at += days * DAY
    meeting.starts_at += days * DAY
    meeting.cancelled_at = now() if is_cancelled else None
    meeting.sequence += 1
    db.session.commit()


def _address(invitation_id: int) -> str:
    return APPOINTMENTS.make(answers_by_calendar().keys, invitation_id, DOMAIN)


def _reply(
    invitation: Invitation,
    partstat: str = "ACCEPTED",
    *,
    to: str = "",
    uid: str = "",
    attendee: str = "",
    sequence: int = 0,
    stamp: datetime | None = None,
) -> bytes:
    to = to or _address(invitation.id)
    stamped = (stamp or now()).strftime("%Y%m%dT%H%M%SZ")
    return (
        f"From: Agenda <{invitation.member.email}>\nTo: {to}\nMessage-ID: <a@b>\n"
        "Auto-Submitted: auto-generated\n"
        "Content-Type: text/calendar; method=REPLY; charset=utf-8\n\n"
        "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VEVENT\n"
        f"UID:{uid or invitation.panel.first_meeting.uid}\nDTSTAMP:{stamped}\nSEQUENCE:{sequence}\n"
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{attendee or invitation.member.email}\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    ).encode()


def _receive(raw: bytes) -> None:
    receive_reply(read_incoming(raw), at=now())
    db.session.commit()


def test_an_invitation_asks_by_calendar_and_the_answer_that_is_mailed_is_recorded_once() -> None:
    _panel, invitations = _invited()
    invitation_id = invitations[0].id
    [file] = _files(_messages("invitation_sent")[0])
    organizer = str(_event(file)["ORGANIZER"]).removeprefix("mailto:")
    raw = _reply(invitations[0], to=organizer)
    db.session.rollback()

    runner = current_app.test_cli_runner()
    results = [runner.invoke(mail_command, ["receive"], input=raw) for _ in range(2)]

    assert [result.exit_code for result in results] == [0, 0]
    invitation = get_invitation(invitation_id)
    assert (invitation.state, invitation.answer_source) == (InvitationState.ACCEPTED, AnswerSource.CALENDAR)
    [confirmed] = _messages("answer_confirmed")
    [file] = _files(confirmed)
    assert _event(file)["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_a_no_by_calendar_fills_the_seat_and_takes_the_meeting_out() -> None:
    panel, invitations = _invited()

    _receive(_reply(invitations[0], "DECLINED"))

    assert get_invitation(invitations[0].id).state is InvitationState.DECLINED
    assert len(list_invitations(panel)) == panel.seats + 1
    [message] = _messages("answer_declined")
    [file] = _files(message)
    assert (file["METHOD"], _event(file)["SEQUENCE"]) == ("CANCEL", 1)
    assert _event(file)["ATTENDEE"].params["PARTSTAT"] == "DECLINED"


def test_perhaps_is_noted_and_leaves_the_seat_and_the_question_open() -> None:
    panel, invitations = _invited()

    _receive(_reply(invitations[0], "TENTATIVE"))
    noted = (invitations[0].state, invitations[0].rsvp, invitations[0].answer_source)
    _receive(_reply(invitations[0], "ACCEPTED"))

    assert noted == (InvitationState.OPEN, Rsvp.TENTATIVE, AnswerSource.CALENDAR)
    assert invitations[0].state is InvitationState.ACCEPTED
    assert len(list_invitations(panel)) == panel.seats


def test_an_answer_that_is_not_right_changes_nothing_and_breaks_nothing() -> None:
    panel, invitations = _invited()
    row, other = invitations[:2]
    of_other = _address(other.id)
    wrong = [
        _reply(row, to="afspraak-1-abcdef@antwoord.example.nl"),
        _reply(row, to=APPOINTMENTS.make(["z" * 40], row.id, DOMAIN)),
        _reply(row, to=_address(999_999)),
        _reply(row, to=of_other),
        _reply(row, uid="iets-anders"),
        _reply(row, attendee="iemand@anders.nl"),
        _reply(row, sequence=-1),
        _reply(row, "NEEDS-ACTION"),
        _reply(row, "DELEGATED"),
        _reply(row).replace(b"DTSTAMP", b"X"),
    ]

    for raw in wrong:
        _receive(raw)

    assert {one.state for one in list_invitations(panel)} == {InvitationState.OPEN}
    assert {one.rsvp for one in list_invitations(panel)} == {Rsvp.NEEDS_ACTION}


def test_an_answer_too_late_or_to_an_earlier_version_or_from_before_another_answer_is_passed_over() -> None:
    panel, invitations = _invited()
    for row in invitations[:2]:
        _answer(row, Rsvp.ACCEPTED)
    invitations[2].respond_by = now() - HOUR
    db.session.commit()

    _receive(_reply(invitations[0], "DECLINED", stamp=now() - HOUR))
    _receive(_reply(invitations[2]))
    _change(panel, days=1)
    _receive(_reply(invitations[1], "DECLINED", sequence=0))

    states = [row.state for row in list_invitations(panel)]
    assert states == [InvitationState.ACCEPTED] * 2 + [InvitationState.OPEN] * 2


def test_no_to_one_evening_of_a_series_is_no_no_to_the_panel() -> None:
    panel, invitations = _invited()
    later = now() + 60 * DAY
    panel.meetings.append(Meeting(starts_at=later, ends_at=later + HOUR, place="Elders", uid="tweede@forum"))
    db.session.commit()

    _receive(_reply(invitations[0], "DECLINED", uid="tweede@forum"))
    _receive(_reply(invitations[1], "ACCEPTED", uid="tweede@forum"))

    states = [row.state for row in list_invitations(panel)[:2]]
    assert states == [InvitationState.OPEN, InvitationState.ACCEPTED]


def test_no_to_the_one_evening_planned_is_no_no_to_a_panel_that_lives_on() -> None:
    panel, invitations = _invited()
    panel.rules = {**panel.rules, "end": "advice"}
    db.session.commit()

    _receive(_reply(invitations[0], "DECLINED"))

    assert invitations[0].state is InvitationState.OPEN


def _log(invitation: Invitation) -> list[tuple[str, str]]:
    """Return what the log of an invitation says of answers, and by whom, oldest first."""
    return [(str(line["what"]), str(line["by"])) for line in log_lines(invitation) if not line["outcome"]]


def test_every_answer_of_a_calendar_is_in_the_log_also_what_does_not_count() -> None:
    panel, invitations = _invited()
    late, doubts, series = invitations[:3]
    later = now() + 60 * DAY
    name = doubts.member.display_name

    _receive(_reply(doubts, "TENTATIVE"))
    _receive(_reply(doubts, "ACCEPTED"))
    _receive(_reply(doubts, "TENTATIVE"))
    late.respond_by = now() - HOUR
    db.session.commit()
    _receive(_reply(late, "ACCEPTED"))
    _receive(_reply(late, "NEEDS-ACTION"))
    jobs.expire_unanswered(at=now())
    panel.meetings.append(Meeting(starts_at=later, ends_at=later + HOUR, place="Elders", uid="tweede@forum"))
    db.session.commit()
    _receive(_reply(series, "DECLINED", uid="tweede@forum"))

    assert _log(doubts) == [
        ("Zei misschien, via de agenda.", name),
        ("Zei ja, via de agenda.", name),
        ("Zei misschien, via de agenda.", name),
    ]
    assert doubts.state is InvitationState.ACCEPTED
    assert _log(late) == [
        ("Antwoordde via de agenda, maar dat kon niet meer.", late.member.display_name),
        ("Antwoordde niet op tijd.", ""),
    ]
    assert _log(series) == [
        (
            f"Kan niet op {show_day(later)}, via de agenda. Dat is geen nee voor het panel.",
            series.member.display_name,
        )
    ]


@pytest.mark.parametrize("partstat", ["TENTATIVE", "DECLINED"])
def test_a_mail_that_comes_in_twice_is_one_line_in_the_log(partstat: str) -> None:
    panel, [row, *_] = _invited()
    panel.rules = {**panel.rules, "end": "advice"}  # so that no to one evening is no no to the panel
    db.session.commit()
    raw = _reply(row, partstat)

    for _ in range(2):
        _receive(raw)

    assert len(_log(row)) == 1


def test_the_page_of_the_log_says_maybe_as_long_as_that_is_the_answer(browser: Browser) -> None:
    panel, invitations = _invited()
    _receive(_reply(invitations[0], "TENTATIVE"))
    path = f"/panels/{panel.id}/uitnodigingen/{invitations[0].id}"

    page = browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS)).visit(path)

    assert "Misschien" in page.text
    assert "Zei misschien, via de agenda." in page.text


def test_changes_are_mailed_once_together_to_who_has_a_seat_and_to_nobody_else() -> None:
    panel, invitations = _invited()
    _answer(invitations[0], Rsvp.ACCEPTED)
    _answer(invitations[1], Rsvp.DECLINED)
    seated = {row.member_id for row in list_invitations(panel)} - {invitations[1].member_id}
    jobs.tell_meeting_changes(at=now())
    before = len(_messages("meetings_changed"))

    _change(panel, days=1)
    _change(panel, days=1)
    jobs.tell_meeting_changes(at=now())
    jobs.tell_meeting_changes(at=now())

    mails = _messages("meetings_changed")
    assert before == 0
    assert sorted(message.member_id or 0 for message in mails) == sorted(seated)
    mail = next(message for message in mails if message.member_id == invitations[0].member_id)
    [file] = _files(mail)
    assert (file["METHOD"], _event(file)["SEQUENCE"]) == ("REQUEST", 2)
    assert _event(file)["DTSTART"].dt == get_panel(panel.id).first_meeting.starts_at.replace(microsecond=0)
    _answer(invitations[0], Rsvp.DECLINED)
    assert not is_still_wanted(mail.template, mail.details, invitations[0].member)


def test_a_cancelled_meeting_is_taken_out_of_calendars_once_and_a_new_one_is_put_in() -> None:
    panel, invitations = _invited()
    later = now() + 60 * DAY
    panel.meetings.append(Meeting(starts_at=later, ends_at=later + HOUR, place="Elders", uid="tweede@forum"))
    _change(panel, is_cancelled=True)

    jobs.tell_meeting_changes(at=now())
    jobs.tell_meeting_changes(at=now())

    mails = _messages("meetings_changed")
    assert len(mails) == len(invitations)
    assert [file["METHOD"] for file in _files(mails[0])] == ["CANCEL", "REQUEST"]
    member = db.session.get_one(Member, mails[0].member_id)
    text = compose(
        mails[0].template, mails[0].details, member, address="a@b.nl", message_id="<1@f>", at=now()
    )
    body = text.get_body(("plain",))
    assert body is not None
    assert "Gaat niet door:" in body.get_content()
    assert "Waar: Elders" in body.get_content()


@pytest.mark.parametrize(
    ("is_cancelled", "subject", "asked"),
    [
        pytest.param(True, "Gaat niet door: ", "U hoeft hiervoor niets te doen.", id="cancelled"),
        pytest.param(False, "De afspraak is veranderd: ", "Wij hebben nog geen antwoord van u.", id="moved"),
    ],
)
def test_a_mail_says_first_whether_people_meet_at_all(is_cancelled: bool, subject: str, asked: str) -> None:
    panel, _ = _invited()
    _change(panel, days=0 if is_cancelled else 1, is_cancelled=is_cancelled)
    jobs.tell_meeting_changes(at=now())
    [message, *_] = _messages("meetings_changed")
    member = db.session.get_one(Member, message.member_id)

    mail = compose(message.template, message.details, member, address="a@b.nl", message_id="<1@f>", at=now())

    assert str(mail["subject"]) == f"{subject}{panel.title}"
    for part in (mail.get_body(("plain",)), mail.get_body(("html",))):
        assert part is not None
        assert asked in part.get_content()


def test_who_comes_back_is_asked_by_calendar_later_than_they_were_taken_out() -> None:
    panel = make_confirmed_panel(make_debate(4)[0])
    service.invite_panel(panel, at=OVER)
    row = list_invitations(panel)[0]
    for rsvp in (Rsvp.DECLINED, Rsvp.ACCEPTED):
        service.answer(row, rsvp, AnswerSource.LINK, VISITOR, at=OVER)
    panel.first_meeting.ends_at = now() + 30 * DAY + HOUR
    panel.first_meeting.starts_at = now() + 30 * DAY
    db.session.commit()

    [taken_out], [put_in] = _files(_messages("answer_declined")[0]), _files(_messages("answer_confirmed")[0])

    assert _event(put_in)["SEQUENCE"] == 2
    assert put_in["METHOD"] == "REQUEST"
    assert taken_out["METHOD"] == "CANCEL"


def test_whom_no_mail_reaches_stands_on_a_list_to_phone_until_they_were_told(browser: Browser) -> None:
    panel, invitations = _invited()
    invitations[0].member.email = None
    db.session.add(
        UnreachableAddress(address=invitations[1].member.email, cause=UnreachableCause.BOUNCED, at=now())
    )
    _change(panel, days=1)
    ids, name, seats = [row.id for row in invitations], invitations[0].member.display_name, panel.seats
    moderator = browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    jobs.tell_meeting_changes(at=now())
    mailed = len(_messages("meetings_changed"))
    page = moderator.visit(f"/beheer/panels/{panel.id}/uitnodigingen")
    to_phone = [row.id for row in list_to_phone(panel, now())]
    page = moderator.submit(page, f"Verteld aan {name}")

    assert (mailed, to_phone) == (seats - 2, ids[:2])
    assert "de verandering is verteld" in page.text
    assert [row.id for row in list_to_phone(get_panel(panel.id), now())] == [ids[1]]
    with pytest.raises(Forbidden):
        note_phoned(get_invitation(ids[1]), actor_of(make_tenant()), at=now())


def _told_of(event: str) -> list[int]:
    db.session.expire_all()
    rows = select(Notification).where(Notification.event == event).order_by(Notification.member_id)
    told = db.session.scalars(rows).all()
    assert all(row.mail_as is None for row in told), "they have a mail of its own, or none reaches them"
    return [row.member_id for row in told]


@pytest.mark.parametrize(
    ("is_cancelled", "event"), [(False, "changed"), (True, "cancelled")], ids=["another day", "cancelled"]
)
def test_who_has_a_seat_or_no_answer_yet_is_told_on_the_forum_once_and_by_one_mail(
    is_cancelled: bool, event: str
) -> None:
    panel, invitations = _invited()
    _answer(invitations[0], Rsvp.ACCEPTED)
    _answer(invitations[1], Rsvp.DECLINED)
    invitations[2].member.email = None
    _change(panel, days=1, is_cancelled=is_cancelled)
    seated = sorted({row.member_id for row in list_invitations(panel)} - {invitations[1].member_id})

    for _ in range(2):
        jobs.tell_meeting_changes(at=now())

    mailed = sorted(message.member_id or 0 for message in _messages("meetings_changed"))
    assert _told_of(event) == seated
    assert mailed == [number for number in seated if number != invitations[2].member_id]
    assert [row.id for row in list_to_phone(get_panel(panel.id), now())] == [invitations[2].id]


def test_who_was_told_on_the_forum_is_not_told_there_again_when_mail_reaches_them() -> None:
    panel, invitations = _invited()
    member, address = invitations[0].member, invitations[0].member.email
    member.email = None
    _change(panel, days=1)
    jobs.tell_meeting_changes(at=now())
    member.email = address
    db.session.commit()

    jobs.tell_meeting_changes(at=now())
    _change(panel, days=1)
    jobs.tell_meeting_changes(at=now())

    assert _told_of("changed").count(member.id) == 2
    assert [row.member_id for row in _messages("meetings_changed")].count(member.id) == 2
