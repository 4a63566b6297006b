"""A panel that lives on asks somebody for a seat after its first meeting: when they hear to come."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from icalendar import Calendar
from sqlalchemy import select

from forum.invitations import jobs, service, withdrawing
from forum.invitations.channels import Channel, WithdrawReason
from forum.invitations.models import Invitation
from forum.invitations.queries import list_invitations
from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.mail.composing import compose
from forum.mail.models import OutboxMessage
from forum.meetings.service import MeetingPlan, add_meeting, cancel_meeting
from forum.members.models import Member, MemberState
from forum.panels.entries import get_rules
from forum.panels.models import Meeting, Panel
from forum.panels.queries import get_panel
from forum.web import pdf
from forum.web.times import show_time, show_weekday
from tests.support.browser import Browser
from tests.support.cast import make_complex, make_household, make_site, make_staff
from tests.support.panel_forms import confirm, make_application, make_council, make_rater, rate_all
from tests.support.panels import PLAN, make_moderator

pytestmark = pytest.mark.usefixtures("database")

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FOLLOWS = "De dag volgt."
ONCE = "één keer bij elkaar"
OFTEN = "Dit panel is een groep huurders die elke 3 maanden bij elkaar komt."


def _council(*, by_mail: bool = True) -> Panel:
    """Return a council that met months ago; three flats wanted its two seats, and all of it was invited."""
    make_site()
    panel, home = make_council(), make_complex("De Kade", "Haven")
    groups = ("Flat", "Flat", "Flat", "Woning")
    tenants = [make_application(panel, group) for group in groups]
    for tenant in tenants:
        tenant.household = make_household(home)
        tenant.email = tenant.email if by_mail else None
    db.session.commit()
    for name in ("Anna", "Bert"):
        rate_all(panel, make_rater(panel, name), {tenant.id: 90 - tenant.id for tenant in tenants})
    panel = confirm(panel)
    service.invite_panel(panel, at=PLAN.respond_by - 10 * DAY)
    for row in list_invitations(panel):
        service.answer(row, Rsvp.ACCEPTED, AnswerSource.LINK, VISITOR, at=PLAN.respond_by - DAY)
    db.session.commit()
    assert panel.first_meeting.ends_at < now()
    return get_panel(panel.id)


def _plan(panel: Panel, starts_at: datetime, place: str = "Wijkcentrum") -> Meeting:
    meeting = add_meeting(
        panel, MeetingPlan(starts_at, starts_at + HOUR, place, ""), make_moderator(), at=now() - 400 * DAY
    )
    db.session.commit()
    db.session.expire_all()
    return meeting


def _free_a_seat(panel: Panel, at: datetime | None = None) -> Invitation:
    """Let somebody of the flats leave; return the invitation of who is asked in their place."""
    leaver = list_invitations(panel)[0]
    service.answer(leaver, Rsvp.DECLINED, AnswerSource.LINK, VISITOR, at=at or now())
    db.session.commit()
    asked = list_invitations(panel)[-1]
    assert asked.is_promoted
    return asked


def _last_message(template: str) -> OutboxMessage:
    rows = select(OutboxMessage).where(OutboxMessage.template == f"invitations/{template}")
    return db.session.scalars(rows.order_by(OutboxMessage.id.desc()).limit(1)).one()


def _mail(template: str) -> tuple[str, str, list[Any]]:
    """Return both texts of the last mail of a kind as it leaves now, and the moments in its calendars."""
    row = _last_message(template)
    member = db.session.get_one(Member, row.member_id)
    mail = compose(row.template, row.details, member, address=row.address, message_id="<1@f>", at=now())
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    files = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    return plain.get_content(), html.get_content(), [_start(file.get_content()) for file in files]


def _start(content: bytes | str) -> datetime:
    file: Any = Calendar.from_ical(content)
    moment: datetime = file.walk("VEVENT")[0]["DTSTART"].dt
    return moment


def _printed(panel: Panel, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the letters of a panel that wait, as the page to print them says."""
    monkeypatch.setattr(pdf, "make_private_pdf", Mock(side_effect=pdf.PdfUnavailable))
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.submit(browser.visit(f"/beheer/panels/{panel.id}/brieven"), "Maak de brieven")
    return browser.submit(page, "Geef de brieven als PDF", reason="to_send").text


