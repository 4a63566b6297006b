"""The pages on which staff follow the invitations of a panel: answers, telephone numbers, a coordinator."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.invitations import service
from forum.invitations.channels import Channel
from forum.invitations.models import Invitation
from forum.invitations.queries import get_invitation, list_invitations
from forum.invitations.rules import InvitationState
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.members.models import Member
from forum.panels.errors import NoCoordinator
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.service import change_plan
from tests.support.browser import Browser
from tests.support.cast import make_site, make_staff
from tests.support.panels import OVER, PLAN, make_confirmed_panel, make_debate, make_moderator, make_panel


@pytest.fixture
def moderator(browser: Browser) -> Browser:
    """Return a signed-in moderator of the tenant organisation."""
    make_site()
    return browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))


def _invited_panel(*, coordinator: Member | None = None) -> tuple[Panel, list[Invitation]]:
    """Return a panel whose people were invited and may answer still; two have a telephone."""
    panel = make_confirmed_panel(make_debate()[0])
    panel.coordinator_id = coordinator.id if coordinator else None
    service.invite_panel(panel, at=OVER)
    rows = list(list_invitations(panel))
    for number, row in enumerate(rows):
        row.respond_by = panel.meetings[0].starts_at
        row.member.phone = f"06 00 00 00 0{number}" if number < 2 else None
    rows[0].channel = Channel.PHONE
    db.session.commit()
    return get_panel(panel.id), rows


def _move_to_the_future(panel: Panel) -> None:
    panel.meetings[0].ends_at = now() + timedelta(days=30, hours=2)
    panel.meetings[0].starts_at = now() + timedelta(days=30)
    db.session.commit()


def _looks() -> list[AuditEntry]:
    return list(
        db.session.scalars(select(AuditEntry).where(AuditEntry.action == "invitations.phones_seen")).all()
    )


def test_the_answers_are_a_table_with_the_days_and_no_telephone_numbers(moderator: Browser) -> None:
    panel, rows = _invited_panel()

    page = moderator.visit(f"/beheer/panels/{panel.id}/uitnodigingen")

    cells = {
        row.th.get_text(): row.get_text(" ", strip=True) for row in page.soup.select("tbody tr") if row.th
    }
    assert len(cells) == len(rows)
    assert "per telefoon" in cells[rows[0].member.display_name]
    assert "per e-mail" in cells[rows[1].member.display_name]
    assert all("Nog geen antwoord" in text for text in cells.values())
    assert "06 00" not in page.text
    assert _looks() == []


def test_who_looks_at_the_telephone_numbers_sees_one_for_each_open_invitation_and_is_logged(
    moderator: Browser,
) -> None:
    panel, rows = _invited_panel()
    rows[1].state = InvitationState.DECLINED
    db.session.commit()
    page = moderator.visit(f"/beheer/panels/{panel.id}/uitnodigingen")

    page = moderator.visit(page.link("Naar de bellijst"))
    assert not page.soup.select("main a[href^='tel:']")
    page = moderator.submit(page, "Toon alle telefoonnummers")

    assert [link["href"] for link in page.soup.select("main a[href^='tel:']")] == ["tel:0600000000"]
    assert page.text.count("Geen telefoonnummer bekend") == len(rows) - 2
    [look] = _looks()
    assert look.details == {"panel_id": panel.id, "invitations": [rows[0].id, rows[2].id, rows[3].id]}
    assert not moderator.visit(page.path).soup.select("main a[href^='tel:']")
    assert len(_looks()) == 1


def test_a_delegate_sees_the_answers_and_no_way_to_the_numbers(moderator: Browser) -> None:
    panel, _ = _invited_panel()
    delegate = moderator.another().sign_in(make_staff(Role.DELEGATE, Party.LANDLORD))

    page = delegate.visit(f"/beheer/panels/{panel.id}/uitnodigingen")

    assert "Nog geen antwoord" in page.text
    assert not page.has_link("Naar de bellijst")
    assert not page.has_link("Naar de brieven")


def test_an_answer_is_entered_in_words_about_the_person(moderator: Browser) -> None:
    _, rows = _invited_panel()
    invitation_id = rows[0].id
    page = moderator.visit(f"/beheer/uitnodigingen/{invitation_id}")

    assert "Ja, komt" in page.text
    assert "ik kom" not in page.text


def _addresses(panel: Panel, rows: list[Invitation]) -> Mapping[str, str]:
    return {
        "answers": f"/beheer/panels/{panel.id}/uitnodigingen",
        "enter": f"/beheer/uitnodigingen/{rows[0].id}",
        "selection": f"/beheer/panels/{panel.id}",
        "dossier": f"/beheer/panels/{panel.id}/dossier.json",
    }


def test_a_coordinator_runs_one_panel_and_never_sees_another(browser: Browser) -> None:
    make_site()
    els = make_staff(Role.COORDINATOR, name="Els K.")
    own, own_rows = _invited_panel(coordinator=els)
    other, other_rows = _invited_panel(coordinator=make_staff(Role.COORDINATOR))
    own_pages, other_pages = _addresses(own, own_rows), _addresses(other, other_rows)
    names = [row.member.display_name for row in own_rows]
    coordinator = browser.sign_in(els)

    overview = coordinator.visit(coordinator.visit("/beheer/").link("Panels"))
    answers = coordinator.visit(own_pages["answers"])

    links = [str(link["href"]) for link in overview.soup.select("main a")]
    assert own_pages["answers"] in links
    assert other_pages["answers"] not in links
    assert all(name in answers.text for name in names)
    assert answers.has_link("Naar de bellijst")
    assert coordinator.visit(own_pages["enter"]).status == 200
    assert coordinator.visit(own_pages["selection"]).status == 403
    assert [coordinator.visit(other_pages[page]).status for page in other_pages] == [404, 404, 403, 403]
    assert coordinator.post(f"{other_pages['answers']}/bellen").status in (400, 404)
    assert _looks() == []


def test_a_coordinator_sees_who_comes_on_the_page_of_their_own_panel_only(browser: Browser) -> None:
    make_site()
    els = make_staff(Role.COORDINATOR)
    own, rows = _invited_panel(coordinator=els)
    other, _ = _invited_panel()
    for row in db.session.query(Invitation).all():
        row.state = InvitationState.ACCEPTED
    db.session.commit()
    name = rows[0].member.display_name
    coordinator = browser.sign_in(els)

    own_page = coordinator.visit(f"/panels/{own.id}")
    other_page = coordinator.visit(f"/panels/{other.id}")

    assert name in own_page.text
    assert own_page.has_link("Uitnodigingen en antwoorden")
    assert "Wie er komt, is niet openbaar" in other_page.text


def test_a_coordinator_enters_an_answer_for_their_panel(browser: Browser) -> None:
    make_site()
    els = make_staff(Role.COORDINATOR)
    panel, rows = _invited_panel(coordinator=els)
    _move_to_the_future(panel)
    for row in rows:
        row.respond_by = panel.meetings[0].starts_at
    db.session.commit()
    invitation_id = rows[0].id
    coordinator = browser.sign_in(els)
    page = coordinator.visit(f"/beheer/uitnodigingen/{invitation_id}")

    page = coordinator.submit(page, "Bewaar antwoord", rsvp="ACCEPTED", source="phone")

    assert "Het antwoord is bewaard." in page.text
    assert get_invitation(invitation_id).entered_by_id == els.id


def test_a_moderator_puts_a_coordinator_on_the_plan(moderator: Browser) -> None:
    els = make_staff(Role.COORDINATOR, name="Els K.")
    panel = make_panel(make_debate(4)[0])
    _move_to_the_future(panel)
    page = moderator.visit(f"/beheer/panels/{panel.id}/plan")

    page = moderator.submit(page, "Bewaar plan", coordinator=str(els.id), starts="20:00", ends="22:00")

    assert "Els K." in page.text
    assert get_panel(panel.id).coordinator_id == els.id


@pytest.mark.usefixtures("database")
def test_who_is_no_coordinator_runs_no_panel() -> None:
    panel = make_panel(make_debate(4)[0])
    delegate = make_staff(Role.DELEGATE, Party.TENANTS)

    with pytest.raises(NoCoordinator):
        change_plan(panel, replace(PLAN, coordinator_id=delegate.id), make_moderator(), at=OVER)
