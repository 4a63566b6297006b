"""From the bytes of a CSV file of Polis to its checked rows, and a reason for all that is wrong. Pure.

Read are UTF-8 (with or without a byte order mark), commas, quotation marks as in RFC 4180 and every kind of
line end.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

MEBIBYTE = 1024 * 1024
MOST_BYTES = 64 * MEBIBYTE
MOST_LISTED = 20
"""So many faults are listed; further ones are only counted."""
SHOWN_LONGEST = 40

LARGEST_NUMBER = 2**31 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any online consultation; a timestamp in seconds instead of milliseconds lies before it too."""
_DIGITS = re.compile(r"[0-9]{1,10}")
_MILLISECONDS = re.compile(r"[0-9]{1,14}")

CellRule = Callable[[str], Any]
"""Returns what a cell holds, or raises a `ValueError` with the reason why not."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in English for the command line.

    `row` counts as a spreadsheet does: the column names are row 1 and empty rows count. Row 0 is the file as
    a whole; `column` is empty when the whole row is meant.
    """

    file: str
    row: int
    column: str
    reason: str


class Faults:
    """What is wrong in all files of a consultation: the first twenty, and how much there is."""

    def __init__(self) -> None:
        """Start without faults."""
        self.listed: list[Fault] = []
        self.count = 0

    def add(self, file: str, row: int, column: str, reason: str) -> None:
        """Count a fault, and list it while there is room."""
        self.count += 1
        if len(self.listed) < MOST_LISTED:
            self.listed.append(Fault(file, row, column, reason))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the values of the cells that are right, by column; none when it could not be read at all."""

    number: int
    values: Mapping[str, Any]
    is_right: bool


class _FileBroken(Exception):
    """The rest of a file cannot be read."""

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(reason)
        self.row, self.reason = row, reason


def read_rows(
    file: str, data: bytes, rules: Mapping[str, CellRule], optional: frozenset[str], faults: Faults
) -> Iterator[Row]:
    """Yield the rows of a file, and one without values where it cannot be read on; faults tell what is wrong.

    Args:
        file: its name, for the faults.
        data: its bytes.
        rules: the columns that are known, each with the rule for its cells.
        optional: the columns that may be absent.
        faults: hear what is wrong.
    """
    try:
        records = _records(data)
        names = _column_names(next(records, (1, []))[1])
        header_faults = list(_header_faults(names, rules, optional))
        for column, reason in header_faults:
            faults.add(file, 1, column, reason)
        if header_faults:
            yield Row(1, {}, is_right=False)
            return
        for number, cells in records:
            if any(cell.strip() for cell in cells):
                yield _read_row(file, number, cells, {name: rules[name] for name in names}, faults)
    except _FileBroken as broken:
        faults.add(file, broken.row, "", broken.reason)
        yield Row(broken.row, {}, is_right=False)


def _records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield every record with its row."""
    reader = csv.reader(io.StringIO(_text(data), newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            reason = "a quotation mark is not closed or not doubled, or a cell is far too long"
            raise _FileBroken(number, reason) from None
        yield number, cells


def _text(data: bytes) -> str:
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise _FileBroken(0, "the file is empty")
    if len(data) > MOST_BYTES:
        raise _FileBroken(0, f"the file is larger than {MOST_BYTES // MEBIBYTE} MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"byte 0x{error.object[error.start]:02X} is no character in UTF-8"
        raise _FileBroken(_row_after(error.object[: error.start]), reason) from None


def _row_after(start: bytes) -> int:
    """Return the row in which a file goes on after these bytes; 0 when that cannot be told."""
    try:
        return sum(1 for _ in csv.reader(io.StringIO(start.decode("utf-8-sig") + "x", newline="")))
    except csv.Error:
        return 0


def _column_names(cells: Sequence[str]) -> Sequence[str]:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _header_faults(
    names: Sequence[str], rules: Mapping[str, CellRule], optional: frozenset[str]
) -> Iterator[tuple[str, str]]:
    for place, name in enumerate(names):
        if name not in rules:
            yield shown(name), "there is no column of this name"
        elif name in names[:place]:
            yield name, "this column stands there twice"
    for name in rules:
        if name not in names and name not in optional:
            yield name, "this column is missing"


def _read_row(
    file: str, number: int, cells: Sequence[str], rules: Mapping[str, CellRule], faults: Faults
) -> Row:
    """Read the cells of one row, each by the rule of its column; `rules` has them in their order."""
    faults_before = faults.count
    if len(cells) < len(rules) or any(cell.strip() for cell in cells[len(rules) :]):
        faults.add(file, number, "", f"the row has {len(cells)} cells, not {len(rules)}")
        return Row(number, {}, is_right=False)
    values: dict[str, Any] = {}
    for (name, rule), cell in zip(rules.items(), cells, strict=False):
        try:
            values[name] = rule(cell)
        except ValueError as error:
            faults.add(file, number, name, str(error))
    return Row(number, values, is_right=faults.count == faults_before)


def shown(text: str) -> str:
    """Return a text of a file as it can be quoted: on one line and not too long."""
    printable = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)
    return printable if len(printable) <= SHOWN_LONGEST else printable[: SHOWN_LONGEST - 1] + "…"


def read_any(cell: str) -> str:
    """Return a cell that is not looked at."""
    return cell


def read_number(cell: str) -> int:
    """Return a whole number, 0 or more."""
    text = cell.strip()
    if not _DIGITS.fullmatch(text) or int(text) > LARGEST_NUMBER:
        message = f"{shown(text)!r} is no whole number from 0 to {LARGEST_NUMBER}"
        raise ValueError(message)
    return int(text)


def choice(*allowed: int) -> CellRule:
    """Return the rule for a cell that holds one of a few numbers."""
    values = {str(number): number for number in allowed}
    listed = ", ".join(values)

    def read(cell: str) -> int:
        text = cell.strip()
        if text not in values:
            message = f"{shown(text)!r} is none of {listed}"
            raise ValueError(message)
        return values[text]

    return read


def moment_until(latest: datetime) -> CellRule:
    """Return the rule for a moment in milliseconds since 1970 (UTC), from 2000 until `latest`."""

    def read(cell: str) -> datetime:
        text = cell.strip()
        if not _MILLISECONDS.fullmatch(text):
            message = f"{shown(text)!r} is no moment in milliseconds since 1970"
            raise ValueError(message)
        at = EPOCH + timedelta(milliseconds=int(text))
        if not EARLIEST <= at <= latest:
            message = (
                f"{text} is {at:%Y-%m-%d}, not from {EARLIEST:%Y-%m-%d} to {latest:%Y-%m-%d};"
                " it must be in milliseconds since 1970"
            )
            raise ValueError(message)
        return at

    return read


def text_up_to(most: int) -> CellRule:
    """Return the rule for a text that must be filled in, without the white space around it."""

    def read(cell: str) -> str:
        text = cell.replace("\r\n", "\n").strip()
        if not text:
            message = "must be filled in"
            raise ValueError(message)
        if len(text) > most:
            message = f"has {len(text)} characters, at most {most} are allowed"
            raise ValueError(message)
        if "\0" in text:
            message = "holds a character that cannot be kept: U+0000"
            raise ValueError(message)
        return text

    return read