def test_the_mail_the_page_and_the_calendar_name_the_next_meeting(browser: Browser) -> None:
    panel, next_at = _council(), (now() + 20 * DAY).replace(minute=0, second=0, microsecond=0)
    past = show_weekday(panel.first_meeting.starts_at)
    _plan(panel, next_at + 90 * DAY, "Kerkzaal")
    _plan(panel, next_at)

    asked = _free_a_seat(panel)

    plain, html, starts = _mail("invitation_sent")
    token = _last_message("invitation_sent").details["token"]
    page = browser.visit(f"/uitnodiging/{token}")
    own = browser.another().sign_in(asked.member).visit(f"/mijn/uitnodigingen/{asked.id}")
    public = browser.another().sign_in(asked.member).visit(f"/panels/{panel.id}")
    for text in (plain, html, page.text, own.text, public.text):
        assert show_weekday(next_at) in text
        assert show_time(next_at) in text
        assert "Wijkcentrum" in text
    for text in (plain, html, page.text, own.text):
        assert past not in text
        assert ONCE not in text
        assert OFTEN in text
        assert "Het panel gaat door tot en met" in text
    assert starts == [next_at, next_at + 90 * DAY]
    for path in (f"/uitnodiging/{token}/agenda.ics", f"/panels/{panel.id}/agenda.ics"):
        assert _start(browser.another().sign_in(asked.member).visit(path).html) == next_at


def test_with_no_meeting_planned_mail_page_and_confirmation_say_that_the_day_follows(
    browser: Browser,
) -> None:
    panel = _council()
    past = show_weekday(panel.first_meeting.starts_at)

    asked = _free_a_seat(panel)

    token = _last_message("invitation_sent").details["token"]
    plain, html, starts = _mail("invitation_sent")
    page = browser.visit(f"/uitnodiging/{token}")
    public = browser.another().sign_in(asked.member).visit(f"/panels/{panel.id}")
    calendar = browser.another().visit(f"/uitnodiging/{token}/agenda.ics")
    answered = browser.submit(page, "Verstuur antwoord", rsvp="ACCEPTED")
    confirmed, confirmed_html, confirmed_starts = _mail("answer_confirmed")
    for text in (plain, html, page.text, public.text, answered.text, confirmed, confirmed_html):
        assert FOLLOWS in text
    for text in (plain, html, page.text, answered.text, confirmed, confirmed_html):
        assert past not in text
    assert starts == confirmed_starts == []
    assert not page.has_link("Zet de afspraak in uw agenda")
    assert calendar.status == 404
    assert "In de bijlage zit de afspraak" not in confirmed + confirmed_html
    assert asked.channel is Channel.EMAIL


@pytest.mark.parametrize("is_planned", [True, False])
def test_the_letter_and_the_words_to_say_by_phone_name_the_next_meeting(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, is_planned: bool
) -> None:
    panel, next_at = _council(by_mail=False), now() + 20 * DAY
    past = show_weekday(panel.first_meeting.starts_at)
    if is_planned:
        _plan(panel, next_at)
    asked = _free_a_seat(panel)

    letter = _printed(panel, browser, monkeypatch)
    call = browser.visit(f"/beheer/uitnodigingen/{asked.id}/bellen").text

    assert asked.channel is Channel.LETTER
    for text in (letter, call):
        assert (show_weekday(next_at) in text) is is_planned
        assert (FOLLOWS in text) is not is_planned
        assert past not in text
        assert ONCE not in text
        assert OFTEN in text


def test_who_leaves_before_a_day_is_planned_is_not_told_that_a_file_comes_along() -> None:
    panel = _council()
    asked = _free_a_seat(panel)
    withdrawing.withdraw(
        list_invitations(panel)[1], WithdrawReason.CONFLICT_OF_INTEREST, make_moderator(), at=now()
    )
    service.answer(asked, Rsvp.DECLINED, AnswerSource.LINK, VISITOR, at=now())
    db.session.commit()

    for template in ("answer_declined", "invitation_withdrawn"):
        plain, html, starts = _mail(template)
        assert starts == []
        assert "bijlage" not in plain + html
        assert show_weekday(panel.first_meeting.starts_at) not in plain + html


