"""A real mail server on 127.0.0.1 that can be told to misbehave."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class Postbox:
    """What the server took, and how it answers. Set the answers before sending."""

    def __init__(self) -> None:
        """Take everything."""
        self.taken: list[Message] = []
        self.recipients: list[str] = []
        self.connections: set[object] = set()
        self.sender_answer = OK
        self.recipient_answers: dict[str, str] = {}
        self.message_answer = OK
        self.before_answer: Callable[[], None] = lambda: None
        self.hangs = False
        self.drops_before_answer = False

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to the sender."""
        self.connections.add(session.peer)
        if self.sender_answer == OK:
            envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to a recipient."""
        answer = self.recipient_answers.get(address, OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message, or not."""
        if self.hangs:
            await asyncio.sleep(3)
        if self.message_answer == OK:
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content))
            self.recipients += envelope.rcpt_tos
        self.before_answer()
        if self.drops_before_answer:
            server.transport.abort()
        return self.message_answer


class HangsUpInData(SMTP):
    """A server that goes away as soon as the message starts to come in."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """Say go on, and go."""
        await self.push("354 Go on")
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()


class PostController(Controller):
    """Runs the server in a thread."""

    kind: type[SMTP] = SMTP

    def factory(self) -> SMTP:
        """Return the server of one connection."""
        return self.kind(self.handler, ident="post", **self.SMTP_kwargs)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def post_server(postbox: Postbox, kind: type[SMTP] = SMTP) -> Iterator[str]:
    """Run the server; gives the `MAIL_URL` that leads to it."""
    port = free_port()
    controller = PostController(postbox, hostname="127.0.0.1", port=port)
    controller.kind = kind
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
