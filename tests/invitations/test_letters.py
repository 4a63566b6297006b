"""Letters from the batch to the envelope, and back; their codes; nobody gets two, nobody who should not."""

import contextvars
import io
import re
from functools import partial

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from forum.accounts.rules import shown_code
from forum.audit.models import AuditEntry
from forum.invitations import letters, service
from forum.invitations.calling import record_call
from forum.invitations.channels import CallOutcome, Channel, LetterState, PrintReason
from forum.invitations.errors import BatchPosted, LetterNotThere, NoLetters
from forum.invitations.letter_queries import find_by_code, find_letter, list_letters_in
from forum.invitations.models import Invitation, InvitationLetter, InvitationLink
from forum.invitations.queries import get_invitation, list_invitations
from forum.invitations.reaching import let_post_go, reach_of_one
from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.members.models import MemberState
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.rules import PanelState
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_complex, make_household, make_site, make_staff, make_tenant
from tests.support.panels import OVER, make_confirmed_panel, make_debate, make_moderator
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")


def _panel_by_letter() -> tuple[Panel, list[Invitation]]:
    """Return a panel of four who were all asked by letter, and may answer still."""
    thread, tenants = make_debate()
    for tenant in tenants:
        tenant.email = None
    db.session.commit()
    panel = make_confirmed_panel(thread)
    service.invite_panel(panel, at=OVER)
    panel.first_meeting.ends_at = now().replace(year=2100)
    panel.first_meeting.starts_at = now().replace(year=2099)
    rows = list(list_invitations(panel))
    for row in rows:
        row.respond_by = now().replace(year=2098)
    db.session.commit()
    return get_panel(panel.id), rows


def _states(panel: Panel) -> list[LetterState]:
    db.session.expire_all()
    found = select(InvitationLetter).order_by(InvitationLetter.id)
    return [row.state for row in db.session.scalars(found) if row.invitation.panel_id == panel.id]


def test_a_batch_is_printed_posted_once_and_its_letters_come_back_to_the_phone() -> None:
    panel, rows = _panel_by_letter()
    moderator = make_moderator()

    batch = letters.make_batch(panel, moderator, at=OVER)
    first = letters.print_letters(batch, None, PrintReason.TO_SEND, moderator, at=OVER)
    again = letters.print_letters(batch, first[1].letter.id, PrintReason.PRINTER_FAILED, moderator, at=OVER)
    assert _states(panel) == [LetterState.BATCHED] * 4, "nothing counts as sent after printing"
    posted = letters.confirm_posted(batch, moderator, at=OVER)
    letters.record_return(first[0].letter, moderator, at=OVER)
    db.session.commit()

    assert (len(first), len(again), posted.sent) == (4, 1, 4)
    assert _states(panel) == [LetterState.RETURNED, *[LetterState.POSTED] * 3]
    returned = get_invitation(rows[0].id)
    assert (returned.channel, reach_of_one(returned.member).by_post) == (Channel.PHONE, False)
    for refused in (
        partial(letters.confirm_posted, batch, moderator, at=OVER),
        partial(letters.print_letters, batch, None, PrintReason.LOST, moderator, at=OVER),
    ):
        with pytest.raises(BatchPosted):
            refused()
    with pytest.raises(LetterNotThere):
        letters.record_return(first[0].letter, moderator, at=OVER)
    with pytest.raises(NoLetters):
        letters.make_batch(panel, moderator, at=OVER)
    let_post_go(returned, moderator, at=OVER)
    assert reach_of_one(returned.member).by_post
    looks = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "letters.printed")).all()
    found = [(len(look["letters"]), look["reason"]) for look in looks]
    assert found == [(4, "to_send"), (1, "printer_failed")]


def test_what_changed_since_the_letter_was_queued_or_printed_counts_before_it_goes() -> None:
    panel, rows = _panel_by_letter()
    moderator = make_moderator()
    gone, answered, moved, stays = rows
    gone.member.state = MemberState.GONE
    db.session.commit()

    batch = letters.make_batch(panel, moderator, at=OVER)
    letters.print_letters(batch, None, PrintReason.TO_SEND, moderator, at=OVER)
    service.answer(answered, Rsvp.ACCEPTED, AnswerSource.LINK, VISITOR, at=OVER)
    moved.member.household = make_household(make_complex("De Kade", "Haven"))
    posted = letters.confirm_posted(batch, moderator, at=OVER)
    db.session.commit()

    assert (posted.sent, len(posted.dropped), len(posted.redone)) == (1, 1, 1)
    states = {row.invitation_id: row.state for row in db.session.query(InvitationLetter)}
    assert states == {
        gone.id: LetterState.DROPPED,
        answered.id: LetterState.DROPPED,
        moved.id: LetterState.WAITING,
        stays.id: LetterState.POSTED,
    }


