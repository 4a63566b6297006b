"""Giving the rows of a register their districts, complexes and households, made where they are new."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import DeclarativeBase

from forum.kernel.database import db
from forum.members.import_queries import known_complexes, known_districts, known_households
from forum.members.models import Complex, District, Household
from forum.members.register_rows import AddressKey, Register, RegisterRow, address_key

WRITE_BATCH = 1000

Values = dict[str, Any]


def batches(values: Iterable[Values]) -> Iterable[list[Values]]:
    """Yield the values in lists of a thousand, so that memory and statements stay small."""
    rest = iter(values)
    while batch := list(islice(rest, WRITE_BATCH)):
        yield batch


def insert_rows(model: type[DeclarativeBase], values: Sequence[Values]) -> None:
    """Insert rows. Their ids are not asked back: on PostgreSQL that takes three times as long."""
    adding = insert(table_of(model))
    for batch in batches(values):
        db.session.connection().execute(adding, batch)


def update_rows(model: type[DeclarativeBase], values: Sequence[Values]) -> None:
    """Change rows by their id; all values have the same keys, `row_id` names the row."""
    if not values:
        return
    table = table_of(model)
    columns: Values = {name: bindparam(name) for name in values[0] if name != "row_id"}
    changing = update(table).where(table.c.id == bindparam("row_id")).values(columns)
    for batch in batches(values):
        db.session.connection().execute(changing, batch)


def table_of(model: type[DeclarativeBase]) -> Table:
    """Return the table of a model."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def place_rows(rows: Sequence[RegisterRow], register: Register) -> dict[AddressKey, int]:
    """Return the household of every address in the rows; make and move what the file says about them."""
    if not rows:
        return {}
    says_place = "complex" in register.columns
    districts = _place_districts(rows)
    complexes = _place_complexes(rows, districts)
    known = known_households()
    made: dict[AddressKey, Values] = {}
    moved: dict[AddressKey, Values] = {}
    for row in rows:
        key = address_key(row.postcode, row.house_number, row.street)
        place = _place(row, complexes, districts)
        if key not in known:
            made.setdefault(key, _household(row) | place)
            continue
        home = known[key]
        place_now = {"complex_id": home.complex_id, "district_id": home.district_id}
        wanted = place if says_place else place_now
        if wanted != place_now or row.city.casefold() != home.city.casefold():
            moved.setdefault(key, {"row_id": home.household_id, "city": row.city, **wanted})
    update_rows(Household, list(moved.values()))
    insert_rows(Household, list(made.values()))
    return {key: home.household_id for key, home in known_households().items()}


def _household(row: RegisterRow) -> Values:
    return {
        "street": row.street,
        "house_number": row.house_number,
        "postcode": row.postcode,
        "city": row.city,
    }


def _place(row: RegisterRow, complexes: Mapping[str, int], districts: Mapping[str, int]) -> Values:
    """Return where a home stands: in a complex, which has its district, or else in a district or nowhere."""
    complex_id = complexes.get(row.complex.casefold())
    district_id = districts.get(row.district.casefold()) if complex_id is None else None
    return {"complex_id": complex_id, "district_id": district_id}


def _place_complexes(rows: Sequence[RegisterRow], districts: Mapping[str, int]) -> Mapping[str, int]:
    """Return the complexes of the rows by name in small letters, each in the district the file puts it in."""
    wanted = {row.complex.casefold(): row for row in rows if row.complex}
    if not wanted:
        return {}
    known = known_complexes()
    made, moved = [], []
    for name, row in wanted.items():
        district_id = districts[row.district.casefold()]
        if name not in known:
            made.append({"name": row.complex, "district_id": district_id})
        elif known[name][1] != district_id:
            moved.append({"row_id": known[name][0], "district_id": district_id})
    update_rows(Complex, moved)
    insert_rows(Complex, made)
    return {name: complex_id for name, (complex_id, _) in known_complexes().items()}


def _place_districts(rows: Iterable[RegisterRow]) -> Mapping[str, int]:
    known = known_districts()
    wanted = {row.district.casefold(): row.district for row in rows if row.district}
    insert_rows(District, [{"name": spelled} for name, spelled in wanted.items() if name not in known])
    return known_districts()
