import dataclasses
import threading
from datetime import timedelta

import pytest
from flask import Flask, current_app

from forum.jobs.registry import stopping
from forum.kernel.database import db, unit_of_work
from forum.mail import checks, outbox, transports
from forum.mail.jobs import deliver_mail
from forum.mail.models import OutboxMessage, OutboxState
from forum.mail.rules import MOST_ATTEMPTS
from forum.members.models import Member, MemberState
from tests.mail.conftest import UseMail
from tests.mail.letters import TEMPLATE, letter, queue_letter
from tests.mail.mail_server import Postbox
from tests.support.cast import T0, make_tenant

SOON = timedelta(minutes=2)


def states() -> list[OutboxState]:
    db.session.rollback()
    return [row.state for row in db.session.query(OutboxMessage).order_by(OutboxMessage.id)]


def test_a_message_is_sent_once_and_its_secrets_are_gone(post: Postbox) -> None:
    member = make_tenant()
    queue_letter(to=member)

    deliver_mail(at=T0)
    deliver_mail(at=T0 + timedelta(days=1))

    row = letter()
    assert post.recipients == [member.email]
    assert (row.state, row.attempts, row.details, row.last_error) == (OutboxState.SENT, 1, {}, "")
    assert post.taken[0]["Message-ID"] == row.message_id
    assert str(row.message_id).endswith("@forum.example.nl>")


def test_a_message_is_in_the_language_its_reader_chose(post: Postbox) -> None:
    queue_letter("activation:1", to=make_tenant(interface_language="en"))
    queue_letter("activation:2", to=make_tenant())

    deliver_mail(at=T0)

    pages = [str(mail.get_payload()[1].get_payload(decode=True)) for mail in post.taken]  # type: ignore[index, union-attr]
    assert ['<html lang="en"' in page for page in pages] == [True, False]
    assert ['<html lang="nl"' in page for page in pages] == [False, True]


def test_a_message_waits_until_it_is_due(post: Postbox) -> None:
    queue_letter(at=T0)

    deliver_mail(at=T0 - timedelta(seconds=1))

    assert post.taken == []
    assert letter().state is OutboxState.WAITING


def test_the_address_is_read_when_the_message_leaves(post: Postbox) -> None:
    member = make_tenant(email="oud@voorbeeld.nl")
    queue_letter(to=member)
    with unit_of_work():
        db.session.get_one(Member, member.id).email = "nieuw@voorbeeld.nl"

    deliver_mail(at=T0)

    assert post.recipients == ["nieuw@voorbeeld.nl"]
    assert letter().address == "nieuw@voorbeeld.nl"


@pytest.mark.parametrize("email", ["nieuw@voorbeeld.nl", None])
def test_word_of_a_new_address_goes_to_the_old_one(post: Postbox, email: str | None) -> None:
    member = make_tenant(email="oud@voorbeeld.nl")
    with unit_of_work():
        outbox.queue(
            key="activation:1",
            to=member,
            template=TEMPLATE,
            at=T0,
            details={"code": "1"},
            address="oud@voorbeeld.nl",
        )
        db.session.get_one(Member, member.id).email = email

    deliver_mail(at=T0)

    assert post.recipients == ["oud@voorbeeld.nl"]
    assert post.taken[0]["To"] == "oud@voorbeeld.nl"
    assert letter().address == "oud@voorbeeld.nl"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"state": MemberState.GONE}, id="the member left"),
        pytest.param({"email": None}, id="the address was removed"),
    ],
)
def test_a_message_to_somebody_who_is_gone_is_dropped(post: Postbox, change: dict[str, object]) -> None:
    member = make_tenant()
    queue_letter(to=member)
    with unit_of_work():
        for name, value in change.items():
            setattr(db.session.get_one(Member, member.id), name, value)

    deliver_mail(at=T0)

    assert post.taken == []
    assert (letter().state, letter().details) == (OutboxState.DROPPED, {})


