"""Pages of panels of other forms: what they refuse, and what can be read when it is over.

In `tests/journeys` somebody walks the whole way of each form, from the plan to the end.
"""

from datetime import timedelta
from typing import Any

import pytest

from forum.kernel.clock import local_day, now
from forum.kernel.database import db
from forum.members.models import Member
from forum.panels import applying, jobs
from forum.panels.application_queries import list_untold_applications
from forum.panels.ending import end_panel
from forum.panels.guests import invite_guest
from forum.panels.life_rules import GuestKind
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.rules import Area, PanelState
from tests.support.browser import Browser
from tests.support.cast import make_complex, make_household, make_tenant
from tests.support.panel_forms import (
    AFTER,
    WHILE_OPEN,
    confirm,
    make_application,
    make_council,
    make_rater,
    make_renovation_panel,
    rate_all,
)
from tests.support.panels import make_moderator

DAY = timedelta(days=1)


def make_rated_council() -> tuple[Panel, list[Member]]:
    """Return a council of three seats and who applied: two of three flats fit, and one seat stays empty."""
    panel = make_council()
    names = ("HuurderA", "HuurderB", "HuurderC")
    tenants = [make_application(panel, tenant=make_tenant(name)) for name in names]
    tenants[0].email = None
    for name in ("Anna", "Bert"):
        marks = {tenant.id: 90 - 10 * place for place, tenant in enumerate(tenants)}
        rate_all(panel, make_rater(panel, name), marks)
    return panel, tenants


def test_a_committee_waits_for_the_last_day_and_gives_marks_up_to_a_hundred(moderator: Browser) -> None:
    panel = make_council()
    panel.applications_until = now() + DAY
    make_application(panel, tenant=make_tenant("HuurderA"))
    make_rater(panel, "Anna")
    rater = moderator.another()

    early = rater.visit("/commissie/Anna")
    too_soon = moderator.submit(moderator.visit(f"/panels/{panel.id}/loting"), "Leg vast")
    panel = get_panel(panel.id)
    panel.applications_until = WHILE_OPEN
    db.session.commit()
    marks: dict[str, Any] = {"marks-0": "90", "marks-1": "101"}
    wrong = rater.submit(
        rater.visit("/commissie/Anna/1"), "Bewaar beoordeling", reason="Duidelijk verhaal.", **marks
    )

    assert "Aanmelden kan nog" in early.text
    assert "HuurderA" not in early.text
    assert too_soon.status == 409
    assert wrong.status == 422
    assert "Duidelijk verhaal." in wrong.html


def test_who_was_not_chosen_reads_why_and_who_has_no_mail_is_phoned(moderator: Browser) -> None:
    panel, tenants = make_rated_council()
    panel = confirm(panel)
    for application_id in list_untold_applications():
        applying.tell_outcome(application_id, at=AFTER)
    db.session.commit()

    lost = moderator.another().sign_in(tenants[2]).visit(f"/mijn/panels/{panel.id}")
    applications = moderator.visit(f"/beheer/panels/{panel.id}/aanmeldingen")
    council = moderator.visit(f"/panels/{panel.id}")

    assert "U bent deze keer niet gekozen" in lost.text
    assert "Reden van Anna." in lost.text
    assert "HuurderA" in applications.text.partition("Bel of schrijf deze mensen")[2]
    assert "Lege plaatsen 1" in council.text


def test_an_ended_panel_can_be_read_also_by_who_looks_on_until_that_link_is_closed(
    moderator: Browser,
) -> None:
    complex_, acts = make_complex("De Kade", "Haven"), make_moderator()
    make_tenant(household=make_household(complex_))
    panel = confirm(make_renovation_panel(Area(complex_id=complex_.id)))
    invite_guest(panel, GuestKind.OBSERVER, "Cora", "Woonbond", acts, token="Cora", at=AFTER)
    end_panel(panel, "De flat is klaar.", acts, at=AFTER)
    db.session.commit()
    observer, meeting_path = moderator.another(), f"/panels/{panel.id}/bijeenkomsten/{panel.first_meeting.id}"

    page = moderator.visit(f"/panels/{panel.id}")
    looked_on = observer.visit("/meekijken/Cora")
    again = moderator.visit(f"/beheer/panels/{panel.id}/stoppen")
    guests = moderator.visit(f"/beheer/panels/{panel.id}/meekijkers")
    moderator.submit(guests, "Link sluiten van Cora")
    closed = observer.visit("/meekijken/Cora")

    assert "De flat is klaar." in page.text
    assert meeting_path in [link["href"] for link in page.soup.select("main a")]
    assert "De flat is klaar." in looked_on.text
    assert (again.status, closed.status) == (409, 404)
    assert [heading.text for heading in guests.soup.select("main h2")] == ["Meekijkers", "Iemand toevoegen"]


@pytest.mark.usefixtures("database")
def test_the_job_ends_what_is_over() -> None:
    complex_ = make_complex("De Kade", "Haven")
    make_tenant(household=make_household(complex_))
    panel = confirm(make_renovation_panel(Area(complex_id=complex_.id), ends_on=local_day(AFTER) + 90 * DAY))
    panel_id = panel.id

    states = []
    for days in (90, 91, 92):
        jobs.end_overdue_panels(at=AFTER + days * DAY)
        db.session.rollback()
        states.append(get_panel(panel_id).state)

    assert states == [PanelState.CONFIRMED, PanelState.ENDED, PanelState.ENDED]
