"""Every rule of a register file, on its own."""

import codecs

import pytest
from sqlalchemy import String

from forum.members.models import Complex, District, Household, Member
from forum.members.register_cells import LANGUAGES, RegisterLimits, cell_rules, limits_on
from forum.members.register_columns import COLUMNS, LONGEST, REQUIRED
from forum.members.register_faults import MESSAGES, MOST_LISTED
from forum.members.register_file import MOST_BYTES
from forum.members.register_rows import Register, read_register
from forum.texts.catalogue import has_text, say
from tests.members.register_files import ANJA, LIMITS, csv_bytes, csv_text, tenant, without
from tests.support.cast import T0


def read(data: bytes, limits: RegisterLimits = LIMITS) -> Register:
    return read_register(data, limits)


def faults(data: bytes) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in read(data).errors]


def test_a_row_becomes_a_tenant_with_typed_values() -> None:
    register = read(csv_bytes(ANJA))

    (row,) = register.rows
    assert (row.row, row.number, row.first_name, row.last_name) == (2, "H1001", "Anja", "Vermeer")
    assert (row.email, row.phone) == ("anja@voorbeeld.nl", "06-12345678")
    assert (row.street, row.house_number, row.postcode, row.city) == (
        "Lindelaan",
        "12",
        "5501 AB",
        "Veldhoven",
    )
    assert (row.complex, row.district, row.birth_year, row.language) == ("De Linde", "Noord", 1950, "nl")
    assert register.error_count == 0


def test_empty_cells_of_what_may_be_absent_are_none() -> None:
    blank = dict.fromkeys(set(COLUMNS) - REQUIRED, "")

    (row,) = read(csv_bytes(ANJA | blank)).rows

    assert (row.first_name, row.email, row.phone, row.complex) == ("", None, None, "")
    assert (row.district, row.birth_year, row.language) == ("", None, "nl")


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        pytest.param("number", "  0042 ", "0042", id="outer spaces go, leading zeros stay"),
        pytest.param("last_name", "Ver\u00a0meer\u00a0", "Ver meer", id="a hard space is a space"),
        pytest.param("last_name", "Rene\u0301", "René", id="letters and accents are composed"),
        pytest.param("last_name", "=1+1", "=1+1", id="a formula is text"),
        pytest.param("last_name", "@jansen", "@jansen", id="an at sign is text"),
        pytest.param("last_name", 'de "Boer", jr', 'de "Boer", jr', id="quotes and commas in quotes"),
        pytest.param("email", "Anja.V+Forum@Voorbeeld.NL", "anja.v+forum@voorbeeld.nl", id="small letters"),
        pytest.param("phone", "+31 (0)6 12.34-56/78", "+31 (0)6 12.34-56/78", id="a phone stays as typed"),
        pytest.param("house_number", "12 a", "12A", id="a letter belongs to its number"),
        pytest.param("house_number", "12  1", "12 1", id="a second number stays apart"),
        pytest.param("postcode", "5501ab", "5501 AB", id="a postcode gets its space and capitals"),
        pytest.param("birth_year", "1900", 1900, id="the first year of birth"),
        pytest.param("birth_year", "2011", 2011, id="the last year of birth"),
        pytest.param("language", "TR", "tr", id="a language in small letters"),
    ],
)
def test_a_cell_is_read(column: str, cell: str, value: object) -> None:
    register = read(csv_bytes(ANJA | {column: cell}))

    assert not register.errors
    assert getattr(register.rows[0], column) == value


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        *(pytest.param(name, " ", "cell-required", id=f"{name} is required") for name in sorted(REQUIRED)),
        *(
            pytest.param(name, "9" * (LONGEST[name] + 1), "cell-too-long", id=f"{name} is too long")
            for name in LONGEST
        ),
        pytest.param("house_number", "ß" * 11, "cell-too-long", id="too long once in capitals"),
        pytest.param("last_name", "Ver\x00meer", "cell-unprintable", id="a NUL"),
        pytest.param("last_name", "Ver\nmeer", "cell-unprintable", id="a line end in quotes"),
        pytest.param("last_name", "Vermeer\t", "cell-unprintable", id="a tab"),
        pytest.param("number", "H1\u200b", "cell-unprintable", id="a space without width"),
        pytest.param("last_name", "\u202ereemreV", "cell-unprintable", id="a turn of direction"),
        pytest.param("number", "1,23457E+11", "number-rounded", id="rounded by a spreadsheet"),
        pytest.param("postcode", "0123 AB", "postcode-refused", id="a postcode from zero"),
        pytest.param("postcode", "1234 SS", "postcode-refused", id="letters no postcode has"),
        pytest.param("postcode", "1234  AB", "postcode-refused", id="two spaces"),
        pytest.param("postcode", "B-2000", "postcode-refused", id="a Belgian one"),
        pytest.param("postcode", "١٢٣٤ AB", "postcode-refused", id="other digits"),
        pytest.param("birth_year", "1899", "birth-year-refused", id="born too early"),
        pytest.param("birth_year", "2012", "birth-year-refused", id="born too late"),
        pytest.param("birth_year", "1950.0", "birth-year-refused", id="no whole number"),
        pytest.param("birth_year", "50", "birth-year-refused", id="two digits"),
        pytest.param("birth_year", "１９５０", "birth-year-refused", id="a year in wide digits"),
        pytest.param("email", "anja", "email-refused", id="no at sign"),
        pytest.param("email", "anja@voorbeeld", "email-refused", id="no dot in the domain"),
        pytest.param("email", "anja..v@voorbeeld.nl", "email-refused", id="two dots"),
        pytest.param("email", "an ja@voorbeeld.nl", "email-refused", id="a space"),
        pytest.param("email", "a@b.nl, c@d.nl", "email-refused", id="two addresses"),
        pytest.param("email", "x" * 65 + "@voorbeeld.nl", "email-refused", id="a long local part"),
        pytest.param("email", "anja@voorbeeld.nl>", "email-refused", id="a stray mark"),
        pytest.param("phone", "1234567", "phone-refused", id="too few digits"),
        pytest.param("phone", "1" * 16, "phone-refused", id="too many digits"),
        pytest.param("phone", "06 1234 5678 na 6", "phone-refused", id="words"),
        pytest.param("phone", "++31612345678", "phone-refused", id="two plusses"),
        pytest.param("language", "nld", "language-refused", id="three letters"),
        pytest.param("language", "xx", "language-refused", id="no such language"),
        pytest.param("district", "", "district-required", id="a complex without district"),
    ],
)
def test_a_cell_is_refused(column: str, cell: str, code: str) -> None:
    register = read(csv_bytes(tenant("H1"), ANJA | {column: cell}))

    assert [(error.row, error.column, error.code) for error in register.errors] == [(3, column, code)]
    assert register.rows == ()