def test_a_letter_that_was_never_printed_is_not_posted() -> None:
    panel, _ = _panel_by_letter()
    batch = letters.make_batch(panel, make_moderator(), at=OVER)

    posted = letters.confirm_posted(batch, make_moderator(), at=OVER)

    assert (posted.sent, len(posted.redone)) == (0, 4)
    assert len(list_letters_in(letters.make_batch(panel, make_moderator(), at=OVER))) == 4


def test_two_who_make_batches_at_once_never_get_the_same_letter(database: Flask) -> None:
    panel, _ = _panel_by_letter()
    panel_id, moderator = panel.id, make_moderator()
    db.session.rollback()

    def make() -> None:
        with unit_of_work():
            letters.make_batch(get_panel(panel_id), moderator, at=OVER)

    raised = at_once(database, [make, make])

    assert [type(error) for error in raised if error] == [NoLetters]
    assert _states(get_panel(panel_id)) == [LetterState.BATCHED] * 4


def test_a_code_is_stored_as_a_hash_and_works_with_the_postcode_of_its_letter_only() -> None:
    panel, rows = _panel_by_letter()
    batch = letters.make_batch(panel, make_moderator(), at=OVER)
    printed = letters.print_letters(batch, None, PrintReason.TO_SEND, make_moderator(), at=OVER)
    one, other = printed[0], printed[1]
    db.session.commit()

    typed = shown_code(one.code).lower().replace("-", " ")
    found = find_by_code(typed, f" {one.home.postcode.lower()} ")

    assert found is not None
    assert found.id == rows[0].id
    assert find_by_code(one.code, other.home.postcode) is None
    assert find_by_code("BCDFGHJKLMNP", one.home.postcode) is None
    stored = {(link.code_hash, link.token_hash) for link in db.session.query(InvitationLink)}
    assert not any(one.code in pair or one.token in pair for pair in stored)
    assert [find_letter(panel, text) for text in (typed, str(other.letter.id), "99999")] == [
        one.letter,
        other.letter,
        None,
    ]


def test_only_who_invites_prints_letters() -> None:
    panel, _ = _panel_by_letter()
    outsider = actor_of(make_tenant())
    batch = letters.make_batch(panel, make_moderator(), at=OVER)

    for act in (
        partial(letters.make_batch, panel, outsider, at=OVER),
        partial(letters.print_letters, batch, None, PrintReason.TO_SEND, outsider, at=OVER),
        partial(letters.confirm_posted, batch, outsider, at=OVER),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.usefixtures("pango")
def test_from_the_pages_to_the_answer_with_the_code(browser: Browser) -> None:
    make_site(post_address="Antwoordnummer 12\n5500 VB Veldhoven")
    panel, rows = _panel_by_letter()
    invitation_id, home = rows[0].id, rows[0].member.household
    assert home is not None
    street, postcode = f"{home.street} {home.house_number}", home.postcode
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.visit(f"/beheer/panels/{panel.id}/uitnodigingen")
    assert "4 brieven wachten op afdrukken." in page.text
    page = browser.submit(browser.visit(page.link("Naar de brieven")), "Maak de brieven")
    assert browser.submit(page, "Geef de brieven als PDF").status == 422
    refused = browser.submit(page, "Geef de brieven als PDF", reason="lost", letter="99999")
    assert (refused.status, "Deze brief zit niet in deze stapel." in refused.text) == (422, True)
    assert street not in page.text, "addresses stand on the letters alone"

    token = page.token
    printing = partial(browser.client.post, f"{page.path}/afdrukken")
    made = contextvars.Context().run(printing, data={"csrf_token": token, "reason": "to_send"})

    reader = PdfReader(io.BytesIO(made.data))
    words = [part.extract_text() for part in reader.pages]
    assert len(words) == 5, "the list and a page for each letter"
    assert "Samen 5 bladzijden" in words[0]
    assert street not in words[0]
    assert street in words[1]
    assert words[1].count("Antwoordnummer") == 2, "below the letter and on the slip"
    root = reader.root_object
    assert (str(root["/Lang"]), bool(root["/StructTreeRoot"])) == ("nl", True)
    assert _states(panel) == [LetterState.BATCHED] * 4
    page = browser.submit(browser.visit(page.path), "De brieven zijn verstuurd")
    assert "4 brieven zijn verstuurd" in page.text
    tenant = browser.another()
    code = re.search(r"\w{4}-\w{4}-\w{4}", words[1])
    assert code is not None
    wrong = tenant.submit(tenant.visit("/code"), "Ga verder", code=code[0], postcode="9999ZZ")
    assert wrong.status == 404
    page = tenant.submit(wrong, "Ga verder", code=code[0].lower(), postcode=postcode)
    page = tenant.submit(page, "Verstuur antwoord", rsvp="ACCEPTED")
    assert "Fijn dat u komt" in page.text
    assert get_invitation(invitation_id).state is InvitationState.ACCEPTED


def test_what_came_of_calls_and_all_that_was_done_is_in_one_log(browser: Browser) -> None:
    make_site()
    panel, rows = _panel_by_letter()
    person = rows[0].member.display_name
    rows[0].member.phone = "06 00 00 00 01"
    db.session.commit()
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS, name="Mo D."))
    page = browser.visit(f"/beheer/panels/{panel.id}/uitnodigingen/bellen")
    page = browser.submit(page, "Bel")
    assert "06 00 00 00 01" in page.text
    assert "Mag ik uw antwoord voor u invullen" in page.text

    page = browser.submit(page, "Bewaar", outcome="call_back", note="dinsdag na 18 uur")
    assert "1 keer." in page.text
    page = browser.submit(browser.submit(page, "Bel"), "Bewaar", outcome="no_answer")
    assert "2 keer." in page.text
    page = browser.submit(browser.submit(page, "Bel"), "Bewaar", outcome="declined")

    assert get_invitation(rows[0].id).answer_source is AnswerSource.PHONE
    log = browser.visit(f"/panels/{panel.id}/uitnodigingen/{rows[0].id}")
    lines = [row.get_text(" ", strip=True) for row in log.soup.select("tbody tr")]
    assert person in log.title
    assert [line.partition(" uur ")[2] for line in lines] == [
        f"Brief {_first_letter(rows[0])} staat klaar. Het forum",
        "Gebeld, later terugbellen. “dinsdag na 18 uur” Mo D.",
        "Gebeld, niemand nam op. Mo D.",
        "Zei nee, via de telefoon. Mo D.",
    ]
    looks = select(AuditEntry.details).where(AuditEntry.action == "invitations.phones_seen")
    assert [look["invitations"] for look in db.session.scalars(looks)] == [[rows[0].id]] * 3


