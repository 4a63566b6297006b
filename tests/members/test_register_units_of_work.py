"""An import is all or nothing, one at a time, and what was agreed to."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.kernel.actor import SYSTEM, Party, Role
from forum.kernel.database import db, unit_of_work
from forum.members.errors import LargeDeparture, RegisterChanged
from forum.members.import_service import Agreement, import_register, preview_register
from forum.members.models import Complex, Household, Member, MemberState
from forum.members.register_rows import read_register
from forum.members.service import grant_role
from tests.members.register_files import ANJA, LIMITS, csv_bytes, register_of, tenant
from tests.members.register_runs import Counts, count, counts, member, run_import
from tests.support.cast import T0, make_tenant


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
