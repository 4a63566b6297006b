"""What an import does to the database, on each of them."""

import pytest
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.audit.service import find_broken_entry
from forum.kernel.actor import SYSTEM, VISITOR, Party, Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.members.errors import RegisterRefused
from forum.members.import_service import display_name, import_register, preview_register
from forum.members.models import DISTRICT_OF_HOME, Complex, District, Household, Member, MemberState
from forum.members.register_columns import COLUMNS, REQUIRED
from forum.members.register_rows import read_register
from forum.members.service import grant_role
from tests.members.register_files import ANJA, LIMITS, csv_bytes, register_of, tenant, without
from tests.members.register_runs import count, counts, member, run_import
from tests.support.cast import T0, actor_of, make_complex, make_household, make_staff, make_tenant


@pytest.mark.usefixtures("database")
def test_a_first_import_makes_members_homes_and_places() -> None:
    made = run_import(register_of(ANJA, tenant("H2"), tenant("H3", complex="", district="")))

    anja = member("H1001")
    assert made == counts(new=3)
    assert (anja.first_name, anja.last_name, anja.display_name) == ("Anja", "Vermeer", "Anja V.")
    assert (anja.email, anja.phone, anja.birth_year) == ("anja@voorbeeld.nl", "06-12345678", 1950)
    assert (anja.language, anja.state, anja.grants) == ("nl", MemberState.ACTIVE, [])
    assert anja.household is not None
    assert (anja.household.postcode, anja.household.house_number) == ("5501 AB", "12")
    assert (anja.household.street, anja.household.city) == ("Lindelaan", "Veldhoven")
    assert anja.household.complex is not None
    assert (anja.household.complex.name, anja.household.complex.district.name) == ("De Linde", "Noord")
    assert (count(Complex), count(District), count(Household)) == (1, 1, 3)
    assert member("H2").email is None
    loner = member("H3").household
    assert loner is not None
    assert loner.complex is None


def _district_of(number: str) -> str | None:
    """Return the district that queries find for a member."""
    return db.session.scalar(
        select(District.name)
        .select_from(Member)
        .join(Member.household)
        .outerjoin(Household.complex)
        .join(District, District.id == DISTRICT_OF_HOME)
        .where(Member.number == number)
    )


@pytest.mark.usefixtures("database")
def test_a_home_without_complex_keeps_its_district() -> None:
    run_import(register_of(ANJA, tenant("H2", complex="", district="Zuid")))

    assert (_district_of("H1001"), _district_of("H2")) == ("Noord", "Zuid")
    assert member("H2").household.complex is None  # type: ignore[union-attr]
    assert count(District) == 2


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        pytest.param(("", "Zuid"), ("", "Noord"), ("district",), id="to another district"),
        pytest.param(("", "Zuid"), ("", ""), ("district",), id="to no district"),
        pytest.param(("", ""), ("", "Zuid"), ("district",), id="to its first district"),
        pytest.param(("", "Zuid"), ("De Eik", "Zuid"), ("complex",), id="into a complex"),
        pytest.param(("De Eik", "Zuid"), ("", "Zuid"), ("complex",), id="out of a complex"),
        pytest.param(("De Eik", "Zuid"), ("", "Noord"), ("complex", "district"), id="out of both"),
    ],
)
def test_a_home_changes_place(
    before: tuple[str, str], after: tuple[str, str], fields: tuple[str, ...]
) -> None:
    first, second = (
        register_of(tenant("H2", complex=complex_name, district=district))
        for complex_name, district in (before, after)
    )
    run_import(first)

    preview = preview_register(second, SYSTEM)

    assert [change.fields for change in preview.changed] == [fields]
    assert run_import(second) == counts(changed=1)
    assert run_import(second) == counts(unchanged=1)
    assert (_district_of("H2") or "") == after[1]


@pytest.mark.usefixtures("database")
def test_a_second_import_of_the_same_file_changes_nothing() -> None:
    register = register_of(ANJA, tenant("H2", complex="", district="Zuid"), tenant("H3", first_name=""))
    run_import(register)
    before = [(row.id, row.number, row.household_id) for row in db.session.scalars(select(Member))]

    assert preview_register(register, SYSTEM).counts == counts(unchanged=3)
    assert run_import(register) == counts(unchanged=3)
    assert [(row.id, row.number, row.household_id) for row in db.session.scalars(select(Member))] == before


