"""What holds for every register file there could be."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from forum.members.register_columns import COLUMNS
from forum.members.register_faults import MOST_LISTED
from forum.members.register_rows import read_register
from tests.members.register_files import ANJA, LIMITS, csv_bytes, csv_text, tenant

HEADER = csv_text([]).encode()
PRINTABLE = st.characters(codec="cp1252").filter(lambda mark: mark.isprintable() and mark != " ")
NAMES = st.text(PRINTABLE, min_size=1, max_size=40)


def check(data: bytes) -> None:
    """Demand rows or errors, never both, and errors that a person can find."""
    register = read_register(data, LIMITS)

    assert bool(register.rows) != bool(register.error_count)
    assert len(register.errors) == min(register.error_count, MOST_LISTED)
    for error in register.errors:
        assert 0 <= error.row <= data.count(b"\n") + data.count(b"\r") + 1
        assert error.message
        assert error.message.isprintable()
        assert error.column.isprintable()


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_errors(data: bytes) -> None:
    check(data)


@given(st.binary(max_size=300))
def test_any_bytes_under_a_good_header_give_rows_or_errors(data: bytes) -> None:
    check(HEADER + data)


@given(st.lists(st.lists(st.text(max_size=20), max_size=15), max_size=6))
def test_any_cells_under_a_good_header_give_rows_or_errors(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows(rows)

    check(stream.getvalue().encode(errors="replace"))


@given(st.sampled_from(COLUMNS), st.text(max_size=120))
def test_one_odd_cell_is_read_or_named(column: str, cell: str) -> None:
    register = read_register(csv_bytes(tenant("H1"), ANJA | {column: cell}), LIMITS)

    assert {(error.row, error.column) for error in register.errors} <= {(3, column), (3, "district")}


@given(
    names=st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=20),
    columns=st.permutations(COLUMNS),
    separator=st.sampled_from(",;"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    line_end=st.sampled_from(["\r\n", "\n"]),
)
def test_what_is_written_is_read_back(
    names: list[tuple[str, str, str]], columns: list[str], separator: str, encoding: str, line_end: str
) -> None:
    rows = [
        tenant(f"H{place}", first_name=first, last_name=last, street=street)
        for place, (first, last, street) in enumerate(names)
    ]
    text = csv_text(rows, columns, separator=separator).replace("\r\n", line_end)
    data = text.encode(encoding)

    register = read_register(data, LIMITS)

    assert not register.errors
    if encoding != "cp1252" or not _is_utf_8(data):
        read = [(row.number, row.first_name, row.last_name, row.street) for row in register.rows]
        assert read == [(row["number"], row["first_name"], row["last_name"], row["street"]) for row in rows]


def _is_utf_8(data: bytes) -> bool:
    """Tell whether bytes of Windows-1252 happen to be UTF-8, which nobody can see."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not data.isascii()


@given(st.lists(st.sampled_from(["12", "12 a", "12A", "12-1", "14 bis"]), min_size=1, max_size=6))
def test_reading_what_was_read_changes_nothing(house_numbers: list[str]) -> None:
    rows = [tenant(f"H{place}", house_number=number) for place, number in enumerate(house_numbers)]
    first = read_register(csv_bytes(*rows), LIMITS)

    again = [
        {name: "" if (value := getattr(row, name)) is None else str(value) for name in COLUMNS}
        for row in first.rows
    ]

    assert read_register(csv_bytes(*again), LIMITS).rows == first.rows