def test_a_feature_can_drop_a_message_at_the_last_moment(
    post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = make_tenant()
    queue_letter("a", to=member)
    queue_letter("b", to=member)
    monkeypatch.setitem(checks.CHECKS, TEMPLATE, lambda details, _member: details["code"] != "secret-a")

    deliver_mail(at=T0)

    assert states() == [OutboxState.DROPPED, OutboxState.SENT]
    assert len(post.taken) == 1


def test_a_check_that_fails_holds_up_nobody(post: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_letter("a")
    queue_letter("b")
    monkeypatch.setitem(checks.CHECKS, TEMPLATE, lambda details, _member: 1 / (details["code"] != "secret-a"))

    with pytest.raises(ZeroDivisionError):
        deliver_mail(at=T0)
    deliver_mail(at=T0)

    assert states() == [OutboxState.WAITING, OutboxState.SENT]
    assert letter("a").due_at > T0
    assert "ZeroDivisionError" in letter("a").last_error


def test_a_template_that_fails_holds_up_nobody(post: Postbox) -> None:
    queue_letter("a", template="tests/not_there")
    queue_letter("b")

    with pytest.raises(Exception, match="not_there"):
        deliver_mail(at=T0)
    deliver_mail(at=T0)

    assert states() == [OutboxState.WAITING, OutboxState.SENT]
    assert "TemplateNotFound" in letter("a").last_error


@pytest.mark.parametrize("answer", ["550 No such user", "553 Not here"])
def test_a_recipient_that_is_refused_for_good_fails_and_the_next_one_is_sent(
    post: Postbox, answer: str
) -> None:
    refused = make_tenant(email="weg@voorbeeld.nl")
    post.recipient_answers["weg@voorbeeld.nl"] = answer
    queue_letter("a", to=refused)
    queue_letter("b")

    deliver_mail(at=T0)

    assert states() == [OutboxState.FAILED, OutboxState.SENT]
    assert letter("a").last_error == answer
    assert len(post.taken) == 1


@pytest.mark.parametrize("email", ["geen adres", "a@b.nl, c@d.nl", "a@b.nl\nBcc: c@d.nl", "jürgen@b.nl"])
def test_an_address_that_is_none_fails_at_once(post: Postbox, email: str) -> None:
    queue_letter(to=make_tenant(email=email))

    deliver_mail(at=T0)

    assert post.taken == []
    assert letter().state is OutboxState.FAILED


def test_a_message_whose_content_is_refused_fails(post: Postbox) -> None:
    post.message_answer = "554 Looks like spam"
    queue_letter()

    deliver_mail(at=T0)

    assert letter().state is OutboxState.FAILED


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        pytest.param("recipient_answers", {"a@voorbeeld.nl": "451 Try later"}, id="recipient, for now"),
        pytest.param("message_answer", "452 Disk full", id="message, for now"),
        pytest.param("sender_answer", "550 Who are you", id="the forum itself: not the recipient's fault"),
    ],
)
def test_a_refusal_for_now_is_tried_again_with_the_same_message_id(
    post: Postbox, field: str, answer: object
) -> None:
    queue_letter(to=make_tenant(email="a@voorbeeld.nl"), resend_when_unsure=False)
    fine = getattr(post, field)
    setattr(post, field, answer)
    deliver_mail(at=T0)
    first = letter()
    assert (first.state, first.attempts) == (OutboxState.WAITING, 1)
    assert first.due_at >= T0 + timedelta(minutes=1)
    message_id = first.message_id
    setattr(post, field, {} if field == "recipient_answers" else fine)

    deliver_mail(at=T0 + timedelta(seconds=30))
    too_early = len(post.taken)
    deliver_mail(at=T0 + SOON)

    assert too_early == 0
    assert [message["Message-ID"] for message in post.taken] == [message_id]
    assert letter().state is OutboxState.SENT


def test_the_message_id_stays_when_the_forum_moves(post: Postbox, use_mail: UseMail) -> None:
    post.message_answer = "451 Try later"
    queue_letter()
    deliver_mail(at=T0)
    message_id = letter().message_id
    settings = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = dataclasses.replace(settings, base_url="https://elders.example.nl")
    post.message_answer = "250 OK"

    deliver_mail(at=T0 + SOON)

    assert [message["Message-ID"] for message in post.taken] == [message_id]


def test_after_the_last_attempt_a_message_fails(post: Postbox) -> None:
    post.message_answer = "451 Try later"
    queue_letter()

    for attempt in range(MOST_ATTEMPTS):
        assert letter().state is OutboxState.WAITING
        deliver_mail(at=T0 + attempt * timedelta(hours=7))

    assert (letter().state, letter().attempts) == (OutboxState.FAILED, MOST_ATTEMPTS)
    assert letter().details["code"] == "secret-activation:1"


def test_many_messages_go_over_more_than_one_connection(
    post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transports, "MESSAGES_PER_CONNECTION", 2)
    for number in range(5):
        queue_letter(f"a:{number}")

    deliver_mail(at=T0)

    assert len(post.taken) == 5
    assert len(post.connections) == 3
    assert states() == [OutboxState.SENT] * 5


def test_two_senders_at_once_send_each_message_once(database: Flask, post: Postbox) -> None:
    member = make_tenant()
    for number in range(30):
        queue_letter(f"a:{number}", to=member)
    start = threading.Barrier(3)
    faults: list[BaseException] = []

    def send() -> None:
        with database.app_context():
            try:
                start.wait()
                deliver_mail(at=T0)
            except Exception as fault:  # noqa: BLE001 - shown below
                faults.append(fault)

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(post.taken) == 30
    assert len({message["Message-ID"] for message in post.taken}) == 30
    assert states() == [OutboxState.SENT] * 30


def test_asked_to_stop_a_turn_ends_after_the_message_in_hand(post: Postbox) -> None:
    queue_letter("a")
    queue_letter("b")
    post.before_answer = stopping.set

    deliver_mail(at=T0)

    assert states() == [OutboxState.SENT, OutboxState.WAITING]
