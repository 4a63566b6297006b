"""A mail server in every mood, one after another: each message arrives once, and nobody waits for it."""

import asyncio
import socket
from collections import Counter
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP
from flask import Flask

from forum.kernel.database import db, unit_of_work
from forum.mail import transports
from forum.mail.errors import ConnectionLost, MailServerUnavailable
from forum.mail.jobs import deliver_mail
from forum.mail.models import OutboxMessage, OutboxState
from forum.members.models import Member
from tests.mail.conftest import UseMail
from tests.mail.letters import queue_letter
from tests.mail.mail_server import Postbox, free_port, post_server
from tests.support.cast import T0, make_tenant
from tests.support.together import at_once

LETTERS = 6
HOUR = timedelta(hours=1)


class HangsUpAtRecipient(SMTP):
    """A server that goes away when it hears for whom a message is."""

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
        """Go."""
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()


def states() -> Counter[OutboxState]:
    db.session.rollback()
    return Counter(db.session.scalars(db.select(OutboxMessage.state)))


def fails_to_deliver(use_mail: UseMail, mail_url: str, hours: int) -> None:
    use_mail(mail_url)
    with pytest.raises((MailServerUnavailable, ConnectionLost)):
        deliver_mail(at=T0 + hours * HOUR)
    assert states() == {OutboxState.WAITING: LETTERS}


def test_after_a_bad_day_of_the_mail_server_each_message_arrives_once(
    use_mail: UseMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transports, "TIMEOUT_SECONDS", 0.5)
    for number in range(LETTERS):
        queue_letter(f"brief:{number}", to=make_tenant(), resend_when_unsure=False)

    fails_to_deliver(use_mail, f"smtp://127.0.0.1:{free_port()}", hours=0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        fails_to_deliver(use_mail, f"smtp://127.0.0.1:{silent.getsockname()[1]}", hours=1)
    with post_server(Postbox(), HangsUpAtRecipient) as mail_url:
        for turn in range(3):
            fails_to_deliver(use_mail, mail_url, hours=2 + turn)
    postbox = Postbox()
    with post_server(postbox) as mail_url:
        use_mail(mail_url)
        for mood in ("450 Busy", "451 Greylisted", "452 Full"):
            postbox.message_answer = mood
            deliver_mail(at=T0 + 8 * HOUR)
            assert states() == {OutboxState.WAITING: LETTERS}
        assert postbox.taken == []
        postbox.message_answer = "250 OK"
        deliver_mail(at=T0 + 40 * HOUR)
        deliver_mail(at=T0 + 80 * HOUR)

    assert states() == {OutboxState.SENT: LETTERS}
    assert set(Counter(postbox.recipients).values()) == {1}
    assert len(postbox.taken) == LETTERS


def test_while_the_mail_server_thinks_people_go_on_writing(database: Flask, use_mail: UseMail) -> None:
    anja = make_tenant("Anja").id
    queue_letter()
    raised: list[BaseException | None] = []

    def rename() -> None:
        with unit_of_work():
            db.session.get_one(Member, anja).display_name = "Anja V."

    postbox = Postbox()
    postbox.before_answer = lambda: raised.extend(at_once(database, [rename]))
    with post_server(postbox) as mail_url:
        use_mail(mail_url)
        deliver_mail(at=T0)

    db.session.rollback()
    assert raised == [None]
    assert db.session.get_one(Member, anja).display_name == "Anja V."
    assert states() == {OutboxState.SENT: 1}
