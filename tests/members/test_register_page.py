"""The page on which the administrator imports the register."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from forum.audit.models import AuditEntry
from forum.kernel.actor import SYSTEM, Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.errors import UploadGone
from forum.members.import_service import import_register
from forum.members.import_uploads import drop_upload, get_upload, keep_upload
from forum.members.models import Member, MemberState
from tests.members.register_files import ANJA, csv_bytes, register_of, tenant
from tests.support.browser import Browser, Page
from tests.support.cast import T0, make_site, make_staff, make_tenant

PAGE = "/beheer/register"


class FreshClient(FlaskClient):
    """Gives each request a context of its own, as a server does: nobody's `g` is left for the next."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture(autouse=True)
def _fresh_requests(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "test_client_class", FreshClient)


@pytest.fixture
def admin(browser: Browser) -> Browser:
    """Return the administrator, on the forum of a corporation."""
    make_site()
    return browser.sign_in(make_staff(Role.ADMIN))


def send(browser: Browser, data: bytes) -> Page:
    file = (io.BytesIO(data), "register.csv")
    return browser.submit(browser.visit(PAGE), "Bekijk wat er verandert", file=file)


def hidden_value(page: Page, name: str) -> str:
    field = page.soup.find(attrs={"name": name})
    assert isinstance(field, Tag)
    return str(field["value"])


def write(*rows: dict[str, str]) -> None:
    with unit_of_work():
        import_register(register_of(*rows), SYSTEM, at=T0, agreed=None)


def count_members() -> int:
    return db.session.scalar(select(func.count()).where(Member.number.is_not(None))) or 0


def kept_files(app: Flask) -> list[Path]:
    return sorted((app.config["SETTINGS"].instance_path / "uploads").glob("*"))


def state_of(number: str) -> MemberState:
    return db.session.scalars(select(Member.state).where(Member.number == number)).one()


@pytest.fixture(autouse=True)
def _no_files_stay(database: Flask) -> Any:
    yield
    for path in kept_files(database):
        path.unlink()


def test_the_page_names_every_column(admin: Browser) -> None:
    page = admin.visit(PAGE)

    assert page.status == 200
    assert "number : huurdersnummer (verplicht)" in page.text
    assert "birth_year" in page.text


def test_a_file_is_shown_before_anything_changes(admin: Browser, database: Flask) -> None:
    page = send(admin, csv_bytes(ANJA, tenant("H2", first_name="Bas", last_name="<b>Smit</b>")))

    assert page.status == 200
    assert "2 nieuw 0 gewijzigd 0 gelijk 0 weg" in page.text
    assert "Anja Vermeer" in page.text
    assert "Bas <b>Smit</b>" in page.text
    assert "Lindelaan" not in page.text
    assert count_members() == 0
    (kept,) = kept_files(database)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o077 == 0


def test_a_confirmed_file_is_imported_and_deleted(admin: Browser, database: Flask) -> None:
    page = send(admin, csv_bytes(ANJA, tenant("H2")))

    page = admin.submit(page, "Lees het bestand in")

    assert page.status == 200
    assert "Het bestand is ingelezen: 2 nieuw, 0 gewijzigd, 0 weg." in page.text
    assert count_members() == 2
    assert kept_files(database) == []
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "register.imported")).one()
    assert entry.member_id is not None


def test_the_preview_tells_new_changed_and_gone(admin: Browser) -> None:
    write(ANJA, tenant("H2"), tenant("H3"))

    page = send(
        admin, csv_bytes(ANJA | {"phone": "0201234567", "city": "Eindhoven"}, tenant("H3"), tenant("H4"))
    )

    assert "1 nieuw 1 gewijzigd 1 gelijk 1 weg" in page.text
    assert "H1001 Anja Vermeer telefoon, plaats" in page.text
    assert "Weg: deze huurders staan niet in het bestand" in page.text


def test_of_many_the_first_twenty_are_shown(admin: Browser) -> None:
    page = send(admin, csv_bytes(*(tenant(f"H{number}") for number in range(25))))

    assert len(page.soup.select("tbody tr")) == 20
    assert "Dit zijn de eerste 20 van 25." in page.text


def test_errors_are_told_by_row_column_and_reason(admin: Browser, database: Flask) -> None:
    page = send(admin, csv_bytes(tenant("H2"), ANJA | {"postcode": "12"}))

    assert page.status == 422
    assert "Er is 1 fout." in page.text
    assert "3 postcode Dit is geen Nederlandse postcode, zoals 1234 AB." in page.text
    assert page.title.startswith("Fout: ")
    assert kept_files(database) == []
    assert count_members() == 0