@pytest.mark.usefixtures("database")
def test_spelling_and_capitals_of_an_address_are_no_change() -> None:
    run_import(register_of(ANJA | {"house_number": "12a"}))

    spelled = ANJA | {
        "house_number": "12 A",
        "street": "LINDELAAN",
        "postcode": "5501ab",
        "city": "VELDHOVEN",
        "complex": "de linde",
        "district": "NOORD",
    }

    assert run_import(register_of(spelled)) == counts(unchanged=1)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("first_name", "Annie"),
        ("last_name", "Vermeer-Smit"),
        ("email", "annie@voorbeeld.nl"),
        ("email", ""),
        ("phone", "0612345679"),
        ("phone", ""),
        ("street", "Eikenlaan"),
        ("house_number", "14"),
        ("postcode", "5502 AB"),
        ("city", "Eindhoven"),
        ("complex", "De Eik"),
        ("district", "Zuid"),
        ("birth_year", "1951"),
        ("birth_year", ""),
        ("language", "tr"),
    ],
)
def test_a_changed_column_is_named_written_and_settled(column: str, cell: str) -> None:
    run_import(register_of(ANJA))
    changed = register_of(ANJA | {column: cell})

    preview = preview_register(changed, SYSTEM)

    assert [(change.row.number, change.fields) for change in preview.changed] == [("H1001", (column,))]
    assert run_import(changed) == counts(changed=1)
    assert run_import(changed) == counts(unchanged=1)
    assert member("H1001").display_name == "Anja V."


@pytest.mark.usefixtures("database")
def test_a_column_that_is_absent_leaves_what_stands() -> None:
    run_import(register_of(ANJA))

    assert run_import(register_of(ANJA, columns=sorted(REQUIRED))) == counts(unchanged=1)
    assert run_import(
        register_of(ANJA | {"last_name": "Smit", "city": "Eindhoven"}, columns=sorted(REQUIRED))
    ) == counts(changed=1)
    anja = member("H1001")
    assert (anja.first_name, anja.last_name, anja.email, anja.birth_year) == (
        "Anja",
        "Smit",
        "anja@voorbeeld.nl",
        1950,
    )
    assert anja.household is not None
    assert anja.household.city == "Eindhoven"
    assert anja.household.complex is not None


@pytest.mark.usefixtures("database")
def test_people_of_one_address_are_one_household() -> None:
    run_import(register_of(ANJA, ANJA | {"number": "H2", "postcode": "5501ab", "street": "lindelaan"}))

    run_import(register_of(ANJA, ANJA | {"number": "H2"}, ANJA | {"number": "H3"}))

    assert count(Household) == 1
    assert len({member(number).household_id for number in ("H1001", "H2", "H3")}) == 1


@pytest.mark.usefixtures("database")
def test_who_moves_changes_household_and_leaves_housemates() -> None:
    run_import(register_of(ANJA, ANJA | {"number": "H2"}, tenant("H3", complex="De Eik", district="Zuid")))
    home = member("H1001").household_id

    moved = ANJA | {"house_number": "3", "complex": "De Eik", "district": "Zuid"}
    diff = preview_register(
        register_of(moved, ANJA | {"number": "H2"}, tenant("H3", complex="De Eik", district="Zuid")), SYSTEM
    )
    run_import(register_of(moved, ANJA | {"number": "H2"}, tenant("H3", complex="De Eik", district="Zuid")))

    assert [change.fields for change in diff.changed] == [("house_number", "complex", "district")]
    assert member("H1001").household_id == member("H3").household_id
    assert member("H2").household_id == home
    assert count(Household) == 2


@pytest.mark.usefixtures("database")
def test_homes_and_places_that_are_there_are_used() -> None:
    place = make_complex("De Linde", "Noord")
    home = make_household(place)
    address = {"street": home.street, "house_number": home.house_number, "postcode": home.postcode}

    run_import(register_of(ANJA | address))

    assert member("H1001").household_id == home.id
    assert (count(Household), count(Complex), count(District)) == (1, 1, 1)


@pytest.mark.usefixtures("database")
def test_a_complex_moves_to_another_district_with_all_its_homes() -> None:
    run_import(register_of(ANJA, tenant("H2")))

    assert run_import(register_of(ANJA | {"district": "Zuid"}, tenant("H2", district="Zuid"))) == counts(
        changed=2
    )
    home = member("H2").household
    assert home is not None
    assert home.complex is not None
    assert home.complex.district.name == "Zuid"
    assert count(Complex) == 1


@pytest.mark.usefixtures("database")
def test_a_home_gets_the_complex_that_its_new_tenant_says() -> None:
    run_import(register_of(ANJA, tenant("H2")))

    run_import(register_of(tenant("H2"), ANJA | {"number": "H3", "complex": "De Eik", "district": "Zuid"}))

    home = member("H3").household
    assert home is not None
    assert home.complex is not None
    assert home.complex.name == "De Eik"
    assert home.id == member("H1001").household_id


