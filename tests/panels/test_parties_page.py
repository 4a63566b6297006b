"""What each party reads of the other on the page of a panel: its changes, and who confirmed."""

import pytest

from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.panels import choosing
from forum.panels.models import Panel
from forum.panels.queries import get_panel, names_of_candidates
from forum.panels.result_queries import get_result
from forum.web.times import show_moment
from tests.support.browser import Browser
from tests.support.cast import actor_of, make_site, make_staff
from tests.support.panels import OVER, make_debate, make_proposed_panel


@pytest.fixture
def moderator(browser: Browser) -> Browser:
    """Return a signed-in moderator of the tenant organisation."""
    make_site()
    return browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS, name="Nora Haan"))


def _first_of(panel: Panel) -> tuple[str, str]:
    """Return code and name of the first person on the list."""
    [code] = get_result(panel)["panel"][:1]
    return code, names_of_candidates(panel, [code])[code].display_name


def test_the_other_party_reads_who_was_taken_off_why_by_whom_and_when(moderator: Browser) -> None:
    panel = make_proposed_panel(make_debate()[0])
    code, name = _first_of(panel)
    page = moderator.visit(f"/beheer/panels/{panel.id}")
    moderator.submit(
        page, "Kies opnieuw", kind="remove", candidate=code, why="moved", words="Woont nu in Deurne."
    )
    landlord = moderator.another().sign_in(make_staff(Role.DELEGATE, Party.LANDLORD))

    page = landlord.visit(f"/beheer/panels/{panel.id}")

    [line] = [item.get_text(" ", strip=True) for item in page.soup.select("li") if "Deurne" in item.text]
    assert line.startswith(name)
    assert code not in line
    assert "van de lijst gehaald. Reden: verhuisd. Uitleg: Woont nu in Deurne." in " ".join(line.split())
    assert "Gevraagd door Nora Haan, Huurdersbelang, op " in line


def test_the_changes_of_another_panel_are_not_shown(moderator: Browser) -> None:
    changed, other = make_proposed_panel(make_debate()[0]), make_proposed_panel(make_debate()[0])
    page = moderator.visit(f"/beheer/panels/{changed.id}")
    code, _ = _first_of(changed)
    moderator.submit(page, "Kies opnieuw", kind="remove", candidate=code, why="moved", words="Naar Deurne.")

    page = moderator.visit(f"/beheer/panels/{other.id}")

    assert "Wijzigingen in de lijst" not in page.text


def test_who_confirmed_and_when_is_shown_and_stays_after_the_second_party(moderator: Browser) -> None:
    panel = make_proposed_panel(make_debate()[0])
    shown = get_result(panel)["audit"]["result_sha256"]
    signers = [
        make_staff(Role.DELEGATE, Party.TENANTS, name="Ria Gerritsen"),
        make_staff(Role.DELEGATE, Party.LANDLORD, name="Bas de Wit"),
    ]
    choosing.confirm_selection(panel, shown, actor_of(signers[0]), at=OVER)
    db.session.commit()
    moment = show_moment(OVER)

    halfway = moderator.visit(f"/beheer/panels/{panel.id}")
    choosing.confirm_selection(get_panel(panel.id), shown, actor_of(signers[1]), at=OVER)
    db.session.commit()
    done = moderator.visit(f"/beheer/panels/{panel.id}")

    assert f"Huurdersbelang: bevestigd door Ria Gerritsen op {moment}" in halfway.text
    assert "Wonen Zilverdam: nog niet bevestigd" in halfway.text
    assert f"Huurdersbelang: bevestigd door Ria Gerritsen op {moment}" in done.text
    assert f"Wonen Zilverdam: bevestigd door Bas de Wit op {moment}" in done.text


def test_a_change_without_a_choice_or_words_is_refused_in_words_about_the_list(moderator: Browser) -> None:
    panel = make_proposed_panel(make_debate()[0])
    page = moderator.visit(f"/beheer/panels/{panel.id}")

    page = moderator.submit(page, "Kies opnieuw", candidate="m-1", why="moved")

    assert page.status == 422
    assert "Kies wat er met de lijst moet gebeuren." in page.text
    assert "Schrijf een uitleg. De andere partij leest die." in page.text
