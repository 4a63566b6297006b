"""A staff member with ten slips after a meeting: one after the other, with and without JavaScript."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from tests.journeys.arrangements import make_staff_email
from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.support.cast import make_tenant, make_thread

TEN = 10
WORDS = "De lift was deze winter {number} keer stuk, en ik loop niet goed."


@pytest.mark.parametrize("javascript", [True, False], ids=["with-scripts", "without"])
def test_ten_slips_are_entered_and_one_is_found_again_and_taken_back(
    forum: ServedForum, visitors: Visitors, *, javascript: bool
) -> None:
    with forum.inside():
        tenants = [make_tenant(f"Bewoner {number}", email=None) for number in range(TEN)]
        numbers = [str(tenant.number) for tenant in tenants]
        topic = f"/onderwerpen/{make_thread(opens_at=now() - timedelta(days=1)).topic_id}"
        email = make_staff_email(Role.DELEGATE, Party.TENANTS)
    staff = visitors(forum, javascript=javascript).sign_in(email).open(topic)
    staff.follow("Strookjes invoeren")

    for place, number in enumerate(numbers):
        expect(staff.main.get_by_label("Huurdersnummer", exact=True)).to_be_focused()
        staff.page.keyboard.type("is-er-niet" if place == 0 else number)
        staff.choose("Voor")
        staff.fill("De tekst", WORDS.format(number=place))
        staff.choose("Het kruisje voor toestemming staat op het strookje")
        if place == 0:  # a slip of which the number cannot be read at first
            staff.expects_refusal(422).press("Bewaar, en naar het volgende")
            staff.reads("is-er-niet")
            staff.fill("Huurdersnummer", number)
        staff.press("Bewaar, en naar het volgende")
        staff.reads(f"Het strookje van Bewoner {place} is bewaard.")

    rows = staff.table("De laatste strookjes, nieuwste eerst")
    assert [row[1] for row in rows] == [f"Bewoner {number}" for number in reversed(range(TEN))]
    staff.fill("Code op het ontvangstbewijs", rows[3][0])
    staff.press("Zoek strookje")
    staff.reads(WORDS.format(number=6))
    staff.press("Haal de tekst weg")
    staff.reads("De tekst is weggehaald.")
    staff.open(topic)
    expect(staff.main.get_by_role("article")).to_have_count(TEN - 1)
    expect(staff.post(WORDS.format(number=6))).to_have_count(0)
    staff.reads("Geschreven op papier")
    staff.reads("Voor: 10")
