"""What can be wrong in a register file: where it is, a code, and an English sentence for the command line.

The page says the same in Dutch: text `register-fault-<code>` in the catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_LISTED = 1000
"""So many errors are listed; further ones are only counted."""

MESSAGES: Mapping[str, str] = {
    "file-empty": "the file is empty",
    "file-too-large": "the file is larger than {most_mib} MiB",
    "file-excel": "this is a workbook ({kind}); save it as CSV (UTF-8) first",
    "file-not-csv": "this is a file of the kind {kind}; save it as CSV (UTF-8) first",
    "file-binary": "this is not a text file; save the register as CSV (UTF-8)",
    "encoding-refused": "the file is in {encoding}; save it as CSV in UTF-8",
    "encoding-broken": "byte {byte} is no character in {encoding}; save the file as CSV in UTF-8",
    "record-broken": "a quotation mark is not closed or not doubled, or a cell is far too long",
    "rows-missing": "there are no rows under the column names",
    "rows-too-many": "there are more than {most} rows",
    "column-unknown": "there is no column of this name",
    "column-twice": "this column stands there twice",
    "column-missing": "this column is missing",
    "cells-too-few": "the row has {found} cells, not {wanted}",
    "cells-too-many": "the row has {found} cells, not {wanted}",
    "cell-required": "must be filled in",
    "cell-too-long": "has {length} characters, at most {most} are allowed",
    "cell-unprintable": "holds a character that cannot be printed: {character}",
    "number-twice": "number {number} stands in row {other} too",
    "number-rounded": "a spreadsheet rounded this number; format the column as text and export again",
    "postcode-refused": "is not a Dutch postcode, such as 1234 AB",
    "birth-year-refused": "must be a year from {earliest} to {latest}",
    "email-refused": "is not an e-mail address",
    "phone-refused": "is not a telephone number of 8 to 15 digits",
    "language-refused": "is not a language code of two letters (ISO 639-1), such as nl",
    "district-required": "must be filled in, because the row has a complex",
    "complex-in-two-districts": "row {other} puts the same complex in another district",
    "address-in-two-complexes": "row {other} puts the same address in another complex, or in none",
    "address-in-two-districts": "row {other} puts the same address in another district, or in none",
    "address-in-two-cities": "row {other} puts the same address in another city",
}


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing that is wrong.

    `row` counts as a spreadsheet does: the column names are row 1 and empty rows count. Row 0 is the file as
    a whole; `column` is empty when the whole row is meant.
    """

    row: int
    column: str
    code: str
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Return what is wrong, in English."""
        return MESSAGES[self.code].format(**self.details)


class FileRefused(Exception):
    """The rest of the file cannot be read."""

    def __init__(self, *errors: RowError) -> None:
        """Keep what is wrong."""
        super().__init__(", ".join(error.code for error in errors))
        self.errors = errors


class CellRefused(Exception):
    """A cell holds what its column does not allow."""

    def __init__(self, code: str, **details: object) -> None:
        """Keep the code and what its sentence may quote."""
        super().__init__(code)
        self.code = code
        self.details = details


class Faults:
    """The errors of one file: the first thousand, and how many there are."""

    def __init__(self) -> None:
        """Start without errors."""
        self.listed: list[RowError] = []
        self.count = 0

    def add(self, error: RowError) -> None:
        """Count an error, and list it while there is room."""
        self.count += 1
        if len(self.listed) < MOST_LISTED:
            self.listed.append(error)
