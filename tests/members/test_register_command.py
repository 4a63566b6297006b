"""`forum members import`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from forum.kernel.database import db
from forum.members import cli
from forum.members.models import Member
from forum.members.register_faults import MOST_LISTED
from tests.members.register_files import ANJA, csv_bytes, tenant


def forum_members(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(cli.members, list(arguments))
    db.session.rollback()
    return result


def file_with(folder: Path, data: bytes) -> str:
    path = folder / "register.csv"
    path.write_bytes(data)
    return str(path)


def summary(result: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def numbers() -> list[str | None]:
    return list(db.session.scalars(select(Member.number).order_by(Member.number)))


def test_an_import_prints_its_summary_and_nothing_else(database: Flask, tmp_path: Path) -> None:
    result = forum_members(database, "import", file_with(tmp_path, csv_bytes(ANJA, tenant("H2"))))

    assert (result.exit_code, result.stderr) == (0, "")
    assert list(summary(result)) == ["new", "changed", "unchanged", "gone", "errors"]
    assert summary(result) == {"new": 2, "changed": 0, "unchanged": 0, "gone": 0, "errors": []}
    assert numbers() == ["H1001", "H2"]


def test_a_dry_run_prints_the_same_and_writes_nothing(database: Flask, tmp_path: Path) -> None:
    result = forum_members(database, "import", "--dry-run", file_with(tmp_path, csv_bytes(ANJA)))

    assert result.exit_code == 0
    assert summary(result) == {"new": 1, "changed": 0, "unchanged": 0, "gone": 0, "errors": []}
    assert numbers() == []


def test_a_second_import_tells_what_changed(database: Flask, tmp_path: Path) -> None:
    forum_members(database, "import", file_with(tmp_path, csv_bytes(ANJA, tenant("H2"), tenant("H3"))))

    later = csv_bytes(ANJA | {"phone": "0201234567"}, tenant("H2"), tenant("H4"))
    result = forum_members(database, "import", file_with(tmp_path, later))

    assert summary(result) == {"new": 1, "changed": 1, "unchanged": 1, "gone": 1, "errors": []}


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_any_error_imports_nothing(database: Flask, tmp_path: Path, option: tuple[str, ...]) -> None:
    path = file_with(tmp_path, csv_bytes(tenant("H2"), ANJA | {"postcode": "12", "email": "x"}))

    result = forum_members(database, "import", *option, path)

    assert result.exit_code == 1
    assert summary(result) == {
        "new": 0,
        "changed": 0,
        "unchanged": 0,
        "gone": 0,
        "errors": [
            {"row": 3, "column": "email", "code": "email-refused", "message": "is not an e-mail address"},
            {
                "row": 3,
                "column": "postcode",
                "code": "postcode-refused",
                "message": "is not a Dutch postcode, such as 1234 AB",
            },
        ],
    }
    assert result.stderr.splitlines() == [
        f"forum: {path}: nothing imported, 2 errors; row 3 email: is not an e-mail address"
    ]
    assert numbers() == []


def test_of_very_many_errors_a_thousand_are_printed(database: Flask, tmp_path: Path) -> None:
    rows = [tenant(f"H{number}", email="x") for number in range(MOST_LISTED + 1)]

    result = forum_members(database, "import", file_with(tmp_path, csv_bytes(*rows)))

    assert len(summary(result)["errors"]) == MOST_LISTED
    assert "1001 errors, the first 1000 are listed" in result.stderr


def test_an_unknown_column_is_refused_by_its_name(database: Flask, tmp_path: Path) -> None:
    data = csv_bytes(ANJA).replace(b"phone", b"BSN")

    result = forum_members(database, "import", file_with(tmp_path, data))

    assert result.exit_code == 1
    assert [(error["row"], error["column"], error["code"]) for error in summary(result)["errors"]] == [
        (1, "bsn", "column-unknown")
    ]


@pytest.mark.parametrize("name", ["missing.csv", ".", "register.csv/deeper", "a\0b"])
def test_a_file_that_cannot_be_read_is_one_line(database: Flask, tmp_path: Path, name: str) -> None:
    file_with(tmp_path, b"")

    result = forum_members(database, "import", str(tmp_path / name))

    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("forum: ")


def test_wrong_usage_is_status_2(database: Flask) -> None:
    assert forum_members(database, "import").exit_code == 2
    assert forum_members(database, "import", "--help").exit_code == 0