def test_of_many_errors_a_hundred_are_shown(admin: Browser) -> None:
    page = send(admin, csv_bytes(*(tenant(f"H{number}", email="x") for number in range(1200))))

    assert "Er zijn 1.200 fouten. Hieronder staan de eerste 100." in page.text
    assert len(page.soup.select("tbody tr")) == 100


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", "Het bestand is leeg.", id="an empty file"),
        pytest.param("number".encode("utf-16"), "De tekens staan in UTF-16.", id="another encoding"),
        pytest.param(b"PK\x03\x04....", "Dit is een Excel-bestand. Open het in Excel.", id="a workbook"),
        pytest.param(b"number;<script>\nx;y", "<script> Deze kolom kennen wij niet", id="an unknown column"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(admin: Browser, data: bytes, sentence: str) -> None:
    page = send(admin, data)

    assert page.status == 422
    assert sentence in page.text
    assert "Het bestand: register.csv" in page.text


def test_sending_no_file_says_so(admin: Browser) -> None:
    page = admin.submit(admin.visit(PAGE), "Bekijk wat er verandert")

    assert page.status == 422
    assert "Kies eerst een bestand." in page.text


def test_a_file_can_be_thrown_away(admin: Browser, database: Flask) -> None:
    page = admin.submit(send(admin, csv_bytes(ANJA)), "Gooi het bestand weg")

    assert "Het bestand is weggegooid." in page.text
    assert kept_files(database) == []
    assert count_members() == 0


def test_confirming_twice_imports_once(admin: Browser) -> None:
    preview = send(admin, csv_bytes(ANJA))
    admin.submit(preview, "Lees het bestand in")

    page = admin.submit(preview, "Lees het bestand in")

    assert page.status == 404
    assert "Dit bestand is er niet meer" in page.text
    assert count_members() == 1


def test_a_register_that_changed_meanwhile_is_shown_anew(admin: Browser) -> None:
    preview = send(admin, csv_bytes(ANJA, tenant("H2")))
    write(tenant("H2"), tenant("H3"))

    again = admin.submit(preview, "Lees het bestand in")

    assert again.status == 409
    assert "Het register is net veranderd" in again.text
    assert "1 nieuw 0 gewijzigd 1 gelijk 1 weg" in again.text
    assert count_members() == 2
    assert "ingelezen: 1 nieuw" in admin.submit(again, "Lees het bestand in").text
    assert count_members() == 3


def test_many_leave_only_after_a_cross(admin: Browser) -> None:
    write(*(tenant(f"H{number}") for number in range(30)))
    preview = send(admin, csv_bytes(*(tenant(f"H{number}") for number in range(10))))
    assert "20 van de 30 huurders staan niet in dit bestand." in preview.text

    refused = admin.submit(preview, "Lees het bestand in")

    assert refused.status == 409
    assert "Kruis aan dat het klopt dat 20 huurders weggaan." in refused.text
    assert state_of("H29") is MemberState.ACTIVE
    done = admin.submit(refused, "Lees het bestand in", departures="y")
    assert "0 nieuw, 0 gewijzigd, 20 weg." in done.text
    assert state_of("H29") is MemberState.GONE


def test_a_few_leave_without_a_cross(admin: Browser) -> None:
    write(*(tenant(f"H{number}") for number in range(30)))

    preview = send(admin, csv_bytes(*(tenant(f"H{number}") for number in range(20))))

    assert not preview.soup.find(attrs={"name": "departures"})
    assert "10 weg." in admin.submit(preview, "Lees het bestand in").text


def test_a_file_of_somebody_else_is_not_there(admin: Browser) -> None:
    preview = send(admin, csv_bytes(ANJA))
    other = admin.another().sign_in(make_staff(Role.ADMIN))
    fields: dict[str, Any] = {
        name: hidden_value(preview, name) for name in ("token", "sha256", "fingerprint")
    } | {"csrf_token": hidden_value(other.visit(PAGE), "csrf_token")}

    page = other.post(f"{PAGE}/bevestigen", **fields)

    assert page.status == 404
    assert count_members() == 0


def test_a_kept_file_that_changed_is_not_imported(admin: Browser, database: Flask) -> None:
    preview = send(admin, csv_bytes(ANJA))
    kept_files(database)[0].write_bytes(csv_bytes(ANJA | {"last_name": "Smit"}))

    page = admin.submit(preview, "Lees het bestand in")

    assert page.status == 404
    assert count_members() == 0


@pytest.mark.parametrize("token", ["../../forum.sqlite", "x", "." * 32, "a/b" + "c" * 29])
def test_a_made_up_token_finds_nothing(admin: Browser, token: str) -> None:
    preview = send(admin, csv_bytes(ANJA))

    assert admin.submit(preview, "Lees het bestand in", token=token).status == 404
    assert admin.submit(preview, "Gooi het bestand weg", token=token).status == 404


@pytest.mark.parametrize(
    ("role", "party"),
    [
        pytest.param(Role.MODERATOR, Party.LANDLORD, id="moderator"),
        pytest.param(Role.DELEGATE, Party.TENANTS, id="delegate"),
        pytest.param(Role.COORDINATOR, None, id="coordinator"),
        pytest.param(None, None, id="tenant"),
    ],
)
def test_only_the_administrator_opens_the_page(
    browser: Browser, role: Role | None, party: Party | None
) -> None:
    make_site()
    browser.sign_in(make_staff(role, party) if role else make_tenant())

    assert browser.visit(PAGE).status == 403
    for path in (PAGE, f"{PAGE}/bevestigen", f"{PAGE}/weggooien"):
        token = hidden_value(browser.visit("/"), "csrf_token")
        assert browser.post(path, csrf_token=token).status == 403


def test_a_file_is_kept_for_a_day_and_swept_at_the_next_upload(tmp_path: Path) -> None:
    folder, at = tmp_path / "uploads", now()
    old = keep_upload(folder, b"old", 1, at=at)
    assert get_upload(folder, old, 1, at=at + timedelta(hours=23)) == b"old"

    with pytest.raises(UploadGone):
        get_upload(folder, old, 1, at=at + timedelta(hours=25))
    (folder / "something-else").write_bytes(b"stays")
    os.utime(folder / "something-else", (0, 0))
    new = keep_upload(folder, b"new", 1, at=at + timedelta(hours=25))

    assert sorted(path.name for path in folder.iterdir()) == [f"register-1-{new}", "something-else"]
    drop_upload(folder, new, 2)
    assert get_upload(folder, new, 1, at=at + timedelta(hours=25)) == b"new"
    drop_upload(folder, new, 1)
    drop_upload(folder, new, 1)
    with pytest.raises(UploadGone):
        get_upload(folder, new, 1, at=at + timedelta(hours=25))
