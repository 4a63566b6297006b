import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.mail import attachments, delivery, transports
from forum.mail.errors import AnswerLost, ConnectionLost, MailServerUnavailable
from forum.mail.jobs import deliver_mail
from forum.mail.models import OutboxState
from forum.mail.queries import claim_due
from forum.mail.rules import LEASE, MOST_ATTEMPTS
from tests.conftest import POSTGRESQL
from tests.mail.conftest import UseMail
from tests.mail.letters import TEMPLATE, letter, queue_letter
from tests.mail.mail_server import HangsUpInData, Postbox, free_port, post_server
from tests.support.cast import T0

FORUM = Path(sys.executable).with_name("forum")
SOON = timedelta(minutes=2)


def test_without_a_mail_server_no_message_is_touched(use_mail: UseMail) -> None:
    use_mail(f"smtp://127.0.0.1:{free_port()}")
    queue_letter(resend_when_unsure=False)

    with pytest.raises(MailServerUnavailable):
        deliver_mail(at=T0)

    assert (letter().state, letter().attempts) == (OutboxState.WAITING, 0)


@pytest.mark.parametrize(
    ("resend", "state"), [(True, OutboxState.WAITING), (False, OutboxState.UNSURE)], ids=["resend", "ask"]
)
def test_a_server_that_hangs_after_the_message_leaves_it_unsure(
    post: Postbox, monkeypatch: pytest.MonkeyPatch, resend: bool, state: OutboxState
) -> None:
    monkeypatch.setattr(transports, "TIMEOUT_SECONDS", 0.5)
    post.hangs = True
    queue_letter(resend_when_unsure=resend)

    with pytest.raises(AnswerLost):
        deliver_mail(at=T0)

    assert letter().state is state


@pytest.mark.parametrize(
    ("resend", "times"), [pytest.param(True, 2, id="resend"), pytest.param(False, 1, id="ask")]
)
def test_an_answer_that_is_lost_never_sends_twice_what_may_go_once(
    post: Postbox, resend: bool, times: int
) -> None:
    post.drops_before_answer = True
    queue_letter(resend_when_unsure=resend)
    with pytest.raises(AnswerLost):
        deliver_mail(at=T0)
    post.drops_before_answer = False

    deliver_mail(at=T0 + timedelta(days=1))

    assert len(post.taken) == times
    assert len({message["Message-ID"] for message in post.taken}) == 1
    assert letter().state is (OutboxState.SENT if resend else OutboxState.UNSURE)


def test_a_server_that_drops_in_the_middle_of_a_message_does_not_have_it(
    use_mail: UseMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    much = attachments.Attachment("groot.bin", bytes(30_000_000), "application/octet-stream")
    monkeypatch.setitem(attachments.ATTACHERS, TEMPLATE, lambda _details, _member: [much])
    queue_letter(resend_when_unsure=False)
    with post_server(Postbox(), HangsUpInData) as mail_url:
        use_mail(mail_url)
        with pytest.raises(ConnectionLost):
            deliver_mail(at=T0)
    assert letter().state is OutboxState.WAITING

    postbox = Postbox()
    monkeypatch.delitem(attachments.ATTACHERS, TEMPLATE)
    with post_server(postbox) as mail_url:
        use_mail(mail_url)
        deliver_mail(at=T0 + SOON)

    assert len(postbox.taken) == 1
    assert letter().state is OutboxState.SENT


def run_once_in_a_process(app: Flask, mail_url: str) -> "subprocess.Popen[bytes]":
    settings = app.config["SETTINGS"]
    environ = {
        "PATH": os.environ["PATH"],
        "INSTANCE_PATH": str(settings.instance_path),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "BASE_URL": settings.base_url,
        "MAIL_URL": mail_url,
    }
    return subprocess.Popen([FORUM, "jobs", "run", "--once"], env=environ)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Leave no sender behind that a failed test did not kill: it would send the mail of the next one."""
    process.kill()
    process.wait()


@pytest.mark.parametrize(
    ("resend", "times"), [pytest.param(True, 2, id="resend"), pytest.param(False, 1, id="ask")]
)
def test_a_sender_killed_after_the_server_took_the_message(
    database: Flask, post: Postbox, resend: bool, times: int
) -> None:
    at = now()
    queue_letter(at=at, resend_when_unsure=resend)
    process: list[subprocess.Popen[bytes]] = []
    post.before_answer = lambda: os.kill(process[0].pid, signal.SIGKILL)
    process.append(run_once_in_a_process(database, database.config["SETTINGS"].mail_url))
    try:
        assert process[0].wait(20) == -signal.SIGKILL
    finally:
        end(process[0])
    post.before_answer = lambda: None
    assert (letter().state, len(post.taken)) == (OutboxState.SENDING, 1)

    deliver_mail(at=now())
    during_the_lease = len(post.taken)
    deliver_mail(at=now() + LEASE)
    deliver_mail(at=now() + LEASE + SOON)

    assert during_the_lease == 1
    assert len(post.taken) == times
    assert len({message["Message-ID"] for message in post.taken}) == 1
    assert letter().state is (OutboxState.SENT if resend else OutboxState.UNSURE)


def test_what_kills_every_sender_fails_in_the_end(database: Flask) -> None:
    queue_letter()
    at = T0

    for _attempt in range(MOST_ATTEMPTS):
        with unit_of_work():
            row = claim_due(at)
            assert row is not None
            delivery.claim(row, "forum.example.nl", at=at)
        at += LEASE
        with unit_of_work():
            delivery.settle_expired(at=at)
        at += timedelta(hours=7)

    assert letter().state is OutboxState.FAILED


def claim_letter(**fields: bool) -> delivery.Claim:
    queue_letter(**fields)  # type: ignore[arg-type]
    with unit_of_work():
        row = claim_due(T0)
        assert row is not None
        claimed = delivery.claim(row, "forum.example.nl", at=T0)
    assert claimed is not None
    return claimed


def test_a_slow_sender_that_did_send_has_the_last_word(database: Flask) -> None:
    claimed = claim_letter(resend_when_unsure=False)
    with unit_of_work():
        assert delivery.settle_expired(at=T0 + LEASE) == 1
    assert letter().state is OutboxState.UNSURE

    with unit_of_work():
        delivery.record_sent(claimed, at=T0 + LEASE + SOON)

    assert letter().state is OutboxState.SENT


def test_a_slow_sender_that_failed_does_not_disturb_the_next_one(database: Flask) -> None:
    slow = claim_letter()
    later = T0 + LEASE + SOON
    with unit_of_work():
        delivery.settle_expired(at=T0 + LEASE)
    with unit_of_work():
        row = claim_due(later)
        assert row is not None
        delivery.claim(row, "forum.example.nl", at=later)

    with unit_of_work():
        delivery.record_refused(slow, "550 late news")

    assert (letter().state, letter().lease_until) == (OutboxState.SENDING, later + LEASE)


def test_a_database_that_restarts_while_the_server_takes_the_message(database: Flask, post: Postbox) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite does not restart")
    name = db.engine.url.database
    queue_letter(resend_when_unsure=False)

    def open_again() -> None:
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    def restart() -> None:
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
        timer.start()

    timer = threading.Timer(0.8, open_again)
    post.before_answer = restart

    deliver_mail(at=T0)

    timer.join()
    assert len(post.taken) == 1
    assert letter().state is OutboxState.SENT
