"""The list of who is at a meeting, in a room without a line: no tick is lost, and none without a word."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Route, expect

from forum.audit.models import AuditEntry
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.meetings.queries import list_attendance
from forum.panels.models import Meeting
from tests.journeys.arrangements import make_staff_email
from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor
from tests.support.cast import make_tenant
from tests.support.meetings import make_meeting

SOON_MS = 10_000
"""Before the script tries again by itself."""
NO_LINE = "U heeft geen verbinding. Wij bewaren de vinkjes op dit apparaat. Laat deze pagina open."


@pytest.fixture
def meeting_id(forum: ServedForum) -> int:
    """Return a meeting that began an hour ago, to which three people said yes."""
    with forum.inside():
        meeting = make_meeting(3)
        meeting.starts_at, meeting.ends_at = now() - timedelta(hours=1), now() + timedelta(hours=1)
        db.session.commit()
        return meeting.id


@pytest.fixture
def email(forum: ServedForum) -> str:
    """Return the e-mail of an organiser who can sign in."""
    with forum.inside():
        return make_staff_email(Role.MODERATOR, Party.TENANTS)


@pytest.fixture
def staff(forum: ServedForum, visitors: Visitors, meeting_id: int, email: str) -> Visitor:
    """Return the organiser on a phone, with the list of that meeting before them."""
    organiser = visitors(forum, width=PHONE).sign_in(email).open(path_of(meeting_id))
    status(organiser).filter(has_text="Alles is verstuurd.").wait_for()
    return organiser


def path_of(meeting_id: int) -> str:
    return f"/beheer/bijeenkomsten/{meeting_id}/aanwezigen"


def status(staff: Visitor) -> Locator:
    return staff.main.locator("[data-ticks-status]")


def forget_faults(staff: Visitor, *expected: str) -> None:
    """Let the browser complain of what this test is about, and of nothing else."""
    staff.faults = [fault for fault in staff.faults if not any(part in fault for part in expected)]


def kept(forum: ServedForum, meeting_id: int) -> dict[str, bool]:
    """Return who is on the list as the server has it, and whether they are there."""
    with forum.inside():
        return {row.member.display_name: row.is_present for row in list_attendance(meeting_id)}


def count_marks(forum: ServedForum, meeting_id: int) -> int:
    """Return how often the log says that somebody was marked."""
    with forum.inside():
        rows = db.session.query(AuditEntry).filter_by(action="attendance.marked")
        return sum(row.details["meeting_id"] == meeting_id for row in rows)


def test_ticks_made_without_a_line_wait_on_the_device_and_arrive_once(
    forum: ServedForum, staff: Visitor, meeting_id: int
) -> None:
    staff.context.set_offline(True)
    staff.choose("Huurder A")
    staff.choose("Huurder B")
    staff.main.get_by_label("Huurder B", exact=True).uncheck()
    expect(status(staff)).to_have_text(f"Nog niet verstuurd: 2. {NO_LINE}")
    staff.page.close()
    assert kept(forum, meeting_id) == {}

    staff.context.set_offline(False)
    staff.page = staff.context.new_page()
    staff.open(path_of(meeting_id))
    expect(status(staff)).to_have_text("Alles is verstuurd.")
    expect(staff.main.get_by_label("Huurder A", exact=True)).to_be_checked()
    assert kept(forum, meeting_id) == {"Huurder A": True, "Huurder B": False}

    staff.context.set_offline(True)
    staff.choose("Huurder C")
    expect(status(staff)).to_contain_text("Nog niet verstuurd: 1.")
    staff.context.set_offline(False)
    expect(status(staff)).to_have_text("Alles is verstuurd.")
    assert kept(forum, meeting_id) == {"Huurder A": True, "Huurder B": False, "Huurder C": True}
    assert count_marks(forum, meeting_id) == 3
    forget_faults(staff, "ERR_INTERNET_DISCONNECTED")


def test_ticks_that_are_refused_are_named_until_somebody_deals_with_them(
    forum: ServedForum, staff: Visitor, meeting_id: int
) -> None:
    staff.context.set_offline(True)
    staff.choose("Huurder A")
    staff.choose("Huurder B")
    staff.main.get_by_label("Huurder B", exact=True).uncheck()
    with forum.inside(), unit_of_work():
        db.session.get_one(Meeting, meeting_id).cancelled_at = now()

    staff.context.set_offline(False)
    expect(status(staff)).to_contain_text("Wij konden de vinkjes niet versturen. Laad deze pagina opnieuw")
    staff.page.reload()

    for _ in range(2):
        expect(status(staff)).to_contain_text("Niet verstuurd: Huurder A is er, Huurder B is er niet.")
        staff.reads("Deze lijst is dicht.")
        staff.page.reload()
    assert kept(forum, meeting_id) == {}
    forget_faults(staff, "ERR_INTERNET_DISCONNECTED", "aanwezigen/vinkjes: status 409")


def test_ticks_of_who_was_signed_out_meanwhile_arrive_after_signing_in(
    forum: ServedForum, staff: Visitor, meeting_id: int, email: str
) -> None:
    staff.context.clear_cookies()
    staff.choose("Huurder A")
    expect(status(staff)).to_contain_text("Wij konden de vinkjes niet versturen. Laad deze pagina opnieuw")
    assert kept(forum, meeting_id) == {}

    staff.sign_in(email).open(path_of(meeting_id))

    expect(status(staff)).to_have_text("Alles is verstuurd.")
    assert kept(forum, meeting_id) == {"Huurder A": True}
    forget_faults(staff, "aanwezigen/vinkjes: status 400")


def test_a_tick_that_is_made_while_another_is_on_its_way_follows_at_once(
    forum: ServedForum, staff: Visitor, meeting_id: int
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    staff.page.route("**/vinkjes", hold, times=1)
    with staff.page.expect_request("**/vinkjes"):
        staff.choose("Huurder A")
    staff.choose("Huurder B")

    held[0].continue_()

    expect(status(staff)).to_have_text("Alles is verstuurd.", timeout=SOON_MS)
    assert kept(forum, meeting_id) == {"Huurder A": True, "Huurder B": True}


def test_who_walks_in_without_a_line_is_on_the_list_once_there_is_one(
    forum: ServedForum, staff: Visitor, meeting_id: int
) -> None:
    with forum.inside():
        number = make_tenant("Wandel In").number
        for _ in range(2):
            make_tenant("Twee Zelfde")
        db.session.commit()
    waiting = staff.main.locator("[data-walk-ins-status]")
    staff.context.set_offline(True)

    for typed in (str(number), "Twee Zelfde"):
        staff.fill("Huurdersnummer of naam", typed)
        staff.press("Zet op de lijst")
        expect(waiting).to_contain_text(typed)
    expect(waiting).to_contain_text("Wij bewaren de namen op dit apparaat")
    assert kept(forum, meeting_id) == {}

    staff.context.set_offline(False)
    expect(staff.main.get_by_label("Wandel In (niet verwacht)")).to_be_checked()
    assert kept(forum, meeting_id) == {"Wandel In": True}
    expect(waiting).to_contain_text("Wij weten niet zeker wie dit is.")
    expect(staff.main.get_by_label("Huurdersnummer of naam")).to_have_value("Twee Zelfde")

    staff.press("Zet op de lijst")
    staff.reads("Meer mensen heten zo. Wie is het?")
    expect(waiting).to_be_empty()
    forget_faults(staff, "ERR_INTERNET_DISCONNECTED", "aanwezigen/erbij")
