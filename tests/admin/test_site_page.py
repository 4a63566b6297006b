"""The page on which the administrator names the parties and says how to reach them."""

from typing import Any

import pytest
from flask import Flask

from forum.admin.service import change_site
from forum.audit.models import AuditEntry
from forum.kernel.actor import Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.settings.queries import get_site_row
from tests.support.browser import Browser
from tests.support.cast import T0, actor_of, make_site, make_staff

PAGE = "/beheer/gegevens"
KEEP = "Bewaar gegevens"


@pytest.fixture
def admin(browser: Browser) -> Browser:
    """Return the administrator, on the forum of a corporation."""
    make_site()
    return browser.sign_in(make_staff(Role.ADMIN, name="Sanne de Boer"))


def test_what_is_kept_stands_on_the_pages_and_in_the_logbook(admin: Browser) -> None:
    page = admin.submit(
        admin.visit(PAGE),
        KEEP,
        tenants_name=" Huurdersraad ",
        help_phone="040 123 45 67",
        post_address=" Antwoordnummer 12 \r\n\r\n 5500 VB Veldhoven",
    )

    assert page.status == 200
    assert "De gegevens zijn bewaard." in page.text
    assert "040 123 45 67" in admin.visit("/").text
    site = get_site_row()
    assert (site.landlord_name, site.tenants_name) == ("Wonen Zilverdam", "Huurdersraad")
    assert site.post_address == "Antwoordnummer 12\n5500 VB Veldhoven"
    entry = db.session.query(AuditEntry).filter_by(action="site.changed").one()
    assert entry.details["before"] == {
        "tenants_name": "Huurdersbelang",
        "help_phone": "010 000 00 00",
        "post_address": "",
    }


def test_the_same_again_changes_nothing(admin: Browser) -> None:
    page = admin.submit(admin.visit(PAGE), KEEP)

    assert "De gegevens zijn bewaard." in page.text
    assert db.session.query(AuditEntry).filter_by(action="site.changed").count() == 0


def test_phone_and_address_may_be_empty(admin: Browser) -> None:
    admin.submit(admin.visit(PAGE), KEEP, help_phone="", post_address="")

    assert (get_site_row().help_phone, get_site_row().post_address) == ("", "")
    assert "Hulp nodig?" not in admin.visit("/").text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        pytest.param("tenants_name", " ", "Vul een naam in.", id="no name"),
        pytest.param("landlord_name", "W" * 101, "hooguit 100", id="a long name"),
        pytest.param("help_phone", "bel ons", "met cijfers", id="no number"),
        pytest.param("help_phone", "0" * 31, "met cijfers", id="a long number"),
        pytest.param("post_address", "1\n2\n3\n4\n5\n6", "niet meer dan 5 regels", id="many lines"),
        pytest.param("post_address", "a" * 201, "hooguit 200", id="a long address"),
    ],
)
def test_what_is_refused_stays_in_its_field(admin: Browser, field: str, typed: str, sentence: str) -> None:
    fields: dict[str, Any] = {field: typed}
    page = admin.submit(admin.visit(PAGE), KEEP, **fields)

    assert page.status == 422
    assert sentence in page.text
    [kept] = page.soup.select(f"#{field}")
    assert typed.strip() in (kept.get("value", ""), kept.text.strip())
    assert (get_site_row().help_phone, get_site_row().tenants_name) == ("010 000 00 00", "Huurdersbelang")


def test_only_an_administrator_changes_it(database: Flask) -> None:
    make_site()
    coordinator = actor_of(make_staff(Role.COORDINATOR))

    with pytest.raises(Forbidden), unit_of_work():
        change_site(
            get_site_row(),
            coordinator,
            landlord_name="A",
            tenants_name="B",
            help_phone="",
            post_address="",
            at=T0,
        )