@pytest.mark.usefixtures("database")
def test_who_is_not_in_the_file_is_kept_as_gone_and_can_return() -> None:
    run_import(register_of(ANJA, tenant("H2")))

    assert run_import(register_of(tenant("H2"))) == counts(unchanged=1, gone=1)
    assert member("H1001").state is MemberState.GONE
    assert member("H1001").household_id is not None
    assert run_import(register_of(tenant("H2"))) == counts(unchanged=1)

    back = preview_register(register_of(ANJA, tenant("H2")), SYSTEM)
    assert [change.fields for change in back.changed] == [("state",)]
    assert run_import(register_of(ANJA, tenant("H2"))) == counts(changed=1, unchanged=1)
    assert member("H1001").state is MemberState.ACTIVE


@pytest.mark.usefixtures("database")
def test_staff_and_people_without_a_number_are_never_gone() -> None:
    coordinator = make_staff(Role.COORDINATOR)
    board = make_tenant("Bea")
    grant_role(board, Role.DELEGATE, Party.TENANTS, SYSTEM, at=T0)
    db.session.commit()
    number = board.number or ""

    assert run_import(register_of(ANJA)) == counts(new=1)
    assert board.state is MemberState.ACTIVE
    assert coordinator.state is MemberState.ACTIVE
    assert run_import(register_of(ANJA, tenant(number, last_name="Bakker"))) == counts(changed=1, unchanged=1)
    assert board.last_name == "Bakker"
    assert len(board.grants) == 1


@pytest.mark.usefixtures("database")
def test_the_name_that_a_member_chose_survives() -> None:
    run_import(register_of(ANJA))
    member("H1001").display_name = "Anna van boven"
    db.session.commit()

    run_import(register_of(ANJA | {"first_name": "Anna"}))

    assert member("H1001").display_name == "Anna van boven"


@pytest.mark.parametrize(
    ("first_name", "last_name", "shown"),
    [
        pytest.param("Anja", "Vermeer", "Anja V.", id="first name and initial"),
        pytest.param("Bas", "van den Berg", "Bas V.", id="the initial is a capital"),
        pytest.param("Cees", "'t Hart", "Cees T.", id="the initial is a letter"),
        pytest.param("", "Vermeer", "Huurder V.", id="without first name"),
        pytest.param("Anja", "§", "Anja §.", id="without letters"),
        pytest.param("Anja", "ßmann", "Anja S.", id="one letter, whatever its capital"),
        pytest.param("A" * 100, "Vermeer", "A" * 57 + " V.", id="no longer than fits"),
    ],
)
def test_a_new_member_shows_a_first_name_and_an_initial(first_name: str, last_name: str, shown: str) -> None:
    assert display_name(first_name, last_name) == shown


@pytest.mark.usefixtures("database")
def test_a_preview_writes_nothing() -> None:
    diff = preview_register(register_of(ANJA, tenant("H2")), SYSTEM)

    assert diff.counts == counts(new=2)
    assert (count(Member), count(Household), count(Complex), count(AuditEntry)) == (0, 0, 0, 0)


@pytest.mark.usefixtures("database")
def test_an_import_is_in_the_logbook_once() -> None:
    register = register_of(ANJA, tenant("H2"))
    run_import(register)

    entry = db.session.scalars(select(AuditEntry)).one()

    assert (entry.action, entry.member_id, entry.at) == ("register.imported", None, T0)
    assert entry.details == {**counts(new=2), "sha256": register.sha256}
    assert find_broken_entry() is None


@pytest.mark.usefixtures("database")
def test_only_an_administrator_imports() -> None:
    register = register_of(ANJA)
    moderator = actor_of(make_staff(Role.MODERATOR, Party.TENANTS))

    for actor in (VISITOR, moderator):
        with pytest.raises(Forbidden):
            preview_register(register, actor)
        with pytest.raises(Forbidden), unit_of_work():
            import_register(register, actor, at=T0, agreed=None)
    assert preview_register(register, actor_of(make_staff(Role.ADMIN))).counts == counts(new=1)


@pytest.mark.usefixtures("database")
def test_a_file_with_an_error_imports_nothing() -> None:
    register = read_register(csv_bytes(ANJA, tenant("H2", email="x")), LIMITS)

    with pytest.raises(RegisterRefused), unit_of_work():
        import_register(register, SYSTEM, at=T0, agreed=None)

    assert count(Member) == 0


@pytest.mark.usefixtures("database")
def test_all_columns_but_the_places_can_be_imported() -> None:
    columns = without("complex", "district")
    run_import(register_of(ANJA, columns=columns))

    assert set(columns) < set(COLUMNS)
    assert count(Complex) == 0
    assert run_import(register_of(ANJA)) == counts(changed=1)
    assert run_import(register_of(ANJA, columns=columns)) == counts(unchanged=1)
    assert count(Complex) == 1
