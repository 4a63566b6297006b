"""From the bytes of a CSV file to its records: which encoding, which separator, which row.

Read are UTF-8 (with or without a byte order mark) and Windows-1252, comma or semicolon, quotation marks as in
RFC 4180, and every kind of line end.
"""

import codecs
import csv
import io
from collections.abc import Iterator

from forum.members.register_columns import COLUMNS, column_names
from forum.members.register_faults import FileRefused, RowError

MEBIBYTE = 1024 * 1024
MOST_BYTES = 30 * MEBIBYTE
"""Less than a request may hold, so that a file that is too large gets its own sentence."""
SAMPLE_BYTES = 4096
HEADER_LONGEST = 10_000

OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
OTHER_KINDS = (
    (b"PK\x03\x04", "file-excel", "ZIP/XLSX"),
    (b"\xd0\xcf\x11\xe0", "file-excel", "XLS"),
    (b"%PDF-", "file-not-csv", "PDF"),
    (b"\x1f\x8b", "file-not-csv", "GZIP"),
)
TEXT_CONTROLS = b"\t\n\r"
MOST_CONTROL_SHARE = 0.05
UTF32_NUL_SHARE = 0.6
UTF16_NUL_SHARE = 0.25


def records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield every record with its row as a spreadsheet counts: the header is row 1, empty rows count.

    Raises:
        FileRefused: no text in an encoding that is read, or a quotation mark that breaks the rest.
    """
    encoding = encoding_of(data)
    header = _text(data, encoding).readline(HEADER_LONGEST)
    reader = csv.reader(_text(data, encoding), delimiter=_separator(header), strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise FileRefused(RowError(row, "", "record-broken")) from None
        yield row, cells


def encoding_of(data: bytes) -> str:
    """Return the name of the codec that reads a file.

    Raises:
        FileRefused: the file is empty, too large, not a text, or in another encoding.
    """
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FileRefused(RowError(0, "", "file-empty"))
    if len(data) > MOST_BYTES:
        raise FileRefused(RowError(0, "", "file-too-large", {"most_mib": MOST_BYTES // MEBIBYTE}))
    _refuse_other_kinds(data)
    _refuse_other_encodings(data)
    if data.startswith(codecs.BOM_UTF8):
        return _checked(data, "utf-8-sig", "UTF-8")
    try:
        return _checked(data, "utf-8", "UTF-8")
    except FileRefused:
        return _checked(data, "cp1252", "Windows-1252")


def _refuse_other_kinds(data: bytes) -> None:
    for start, code, kind in OTHER_KINDS:
        if data.startswith(start):
            raise FileRefused(RowError(0, "", code, {"kind": kind}))


def _refuse_other_encodings(data: bytes) -> None:
    """Refuse by byte order mark, or by the NULs that UTF-16 and UTF-32 put between plain letters."""
    sample = data[:SAMPLE_BYTES]
    nul_share = sample.count(0) / len(sample)
    encoding = next((name for mark, name in OTHER_ENCODINGS if data.startswith(mark)), None)
    if encoding is None and nul_share > UTF16_NUL_SHARE:
        encoding = "UTF-32" if nul_share > UTF32_NUL_SHARE else "UTF-16"
    if encoding:
        raise FileRefused(RowError(0, "", "encoding-refused", {"encoding": encoding}))
    controls = sum(byte < 32 and byte not in TEXT_CONTROLS for byte in sample)
    if controls > MOST_CONTROL_SHARE * len(sample):
        raise FileRefused(RowError(0, "", "file-binary"))


def _checked(data: bytes, codec: str, name: str) -> str:
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        details = {"byte": f"0x{data[error.start]:02X}", "encoding": name}
        raise FileRefused(RowError(row, "", "encoding-broken", details)) from None
    return codec


def _text(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")


def _separator(header: str) -> str:
    """Return the mark that parts the header in most known columns; a comma when neither does."""
    return max(",;", key=lambda mark: sum(name in COLUMNS for name in _header_names(header, mark)))


def _header_names(header: str, separator: str) -> tuple[str, ...]:
    return column_names(next(csv.reader([header], delimiter=separator), []))
