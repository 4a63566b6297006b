"""A moderator with twenty flags: by button on a phone without JavaScript, and by key."""

from datetime import timedelta

from playwright.sync_api import Locator, expect

from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from tests.journeys.arrangements import make_staff_email
from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor
from tests.support.cast import make_tenant, make_thread
from tests.support.moderation import make_flagged_post

TWENTY = 20


def make_twenty_flags(forum: ServedForum) -> tuple[str, str]:
    """Return the list of a debate with twenty flagged posts, and the e-mail of a moderator."""
    with forum.inside():
        at = now()
        thread, author = make_thread(opens_at=at - timedelta(days=1)), make_tenant("Henk")
        for number in range(TWENTY):
            make_flagged_post(thread=thread, author=author, at=at + timedelta(hours=number))
        path = f"/beheer/meldingen?onderwerp={thread.topic_id}"
        return path, make_staff_email(Role.MODERATOR, Party.TENANTS)


def entries(moderator: Visitor) -> Locator:
    return moderator.page.locator("[data-entry]")


def test_twenty_flags_are_dealt_with_on_a_phone_without_javascript(
    forum: ServedForum, visitors: Visitors
) -> None:
    path, email = make_twenty_flags(forum)
    moderator = visitors(forum, width=PHONE, javascript=False).sign_in(email).open(path)
    expect(entries(moderator)).to_have_count(TWENTY)
    assert moderator.overflow() <= 0

    entries(moderator).first.get_by_role("button", name="Verberg").click()
    moderator.reads("Uw besluit is bewaard.")
    expect(entries(moderator)).to_have_count(TWENTY - 1)
    for box in entries(moderator).get_by_role("checkbox").all():
        box.check()
    moderator.page.get_by_label("Met de gekozen berichten").select_option("Laten staan")
    moderator.press("Doe dit")

    moderator.reads("19 besluiten bewaard.")
    moderator.reads("Er zijn geen meldingen")


def test_twenty_flags_are_dealt_with_by_key(forum: ServedForum, visitors: Visitors) -> None:
    path, email = make_twenty_flags(forum)
    moderator = visitors(forum).sign_in(email).open(path)
    keyboard = moderator.page.keyboard
    moderator.reads("Toetsen, in een bericht")

    keyboard.press("v")
    expect(entries(moderator)).to_have_count(TWENTY)
    entries(moderator).first.focus()
    for left, key in enumerate("vlv", start=1):
        keyboard.press(key)
        expect(entries(moderator)).to_have_count(TWENTY - left)
        expect(entries(moderator).first).to_be_focused()
    keyboard.press("j")
    keyboard.press("x")
    expect(entries(moderator).nth(1).get_by_role("checkbox")).to_be_checked()
    keyboard.press("o")

    moderator.reads("Bericht beoordelen")
