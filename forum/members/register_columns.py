"""The columns of a register file: which there are, which must be there, how long their texts may be."""

from collections.abc import Iterator, Sequence

from forum.members.register_faults import RowError

COLUMNS = (
    "number",
    "first_name",
    "last_name",
    "email",
    "phone",
    "street",
    "house_number",
    "postcode",
    "city",
    "complex",
    "district",
    "birth_year",
    "language",
)

REQUIRED = frozenset({"number", "last_name", "street", "house_number", "postcode", "city"})
"""Must be columns, and filled in every row: without them nobody can be told apart or sent a letter.

Any other column may be absent. What the register holds then stays as it is; an empty cell of a column that is
there empties it.
"""

PLACES = frozenset({"complex", "district"})
"""Come together, or not at all. A complex stands in one district; a home without complex may have one too."""

LONGEST = {
    "number": 30,
    "first_name": 100,
    "last_name": 100,
    "email": 254,
    "phone": 30,
    "street": 100,
    "house_number": 20,
    "city": 100,
    "complex": 100,
    "district": 100,
}
"""Characters that fit in the table of members, households, complexes and districts."""

SHOWN_LONGEST = 60


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names in a header: white space, capitals and empty cells at the end do not matter."""
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def header_errors(names: Sequence[str]) -> Iterator[RowError]:
    """Yield an error for every column that is unknown, doubled or missing."""
    for place, name in enumerate(names):
        if name not in COLUMNS:
            yield RowError(1, shown_name(name), "column-unknown")
        elif name in names[:place]:
            yield RowError(1, name, "column-twice")
    needed = REQUIRED if PLACES.isdisjoint(names) else REQUIRED | PLACES
    for name in COLUMNS:
        if name in needed and name not in names:
            yield RowError(1, name, "column-missing")


def shown_name(name: str) -> str:
    """Return an unknown name as it can be shown: on one line and not too long."""
    printable = "".join(mark if mark.isprintable() else "�" for mark in name)
    return printable if len(printable) <= SHOWN_LONGEST else printable[: SHOWN_LONGEST - 1] + "…"
