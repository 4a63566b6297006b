"""Forms as people use them: wrong at first, in two windows, back and again, too late."""

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import expect

from forum.accounts.models import SignInSession
from forum.kernel.database import db, unit_of_work
from tests.journeys.conftest import Visitors, Walkers
from tests.journeys.inspection import LATER_LOOKS, sight_faults
from tests.journeys.page_examples import ADMIN, DELEGATE, MODERATOR, TENANT, VISITOR
from tests.journeys.served import ServedForum
from tests.journeys.visitor import Visitor

WORDS = "Wij hebben met het hele portiek geturfd: in oktober stond de lift elf keer stil."
TYPED = "input:not([type=hidden],[type=radio],[type=checkbox],[type=file]), textarea"
FOCUS = ":is([role=alert], [aria-invalid=true]):is(:focus, :has(:focus))"

REFUSED_WHEN_EMPTY = [
    (VISITOR, "/inloggen", "Inloggen"),
    (VISITOR, "/activeren", "Stuur mij een link"),
    (VISITOR, "/code", "Ga verder"),
    (VISITOR, "/activeren/{activation}", "Bewaar en log in"),
    (VISITOR, "/uitnodiging/{link}", "Verstuur antwoord"),
    (TENANT, "/agenda/{draft}/idee", "Verstuur uw idee"),
    (TENANT, "/onderwerpen/{open}/mening", "Bewaar mijn antwoord"),
    (TENANT, "/onderwerpen/{open}/{open_slug}?pagina=2", "Plaats bericht"),
    (TENANT, "/berichten/{own_post}/antwoord", "Plaats antwoord"),
    (TENANT, "/berichten/{own_post}/wijzigen", "Bewaar wijziging"),
    (TENANT, "/mijn/naam", "Bewaar"),
    (TENANT, "/mijn/uitnodigingen/{invitation}", "Verstuur antwoord"),
    (DELEGATE, "/agenda/{draft}/voorstel", "Bewaar het voorstel"),
    (DELEGATE, "/agenda/onderwerp/{proposed}/wijzigen", "Bewaar als nieuwe versie"),
    (MODERATOR, "/onderwerpen/{open}/namens", "Plaats bericht"),
    (MODERATOR, "/beheer/panels/nieuw/{over}", "Bewaar plan"),
    (MODERATOR, "/beheer/panels/{draft_panel}/plan", "Bewaar plan"),
    (MODERATOR, "/panels/{committed_panel}/loting", "Kies het panel"),
    (MODERATOR, "/beheer/uitnodigingen/{invitation}", "Bewaar antwoord"),
    (ADMIN, "/beheer/rollen", "Voeg toe"),
    (ADMIN, "/beheer/code", "Maak code"),
    (ADMIN, "/beheer/register", "Bekijk wat er verandert"),
]


@pytest.mark.parametrize(("who", "path", "button"), REFUSED_WHEN_EMPTY)
def test_an_empty_form_says_what_is_missing_where_the_focus_is(
    walkers: Walkers, who: str, path: str, button: str
) -> None:
    visitor = walkers.visitor(who).open(walkers.path(path))
    for field in visitor.main.locator(f"form:has(button:text-is('{button}'))").locator(TYPED).all():
        if field.is_visible():  # what is folded away stays as it is
            field.fill("")

    with visitor.page.expect_navigation() as navigation:
        visitor.expects_refusal(422).main.get_by_role("button", name=button, exact=True).press("Enter")

    assert navigation.value.status == 422
    expect(visitor.page.locator(FOCUS).first, "the focus is on what is wrong").to_be_attached()
    assert visitor.page.title().startswith("Fout: ")
    assert not sight_faults(visitor, walkers.axe, LATER_LOOKS)


@pytest.mark.parametrize(
    ("who", "path", "typed", "button"),
    [
        pytest.param(
            VISITOR,
            "/inloggen",
            {"E-mailadres of huurdersnummer": "niemand@voorbeeld.nl", "Wachtwoord": "geen idee meer"},
            "Inloggen",
            id="a wrong password",
        ),
        pytest.param(
            VISITOR,
            "/code",
            {"Code": "ABCD-EFGH-JKMN", "Postcode": "1234 AB"},
            "Ga verder",
            id="a wrong code",
        ),
        pytest.param(
            MODERATOR,
            "/beheer/panels/{draft_panel}/afspiegeling",
            {"Minstens": "veel"},
            "Bewaar",
            id="a quota that is no number",
        ),
    ],
)
def test_a_refusal_is_told_where_the_focus_is(
    walkers: Walkers, who: str, path: str, typed: Mapping[str, str], button: str
) -> None:
    visitor = walkers.visitor(who).open(walkers.path(path))
    for label, words in typed.items():
        visitor.main.get_by_label(label, exact=True).first.fill(words)

    with visitor.page.expect_navigation() as navigation:
        visitor.expects_refusal(400, 404, 422).press(button)

    assert navigation.value.status >= 400
    expect(visitor.page.locator(FOCUS).first, "the focus is on what is wrong").to_be_attached()
    assert visitor.page.title().startswith("Fout: ")


