"""Comforts of the script: a draft that is kept, one post for two clicks, and the characters that are left."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import Visitor

WORDS = "De lift staat elke week stil, en dan moet mijn moeder vier trappen op met de boodschappen."


def signed_in_thread(visitor: Visitor, email: str, path: str) -> Visitor:
    visitor.sign_in(email).open(path)
    visitor.press("Overslaan")
    return visitor


def test_a_draft_comes_back_after_a_reload(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = signed_in_thread(visitors(forum), tenant_email("Ria"), thread_path)

    visitor.fill("Uw bericht", WORDS)
    visitor.reads("Uw concept is bewaard op dit apparaat.")
    visitor.page.reload()

    expect(visitor.main.get_by_label("Uw bericht", exact=True)).to_have_value(WORDS)
    visitor.reads("Wij hebben uw concept teruggezet.")


def test_a_draft_is_kept_of_what_was_typed_before_the_script_came(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = signed_in_thread(visitors(forum), tenant_email("Ria"), thread_path)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visitor.page.route("**/forum.js*", hold)

    visitor.page.goto(thread_path, wait_until="commit")
    visitor.main.get_by_label("Uw bericht", exact=True).fill(WORDS)
    visitor.page.wait_for_timeout(200)
    visitor.does_not_read("Uw concept is bewaard op dit apparaat.")
    for route in held:
        route.continue_()

    visitor.reads("Uw concept is bewaard op dit apparaat.")
    visitor.page.unroute("**/forum.js*")
    visitor.page.reload()
    expect(visitor.main.get_by_label("Uw bericht", exact=True)).to_have_value(WORDS)


def test_a_draft_is_gone_after_it_was_sent(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = signed_in_thread(visitors(forum), tenant_email("Ria"), thread_path)
    visitor.fill("Uw bericht", WORDS)

    visitor.press("Plaats bericht")

    expect(visitor.post(WORDS)).to_be_visible()
    visitor.page.reload()
    expect(visitor.main.get_by_label("Uw bericht", exact=True)).to_have_value("")


def test_a_draft_is_kept_until_the_forum_has_it(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = signed_in_thread(visitors(forum), tenant_email("Ria"), thread_path)
    field = visitor.main.get_by_label("Uw bericht", exact=True)
    visitor.fill("Uw bericht", WORDS)

    visitor.context.set_offline(True)
    visitor.press("Plaats bericht")
    visitor.page.wait_for_url("chrome-error://**")
    visitor.context.set_offline(False)
    visitor.open("/huisregels").open(thread_path)

    expect(field).to_have_value(WORDS)
    visitor.reads("Wij hebben uw concept teruggezet.")
    visitor.press("Plaats bericht")
    visitor.reads("Uw bericht staat op het forum.")
    visitor.open(thread_path)
    expect(field).to_have_value("")


def test_a_draft_that_did_not_leave_survives_another_form(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = signed_in_thread(visitors(forum), tenant_email("Ria"), thread_path)
    visitor.fill("Uw bericht", WORDS)
    visitor.context.set_offline(True)
    visitor.press("Plaats bericht")
    visitor.page.wait_for_url("chrome-error://**")
    visitor.context.set_offline(False)

    visitor.page.go_back()
    visitor.open("/mijn/naam").press("Bewaar")
    visitor.reads("Uw naam is bewaard.")
    visitor.open(thread_path)

    expect(visitor.main.get_by_label("Uw bericht", exact=True)).to_have_value(WORDS)


def test_a_draft_that_was_refused_is_kept(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = signed_in_thread(visitors(forum), tenant_email("Ria"), thread_path)
    visitor.fill("Uw bericht", "a" * 10_001)

    visitor.expects_refusal(422).press("Plaats bericht")
    expect(visitor.main.get_by_role("alert")).to_contain_text("Deze tekst is te lang.")
    visitor.open(thread_path)

    visitor.reads("Wij hebben uw concept teruggezet.")
    visitor.reads("Uw tekst is 1 teken te lang.")


def test_a_draft_is_gone_after_signing_out(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    email = tenant_email("Ria")
    visitor = signed_in_thread(visitors(forum), email, thread_path)
    visitor.fill("Uw bericht", WORDS)
    visitor.reads("Uw concept is bewaard op dit apparaat.")

    visitor.sign_out()

    kept = visitor.page.evaluate("() => Object.keys(localStorage)")
    assert [key for key in kept if key.startswith("draft:")] == []
    signed_in_thread(visitor, email, thread_path)
    expect(visitor.main.get_by_label("Uw bericht", exact=True)).to_have_value("")


def test_two_clicks_on_the_button_are_one_post(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = signed_in_thread(visitors(forum), tenant_email("Ria"), thread_path)
    visitor.fill("Uw bericht", WORDS)

    visitor.main.get_by_role("button", name="Plaats bericht").dblclick()

    visitor.reads("Uw bericht staat op het forum.")
    visitor.open(thread_path)
    expect(visitor.post(WORDS)).to_have_count(1)
    visitor.reads("1 bericht")


def test_the_characters_that_are_left_are_counted(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = signed_in_thread(visitors(forum), tenant_email("Ria"), thread_path)
    visitor.does_not_read("tekens typen.")

    visitor.fill("Uw bericht", "a" * 9_500 + "Goed plan 👍🏽")  # a thumb is two characters, one is its colour
    visitor.reads("U kunt nog 488 tekens typen.")
    visitor.fill("Uw bericht", "a" * 10_001)

    visitor.reads("Uw tekst is 1 teken te lang.")
    visitor.expects_refusal(422).press("Plaats bericht")
    expect(visitor.main.get_by_role("alert")).to_contain_text("Deze tekst is te lang.")
    assert len(visitor.main.get_by_label("Uw bericht", exact=True).input_value()) == 10_001
