"""From a register file to checked rows: every cell by its rule, and what rows must agree on together."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forum.kernel.progress import Progress, in_silence
from forum.members.register_cells import (
    DEFAULT_LANGUAGE,
    CellRule,
    RegisterLimits,
    cell_rules,
    read_house_number,
)
from forum.members.register_columns import column_names, header_errors
from forum.members.register_faults import CellRefused, Faults, FileRefused, RowError
from forum.members.register_file import records

PROGRESS_ROWS = 1000
SHARED_TEXTS = ("street", "postcode", "city", "complex", "district")
"""Columns whose texts many rows have in common; each text is kept in memory once."""

AddressKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One tenant of the file, checked. An empty `complex` or `district` is none."""

    row: int
    number: str
    last_name: str
    street: str
    house_number: str
    postcode: str
    city: str
    first_name: str = ""
    email: str | None = None
    phone: str | None = None
    complex: str = ""
    district: str = ""
    birth_year: int | None = None
    language: str = DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True)
class Register:
    """A file that was read: its rows, or else its errors (the first thousand, and how many there are)."""

    rows: Sequence[RegisterRow]
    columns: frozenset[str]
    errors: Sequence[RowError]
    error_count: int
    sha256: str


def read_register(data: bytes, limits: RegisterLimits, progress: Progress = in_silence) -> Register:
    """Return the rows of a file when every one of them is right, otherwise all that is wrong."""
    faults = Faults()
    reading = _Reading(cell_rules(limits), faults)
    try:
        for row, cells in records(data):
            if row % PROGRESS_ROWS == 0:
                progress("read", row)
            if row == 1:
                reading.read_header(cells)
            else:
                reading.read_record(row, cells, limits.most_rows)
        reading.finish()
    except FileRefused as refusal:
        for error in refusal.errors:
            faults.add(error)
    return Register(
        rows=() if faults.count else reading.rows,
        columns=frozenset(reading.columns),
        errors=faults.listed,
        error_count=faults.count,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def address_key(postcode: str, house_number: str, street: str) -> AddressKey:
    """Return what two spellings of one address have in common."""
    return postcode.replace(" ", "").upper(), read_house_number(house_number), street.casefold()


class _Reading:
    """What was read so far, to hold the next row against."""

    def __init__(self, rules: Mapping[str, CellRule], faults: Faults) -> None:
        self.rules = rules
        self.faults = faults
        self.columns: tuple[str, ...] = ()
        self.is_header_right = True
        self.rows: list[RegisterRow] = []
        self.record_count = 0
        self.row_of_number: dict[str, int] = {}
        self.first_in_complex: dict[str, RegisterRow] = {}
        self.first_at_address: dict[AddressKey, RegisterRow] = {}
        self.shared: dict[str, str] = {}

    def read_header(self, cells: Sequence[str]) -> None:
        """Take the names of the columns.

        With a wrong one no row is kept, but cells are checked: who repairs the file reads at once all that is
        wrong with it.
        """
        self.columns = column_names(cells)
        for error in header_errors(self.columns):
            self.faults.add(error)
            self.is_header_right = False

    def read_record(self, row: int, cells: Sequence[str], most_rows: int) -> None:
        """Check one record and keep its row when nothing is wrong with it.

        Raises:
            FileRefused: there are too many rows.
        """
        if not any(cell.strip() for cell in cells):
            return
        self.record_count += 1
        if self.record_count > most_rows:
            raise FileRefused(RowError(row, "", "rows-too-many", {"most": most_rows}))
        if not self._has_right_width(row, cells):
            return
        values = self._read_cells(row, cells)
        if values is not None and self.is_header_right:
            entry = RegisterRow(row=row, **values)
            if self._agrees(entry):
                self.rows.append(entry)

    def finish(self) -> None:
        """Check the file as a whole.

        Raises:
            FileRefused: there is no row in it.
        """
        if not self.record_count:
            raise FileRefused(RowError(0, "", "rows-missing"))

    def _has_right_width(self, row: int, cells: Sequence[str]) -> bool:
        details = {"found": len(cells), "wanted": len(self.columns)}
        if len(cells) < len(self.columns):
            self.faults.add(RowError(row, "", "cells-too-few", details))
            return False
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            self.faults.add(RowError(row, "", "cells-too-many", details))
            return False
        return True

    def _read_cells(self, row: int, cells: Sequence[str]) -> dict[str, Any] | None:
        values: dict[str, Any] = {}
        errors_before = self.faults.count
        for name, cell in zip(self.columns, cells, strict=False):
            if name not in self.rules:
                continue
            try:
                values[name] = self.rules[name](cell)
            except CellRefused as refusal:
                self.faults.add(RowError(row, name, refusal.code, refusal.details))
        if "number" in values:
            self._check_number(row, values["number"])
        if self.faults.count > errors_before:
            return None
        for name in SHARED_TEXTS:
            if name in values:
                values[name] = self.shared.setdefault(values[name], values[name])
        return values

    def _check_number(self, row: int, number: str) -> None:
        other = self.row_of_number.setdefault(number, row)
        if other != row:
            self.faults.add(RowError(row, "number", "number-twice", {"number": number, "other": other}))

    def _agrees(self, entry: RegisterRow) -> bool:
        """Hold a row against the first one with its complex and the first one with its address."""
        errors_before = self.faults.count
        if entry.complex and not entry.district:
            self.faults.add(RowError(entry.row, "district", "district-required"))
        elif entry.complex:
            first = self.first_in_complex.setdefault(entry.complex.casefold(), entry)
            if first.district.casefold() != entry.district.casefold():
                self._disagree(entry, first, "district", "complex-in-two-districts")
        key = address_key(entry.postcode, entry.house_number, entry.street)
        first = self.first_at_address.setdefault(key, entry)
        if first.complex.casefold() != entry.complex.casefold():
            self._disagree(entry, first, "complex", "address-in-two-complexes")
        elif not entry.complex and first.district.casefold() != entry.district.casefold():
            self._disagree(entry, first, "district", "address-in-two-districts")
        if first.city.casefold() != entry.city.casefold():
            self._disagree(entry, first, "city", "address-in-two-cities")
        return self.faults.count == errors_before

    def _disagree(self, entry: RegisterRow, first: RegisterRow, column: str, code: str) -> None:
        self.faults.add(RowError(entry.row, column, code, {"other": first.row}))
