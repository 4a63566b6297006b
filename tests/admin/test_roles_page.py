"""The page on which the administrator gives and takes roles."""

import pytest

from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.members.models import Member
from tests.support.browser import Browser, Page
from tests.support.cast import make_delegate, make_site, make_staff, make_tenant

PAGE = "/beheer/rollen"
GIVE = "Geef deze rol"


@pytest.fixture
def admin(browser: Browser) -> Browser:
    """Return the administrator, on the forum of a corporation."""
    make_site()
    return browser.sign_in(make_staff(Role.ADMIN, name="Sanne de Boer"))


def roles_of(member: Member) -> set[tuple[Role, Party | None]]:
    db.session.expire_all()
    return {(grant.role, grant.party) for grant in db.session.get_one(Member, member.id).grants}


def give(admin: Browser, member: Member, role: str, party: str = "") -> Page:
    return admin.submit(admin.visit(PAGE), GIVE, member=str(member.id), role=role, party=party)


def test_somebody_with_a_role_gets_one_more(admin: Browser) -> None:
    els = make_delegate(Party.TENANTS)

    page = give(admin, els, "moderator", "tenants")

    assert page.status == 200
    assert "De rol is gegeven." in page.text
    assert roles_of(els) == {(Role.DELEGATE, Party.TENANTS), (Role.MODERATOR, Party.TENANTS)}


def test_a_role_that_was_given_can_be_taken(admin: Browser) -> None:
    els = make_staff(Role.COORDINATOR, name="Els K.")
    page = give(admin, els, "admin")

    page = admin.submit(page, "Rol intrekken van Els K., Coördinator")

    assert "De rol is ingetrokken." in page.text
    assert roles_of(els) == {(Role.ADMIN, None)}


@pytest.mark.parametrize(
    ("role", "party", "status", "sentence"),
    [
        pytest.param("moderator", "", 400, "Kies bij een afgevaardigde of moderator", id="no party"),
        pytest.param("admin", "tenants", 400, "Bij een andere rol hoort geen partij.", id="a party too many"),
        pytest.param("moderator", "landlord", 409, "Niemand kan voor beide partijen", id="the other party"),
    ],
)
def test_a_role_that_cannot_be_given_says_why_beside_what_was_chosen(
    admin: Browser, role: str, party: str, status: int, sentence: str
) -> None:
    els = make_delegate(Party.TENANTS)

    page = give(admin, els, role, party)

    chosen = {str(option["value"]) for option in page.soup.select("#grant-member option[selected]")}
    assert page.status == status
    assert page.title.startswith("Fout: ")
    assert sentence in page.text
    assert chosen == {str(els.id)}
    assert roles_of(els) == {(Role.DELEGATE, Party.TENANTS)}


def test_only_who_has_a_role_can_be_chosen(admin: Browser) -> None:
    anja = make_tenant("Anja V.")
    page = admin.visit(PAGE)

    refused = admin.submit(page, GIVE, member=str(anja.id), role="admin")

    assert "Anja V." not in page.text
    assert refused.status == 422
    assert "Kies een van de mogelijkheden." in refused.text
    assert roles_of(anja) == set()


def give_tenant(admin: Browser, number: str, role: str, party: str = "") -> Page:
    page = admin.visit(PAGE)
    return admin.submit(page, "Geef de huurder deze rol", number=number, role=role, party=party)


def test_a_tenant_gets_a_role_by_number_and_keeps_their_sign_in(admin: Browser) -> None:
    anja = make_tenant("Anja V.")
    number = anja.number or ""

    page = give_tenant(admin, number.lower(), "delegate", "tenants")
    again = give_tenant(admin, number, "delegate", "tenants")

    assert "De rol is gegeven." in page.text
    assert again.status == 200
    assert roles_of(anja) == {(Role.DELEGATE, Party.TENANTS)}
    signed_in = admin.another().sign_in(anja).visit("/beheer/")
    assert (signed_in.status, "Anja V." in signed_in.text) == (200, True)


@pytest.mark.parametrize(
    ("number", "role", "status", "sentence"),
    [
        pytest.param("H999999", "admin", 422, "Er is geen huurder met nummer H999999.", id="nobody"),
        pytest.param("", "delegate", 400, "Kies bij een afgevaardigde of moderator", id="no party"),
    ],
)
def test_a_tenant_who_cannot_get_a_role_is_said_why(
    admin: Browser, number: str, role: str, status: int, sentence: str
) -> None:
    anja = make_tenant("Anja V.")
    typed = number or anja.number or ""

    page = give_tenant(admin, typed, role)

    assert page.status == status
    assert sentence in page.text
    assert page.soup.find("input", attrs={"name": "number", "value": typed})
    assert admin.visit(page.path).path == PAGE
    assert roles_of(anja) == set()


def test_the_address_of_a_tenant_is_asked_about_first(admin: Browser) -> None:
    anja = make_tenant("Anja V.", email="anja@voorbeeld.nl")

    asked = admin.submit(
        admin.visit(PAGE),
        "Voeg toe",
        name="Anja Visser",
        email="Anja@voorbeeld.nl",
        role="moderator",
        party="tenants",
    )
    page = admin.submit(asked, f"Ja, geef de rol aan Anja V. ({anja.number})")

    assert asked.status == 409
    assert "Dit e-mailadres is van een huurder." in asked.text
    assert "De rol is gegeven." in page.text
    assert roles_of(anja) == {(Role.MODERATOR, Party.TENANTS)}
    assert db.session.query(Member).filter_by(email="anja@voorbeeld.nl").count() == 1


def test_the_form_to_add_somebody_still_stands_beside_it(admin: Browser) -> None:
    page = admin.visit(PAGE)

    page = admin.submit(page, "Voeg toe", name="Naima Tahiri", email="n@voorbeeld.nl", role="coordinator")

    assert "De medewerker is toegevoegd" in page.text
    assert page.soup.find("option", string="Naima Tahiri")


@pytest.mark.parametrize(
    ("role", "party", "status", "sentence"),
    [
        pytest.param("moderator", "", 400, "Kies bij een afgevaardigde of moderator", id="no party"),
        pytest.param("moderator", "tenants", 409, "Els K. gebruikt dit e-mailadres al.", id="address in use"),
    ],
)
def test_somebody_who_cannot_be_added_is_said_why_with_what_was_typed(
    admin: Browser, role: str, party: str, status: int, sentence: str
) -> None:
    els = make_staff(Role.COORDINATOR, name="Els K.")
    els.email = "els@voorbeeld.nl"
    db.session.commit()
    address = "Els@voorbeeld.nl" if status == 409 else "nieuw@voorbeeld.nl"

    page = admin.submit(
        admin.visit(PAGE), "Voeg toe", name="Els Klaver", email=address, role=role, party=party
    )

    assert page.status == status
    assert sentence in page.text
    assert page.soup.find("input", attrs={"name": "name", "value": "Els Klaver"})
    assert db.session.query(Member).filter_by(display_name="Els Klaver").count() == 0
