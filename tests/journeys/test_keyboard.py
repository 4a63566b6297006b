"""With Tab, Enter and Space only: the focus is always to be seen, in order, and lands where it helps."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.journeys.arrangements import OTHERS_WORDS, make_debate_of_yesterday
from tests.journeys.conftest import Visitors, Walkers
from tests.journeys.keyboard import Keyboard
from tests.journeys.page_examples import DELEGATE, MODERATOR, TENANT, VISITOR
from tests.journeys.served import ServedForum
from tests.journeys.visitor import DESKTOP, PHONE
from tests.support.browser import PASSWORD

WORDS = "Mijn buurvrouw van tachtig doet haar boodschappen nu in twee keer, met een krukje op elke trap."


def test_a_tenant_takes_part_with_only_the_keyboard(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str]
) -> None:
    with forum.inside():
        path = make_debate_of_yesterday()
    visitor = visitors(forum).open(f"/inloggen?next={path}")
    keys = Keyboard(visitor)

    sign_in(keys, tenant_email("Ria"))
    visitor.reads("Wat vindt u zelf?")
    give_stance(keys)
    visitor.reads("Uw antwoord is bewaard.")
    keys.tab_to("Uw bericht")
    keys.type(WORDS)
    keys.tab_to("Plaats bericht")
    keys.press("Enter")
    visitor.reads("Uw bericht staat op het forum.")
    expect(visitor.post(WORDS)).to_be_in_viewport()
    value(keys, "Henk")

    pressed = visitor.post(OTHERS_WORDS).get_by_role("button", name="Waardevol")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(visitor.post(OTHERS_WORDS)).to_be_in_viewport()


def sign_in(keys: Keyboard, email: str) -> None:
    """Skip the header, and fill in the form."""
    assert keys.tab().name == "Naar de inhoud"
    keys.press("Enter")
    assert keys.here().id == "inhoud"
    assert keys.tab().name == "E-mailadres of huurdersnummer"
    keys.type(email)
    assert keys.tab().name == "Wachtwoord"
    keys.type(PASSWORD)
    assert keys.tab().name == "Inloggen"
    keys.press("Enter")


def give_stance(keys: Keyboard) -> None:
    """Forget to choose, follow the summary of errors to the choice, and choose."""
    keys.visitor.expects_refusal(422)
    keys.tab_to("Bewaar mijn antwoord")
    keys.press("Enter")
    keys.visitor.reads("Nog niet verstuurd")
    keys.tab_to("Kies voor, tegen")
    keys.press("Enter")
    assert keys.here().name == "Voor"
    keys.press("Space")
    keys.tab_to("Bewaar mijn antwoord")
    keys.press("Enter")


def value(keys: Keyboard, author: str) -> None:
    """Find the post of somebody from the top of the page, and press its button."""
    keys.visitor.page.reload()
    keys.visitor.page.evaluate("() => scrollTo(0, 0)")
    for _ in range(60):
        stop = keys.tab()
        if stop.name.startswith("Waardevol") and author in stop.name:
            break
    keys.press("Space")


def test_a_folded_part_opens_with_the_keyboard(
    forum: ServedForum, visitors: Visitors, thread_path: str, tenant_email: Callable[[str], str]
) -> None:
    visitor = visitors(forum).sign_in(tenant_email("Ria")).open(thread_path)
    visitor.press("Overslaan")
    keys = Keyboard(visitor)

    keys.tab_to("Wat staat vast")
    keys.press("Enter")

    expect(visitor.page.get_by_role("heading", name="Dit staat vast")).to_be_visible()


@pytest.mark.parametrize(
    ("who", "path"),
    [
        pytest.param(VISITOR, "/inloggen", id="sign in"),
        pytest.param(TENANT, "/", id="the front page"),
        pytest.param(TENANT, "/onderwerpen/{open}/{open_slug}?pagina=2", id="a debate"),
        pytest.param(TENANT, "/mijn/", id="my forum"),
        pytest.param(DELEGATE, "/agenda/onderwerp/{proposed}", id="a topic"),
        pytest.param(DELEGATE, "/agenda/{draft}/voorstel", id="a proposal"),
        pytest.param(MODERATOR, "/beheer/panels/{proposed_panel}", id="a panel"),
        pytest.param(MODERATOR, "/beheer/panels/{draft_panel}/afspiegeling", id="quotas"),
    ],
)
def test_tab_goes_from_top_to_bottom_and_out(walkers: Walkers, who: str, path: str) -> None:
    visitor = walkers.visitor(who, width=PHONE).open(walkers.path(path))

    stops = Keyboard(visitor).round()

    assert stops[0].name == "Naar de inhoud"
    assert len(stops) > 5
    tops = [stop.top for stop in stops if stop.is_in_main]
    assert tops == sorted(tops), [(stop.name, stop.top) for stop in stops if stop.is_in_main]


MENU = ["Onderwerpen", "Agenda", "Mijn forum", "Beheer"]


@pytest.mark.parametrize(
    ("width", "names"),
    [
        pytest.param(PHONE, ["Huurdersforum", "Uitloggen", *MENU, "Zoeken"], id="a link to search"),
        pytest.param(
            DESKTOP,
            ["Huurdersforum", "Zoek in berichten", "Zoek", "Uitloggen", *MENU],
            id="a field to search",
        ),
    ],
)
def test_tab_goes_through_the_header_row_by_row(walkers: Walkers, width: int, names: list[str]) -> None:
    visitor = walkers.visitor(MODERATOR, width=width).open("/huisregels")

    stops = Keyboard(visitor).round()

    first = [stop.name for stop in stops].index("Naar de inhoud") + 1
    header = stops[first : first + len(names)]
    assert [stop.name for stop in header] == names
    row_height = 40
    assert all(after.top > before.top - row_height for before, after in pairwise(header)), header