def test_an_unknown_tenant_is_told_where_the_focus_is_and_keeps_the_words(walkers: Walkers) -> None:
    visitor = walkers.visitor(MODERATOR).open(walkers.path("/onderwerpen/{open}/namens"))
    visitor.fill("Huurdersnummer", "H-onbekend")
    visitor.main.get_by_role("radio").first.check()
    visitor.fill("Het bericht", WORDS)

    visitor.expects_refusal(422).press("Plaats bericht")

    expect(visitor.main.get_by_role("alert")).to_be_focused()
    expect(visitor.main.get_by_label("Het bericht", exact=True)).to_have_value(WORDS)


def debater(visitors: Visitors, forum: ServedForum, email: str, path: str) -> Visitor:
    """Return somebody who is signed in and may write."""
    visitor = visitors(forum).sign_in(email).open(path)
    visitor.press("Overslaan")
    return visitor


def test_back_and_the_button_again_is_still_one_post(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = debater(visitors, forum, tenant_email("Ria"), thread_path)
    visitor.fill("Uw bericht", WORDS)
    visitor.press("Plaats bericht")
    visitor.reads("Uw bericht staat op het forum.")

    visitor.page.go_back()
    with visitor.page.expect_navigation():
        visitor.press("Plaats bericht")

    visitor.open(thread_path).reads("bericht")
    assert visitor.post(WORDS).count() == 1


def test_a_change_in_two_windows_keeps_the_words_of_both(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    first = debater(visitors, forum, tenant_email("Ria"), thread_path)
    first.fill("Uw bericht", WORDS)
    first.press("Plaats bericht")
    first.post(WORDS).get_by_role("link", name="Wijzigen").click()
    first.reads("Uw bericht wijzigen")
    second = visitors(forum, cookies=first.context.storage_state()).open(first.page.url)

    first.fill("Uw bericht", WORDS + " En in november weer.")
    first.press("Bewaar wijziging")
    first.reads("Uw bericht is gewijzigd.")
    second.fill("Uw bericht", WORDS + " Wie belt er eens?")
    second.expects_refusal(409).press("Bewaar wijziging")

    second.reads("U heeft dit bericht al gewijzigd")
    expect(second.main.get_by_role("textbox", name="Uw tekst")).to_have_value(WORDS + " Wie belt er eens?")


def test_what_was_typed_survives_the_end_of_a_sign_in(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str], thread_path: str
) -> None:
    visitor = debater(visitors, forum, tenant_email("Ria"), thread_path)
    visitor.fill("Uw bericht", WORDS)
    with forum.inside(), unit_of_work():
        db.session.query(SignInSession).delete()

    visitor.expects_refusal(401, 400).press("Plaats bericht")

    expect(visitor.main.get_by_role("textbox", name="Uw tekst")).to_have_value(WORDS)


def test_two_clicks_on_a_button_count_once(
    forum: ServedForum, visitors: Visitors, tenant_email: Callable[[str], str]
) -> None:
    visitor = visitors(forum).sign_in(tenant_email("Ria")).open("/mijn/naam")
    visitor.fill("Uw naam op het forum", "Ria van boven")

    visitor.main.get_by_role("button", name="Bewaar").dblclick()

    expect(visitor.main).to_contain_text("Ria van boven")


def test_a_wrong_form_keeps_what_was_right(walkers: Walkers) -> None:
    visitor = walkers.visitor(MODERATOR).open(walkers.path("/beheer/panels/nieuw/{over}"))
    visitor.fill("Titel", "Panel over de tuin")
    visitor.fill("Hoeveel plaatsen?", "tien")
    visitor.choose("Wijk")

    visitor.expects_refusal(422).press("Bewaar plan")

    visitor.reads("Wat u typte staat er nog.")
    expect(visitor.main.get_by_label("Titel", exact=True)).to_have_value("Panel over de tuin")
    expect(visitor.main.get_by_label("Hoeveel plaatsen?", exact=True)).to_have_value("tien")
    expect(visitor.main.get_by_label("Wijk", exact=True)).to_be_checked()