def test_every_wrong_cell_of_a_row_is_told() -> None:
    wrong = ANJA | {"postcode": "x", "email": "y", "birth_year": "z"}

    assert [column for _, column, _ in faults(csv_bytes(wrong))] == ["email", "postcode", "birth_year"]


def test_a_number_stands_in_one_row() -> None:
    register = read(csv_bytes(ANJA, tenant("H2"), ANJA | {"email": "wrong"}))

    assert [(error.row, error.column, error.code) for error in register.errors] == [
        (4, "email", "email-refused"),
        (4, "number", "number-twice"),
    ]
    assert register.errors[1].message == "number H1001 stands in row 2 too"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"district": "Zuid"}, [("district", "complex-in-two-districts")], id="two districts"),
        pytest.param({"district": "NOORD", "complex": "DE LINDE"}, [], id="capitals make no other place"),
        pytest.param(
            {"district": "Zuid", "complex": "de linde"},
            [("district", "complex-in-two-districts")],
            id="two districts, in capitals or not",
        ),
        pytest.param({"house_number": "12"}, [], id="one address, one household"),
        pytest.param(
            {"house_number": "12", "complex": "De Eik"},
            [("complex", "address-in-two-complexes")],
            id="an address in two complexes",
        ),
        pytest.param(
            {"house_number": "12", "complex": "", "district": ""},
            [("complex", "address-in-two-complexes")],
            id="an address in a complex and in none",
        ),
        pytest.param(
            {"house_number": "12", "postcode": "5501ab", "street": "LINDELAAN", "city": "Eindhoven"},
            [("city", "address-in-two-cities")],
            id="an address in two cities, spelled otherwise",
        ),
        pytest.param(
            {"house_number": "12", "street": "Eikenlaan", "city": "Eindhoven"}, [], id="another street"
        ),
    ],
)
def test_rows_agree_on_places(changes: dict[str, str], expected: list[tuple[str, str]]) -> None:
    register = read(csv_bytes(ANJA, tenant("H2"), tenant("H3") | changes))

    assert [(error.column, error.code) for error in register.errors] == expected
    assert all(error.row == 4 and error.details == {"other": 2} for error in register.errors)


def test_an_address_without_complex_stands_in_one_district() -> None:
    home = tenant("H2", complex="", district="Zuid")

    assert not faults(csv_bytes(home, home | {"number": "H3", "district": "ZUID"}))
    for other in ("Noord", ""):
        assert faults(csv_bytes(home, home | {"number": "H3", "district": other})) == [
            (3, "district", "address-in-two-districts")
        ]


