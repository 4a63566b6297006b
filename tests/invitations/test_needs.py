"""What people who come need at a meeting: told by link, read by who prepares it, gone afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.invitations import jobs, needs, service
from forum.invitations.errors import AnswerClosed
from forum.invitations.links import new_link
from forum.invitations.models import Invitation, MeetingNeeds
from forum.invitations.queries import get_invitation, list_invitations
from forum.invitations.rules import AnswerSource, InvitationState, Needs, Rsvp, Travel
from forum.kernel.actor import VISITOR, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.panels.models import Meeting, Panel
from forum.panels.queries import get_panel
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_site, make_staff, make_tenant
from tests.support.panels import (
    MEETING,
    OVER,
    make_invited_panel,
    make_moderator,
)

DAY = timedelta(days=1)
MANY = Needs(
    wheelchair=True, interpreter="Arabisch", other="Ik zie slecht.", companion=True, travel=Travel.LIFT
)


def _coming() -> tuple[Panel, Invitation, str]:
    """Return a panel of which one person comes, and the token of their link."""
    panel, [invitation, *_] = make_invited_panel()
    service.answer(invitation, Rsvp.ACCEPTED, AnswerSource.LINK, VISITOR, at=OVER)
    token = new_link(invitation, at=OVER)
    db.session.commit()
    return get_panel(panel.id), invitation, token


def _keep(invitation: Invitation, said: Needs) -> None:
    needs.keep_needs(invitation, said, AnswerSource.LINK, VISITOR, is_named=False, at=OVER)
    db.session.commit()


def _kept() -> list[MeetingNeeds]:
    return list(db.session.scalars(select(MeetingNeeds)).all())


def _move_to_the_future(panel: Panel) -> None:
    panel.first_meeting.ends_at = now() + 30 * DAY + timedelta(hours=2)
    panel.first_meeting.starts_at = now() + 30 * DAY
    db.session.commit()


def test_by_link_somebody_tells_what_they_need_and_staff_read_it_and_the_logbook_only_that(
    browser: Browser,
) -> None:
    make_site()
    panel, invitation, token = _coming()
    _move_to_the_future(panel)
    name, panel_id = invitation.member.display_name, panel.id
    page = browser.visit(f"/uitnodiging/{token}")
    page = browser.visit(page.link("Zeg wat u nodig hebt"))
    assert "14 dagen na de bijeenkomst wissen wij het." in page.text
    assert browser.submit(page, "Bewaar", interpreter="x" * 61).status == 422

    page = browser.submit(page, "Bewaar", room="hearing_loop", interpreter="Arabisch", other="<b>Zon</b>")
    moderator = browser.another().sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = moderator.visit(f"/beheer/panels/{panel_id}/uitnodigingen")
    listed = moderator.submit(page, "Toon wat er nodig is")

    row = next(row for row in listed.soup.select("tbody tr") if row.th and row.th.get_text() == name)
    assert row.get_text(" ", strip=True) == f"{name} Ringleiding Tolk: Arabisch <b>Zon</b>"
    of_needs = select(AuditEntry).where(AuditEntry.action.contains("needs")).order_by(AuditEntry.id)
    logged = db.session.scalars(of_needs).all()
    assert [entry.action for entry in logged] == ["invitation.needs_kept", "invitations.needs_seen"]
    assert "Arabisch" not in str([entry.details for entry in logged])
    again = browser.visit(f"/uitnodiging/{token}/nodig")
    assert again.soup.find("input", {"name": "interpreter"})["value"] == "Arabisch"  # type: ignore[index]


def test_only_who_wants_to_is_named_to_everybody_and_only_while_they_come(browser: Browser) -> None:
    make_site()
    panel, invitation, _token = _coming()
    _move_to_the_future(panel)
    name, invitation_id, panel_id = invitation.member.display_name, invitation.id, panel.id
    reader = browser.another().sign_in(make_tenant())
    before = reader.visit(f"/panels/{panel_id}")
    phone = browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))

    page = phone.visit(f"/beheer/uitnodigingen/{invitation_id}/nodig")
    phone.submit(page, "Bewaar", is_named="y")
    named = reader.visit(f"/panels/{panel_id}")
    get_invitation(invitation_id).state = InvitationState.DECLINED
    db.session.commit()
    after = reader.visit(f"/panels/{panel_id}")

    assert [name in page.text for page in (before, named, after)] == [False, True, False]


@pytest.mark.usefixtures("database")
def test_new_needs_take_the_place_of_the_old_and_nothing_needed_is_not_kept() -> None:
    _panel, invitation, _token = _coming()

    _keep(invitation, MANY)
    _keep(invitation, Needs(hearing_loop=True))
    kept = [(row.hearing_loop, row.wheelchair, row.other) for row in _kept()]
    _keep(invitation, Needs())

    assert kept == [(True, False, "")]
    assert _kept() == []


@pytest.mark.usefixtures("database")
def test_for_the_next_meeting_the_needs_are_filled_in_again_and_kept_apart() -> None:
    panel, invitation, _token = _coming()
    _keep(invitation, MANY)
    later = MEETING + 30 * DAY
    panel.meetings.append(
        Meeting(starts_at=later, ends_at=later + timedelta(hours=2), place="Elders", uid="tweede@forum")
    )
    db.session.commit()

    filled = needs.last_needs(invitation)
    needs.keep_needs(invitation, filled, AnswerSource.LINK, VISITOR, is_named=False, at=MEETING + DAY)
    db.session.commit()
    jobs.forget_needs(at=MEETING + 15 * DAY)

    assert filled == MANY
    assert [row.meeting.place for row in _kept()] == ["Elders"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("days", "left"), [(14, 1), (15, 0)])
def test_needs_go_some_days_after_the_meeting(days: int, left: int) -> None:
    _panel, invitation, _token = _coming()
    _keep(invitation, MANY)

    jobs.forget_needs(at=MEETING + days * DAY)

    assert len(_kept()) == left


@pytest.mark.usefixtures("database")
def test_needs_go_when_somebody_does_not_come_after_all() -> None:
    _panel, invitation, _token = _coming()
    _keep(invitation, MANY)
    service.answer(invitation, Rsvp.DECLINED, AnswerSource.LINK, VISITOR, at=OVER + DAY)
    db.session.commit()

    jobs.forget_needs(at=OVER + DAY)

    assert _kept() == []


@pytest.mark.usefixtures("database")
def test_who_does_not_come_or_is_somebody_else_or_looks_as_delegate_is_refused() -> None:
    panel, invitation, _token = _coming()
    waiting = list_invitations(panel)[1]
    delegate = actor_of(make_staff(Role.DELEGATE, Party.TENANTS))

    with pytest.raises(AnswerClosed):
        _keep(waiting, MANY)
    with pytest.raises(AnswerClosed):
        needs.keep_needs(invitation, MANY, AnswerSource.LINK, VISITOR, is_named=False, at=MEETING + DAY)
    with pytest.raises(Forbidden):
        needs.keep_needs(
            invitation, MANY, AnswerSource.PHONE, actor_of(make_tenant()), is_named=False, at=OVER
        )
    with pytest.raises(Forbidden):
        needs.look_at_needs(panel, panel.first_meeting, delegate, at=OVER)
    assert len(needs.look_at_needs(panel, panel.first_meeting, make_moderator(), at=OVER)) == 0