def _first_letter(invitation: Invitation) -> int:
    letter = db.session.query(InvitationLetter).filter_by(invitation_id=invitation.id).first()
    assert letter is not None
    return letter.id


def test_staff_find_a_letter_that_came_back_ask_otherwise_and_withdraw(browser: Browser) -> None:
    make_site()
    panel, rows = _panel_by_letter()
    batch = letters.make_batch(panel, make_moderator(), at=OVER)
    letters.print_letters(batch, None, PrintReason.TO_SEND, make_moderator(), at=OVER)
    letters.confirm_posted(batch, make_moderator(), at=OVER)
    db.session.commit()
    number = _first_letter(rows[0])
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.visit(f"/beheer/panels/{panel.id}/brieven")
    assert "geen brief 77777" in browser.submit(page, "Zoek brief", number="77777").text

    page = browser.submit(page, "Zoek brief", number=str(number))
    page = browser.submit(page, f"Brief {number} kwam terug")
    assert "Hier komt geen post aan" in page.text
    page = browser.submit(page, "Vraag opnieuw", channel="hand")
    assert "Geef hem zelf af" in page.text
    page = browser.submit(page, "Trek de uitnodiging in")
    assert (page.status, "Kies waarom u de uitnodiging intrekt." in page.text) == (422, True)
    record_call(rows[0], CallOutcome.CALL_BACK, "morgen", make_moderator(), at=OVER)
    db.session.commit()
    page = browser.submit(page, "Trek de uitnodiging in", reason="asked")

    assert "Bel zelf." in page.text
    assert get_invitation(rows[0].id).state is InvitationState.WITHDRAWN
    delegate = browser.another().sign_in(make_staff(Role.DELEGATE, Party.LANDLORD))
    seen = delegate.visit(page.path)
    assert (seen.status, seen.has_button("Vraag opnieuw")) == (200, False)
    coordinator = browser.another().sign_in(make_staff(Role.COORDINATOR))
    assert coordinator.visit(page.path).status == 404
    assert coordinator.visit(f"/beheer/panels/{panel.id}/brieven").status == 404


@pytest.mark.parametrize("state", [PanelState.CONFIRMED, PanelState.ENDED])
def test_nobody_is_phoned_or_written_to_for_a_panel_that_stopped(browser: Browser, state: PanelState) -> None:
    make_site()
    panel, rows = _panel_by_letter()
    name, panel.state, panel_id = rows[0].member.display_name, state, panel.id
    db.session.commit()
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    answers, calling, letters_page = (
        browser.visit(f"/beheer/panels/{panel_id}/{page}")
        for page in ("uitnodigingen", "uitnodigingen/bellen", "brieven")
    )

    goes_on = state is PanelState.CONFIRMED
    assert ("4 brieven wachten op afdrukken." in answers.text) is goes_on
    assert answers.has_link("Naar de bellijst") is goes_on
    assert (name in calling.text) is goes_on
    assert letters_page.has_button("Maak de brieven") is goes_on
