"""What an import does to the database, on each of them."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.audit.models import AuditEntry
from forum.audit.service import find_broken_entry
from forum.kernel.actor import SYSTEM, VISITOR, Party, Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.members.errors import LargeDeparture, RegisterChanged, RegisterRefused
from forum.members.import_service import Agreement, display_name, import_register, preview_register
from forum.members.models import Complex, District, Household, Member, MemberState
from forum.members.register_columns import COLUMNS, REQUIRED
from forum.members.register_rows import Register, read_register
from forum.members.service import grant_role
from tests.members.register_files import ANJA, LIMITS, csv_bytes, register_of, tenant, without
from tests.support.cast import T0, actor_of, make_complex, make_household, make_staff, make_tenant

Counts = dict[str, int]


def run_import(register: Register) -> Counts:
    with unit_of_work():
        return import_register(register, SYSTEM, at=T0, agreed=None).counts


def counts(new: int = 0, changed: int = 0, unchanged: int = 0, gone: int = 0) -> Counts:
    return {"new": new, "changed": changed, "unchanged": unchanged, "gone": gone}


def member(number: str) -> Member:
    return db.session.scalars(select(Member).where(Member.number == number)).one()


def count(model: type[Member | Household | Complex | District | AuditEntry]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


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


class Unplugged(Exception):
    """The power fails."""


def unplugged(step: str, done: int) -> None:
    if step == "write":
        raise Unplugged


@pytest.mark.usefixtures("database")
def test_an_import_that_breaks_off_halfway_leaves_everything_as_it_was() -> None:
    run_import(register_of(ANJA, tenant("H2"), tenant("H3")))
    register = register_of(ANJA | {"last_name": "Smit"}, tenant("H4", complex="De Eik", district="Zuid"))

    with pytest.raises(Unplugged), unit_of_work():
        import_register(register, SYSTEM, at=T0, agreed=None, progress=unplugged)

    assert (count(Member), count(Household), count(Complex), count(AuditEntry)) == (3, 3, 1, 1)
    assert member("H1001").last_name == "Vermeer"
    assert run_import(register) == counts(new=1, changed=1, gone=2)


@pytest.mark.usefixtures("database")
def test_an_import_of_more_than_one_batch_tells_how_far_it_is() -> None:
    heard: list[tuple[str, int]] = []
    rows = [tenant(f"H{number}") for number in range(2500)]

    register = read_register(csv_bytes(*rows), LIMITS, lambda step, done: heard.append((step, done)))
    with unit_of_work():
        import_register(
            register, SYSTEM, at=T0, agreed=None, progress=lambda step, done: heard.append((step, done))
        )

    assert heard == [("read", 1000), ("read", 2000), ("write", 1000), ("write", 2000), ("write", 2500)]
    assert count(Member) == 2500
    homes = db.session.execute(
        select(Member.number, Household.house_number).join(Member.household).order_by(Member.id)
    ).all()
    assert all(number == f"H{house_number}" for number, house_number in homes)


@pytest.mark.usefixtures("database")
def test_an_agreement_holds_for_what_was_shown() -> None:
    register = register_of(ANJA, tenant("H2"))
    agreed = Agreement(preview_register(register, SYSTEM).fingerprint, large_departure=False)
    run_import(register_of(tenant("H2")))

    with pytest.raises(RegisterChanged), unit_of_work():
        import_register(register, SYSTEM, at=T0, agreed=agreed)

    assert count(Member) == 1
    shown = Agreement(preview_register(register, SYSTEM).fingerprint, large_departure=False)
    with unit_of_work():
        done = import_register(register, SYSTEM, at=T0 + timedelta(minutes=1), agreed=shown)
    assert done.counts == counts(new=1, unchanged=1)


@pytest.mark.parametrize(
    ("tenants", "staying", "is_large"),
    [
        pytest.param(20, 10, False, id="ten of twenty"),
        pytest.param(20, 9, True, id="eleven of twenty"),
        pytest.param(110, 99, False, id="eleven of a hundred and ten"),
        pytest.param(109, 98, True, id="eleven of a hundred and nine"),
    ],
)
@pytest.mark.usefixtures("database")
def test_many_leave_only_when_somebody_says_so(tenants: int, staying: int, is_large: bool) -> None:
    rows = [tenant(f"H{number}") for number in range(tenants)]
    run_import(register_of(*rows))
    register = register_of(*rows[:staying])

    diff = preview_register(register, SYSTEM)

    assert diff.is_large_departure is is_large
    if is_large:
        with pytest.raises(LargeDeparture), unit_of_work():
            import_register(
                register, SYSTEM, at=T0, agreed=Agreement(diff.fingerprint, large_departure=False)
            )
        assert member("H0").state is MemberState.ACTIVE
    with unit_of_work():
        agreed = Agreement(diff.fingerprint, large_departure=is_large)
        assert import_register(register, SYSTEM, at=T0, agreed=agreed).counts["gone"] == tenants - staying


def test_two_imports_at_once_are_one_after_the_other(database: Flask) -> None:
    register = register_of(*(tenant(f"H{number}") for number in range(300)))
    barrier, results, failures = Barrier(2), list[Counts](), list[Exception]()

    def import_at_once() -> None:
        with database.app_context():
            barrier.wait()
            try:
                results.append(run_import(register))
            except Exception as failure:  # noqa: BLE001 - told below, in the thread of the test
                failures.append(failure)
            db.session.remove()

    threads = [Thread(target=import_at_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    assert sorted(results, key=lambda made: made["new"]) == [counts(unchanged=300), counts(new=300)]
    assert count(AuditEntry) == 2


def test_somebody_who_becomes_staff_during_an_import_is_not_gone(database: Flask) -> None:
    bea = make_tenant("Bea")
    bea_id, barrier, made = bea.id, Barrier(2), list[Counts]()

    def import_meanwhile() -> None:
        with database.app_context():
            barrier.wait()
            made.append(run_import(register_of(ANJA)))
            db.session.remove()

    thread = Thread(target=import_meanwhile)
    thread.start()
    with unit_of_work():
        grant_role(db.session.get_one(Member, bea_id), Role.DELEGATE, Party.TENANTS, SYSTEM, at=T0)
        barrier.wait()
        thread.join(timeout=0.3)  # long enough to see an import that does not wait
    thread.join()

    assert made == [counts(new=1)]
    assert db.session.get_one(Member, bea_id).state is MemberState.ACTIVE


@pytest.mark.usefixtures("database")
def test_all_columns_but_the_places_can_be_imported() -> None:
    columns = without("complex", "district")
    run_import(register_of(ANJA, columns=columns))

    assert set(columns) < set(COLUMNS)
    assert count(Complex) == 0
    assert run_import(register_of(ANJA)) == counts(changed=1)
    assert run_import(register_of(ANJA, columns=columns)) == counts(unchanged=1)
    assert count(Complex) == 1