def test_columns_come_in_any_order_and_the_optional_ones_may_be_absent() -> None:
    register = read(csv_bytes(ANJA, columns=sorted(REQUIRED, reverse=True)))

    assert not register.errors
    assert register.columns == REQUIRED
    assert register.rows[0].last_name == "Vermeer"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(
            ",".join([*COLUMNS, "bsn"]), [(1, "bsn", "column-unknown")], id="an unknown column by its name"
        ),
        pytest.param(
            ",".join([*COLUMNS, "Email"]), [(1, "email", "column-twice")], id="a doubled column by its name"
        ),
        *(
            pytest.param(",".join(without(name)), [(1, name, "column-missing")], id=f"without {name}")
            for name in sorted(REQUIRED)
        ),
        pytest.param(
            ",".join(without("district")), [(1, "district", "column-missing")], id="complex without district"
        ),
        pytest.param(
            ",".join(without("complex")), [(1, "complex", "column-missing")], id="district without complex"
        ),
        pytest.param(",".join(["", *COLUMNS]), [(1, "", "column-unknown")], id="a column without name"),
        pytest.param(
            ",".join([*COLUMNS, "x" * 200]), [(1, "x" * 59 + "…", "column-unknown")], id="a very long name"
        ),
        pytest.param(
            ",".join([*COLUMNS, "a\x01b"]),
            [(1, "a\ufffdb", "column-unknown")],
            id="a name with a control mark",
        ),
    ],
)
def test_a_header_is_refused(header: str, expected: list[tuple[int, str, str]]) -> None:
    found = faults(f"{header}\r\n{'x,' * 13}\r\n".encode())

    assert [fault for fault in found if fault[0] == 1] == expected


def test_a_header_in_capitals_with_empty_cells_at_the_end_is_read() -> None:
    data = csv_text([ANJA]).replace("\r\n", ",,\r\n").encode()

    assert not read(b"NUMBER" + data[len("number") :]).errors


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(csv_text([ANJA | {"city": "Curaçao"}]).encode(), id="UTF-8"),
        pytest.param(csv_text([ANJA | {"city": "Curaçao"}]).encode("utf-8-sig"), id="UTF-8 with BOM"),
        pytest.param(csv_text([ANJA | {"city": "Curaçao"}]).encode("cp1252"), id="Windows-1252"),
        pytest.param(
            csv_text([ANJA | {"city": "Curaçao"}], separator=";").encode("utf-8-sig"), id="semicolons"
        ),
        pytest.param(csv_text([ANJA | {"city": "Curaçao"}]).replace("\r\n", "\n").encode(), id="LF"),
        pytest.param(csv_text([ANJA | {"city": "Curaçao"}]).rstrip().encode(), id="no end of the last line"),
    ],
)
def test_a_file_is_read_in_its_encoding_and_dialect(data: bytes) -> None:
    register = read(data)

    assert not register.errors
    assert [row.city for row in register.rows] == ["Curaçao"]


def test_a_euro_sign_of_windows_is_read() -> None:
    data = csv_text([ANJA | {"last_name": "Vermeer €"}]).encode("cp1252")

    assert read(data).rows[0].last_name == "Vermeer €"


def test_the_other_separator_may_stand_in_quotes_in_the_header_line() -> None:
    data = csv_text([ANJA], separator=";").replace("number", '"number"', 1).encode()

    assert not read(data).errors


@pytest.mark.parametrize(
    ("data", "code", "named"),
    [
        pytest.param(b"", "file-empty", "", id="empty"),
        pytest.param(codecs.BOM_UTF8 + b"\r\n", "file-empty", "", id="nothing but a mark"),
        pytest.param(csv_text([ANJA]).encode("utf-16"), "encoding-refused", "UTF-16", id="UTF-16 by BOM"),
        pytest.param(csv_text([ANJA]).encode("utf-16-be"), "encoding-refused", "UTF-16", id="UTF-16 by NULs"),
        pytest.param(csv_text([ANJA]).encode("utf-32"), "encoding-refused", "UTF-32", id="UTF-32 by BOM"),
        pytest.param(csv_text([ANJA]).encode("utf-32-le"), "encoding-refused", "UTF-32", id="UTF-32 by NULs"),
        pytest.param(b"PK\x03\x04" + bytes(200), "file-excel", "XLSX", id="a workbook"),
        pytest.param(b"\xd0\xcf\x11\xe0" + bytes(200), "file-excel", "XLS", id="an old workbook"),
        pytest.param(b"%PDF-1.7\n", "file-not-csv", "PDF", id="a PDF"),
        pytest.param(b"\x7fELF\x02\x01\x01\x03\x04\x05abcdef", "file-binary", "", id="a program"),
        pytest.param(b"x" * (MOST_BYTES + 1), "file-too-large", "30 MiB", id="too large"),
        pytest.param(csv_bytes(), "rows-missing", "", id="no rows"),
        pytest.param(csv_bytes() + b";;\r\n,,,\r\n", "cells-too-few", "", id="a row of other separators"),
    ],
)
def test_a_file_is_refused_by_name(data: bytes, code: str, named: str) -> None:
    register = read(data)

    assert [error.code for error in register.errors] == [code]
    assert named in register.errors[0].message


