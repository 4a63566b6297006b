"""The logbook is a chain: it holds under many writers, and shows what was tampered with."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from forum.audit.models import AuditEntry
from forum.audit.service import find_broken_entry, record
from forum.kernel.actor import SYSTEM, Actor, Party, Role
from forum.kernel.database import db, unit_of_work
from tests.support.cast import T0
from tests.support.together import at_once

ANJA = Actor(member_id=7, party=Party.TENANTS, roles=frozenset({Role.DELEGATE}))


def _count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def _write(entries: int) -> None:
    with unit_of_work():
        for number in range(entries):
            record(ANJA, "topic.approved", topic_id=number, why="één reden – “zo”", at=T0)


def test_an_empty_logbook_is_whole(database: Flask) -> None:
    assert find_broken_entry() is None


def test_entries_follow_each_other_and_say_who_did_what_and_when(database: Flask) -> None:
    with unit_of_work():
        record(ANJA, "topic.approved", topic_id=3, at=T0)
        record(SYSTEM, "agenda.started", until=T0 + timedelta(days=1), party=Party.LANDLORD, at=T0)

    first, second = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert (first.id, first.member_id, first.party, first.at) == (1, 7, "tenants", T0)
    assert (second.id, second.member_id, second.party) == (2, None, None)
    assert second.details == {"until": "2026-03-03 09:00:00+00:00", "party": "landlord"}
    assert first.sha256 != second.sha256
    assert find_broken_entry() is None


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(database: Flask) -> None:
    _write(1)

    def write_and_fail() -> None:
        with unit_of_work():
            record(ANJA, "topic.declined", at=T0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    _write(1)

    assert list(db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id))) == [1, 2]
    assert find_broken_entry() is None


def test_the_chain_holds_under_two_writers_at_once(database: Flask) -> None:
    for turn in range(1, 21):
        raised = at_once(database, [lambda: _write(2), lambda: _write(2)])

        assert raised == [None, None]
        assert _count() == 4 * turn
    assert find_broken_entry() is None


def test_the_chain_holds_under_eight_writers_that_keep_writing(database: Flask) -> None:
    def write_often() -> None:
        for _ in range(10):
            _write(1)

    raised = at_once(database, [write_often] * 8)

    assert raised == [None] * 8
    assert _count() == 80
    assert find_broken_entry() is None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"details": {"topic_id": 99}}, id="what"),
        pytest.param({"action": "topic.declined"}, id="which act"),
        pytest.param({"member_id": 8}, id="who"),
        pytest.param({"member_id": None}, id="nobody"),
        pytest.param({"party": "landlord"}, id="for whom"),
        pytest.param({"at": datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC)}, id="when"),
        pytest.param({"sha256": "0" * 64}, id="the hash itself"),
    ],
)
@pytest.mark.parametrize("place", [1, 3, 5])
def test_a_changed_entry_is_found(database: Flask, change: dict[str, object], place: int) -> None:
    _write(5)

    db.session.execute(update(AuditEntry).where(AuditEntry.id == place).values(**change))
    db.session.commit()

    assert find_broken_entry() == place


@pytest.mark.parametrize("place", [1, 2, 4])
def test_a_removed_entry_is_found_at_the_one_after_it(database: Flask, place: int) -> None:
    _write(5)

    db.session.execute(delete(AuditEntry).where(AuditEntry.id == place))
    db.session.commit()

    assert find_broken_entry() == place + 1


def _swap() -> None:
    second, third = db.session.get_one(AuditEntry, 2), db.session.get_one(AuditEntry, 3)
    second.details, third.details = third.details, second.details


def _close_the_gap() -> None:
    db.session.execute(delete(AuditEntry).where(AuditEntry.id == 2))
    for place in (3, 4, 5):
        db.session.execute(update(AuditEntry).where(AuditEntry.id == place).values(id=place - 1))


@pytest.mark.parametrize("tamper", [_swap, _close_the_gap])
def test_swapping_entries_or_closing_the_gap_is_found(database: Flask, tamper: Callable[[], None]) -> None:
    _write(5)

    tamper()
    db.session.commit()

    assert find_broken_entry() == 2
