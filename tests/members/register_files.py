"""Register files for tests: rows by name, with one tenant to vary."""

import csv
import io
from collections.abc import Mapping, Sequence

from forum.members.register_cells import RegisterLimits
from forum.members.register_columns import COLUMNS
from forum.members.register_rows import Register, read_register

LIMITS = RegisterLimits(latest_birth_year=2011)

ANJA = {
    "number": "H1001",
    "first_name": "Anja",
    "last_name": "Vermeer",
    "email": "anja@voorbeeld.nl",
    "phone": "06-12345678",
    "street": "Lindelaan",
    "house_number": "12",
    "postcode": "5501 AB",
    "city": "Veldhoven",
    "complex": "De Linde",
    "district": "Noord",
    "birth_year": "1950",
    "language": "nl",
}


def tenant(number: str, **changes: str) -> dict[str, str]:
    """Return a tenant with this number in a home of their own."""
    return ANJA | {"number": number, "house_number": number.lstrip("H"), "email": ""} | changes


def csv_text(
    rows: Sequence[Mapping[str, str]], columns: Sequence[str] = COLUMNS, *, separator: str = ","
) -> str:
    """Return a register file with these columns."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row[name] for name in columns])
    return stream.getvalue()


def csv_bytes(*rows: Mapping[str, str], columns: Sequence[str] = COLUMNS) -> bytes:
    """Return a register file in UTF-8."""
    return csv_text(rows, columns).encode()


def register_of(*rows: Mapping[str, str], columns: Sequence[str] = COLUMNS) -> Register:
    """Return a register that was read, without errors."""
    register = read_register(csv_bytes(*rows, columns=columns), LIMITS)
    assert not register.errors
    return register


def without(*names: str) -> list[str]:
    """Return all columns but these."""
    return [name for name in COLUMNS if name not in names]