def test_a_wrong_column_does_not_hide_what_is_wrong_in_the_cells() -> None:
    columns = [*(name for name in COLUMNS if name != "city"), "bsn"]
    wrong = tenant("H1", postcode="12 AB", bsn="123456782")

    register = read(csv_text([wrong, wrong], columns).encode())

    assert [(error.row, error.column, error.code) for error in register.errors] == [
        (1, "bsn", "column-unknown"),
        (1, "city", "column-missing"),
        (2, "postcode", "postcode-refused"),
        (3, "postcode", "postcode-refused"),
        (3, "number", "number-twice"),
    ]
    assert not register.rows


def test_a_byte_that_windows_does_not_know_is_refused_in_its_row() -> None:
    data = csv_bytes(tenant("H1"), ANJA).replace(b"Anja", b"An\x81a").replace(b"Vermeer", b"Verm\xe9er")

    register = read(data)

    assert [(error.row, error.code) for error in register.errors] == [(2, "encoding-broken")]
    assert "0x81" in register.errors[0].message
    assert "Windows-1252" in register.errors[0].message


def test_a_byte_order_mark_promises_utf_8() -> None:
    data = codecs.BOM_UTF8 + csv_bytes(ANJA).replace(b"Vermeer", b"Verm\xe9er")

    assert faults(data) == [(2, "", "encoding-broken")]


def test_a_quotation_mark_that_is_not_closed_ends_the_reading() -> None:
    data = csv_bytes(tenant("H1"), tenant("H2", email="x"), tenant("H3"))
    data = data.replace(b"H3,Anja", b'H3,"Anja')

    assert faults(data) == [(3, "email", "email-refused"), (4, "", "record-broken")]


def test_a_cell_that_never_ends_is_refused() -> None:
    assert faults(csv_bytes(ANJA | {"last_name": "x" * 200_000})) == [(2, "", "record-broken")]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    lines = csv_text([tenant("H1", last_name="two\nlines"), tenant("H2"), tenant("H3", email="x")])
    header, *rest = lines.split("\r\n")
    data = "\r\n".join([header, "", ",,,,,,,,,,,,", *rest]).encode()

    assert faults(data) == [(4, "last_name", "cell-unprintable"), (6, "email", "email-refused")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("H1,Anja", [(2, "", "cells-too-few")], id="too few cells"),
        pytest.param(",".join([*ANJA.values(), "x"]), [(2, "", "cells-too-many")], id="too many cells"),
        pytest.param(",".join([*ANJA.values(), "", " "]), [], id="empty cells at the end"),
    ],
)
def test_a_row_has_as_many_cells_as_the_header(line: str, expected: list[tuple[int, str, str]]) -> None:
    assert faults(csv_bytes() + line.encode()) == expected


def test_a_thousand_errors_are_listed_and_all_are_counted() -> None:
    register = read(csv_bytes(*(tenant(f"H{number}", email="x") for number in range(MOST_LISTED + 5))))

    assert len(register.errors) == MOST_LISTED
    assert register.error_count == MOST_LISTED + 5


def test_too_many_rows_are_refused_at_the_first_one_too_many() -> None:
    limits = RegisterLimits(latest_birth_year=2011, most_rows=2)
    rows = [tenant(f"H{number}") for number in range(4)]

    assert not read(csv_bytes(*rows[:2]), limits).errors
    assert [(error.row, error.code) for error in read(csv_bytes(*rows), limits).errors] == [
        (4, "rows-too-many")
    ]


def test_the_limits_follow_the_day_that_is_given() -> None:
    assert limits_on(T0.date()).latest_birth_year == 2011


def test_the_limits_are_those_of_the_tables() -> None:
    places = {
        "street": Household.street,
        "house_number": Household.house_number,
        "city": Household.city,
        "complex": Complex.name,
        "district": District.name,
    }
    columns = {name: places[name] if name in places else getattr(Member, name) for name in LONGEST}

    for name, column in columns.items():
        assert isinstance(column.type, String)
        assert column.type.length == LONGEST[name], name


def test_every_column_has_a_rule_and_every_fault_a_sentence_in_both_languages() -> None:
    details = dict.fromkeys(
        "most_mib kind encoding byte most found wanted length character number other earliest latest".split(),
        1,
    )

    assert list(cell_rules(LIMITS)) == list(COLUMNS)
    assert len(LANGUAGES) == 183
    for code, message in MESSAGES.items():
        assert message.format(**details)
        assert has_text(f"register-fault-{code}"), code
        assert say(f"register-fault-{code}", **details)
    for name in [*COLUMNS, "state"]:
        assert name == "number" or has_text(f"register-field-{name}")
