"""Writing on a phone: toolbar, preview, mention and quote; and all but the toolbar without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.journeys.arrangements import OTHERS_WORDS, make_debate_of_yesterday
from tests.journeys.conftest import Visitors
from tests.journeys.inspection import LATER_LOOKS, sight_faults
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor
from tests.support.pictures import picture

WORDS = "In de hal liggen al drie weken dozen, en niemand ruimt ze op."
SETTLED_MS = 200
"""After this long a page has done what it does with an answer."""
Writer = Callable[..., Visitor]


@pytest.fixture
def writer(forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str]) -> Writer:
    """Return a maker of a tenant on a phone, in a debate in which Henk wrote."""

    def make(*, javascript: bool = True) -> Visitor:
        with forum.inside():
            path = make_debate_of_yesterday()
        visitor = visitors(forum, width=PHONE, javascript=javascript)
        visitor.sign_in(tenant_email("Ria")).open(path)
        visitor.press("Overslaan")
        visitor.ready(field(visitor))
        return visitor

    return make


def field(visitor: Visitor) -> Locator:
    """Return the text area that is written in."""
    return visitor.main.locator("textarea[data-write]")


def test_the_toolbar_is_one_stop_and_marks_what_is_selected(writer: Writer) -> None:
    visitor = writer()
    tool = visitor.main.get_by_role("toolbar", name="Opmaak").get_by_role("button")
    field(visitor).fill(WORDS)
    field(visitor).select_text()

    field(visitor).press("Shift+Tab")
    expect(tool.nth(0)).to_be_focused()
    tool.nth(0).press("ArrowRight")
    expect(tool.nth(1)).to_be_focused()
    tool.nth(1).press("End")
    tool.nth(4).press("ArrowRight")
    tool.nth(0).press("Enter")

    expect(field(visitor)).to_have_value(f"**{WORDS}**")
    visitor.page.keyboard.press("Control+z")
    expect(field(visitor)).to_have_value(WORDS)


@pytest.mark.parametrize(
    ("tool", "before", "after"),
    [
        pytest.param("Vet", "lift", "**lift**", id="bold"),
        pytest.param("Vet", "**lift**", "****lift****", id="bold, with the marks selected too"),
        pytest.param("Schuin", " lift ", " _lift_ ", id="italic leaves the spaces out"),
        pytest.param("Lijst", "lift\ndeur", "- lift\n- deur", id="every line in a list"),
        pytest.param("Lijst", "- lift\n- deur", "lift\ndeur", id="a list undone"),
        pytest.param("Citaat", "lift", "> lift", id="quote"),
        pytest.param("Link", "lift", "[lift](https://)", id="words of a link"),
        pytest.param("Link", "https://huurders.nl", "[tekst](https://huurders.nl)", id="address of a link"),
    ],
)
def test_each_tool_makes_its_marks(writer: Writer, tool: str, before: str, after: str) -> None:
    visitor = writer()
    field(visitor).fill(before)
    field(visitor).select_text()

    visitor.press(tool)

    expect(field(visitor)).to_have_value(after)


def test_a_tenant_mentions_somebody_and_sees_it_before_it_is_placed(writer: Writer, axe: str) -> None:
    visitor = writer()
    field(visitor).press_sequentially("Eens met @hen")
    option = visitor.main.get_by_role("option", name="Henk", exact=True)
    expect(option).to_be_visible()
    expect(visitor.main.get_by_text("1 naam. Kies met pijl omlaag en Enter.")).to_be_attached()
    field(visitor).press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    assert not sight_faults(visitor, axe, LATER_LOOKS)
    field(visitor).press("Enter")
    expect(field(visitor)).to_have_value("Eens met @Henk ")

    visitor.press("Bekijk voorbeeld")
    preview = visitor.main.get_by_role("region", name="Voorbeeld")
    expect(preview.locator("mark")).to_have_text("@Henk")
    field(visitor).press_sequentially("over de hal. <img src=x onerror=alert(1)>")
    expect(preview).to_contain_text("over de hal. <img src=x onerror=alert(1)>")
    assert not sight_faults(visitor, axe, LATER_LOOKS)
    visitor.press("Plaats bericht")

    expect(visitor.post("Eens met").locator("mark")).to_have_text("@Henk")


def test_a_press_on_a_button_counts_while_names_are_shown(writer: Writer) -> None:
    visitor = writer()
    field(visitor).press_sequentially("Dag @hen")
    expect(visitor.main.get_by_role("listbox")).to_be_visible()

    visitor.press("Bekijk voorbeeld")

    expect(visitor.main.get_by_role("region", name="Voorbeeld")).to_be_visible()
    expect(visitor.main.get_by_role("listbox")).to_be_hidden()


def test_escape_closes_the_names_and_leaves_the_text(writer: Writer) -> None:
    visitor = writer()
    field(visitor).press_sequentially("Dag @hen")
    names = visitor.main.get_by_role("listbox")
    expect(names).to_be_visible()

    field(visitor).press("Escape")

    expect(names).to_be_hidden()
    expect(field(visitor)).to_have_value("Dag @hen")


def test_names_that_come_after_escape_stay_away(writer: Writer) -> None:
    visitor = writer()
    held: list[Route] = []
    names = visitor.main.get_by_role("listbox")
    field(visitor).press_sequentially("Dag @he")
    expect(names).to_be_visible()
    visitor.page.route("**/deelnemers?*", lambda route: held.append(route))  # noqa: PLW0108 - no wrapped builtin
    with visitor.page.expect_request("**/deelnemers?q=hen"):
        field(visitor).press("n")

    field(visitor).press("Escape")
    with visitor.page.expect_event("requestfinished"):
        held[0].continue_()

    visitor.page.wait_for_timeout(SETTLED_MS)
    expect(names).to_be_hidden()


def test_only_the_selected_words_are_quoted_and_a_draft_stays(writer: Writer) -> None:
    visitor = writer()
    visitor.post(OTHERS_WORDS).get_by_role("link", name="Antwoorden").click()
    field(visitor).fill("Mijn concept.")
    visitor.page.go_back()
    select = """prose => {
        const words = prose.querySelector("p").firstChild, range = document.createRange();
        range.setStart(words, 0); range.setEnd(words, 20);
        getSelection().removeAllRanges(); getSelection().addRange(range);
    }"""
    visitor.post(OTHERS_WORDS).locator(".prose").evaluate(select)

    visitor.post(OTHERS_WORDS).get_by_role("link", name="Citeren").click()

    expect(field(visitor)).to_have_value(f"Mijn concept.\n\n> {OTHERS_WORDS[:20].strip()}\n\n")


def test_the_preview_says_when_it_fails(writer: Writer) -> None:
    visitor = writer()
    visitor.page.route("**/voorbeeld", lambda route: route.fulfill(status=200, body="kapot"))
    field(visitor).fill(WORDS)

    visitor.press("Bekijk voorbeeld")

    visitor.reads("Het voorbeeld lukt nu niet. Uw tekst is er nog.")
    expect(field(visitor)).to_have_value(WORDS)


def test_everything_goes_without_javascript(writer: Writer, tmp_path: Path) -> None:
    photograph = tmp_path / "hal.jpg"
    photograph.write_bytes(picture())
    visitor = writer(javascript=False).expects_refusal(422)
    expect(visitor.main.get_by_role("toolbar")).to_have_count(0)
    visitor.post(OTHERS_WORDS).get_by_role("link", name="Citeren").click()
    expect(field(visitor)).to_have_value(f"> {OTHERS_WORDS}\n\n")
    field(visitor).fill(f"> Dozen\n\n{WORDS} Zegt @Henk. Bel 06-12345678.")
    visitor.main.get_by_text("Foto’s toevoegen").click()
    visitor.main.get_by_label("Kies foto 1").set_input_files(photograph)
    visitor.fill("Wat staat er op foto 1?", "Dozen in de hal")

    visitor.press("Bekijk voorbeeld")
    preview = visitor.main.get_by_role("region", name="Zo ziet uw bericht eruit")
    expect(preview).to_be_focused()
    expect(preview.locator("blockquote")).to_have_text("Dozen")
    assert visitor.overflow() <= 0
    visitor.press("Plaats antwoord")
    expect(visitor.main.get_by_role("alert")).to_be_focused()
    visitor.reads("Een telefoonnummer: 06-12345678")
    assert visitor.overflow() <= 0
    visitor.press("Toch plaatsen")

    post = visitor.post(WORDS)
    expect(post.locator("mark")).to_have_text("@Henk")
    expect(post.get_by_role("img", name="Dozen in de hal")).to_be_visible()
    assert visitor.overflow() <= 0


def test_the_place_of_a_picture_is_kept_until_it_comes(writer: Writer, tmp_path: Path) -> None:
    photograph = tmp_path / "hal.jpg"
    photograph.write_bytes(picture(size=(900, 1800)))
    visitor = writer()
    field(visitor).fill(WORDS)
    visitor.main.get_by_text("Foto’s toevoegen").click()
    visitor.main.get_by_label("Kies foto 1").set_input_files(photograph)
    visitor.fill("Wat staat er op foto 1?", "Dozen in de hal")
    visitor.press("Plaats bericht")
    image = visitor.post(WORDS).get_by_role("img", name="Dozen in de hal")
    expect(image).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visitor.page.route("**/klein", hold)

    visitor.page.reload(wait_until="domcontentloaded")
    visitor.post(WORDS).scroll_into_view_if_needed()
    before = image.bounding_box()
    while not held:
        visitor.page.wait_for_timeout(20)
    held[0].continue_()
    image.evaluate("image => image.decode()")

    assert before == image.bounding_box()
    assert before is not None
    assert (before["width"], before["height"]) == (160, 320)
