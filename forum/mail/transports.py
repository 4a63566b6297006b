"""Where e-mail goes: a mail server, the terminal, or a folder, as `MAIL_URL` says."""

import os
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTP, SMTP_SSL
from typing import Protocol, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

import click

from forum.mail.errors import (
    AddressRefused,
    AnswerLost,
    ConnectionLost,
    Deferred,
    DeliveryFailed,
    MailServerUnavailable,
    RecipientRefused,
)
from forum.mail.rules import says_address_is_dead

TIMEOUT_SECONDS = 20.0
MESSAGES_PER_CONNECTION = 50
"""Many servers hang up on whoever sends more than a hundred messages in one go."""
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
CLOSING = 421
OK = frozenset({250, 251})
GO_ON = 354


class Transport(Protocol):
    """A way out for e-mail."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one message; when this returns, the other side has it.

        Raises:
            DeliveryFailed: it has not, or it may have (`AnswerLost`).
        """


TransportOpener: TypeAlias = Callable[[], AbstractContextManager[Transport]]


def transport_opener(mail_url: str, helo: str) -> TransportOpener:
    """Return what opens the way out that `MAIL_URL` names. Opening raises `MailServerUnavailable`.

    Args:
        mail_url: the setting, checked.
        helo: the name by which the forum greets a mail server.
    """
    scheme, _, rest = mail_url.partition(":")
    if scheme == "console":
        return lambda: _opened(ConsoleTransport())
    if scheme == "file":
        return lambda: _opened(FileTransport(Path(rest.removeprefix("//"))))
    server = urlsplit(mail_url)
    return lambda: _connected(SmtpTransport(server, helo))


@contextmanager
def _opened(transport: Transport) -> Iterator[Transport]:
    yield transport


@contextmanager
def _connected(transport: "SmtpTransport") -> Iterator[Transport]:
    transport.connect()
    try:
        yield transport
    finally:
        transport.close()


class ConsoleTransport:
    """Prints messages; for trying the forum out."""

    def send(self, message: EmailMessage) -> None:
        """Print whom it is for, what it is about and its text."""
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        click.echo(f"--- e-mail\nTo: {message['To']}\nSubject: {message['Subject']}\n\n{text}--- end")


class FileTransport:
    """Writes each message to a folder as one `.eml` file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """Write to a folder, made when the first message comes."""
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message; the same message again takes the place of the first."""
        name = re.sub(r"[^A-Za-z0-9]", "", str(message["Message-ID"]).partition("@")[0])
        temporary = self.folder / f".{name}.{os.getpid()}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(message.as_bytes())
            temporary.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise ConnectionLost(str(error)) from error


class SmtpTransport:
    """Talks to a mail server, with a limit on every wait."""

    def __init__(self, server: SplitResult, helo: str) -> None:
        """Remember the server; `connect` goes there."""
        self.server = server
        self.helo = helo
        self.smtp: SMTP | None = None
        self.sent = 0

    def connect(self) -> None:
        """Greet the server and sign in.

        Raises:
            MailServerUnavailable: nobody there, no encryption where that was asked for, or a wrong password.
        """
        try:
            self.smtp = self._greet()
            self.sent = 0
            self.smtp.ehlo_or_helo_if_needed()
            if self.server.username:
                self.smtp.login(unquote(self.server.username), unquote(self.server.password or ""))
        except (OSError, ValueError) as error:
            self.close()
            message = f"{self.server.hostname}: {error}"
            raise MailServerUnavailable(message) from error

    def _greet(self) -> SMTP:
        scheme, host = self.server.scheme, self.server.hostname or ""
        port = self.server.port or PORTS[scheme]
        if scheme == "smtps":
            context = ssl.create_default_context()
            return SMTP_SSL(host, port, self.helo, timeout=TIMEOUT_SECONDS, context=context)
        smtp = SMTP(host, port, self.helo, timeout=TIMEOUT_SECONDS)
        if scheme == "smtp+starttls":
            try:
                smtp.starttls(context=ssl.create_default_context())
            except (OSError, ValueError):
                smtp.close()
                raise
        return smtp

    def send(self, message: EmailMessage) -> None:
        """Hand over one message; only the last step can leave it unsure whether the server has it."""
        smtp = self._ready()
        try:
            _offer(smtp, _address(message, "From"), _address(message, "To"))
            _hand_over(smtp, _wire(message))
        except (ConnectionLost, AnswerLost):
            self.close()
            raise
        except DeliveryFailed:
            self._reset(smtp)
            raise
        self.sent += 1

    def _ready(self) -> SMTP:
        if self.smtp is not None and self.sent >= MESSAGES_PER_CONNECTION:
            self.close()
        if self.smtp is None:
            try:
                self.connect()
            except MailServerUnavailable as error:
                raise ConnectionLost(str(error)) from error
        assert self.smtp is not None, "connected just now"
        return self.smtp

    def _reset(self, smtp: SMTP) -> None:
        try:
            smtp.rset()
        except OSError:
            self.close()

    def close(self) -> None:
        """Say goodbye; a server that is gone does not matter."""
        smtp, self.smtp = self.smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except OSError:
            smtp.close()


def _offer(smtp: SMTP, sender: str, recipient: str) -> None:
    """Go up to the point where the server wants the message itself."""
    code, reply = _ask(lambda: smtp.mail(sender))
    if code not in OK:  # a server that does not like the forum: nothing is wrong with the recipient
        raise _refusal(code, reply, can_be_final=False)
    code, reply = _ask(lambda: smtp.rcpt(recipient))
    if code not in OK:
        words = f"{code} {reply.decode(errors='replace')}"
        raise AddressRefused(words) if says_address_is_dead(words) else _refusal(code, reply)
    code, reply = _ask(lambda: smtp.docmd("data"))
    if code != GO_ON:
        raise _refusal(code, reply)


def _ask(step: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
    try:
        return step()
    except OSError as error:
        raise ConnectionLost(_words(error)) from error


def _hand_over(smtp: SMTP, wire: bytes) -> None:
    """Send the message and wait for the yes; without the last bytes the server cannot have it."""
    try:
        smtp.send(wire)
    except OSError as error:
        raise ConnectionLost(_words(error)) from error
    try:
        code, reply = smtp.getreply()
    except OSError as error:
        raise AnswerLost(_words(error)) from error
    if code < 400 and code not in OK:
        raise AnswerLost(f"{code} {reply.decode(errors='replace')}")
    if code not in OK:
        raise _refusal(code, reply)


def _refusal(code: int, reply: bytes, *, can_be_final: bool = True) -> DeliveryFailed:
    reason = f"{code} {reply.decode(errors='replace')}"
    if code == CLOSING:
        return ConnectionLost(reason)
    return RecipientRefused(reason) if can_be_final and 500 <= code < 600 else Deferred(reason)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _address(message: EmailMessage, header: str) -> str:
    address: str = message[header].addresses[0].addr_spec
    if not address.isascii():
        raise RecipientRefused("address has letters that mail servers do not take")
    return address


def _wire(message: EmailMessage) -> bytes:
    """Return a message as it is sent: lines that start with a dot get another, a lone dot ends it."""
    return re.sub(rb"(?m)^\.", b"..", message.as_bytes()) + b".\r\n"
