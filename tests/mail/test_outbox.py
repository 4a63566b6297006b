import threading

import pytest
from flask import Flask

from forum.kernel.database import db, unit_of_work
from forum.mail import outbox
from forum.mail.models import OutboxMessage, OutboxState
from forum.members.models import Member
from tests.mail.letters import TEMPLATE, letter, queue_letter
from tests.support.cast import T0, make_tenant


def test_a_queued_message_waits_and_is_due_at_once(database: Flask) -> None:
    queue_letter()

    row = letter()

    assert (row.state, row.due_at, row.attempts, row.message_id) == (OutboxState.WAITING, T0, 0, None)
    assert row.resend_when_unsure


def test_the_same_event_is_queued_once(database: Flask) -> None:
    member = make_tenant()
    queue_letter("rsvp:1", to=member)

    queue_letter("rsvp:1", to=member)

    assert db.session.query(OutboxMessage).count() == 1


def test_a_message_goes_away_with_the_unit_of_work_of_its_cause(database: Flask) -> None:
    member = make_tenant()

    def cause() -> None:
        with unit_of_work():
            outbox.queue(key="a", to=member, template=TEMPLATE, at=T0, details={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause()

    assert db.session.query(OutboxMessage).count() == 0


def test_a_member_without_address_gets_no_mail(database: Flask) -> None:
    member = make_tenant(email=None)

    with unit_of_work():
        outbox.queue(key="a", to=member, template=TEMPLATE, at=T0, details={})

    assert db.session.query(OutboxMessage).count() == 0


def test_two_processes_that_queue_the_same_event_queue_it_once(database: Flask) -> None:
    member_id = make_tenant().id
    db.session.rollback()
    both_inside = threading.Barrier(2, timeout=1)
    faults: list[BaseException] = []

    def queue_it() -> None:
        with database.app_context():
            try:
                with unit_of_work():
                    member = db.session.get_one(Member, member_id)
                    if db.engine.dialect.name == "postgresql":
                        both_inside.wait()
                    outbox.queue(key="reminder:1", to=member, template=TEMPLATE, at=T0, details={})
            except Exception as fault:  # noqa: BLE001 - shown below
                faults.append(fault)

    threads = [threading.Thread(target=queue_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    db.session.rollback()
    assert db.session.query(OutboxMessage).count() == 1
