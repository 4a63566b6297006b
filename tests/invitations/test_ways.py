"""In which way people are asked, what happens when that fails, and when nothing goes out any more."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.invitations import jobs, service
from forum.invitations.calling import record_call
from forum.invitations.channels import CallOutcome, Channel, LetterState, StepKind, WithdrawReason
from forum.invitations.errors import AnswerClosed, WayClosed
from forum.invitations.models import Invitation, InvitationLetter, InvitationStep
from forum.invitations.queries import get_invitation, list_invitations
from forum.invitations.reaching import channels_of, wish_channel
from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.invitations.ways import fall_back, invite_again
from forum.invitations.withdrawing import withdraw
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.mail.checks import is_still_wanted
from forum.mail.models import OutboxMessage, OutboxState, UnreachableCause
from forum.mail.reachability import mark_unreachable
from forum.members.models import Member, MemberState
from forum.notifications.models import Notification
from forum.panels.models import Panel
from forum.panels.queries import names_of_candidates
from forum.panels.result_queries import get_result
from forum.panels.rules import PanelState
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_complex, make_household, make_site, make_staff, make_tenant
from tests.support.panels import OVER, make_confirmed_panel, make_debate, make_moderator

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


def _panel() -> tuple[Panel, list[Member]]:
    """Return a confirmed panel of four, and who was chosen; nobody is invited yet."""
    panel = make_confirmed_panel(make_debate()[0])
    chosen = names_of_candidates(panel, get_result(panel)["panel"])
    return panel, list(chosen.values())


def _invite(panel: Panel) -> list[Invitation]:
    service.invite_panel(panel, at=OVER)
    db.session.commit()
    return list(list_invitations(panel))


def _letters(invitation: Invitation) -> list[LetterState]:
    rows = select(InvitationLetter.state).where(InvitationLetter.invitation_id == invitation.id)
    return list(db.session.scalars(rows.order_by(InvitationLetter.id)))


def _steps(invitation: Invitation) -> list[StepKind]:
    rows = select(InvitationStep.kind).where(InvitationStep.invitation_id == invitation.id)
    return list(db.session.scalars(rows.order_by(InvitationStep.id)))


def _mails(invitation: Invitation) -> list[OutboxMessage]:
    rows = select(OutboxMessage).where(OutboxMessage.key.startswith(f"invitation:{invitation.id}:"))
    return list(db.session.scalars(rows.order_by(OutboxMessage.id)))


def test_each_is_asked_in_the_way_that_reaches_them_and_as_they_wish() -> None:
    panel, chosen = _panel()
    without_mail, homeless, bounced, wishing = chosen
    without_mail.email = homeless.email = homeless.household_id = None
    mark_unreachable(str(bounced.email).upper(), UnreachableCause.BOUNCED, at=OVER)
    wish_channel(wishing, Channel.PHONE, AnswerSource.ACCOUNT, actor_of(wishing), at=OVER)
    db.session.commit()

    asked = {row.member_id: row for row in _invite(panel)}

    assert [asked[member.id].channel for member in chosen] == [
        Channel.LETTER,
        Channel.PHONE,
        Channel.LETTER,
        Channel.PHONE,
    ]
    assert _letters(asked[without_mail.id]) == [LetterState.WAITING]
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_mail_that_comes_back_makes_a_letter_once_and_the_mail_in_line_does_not_leave() -> None:
    panel, _ = _panel()
    first, second = _invite(panel)[:2]
    mark_unreachable(str(first.member.email), UnreachableCause.REFUSED, at=OVER)
    second.member.email, second.member.household_id = None, None
    db.session.commit()
    [mail] = _mails(first)

    assert not is_still_wanted(mail.template, mail.details, first.member)
    jobs.ask_in_another_way(at=OVER + DAY)
    jobs.ask_in_another_way(at=OVER + DAY)

    assert (get_invitation(first.id).channel, _letters(first)) == (Channel.LETTER, [LetterState.WAITING])
    assert (get_invitation(second.id).channel, _steps(second)) == (Channel.PHONE, [StepKind.TO_PHONE])


def _leave(member: Member) -> None:
    member.state = MemberState.GONE


def _object(member: Member) -> None:
    member.scoring_objected_at = OVER


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(_leave, WithdrawReason.GONE, id="left or died"),
        pytest.param(_object, WithdrawReason.OBJECTED, id="objected"),
    ],
)
def test_who_left_or_objected_gets_no_mail_that_was_queued_and_the_seat_is_filled(
    change: object, reason: WithdrawReason
) -> None:
    assert callable(change)
    panel, _ = _panel()
    row = _invite(panel)[0]
    [mail] = _mails(row)
    assert is_still_wanted(mail.template, mail.details, row.member)

    change(row.member)
    db.session.commit()

    assert not is_still_wanted(mail.template, mail.details, row.member)
    jobs.end_for_the_gone(at=OVER + DAY)
    assert get_invitation(row.id).withdrawn_because is reason
    assert len(list_invitations(panel)) == panel.seats + 1
    assert len(_mails(row)) == 1, "nobody writes to them"


def test_who_died_hears_no_more_of_other_panels_either_unless_asked_again_later() -> None:
    [said], [other], [later] = (_invite(_panel()[0])[:1] for _ in range(3))
    other.member_id = later.member_id = said.member_id
    later.invited_at = OVER + 2 * DAY
    db.session.commit()
    [mail] = _mails(other)

    withdraw(said, WithdrawReason.DECEASED, make_moderator(), at=OVER + DAY)
    db.session.commit()

    assert not is_still_wanted(mail.template, mail.details, other.member)
    jobs.end_for_the_gone(at=OVER + DAY)
    assert get_invitation(other.id).withdrawn_because is WithdrawReason.DECEASED
    assert get_invitation(later.id).state is InvitationState.OPEN, "a mistake heals when they are asked anew"


def test_a_yes_outlives_an_objection_and_not_a_departure() -> None:
    panel, _ = _panel()
    row = _invite(panel)[0]
    service.answer(row, Rsvp.ACCEPTED, AnswerSource.LINK, VISITOR, at=OVER + DAY)
    _object(row.member)
    db.session.commit()

    jobs.end_for_the_gone(at=OVER + DAY)
    assert get_invitation(row.id).state is InvitationState.ACCEPTED
    _leave(get_invitation(row.id).member)
    db.session.commit()
    jobs.end_for_the_gone(at=OVER + DAY)

    assert get_invitation(row.id).state is InvitationState.WITHDRAWN


def test_staff_withdraw_with_a_reason_and_who_had_heard_of_it_is_told() -> None:
    panel, _ = _panel()
    told, untold, died = _invite(panel)[:3]
    for row in (told, died):
        _mails(row)[0].state = OutboxState.SENT
    db.session.commit()

    for row, reason in (
        (told, WithdrawReason.CONFLICT_OF_INTEREST),
        (untold, WithdrawReason.MISTAKE),
        (died, WithdrawReason.DECEASED),
    ):
        assert withdraw(row, reason, make_moderator(), at=OVER + DAY) is False
    db.session.commit()

    assert [len(_mails(row)) for row in (told, untold, died)] == [2, 1, 1]
    farewell = _mails(told)[1]
    assert is_still_wanted(farewell.template, farewell.details, told.member)
    news = select(Notification.member_id).where(Notification.event == "withdrawn")
    assert list(db.session.scalars(news)) == [told.member_id]
    with pytest.raises(AnswerClosed):
        withdraw(told, WithdrawReason.ASKED, make_moderator(), at=OVER + DAY)
    with pytest.raises(Forbidden):
        withdraw(_invite(panel)[3], WithdrawReason.ASKED, actor_of(make_tenant()), at=OVER + DAY)


def test_sending_again_from_one_page_sends_once_and_only_where_it_arrives() -> None:
    panel, chosen = _panel()
    chosen[0].email = None
    db.session.commit()
    rows = _invite(panel)
    by_mail = next(row for row in rows if row.channel is Channel.EMAIL)
    by_letter = next(row for row in rows if row.channel is Channel.LETTER)

    for _ in range(2):
        invite_again(by_mail, Channel.EMAIL, make_moderator(), turn=1, at=OVER + DAY)
        invite_again(by_letter, Channel.LETTER, make_moderator(), turn=1, at=OVER + DAY)
    with pytest.raises(WayClosed):
        invite_again(by_letter, Channel.EMAIL, make_moderator(), turn=1, at=OVER + DAY)
    assert (len(_mails(by_mail)), _letters(by_letter)) == (2, [LetterState.WAITING])

    invite_again(by_mail, Channel.LETTER, make_moderator(), turn=2, at=OVER + DAY)
    db.session.commit()

    assert _letters(by_mail) == [LetterState.WAITING]
    assert not any(is_still_wanted(mail.template, mail.details, by_mail.member) for mail in _mails(by_mail))


def test_a_member_chooses_how_to_be_invited_and_nobody_else_does_for_them(browser: Browser) -> None:
    make_site()
    tenant = make_tenant()
    browser.sign_in(tenant)
    page = browser.visit(browser.visit("/mijn/").link("Hoe nodigen wij u uit?"))

    browser.submit(page, "Bewaar", channel="letter")

    assert channels_of([tenant])[tenant.id] is Channel.LETTER
    browser.submit(browser.visit(page.path), "Bewaar", channel="")
    assert channels_of([db.session.get_one(Member, tenant.id)])[tenant.id] is Channel.EMAIL
    with pytest.raises(Forbidden):
        wish_channel(tenant, Channel.PHONE, AnswerSource.PHONE, actor_of(make_tenant()), at=OVER)


def test_nobody_is_reminded_by_a_mail_that_is_not_sent() -> None:
    panel, chosen = _panel()
    chosen[0].email = None
    db.session.commit()
    _invite(panel)

    jobs.remind_unanswered(at=panel.respond_by - DAY)

    reminded = {row.channel for row in list_invitations(panel) if row.reminded_at is not None}
    assert reminded == {Channel.EMAIL}


def test_staff_write_down_what_a_tenant_asked_and_the_tenant_sees_it_and_changes_it(browser: Browser) -> None:
    make_site()
    tenant, staff = make_tenant(), make_staff(Role.MODERATOR, Party.TENANTS, name="Mo D.")
    moderator = browser.sign_in(staff)
    page = moderator.visit(f"/beheer/post?nummer={tenant.number}")
    page = moderator.visit(page.link("Vroeg deze huurder om een brief"))
    assert "De huurder koos nog niets." in page.text
    refused = moderator.submit(page, "Bewaar", channel="letter")
    assert (refused.status, "Kies hoe de huurder dit vroeg." in refused.text) == (422, True)

    page = moderator.submit(page, "Bewaar", channel="letter", source="phone")

    assert f"De keuze van {tenant.display_name} is bewaard." in page.text
    tenant.household = make_household(make_complex("De Kade", "Haven"))
    db.session.commit()
    assert channels_of([tenant])[tenant.id] is Channel.LETTER
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "invitations.wished"))
    assert (entry.details["channel"], entry.details["source"]) == ("letter", "phone")
    assert entry.member_id == staff.id
    again = moderator.visit(f"/beheer/huurders/{tenant.id}/uitnodigen")
    assert "Nu: per brief. Ingevuld door Mo D." in again.text

    own = browser.another().sign_in(tenant)
    page = own.visit("/mijn/uitnodigingen/manier")
    assert "Een medewerker vulde uw keuze in op" in page.text
    own.submit(page, "Bewaar", channel="phone")
    assert "De huurder koos dit zelf op" in moderator.visit(again.path).text
    assert "Een medewerker" not in own.visit(page.path).text


def test_a_wish_that_cannot_be_met_says_so_and_only_staff_who_may_write_it_down(browser: Browser) -> None:
    make_site()
    tenant, gone = make_tenant(), make_tenant()
    gone.state, tenant.household = MemberState.GONE, None
    db.session.commit()
    wish_channel(tenant, Channel.LETTER, AnswerSource.LETTER, make_moderator(), at=OVER)
    db.session.commit()
    admin = browser.sign_in(make_staff(Role.ADMIN))

    page = admin.visit(f"/beheer/huurders/{tenant.id}/uitnodigen")

    assert "Deze manier lukt nu niet" in page.text
    assert admin.visit(f"/beheer/huurders/{gone.id}/uitnodigen").status == 404
    for staff in (make_staff(Role.DELEGATE, Party.TENANTS), make_staff(Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            wish_channel(tenant, None, AnswerSource.PHONE, actor_of(staff), at=OVER)


@pytest.mark.parametrize("state", [PanelState.HELD, PanelState.ENDED, PanelState.CANCELLED])
def test_for_a_panel_that_is_over_nobody_is_asked_again_and_no_mail_in_line_leaves(state: PanelState) -> None:
    panel, _ = _panel()
    row, moderator = _invite(panel)[0], make_moderator()
    (mail,) = _mails(row)
    was_wanted = is_still_wanted(mail.template, mail.details, row.member)
    panel.state = state
    db.session.commit()

    assert was_wanted
    assert not is_still_wanted(mail.template, mail.details, row.member)
    with pytest.raises(AnswerClosed):
        invite_again(row, Channel.EMAIL, moderator, turn=1, at=OVER + DAY)
    with pytest.raises(AnswerClosed):
        record_call(row, CallOutcome.NO_ANSWER, "", moderator, at=OVER + DAY)
    mark_unreachable(str(row.member.email), UnreachableCause.BOUNCED, at=OVER)
    fall_back(row, at=OVER + DAY)

    assert row.channel is Channel.EMAIL
    assert _mails(row) == [mail]