def test_a_mail_that_waited_names_what_comes_next_when_it_leaves() -> None:
    panel, next_at = _council(), now() + 20 * DAY
    _free_a_seat(panel)

    _plan(panel, next_at)

    assert show_weekday(next_at) in _mail("invitation_sent")[0]


def test_a_meeting_that_was_cancelled_is_not_the_next_one() -> None:
    panel = _council()
    nearer, later = _plan(panel, now() + 10 * DAY), _plan(panel, now() + 30 * DAY)

    cancel_meeting(nearer, "De zaal is dicht.", make_moderator(), at=now())

    assert panel.next_meeting(now()) is later


@pytest.mark.parametrize(
    ("days_before", "until"),
    [
        pytest.param(20, 5 * DAY, id="far from the next meeting: the claim window"),
        pytest.param(4, 2 * DAY, id="near it: half of what is left"),
        pytest.param(0.5, DAY, id="too near for an honest chance: past it, the panel goes on"),
        pytest.param(None, 5 * DAY, id="none planned: the claim window"),
    ],
)
def test_a_reserve_has_as_long_as_the_next_meeting_leaves(
    days_before: float | None, until: timedelta
) -> None:
    panel, at = _council(), now().replace(minute=0, second=0, microsecond=0)
    if days_before is not None:
        _plan(panel, at + days_before * DAY)

    asked = _free_a_seat(panel, at)

    assert asked.respond_by == at + until


def test_between_two_meetings_the_seat_of_who_left_the_register_comes_free() -> None:
    panel = _council()
    gone = list_invitations(panel)[0]
    gone.member.state = MemberState.GONE
    db.session.commit()

    jobs.end_for_the_gone(at=now())

    assert gone.state is InvitationState.WITHDRAWN
    assert list_invitations(panel)[-1].is_promoted


def test_a_council_gets_no_seat_more_than_its_groups_have(browser: Browser) -> None:
    panel = _council()
    moderator = browser.sign_in(make_staff(Role.MODERATOR, Party.LANDLORD))
    page = moderator.visit(f"/beheer/panels/{panel.id}/plaatsen")

    refused = moderator.submit(page, "Bekijk wat er verandert", seats="4", why="more_room", words="De zaal.")

    assert "Daarom stellen wij geen extra mensen voor." in page.text
    assert refused.status == 422
    assert "Dit panel heeft hooguit 3 plaatsen." in refused.text


def test_a_moderator_reads_with_how_many_seats_a_reserve_does_fit(browser: Browser) -> None:
    panel = _council()
    leaving = {row.pseudonym: row for row in list_invitations(panel)}
    groups = {row["id"]: row["attrs"]["group"] for row in get_rules(panel)["candidates"]}
    [home] = [row for key, row in leaving.items() if groups[key] == "Woning"]
    flat = next(row for key, row in leaving.items() if groups[key] == "Flat")
    for row in (home, flat):
        row.state, row.rsvp = InvitationState.DECLINED, Rsvp.DECLINED
    service.fill_free_seats(panel, at=now())
    db.session.commit()
    moderator = browser.sign_in(make_staff(Role.MODERATOR, Party.LANDLORD))

    page = moderator.visit(f"/beheer/panels/{panel.id}")
    seats = moderator.visit(page.link("Maak er 2 plaatsen van"))
    asked: dict[str, Any] = {"seats": "2", "why": "other", "words": "Dan past er een reserve."}
    kept = moderator.submit(moderator.submit(seats, "Bekijk", **asked), "Bewaar 2 plaatsen")

    assert "2 vrije plaatsen konden niet worden gevuld" in page.text
    assert "Extra uitgenodigd: 1." in kept.text
    assert "konden niet worden gevuld" not in kept.text
