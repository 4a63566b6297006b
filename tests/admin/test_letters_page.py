"""Letters with a code: who is listed, and what is printed."""

from datetime import timedelta

import pytest
from bs4 import Tag
from sqlalchemy import select

from forum.accounts.letter_queries import LETTERS_MOST
from forum.accounts.models import ActivationCode
from forum.audit.models import AuditEntry
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.members.models import MemberState
from tests.support.browser import Browser, Page
from tests.support.cast import make_site, make_staff, make_tenant
from tests.support.queries import counted_queries

PAGE = "/beheer/brieven"
PRINT = "Maak de brieven"


@pytest.fixture
def admin(browser: Browser) -> Browser:
    """Return the administrator, on the forum of a corporation."""
    make_site()
    return browser.sign_in(make_staff(Role.ADMIN))


def numbers_on(page: Page) -> list[str]:
    """Return the tenant numbers in the table of a page."""
    return [" ".join(cell.get_text().split()) for cell in page.soup.select("td[data-label=Huurdersnummer]")]


def print_for(admin: Browser, *member_ids: int, window: str = "left") -> Page:
    return admin.submit(admin.visit(PAGE), PRINT, member=list(member_ids), window=window)


def codes_on(page: Page) -> list[str]:
    return [code.get_text() for code in page.soup.select(".letter .code")]


def test_each_list_holds_who_it_says(admin: Browser) -> None:
    plain = make_tenant("Anja", email=None)
    mailed = make_tenant("Bram")
    gone = make_tenant("Cor", email=None)
    gone.state = MemberState.GONE
    db.session.commit()
    admin.another().sign_in(make_tenant("Dirk", email=None))
    board = make_tenant("Els", email=None)
    make_staff(Role.MODERATOR, Party.TENANTS)
    admin.submit(
        admin.visit("/beheer/rollen"), "Geef de huurder deze rol", number=board.number, role="coordinator"
    )

    before = [numbers_on(admin.visit(f"{PAGE}?wie={which}")) for which in ("nieuw", "gemaakt", "met-email")]
    print_for(admin, plain.id)
    after = [numbers_on(admin.visit(f"{PAGE}?wie={which}")) for which in ("nieuw", "gemaakt", "met-email")]

    assert before == [[plain.number], [], [mailed.number]]
    assert after == [[], [plain.number], [mailed.number]]


def test_letters_for_a_batch_are_printed_one_to_a_page_and_work(admin: Browser) -> None:
    anja, bram = make_tenant("Anja", email=None), make_tenant("Bram", email=None)

    page = print_for(admin, anja.id, bram.id, window="right")

    letters = page.soup.select("article.letter.letter-right")
    assert len(letters) == 2
    first = letters[0]
    address = first.select_one(".letter-to")
    assert isinstance(address, Tag)
    home = anja.household
    assert home is not None
    assert " ".join(address.get_text(" ").split()) == (
        f"Anja Jansen {home.street} {home.house_number} {home.postcode} {home.city}"
    )
    assert str(anja.number) in first.get_text()
    door = admin.another()
    form = door.submit(
        door.visit("/code"), "Ga verder", code=codes_on(page)[0].lower(), postcode=home.postcode
    )
    assert "Kies een wachtwoord" in form.text
    made = select(AuditEntry.details).where(AuditEntry.action == "account.letter_code_made")
    assert [entry["member_id"] for entry in db.session.scalars(made)] == [anja.id, bram.id]


def test_printing_twice_leaves_only_the_letters_that_are_on_the_screen(admin: Browser) -> None:
    anja = make_tenant("Anja", email=None)
    home = anja.household
    assert home is not None

    form = admin.visit(PAGE)

    [old], [new] = (codes_on(admin.submit(form, PRINT, member=[anja.id])) for _ in range(2))

    door = admin.another()
    answers = [
        door.submit(door.visit("/code"), "Ga verder", code=code, postcode=home.postcode).status
        for code in (old, new)
    ]
    assert answers == [404, 200]


def test_nobody_gets_no_letter(admin: Browser) -> None:
    make_tenant("Anja", email=None)

    page = print_for(admin, 987_654, 0, 2**40)

    assert page.path == PAGE
    assert "Kies minstens één huurder" in page.text


def test_a_long_list_comes_in_parts_at_a_fixed_number_of_queries(admin: Browser) -> None:
    for number in range(LETTERS_MOST + 2):
        make_tenant(f"Huurder {number:02}", email=None)

    with counted_queries() as sent:
        first = admin.visit(PAGE)
    second = admin.visit(first.link("Volgende 50 huurders"))

    assert (len(numbers_on(first)), len(numbers_on(second))) == (LETTERS_MOST, 2)
    assert not second.has_link("Volgende")
    assert len(sent) <= 4


def test_an_old_letter_is_listed_as_new_again(admin: Browser) -> None:
    anja = make_tenant("Anja", email=None)
    print_for(admin, anja.id)

    db.session.scalars(select(ActivationCode)).one().expires_at = now() - timedelta(days=1)
    db.session.commit()

    assert numbers_on(admin.visit(PAGE)) == [anja.number]


def test_one_code_may_be_asked_with_a_number_in_lower_case(admin: Browser) -> None:
    anja = make_tenant("Anja", email=None)

    page = admin.submit(admin.visit("/beheer/code"), "Maak code", number=(anja.number or "").lower())

    assert "De code voor Anja" in page.text
