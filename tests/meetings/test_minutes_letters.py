"""Who reads on paper gets the concept by letter, answers on its slip, and takes part as the others do."""

import contextvars
import io
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.invitations.channels import Channel
from forum.invitations.models import ChannelWish
from forum.kernel.actor import SYSTEM, Party, Role
from forum.kernel.clock import last_moment, local_day, now
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.meetings import letters, remarks
from forum.meetings.errors import NoMinutesLetters, WindowClosed
from forum.meetings.minutes import PointRow, draft_mark, lock_minutes, start_minutes, write_draft
from forum.meetings.minutes_page import changed_since
from forum.meetings.models import Minutes, MinutesRemark
from forum.meetings.queries import get_minutes
from forum.meetings.remarks import Given, PointAnswer
from forum.members.models import Member, MemberState
from forum.notifications.models import Notification
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_site, make_staff
from tests.support.meetings import ADDRESS, ENDS, after_window, let_all_come, make_concept, make_meeting
from tests.support.panels import make_moderator

pytestmark = pytest.mark.usefixtures("database")
LATER = ENDS + timedelta(hours=1)


def _typed(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return fields whose names have a number in them."""
    return dict(fields)


def _without_mail(*members: Member) -> None:
    for member in members:
        member.email = None
    db.session.commit()


def _agree_to_all(minutes: Minutes, member: Member) -> None:
    answers = [PointAnswer(point.id, point.version, None) for point in minutes.points]
    remarks.answer_points(minutes, Given(member.id), answers, actor_of(member), at=LATER)


def test_a_letter_goes_to_who_was_there_reads_on_paper_and_did_not_answer() -> None:
    minutes, [anna, ben, cor, dirk, els], organiser = make_concept(5)
    _without_mail(anna, ben, cor)
    ben.state = MemberState.GONE
    _agree_to_all(minutes, cor)
    db.session.add(ChannelWish(member_id=dirk.id, channel=Channel.LETTER, at=LATER))
    db.session.commit()

    printed = letters.print_letters(minutes, organiser, at=LATER)

    assert [row.member.id for row in printed] == [anna.id, dirk.id], f"not {els.id}, who gets mail"
    looks = select(AuditEntry.details).where(AuditEntry.action == "minutes_letters.printed")
    assert [look["member_ids"] for look in db.session.scalars(looks)] == [[anna.id, dirk.id]]


def test_letters_keep_their_number_until_they_are_in_the_post_and_go_once() -> None:
    minutes, [anna, *_], organiser = make_concept()
    _without_mail(anna)

    [first] = letters.print_letters(minutes, organiser, at=LATER)
    [again] = letters.print_letters(minutes, organiser, at=LATER)
    posted = [letters.mark_posted(minutes, organiser, at=LATER) for _ in range(2)]
    db.session.commit()

    assert again.letter.id == first.letter.id
    assert posted == [1, 0]
    with pytest.raises(NoMinutesLetters):
        letters.print_letters(minutes, organiser, at=LATER)


def test_nobody_else_prints_letters_and_nobody_after_the_window() -> None:
    minutes, [anna, *_], organiser = make_concept()
    _without_mail(anna)
    delegate = actor_of(make_staff(Role.DELEGATE, Party.LANDLORD))

    for action in (letters.print_letters, letters.mark_posted):
        with pytest.raises(Forbidden):
            action(minutes, delegate, at=LATER)
        with pytest.raises(WindowClosed):
            action(minutes, organiser, at=after_window(minutes))


def test_a_point_that_changed_after_the_letter_is_known() -> None:
    minutes, [anna, ben, _], organiser = make_concept()
    _without_mail(anna)
    [row] = letters.print_letters(minutes, organiser, at=LATER)
    first, second = minutes.points
    say = partial(remarks.answer_points, minutes, Given(ben.id), actor=actor_of(ben), at=LATER)
    say([PointAnswer(first.id, 1, "De lift moet nu sneller."), PointAnswer(second.id, 1, "Te licht.")])
    moved, left = db.session.query(MinutesRemark).order_by(MinutesRemark.id)

    remarks.take_over(moved, "De lift moet nu sneller.", 1, organiser, at=LATER + timedelta(hours=1))
    remarks.leave_difference(left, organiser, at=LATER + timedelta(hours=1))

    assert changed_since(minutes, row.letter.printed_at) == {first.id}
    assert changed_since(minutes, LATER + timedelta(hours=1)) == frozenset()


def test_staff_print_the_letters_say_they_are_in_the_post_and_enter_the_slip(browser: Browser) -> None:
    make_site(post_address="Postbus 12\n5600 AA Eindhoven")
    minutes, [anna, ben, _], organiser = make_concept()
    meeting_id, anna_id, name = minutes.meeting_id, anna.id, anna.display_name
    proposed = [PointAnswer(minutes.points[1].id, 1, "De hal is te licht.")]
    remarks.answer_points(minutes, Given(ben.id), proposed, actor_of(ben), at=LATER)
    remarks.leave_difference(db.session.query(MinutesRemark).one(), organiser, at=LATER)
    db.session.commit()
    with unit_of_work():
        row = get_minutes(meeting_id)
        row.closes_at = now() + timedelta(days=6)
        db.session.get_one(Member, anna_id).email = None
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    work = f"/beheer/bijeenkomsten/{meeting_id}/verslag"
    page = browser.visit(work)
    assert "1 persoon krijgt een brief." in page.text

    token = page.token
    printing = partial(browser.client.post, f"{work}/brieven", data={"csrf_token": token})
    made = contextvars.Context().run(printing)
    reader = PdfReader(io.BytesIO(made.data))
    text = " ".join("\n".join(sheet.extract_text() for sheet in reader.pages).split())
    page = browser.visit(work)
    page = browser.submit(page, "De brieven zijn op de post")

    assert reader.root_object["/StructTreeRoot"], "the PDF is tagged"
    for told in (
        "Klopt dit verslag?",
        "De lift moet sneller.",
        "Dit moet anders",
        "De hal is te licht.",
        "Postbus 12",
    ):
        assert told in text
    assert "1 brief staat als verstuurd." in page.text
    assert "Brief V1 ging" in page.text
    assert "Antwoord bij brief V1" in text
    assert not page.has_button("Maak de brieven (PDF)")
    page = browser.visit(page.link(f"van {name}"))
    assert "Dit hoort bij brief" in page.text
    answers = {f"answer-{point.id}": "agree" for point in get_minutes(meeting_id).points}
    page = browser.submit(page, "Bewaar antwoorden", source="letter", **_typed(answers))
    assert "De antwoorden van" in page.text
    assert "2 van 2" in page.text


@pytest.mark.parametrize(("by_post", "days"), [(False, 7), (True, 14)])
def test_everybody_has_time_for_the_post_when_somebody_answers_by_post(
    browser: Browser, by_post: bool, days: int
) -> None:
    make_site()
    meeting, organiser = make_meeting(), make_moderator()
    meeting.starts_at, meeting.ends_at = now() - timedelta(hours=3), now() - timedelta(hours=1)
    [anna, *_] = let_all_come(meeting, organiser)
    anna.email = None if by_post else anna.email
    draft = start_minutes(meeting, organiser, at=now())
    write_draft(draft, [PointRow(None, "De lift", "Sneller.")], draft_mark(draft.points), organiser, at=now())
    db.session.commit()
    meeting_id = meeting.id
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = browser.visit(f"/beheer/bijeenkomsten/{meeting_id}/verslag/versturen")
    browser.submit(page, "Verstuur het concept")

    assert f"Dat kan {days} dagen lang." in page.text
    assert ("Daarom duurt het een week langer." in page.text) is by_post
    assert get_minutes(meeting_id).closes_at == last_moment(local_day(now()) + timedelta(days=days))


def test_once_they_are_locked_who_was_there_gets_the_minutes_by_letter_again_answered_or_not() -> None:
    minutes, [anna, ben, cor], organiser = make_concept()
    _without_mail(anna, ben)
    _agree_to_all(minutes, ben)
    [concept] = letters.print_letters(minutes, organiser, at=LATER)
    over = after_window(minutes)

    lock_minutes(minutes, SYSTEM, address=ADDRESS, at=over)
    printed = letters.print_letters(minutes, organiser, at=over)
    again = letters.print_letters(minutes, organiser, at=over)
    posted = [letters.mark_posted(minutes, organiser, at=over) for _ in range(2)]
    db.session.commit()

    assert [row.member.id for row in printed] == [anna.id, ben.id], f"not {cor.id}, who gets mail"
    assert [row.letter.id for row in again] == [row.letter.id for row in printed]
    assert concept.letter.id not in {row.letter.id for row in printed}, "a letter of its own, with a number"
    assert posted == [2, 0]
    with pytest.raises(NoMinutesLetters):
        letters.print_letters(minutes, organiser, at=over)


@pytest.mark.parametrize(("is_on_paper", "asked"), [(True, 1), (False, 0)])
def test_organisers_hear_that_letters_wait_when_minutes_lock_by_themselves(
    is_on_paper: bool, asked: int
) -> None:
    minutes, [anna, *_], _ = make_concept()
    if is_on_paper:
        _without_mail(anna)

    lock_minutes(minutes, SYSTEM, address=ADDRESS, at=after_window(minutes))
    db.session.commit()

    told = select(Notification.member_id).where(Notification.event == "minutes-letters")
    assert db.session.scalars(told).all() == [minutes.meeting.panel.made_by_id] * asked


def test_the_letter_with_locked_minutes_asks_for_no_answer(browser: Browser) -> None:
    make_site()
    minutes, [anna, *_], _ = make_concept()
    _without_mail(anna)
    lock_minutes(minutes, SYSTEM, address=ADDRESS, at=after_window(minutes))
    db.session.commit()
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    work = f"/beheer/bijeenkomsten/{minutes.meeting_id}/verslag"
    page = browser.visit(work)
    assert "In de brief staat het verslag zoals het nu vaststaat." in page.text

    token = page.token
    printing = partial(browser.client.post, f"{work}/brieven", data={"csrf_token": token})
    made = contextvars.Context().run(printing)
    sheets = PdfReader(io.BytesIO(made.data)).pages
    text = " ".join("\n".join(sheet.extract_text() for sheet in sheets).split())
    page = browser.submit(browser.visit(work), "De brieven zijn op de post")

    assert "Het verslag staat vast" in text
    assert "De lift moet sneller." in text
    assert "Wilt u nog iets zeggen over een punt? Bel" in text
    assert "Klopt dit verslag?" not in text
    assert "Dit moet anders" not in text
    assert "Brief V1 ging" in page.text
    assert not page.has_button("Maak de brieven (PDF)")
