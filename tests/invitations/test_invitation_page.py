"""What somebody who is invited reads, in the mail and on the page of the link."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from forum.invitations.models import Invitation
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.mail.composing import Draft, draft_message
from forum.mail.contents import whole_details
from forum.mail.models import OutboxMessage
from forum.members.models import Member
from tests.support.browser import Browser
from tests.support.cast import make_site, make_staff
from tests.support.panels import make_invited_panel

LAST_DAY = datetime(2100, 1, 31, 22, 59, tzinfo=UTC)


@pytest.fixture
def message(browser: Browser) -> OutboxMessage:
    """Return the message with the first invitation; there is time to answer it."""
    make_site()
    for row in make_invited_panel()[1]:
        row.respond_by = LAST_DAY
    db.session.commit()
    first = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()
    assert first is not None
    return first


def _draft(message: OutboxMessage, **details: str) -> Draft:
    member = db.session.get_one(Member, message.member_id)
    whole = whole_details(message.template, {**message.details, **details}, member)
    return draft_message(message.template, whole, member)


def test_the_page_says_for_whom_it_is_and_what_a_panel_asks(browser: Browser, message: OutboxMessage) -> None:
    member = db.session.get_one(Member, message.member_id)
    name = member.display_name

    page = browser.visit(f"/uitnodiging/{message.details['token']}")

    assert f"Voor: {name}" in page.text
    assert "Een panel is een groep huurders die één keer bij elkaar komt." in page.text


def test_the_page_warns_before_the_answer_that_a_no_frees_the_seat(
    browser: Browser, message: OutboxMessage
) -> None:
    page = browser.visit(f"/uitnodiging/{message.details['token']}")

    before_the_button = page.text.partition("Verstuur antwoord")[0]
    assert "Zegt u nee? Dan vragen wij meteen iemand anders." in before_the_button
    assert "Terug kan alleen als er een plaats vrij blijft." in before_the_button


def test_who_says_yes_on_a_page_of_their_own_reads_what_they_can_do_next(
    browser: Browser, message: OutboxMessage
) -> None:
    member = db.session.get_one(Member, message.member_id)
    invitation = db.session.scalars(select(Invitation).where(Invitation.member_id == member.id)).one()
    meeting = invitation.panel.meetings[0]
    meeting.starts_at, meeting.ends_at = LAST_DAY, LAST_DAY + timedelta(hours=2)
    db.session.commit()
    page = browser.sign_in(member).visit(f"/mijn/uitnodigingen/{invitation.id}")

    page = browser.submit(page, "Verstuur antwoord", rsvp="ACCEPTED")

    assert "Fijn dat u komt." in page.text
    assert browser.visit(page.link("Zeg wat u nodig hebt")).status == 200
    assert "BEGIN:VCALENDAR" in browser.visit(page.link("Zet de afspraak in uw agenda")).html


def test_the_log_tells_of_an_answer_before_the_mail_about_it(
    browser: Browser, message: OutboxMessage
) -> None:
    member = db.session.get_one(Member, message.member_id)
    invitation = db.session.scalars(select(Invitation).where(Invitation.member_id == member.id)).one()
    page = browser.visit(f"/uitnodiging/{message.details['token']}")
    browser.submit(page, "Verstuur antwoord", rsvp="DECLINED")

    moderator = browser.another().sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    log = moderator.visit(f"/panels/{invitation.panel_id}/uitnodigingen/{invitation.id}")

    told = [row.get_text(" ", strip=True) for row in log.soup.select("tbody tr")]
    assert "Zei nee" in told[-2]
    assert "E-mail dat de afmelding bekend is" in told[-1]


def test_page_and_mail_say_the_last_day_without_a_time(browser: Browser, message: OutboxMessage) -> None:
    draft = _draft(message, respond_by=LAST_DAY.isoformat())

    page = browser.visit(f"/uitnodiging/{message.details['token']}")

    for text in (page.text, draft.text, draft.html):
        assert "Geef uiterlijk 31 januari 2100 antwoord" in text


def test_the_mail_has_a_button_and_the_address_written_out(message: OutboxMessage) -> None:
    html = _draft(message).html

    address = f"/uitnodiging/{message.details['token']}"
    assert f'{address}">Ja of nee zeggen</a>' in html
    assert 'class="button"' in html
    assert f"{address}</p>" in html
